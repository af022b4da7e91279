// Cards and fingerprints of an open session (ttlock.md 12 to 14).
import { LockError } from '../../base/errors.ts';
import type { EnrolStep, Token, Tokens, WeeklyWindow } from '../../lock/driver.ts';
import { validityOf, windowOf } from './dates.ts';
import { everyPage } from './pages.ts';
import type { Shared } from './session.ts';
import * as wire from './tokens-wire.ts';
import type { Request } from './wire.ts';

/**
 * A person has to come near or to lift the finger between two steps. The lock gives up by itself within 10 to 20 s, and
 * its own no is better than ours.
 */
const STEP_MS = 25_000;
/** A finger is pressed four to six times; a lock that asks for ever is broken. */
const MOST_STEPS = 30;
const MINUTES = 24 * 60;

export function makeTokens(shared: Shared, kind: wire.TokenKind, how: { weekly: boolean }): Tokens {
  const { talk, login, ground } = shared;
  const { zone } = ground;
  const isCard = kind === wire.cardKind;
  const thing = isCard ? 'card' : 'fingerprint';
  const write = (request: Request, what: string): Promise<void> =>
    login.asAdmin(async () => {
      await talk.ask(request, { what, act: true, read: () => true });
    });
  const setValidity = async (token: Token): Promise<void> => {
    const id = idOf(token.id);
    if (token.weekly && !how.weekly) throw new LockError('unsupported', 'This lock knows no weekly hours.');
    await write(wire.setTokenValidity(kind, id, windowOf(zone, token.validity)), `to the dates of a ${thing}`);
    if (!how.weekly || !token.weekly) return;
    await write(wire.clearWeekly(kind, id), `to the weekly hours of a ${thing}`);
    for (const window of token.weekly) {
      await write(wire.addWeekly(kind, id, checked(window)), `to the weekly hours of a ${thing}`);
    }
  };
  const tokens: Tokens = {
    async list() {
      const records = await everyPage(seq =>
        login.asAdmin(() =>
          talk.ask(wire.listTokens(kind, seq), {
            what: `to its list of ${thing}s`,
            read: data => wire.readTokenList(kind, data),
          }),
        ),
      );
      return records.map(({ id, start, end }) => ({ id: id.toString(), validity: validityOf(zone, start, end) }));
    },
    async enrol(progress) {
      const id = await login.asAdmin(() => enrol(shared, kind, progress));
      const token: Token = { id: id.toString(), validity: {} };
      await setValidity(token).catch((thrown: unknown) => {
        if (!(thrown instanceof LockError) || thrown.code !== 'rejected') throw thrown;
        ground.log.warn({ reason: thrown.reason }, 'the lock took a new token but not its dates');
      });
      return token;
    },
    setValidity,
    remove: id => write(wire.removeToken(kind, idOf(id)), `to the removal of a ${thing}`),
    clear: () => write(wire.clearTokens(kind), `to the removal of all ${thing}s`),
  };
  if (!isCard) return tokens;
  return {
    ...tokens,
    async add(token) {
      await write(wire.addCard(idOf(token.id), windowOf(zone, token.validity)), 'to the new card');
      if (token.weekly) await setValidity(token);
    },
  };
}

/** The lock says what it waits for, then by itself each step that a person has done. */
async function enrol({ talk }: Shared, kind: wire.TokenKind, progress: (step: EnrolStep) => void): Promise<bigint> {
  const what = kind === wire.cardKind ? 'to the new card' : 'to the new fingerprint';
  talk.keep(kind.command);
  try {
    let said = await talk.ask(wire.enrolToken(kind), { what, act: true, read: data => wire.readEnrol(kind, data) });
    for (let step = 0; step < MOST_STEPS; step++) {
      progress(shownStep(said));
      if (said.step === 'done') return said.id;
      said = await talk.next(what, STEP_MS, data => wire.readEnrol(kind, data));
    }
  } finally {
    talk.keep(undefined);
  }
  throw new LockError('malformed', 'The lock goes on asking for another touch; start again.', { acted: 'maybe' });
}

function shownStep(said: wire.EnrolSaid): EnrolStep {
  if (said.step === 'done') return { say: 'done' };
  const of = said.of === undefined ? {} : { of: said.of };
  if (said.step === 'present') return { say: 'present', ...of };
  return { say: 'again', ...(said.done !== undefined && { step: said.done }), ...of };
}

function idOf(text: string): bigint {
  const id = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
  if (id === undefined || id >= 1n << 64n)
    throw new LockError('invalid', 'That is not the number of a card or finger.');
  return id;
}

/** Midnight at the end of a day has no number on the wire. */
function checked(window: WeeklyWindow): WeeklyWindow {
  const { day, startMinute, endMinute } = window;
  const fits = [day, startMinute, endMinute].every(Number.isInteger) && day >= 1 && day <= 7;
  if (!fits || startMinute < 0 || endMinute <= startMinute || endMinute > MINUTES) {
    throw new LockError('invalid', 'Weekly hours need a day from 1 to 7, a beginning, and a later end on that day.');
  }
  return { day, startMinute, endMinute: Math.min(endMinute, MINUTES - 1) };
}
