// latchbridge card LOCK ..., latchbridge finger LOCK ...: cards and fingerprints on a lock.
import type { CredentialView } from '../access/access.ts';
import type { EnrolNews } from '../access/enrolment.ts';
import { weeklyOf } from '../access/weekly.ts';
import { LockError } from '../base/errors.ts';
import { lockFirst, usage } from './args.ts';
import { type Client, type DaemonEvent, lockPath } from './client.ts';
import { type Command, command, jsonOption, whereOptions } from './command.ts';
import { printCredentials, slotOf, stateText, termOptions, type Terms, termsOf, weeklyOption } from './credential.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';

type Kind = 'card' | 'finger';

/** Connection, login and the lock's own time; then it is read back. */
const CHANGE_MS = 60_000;
const USUAL_S = 60;
const MOST_S = 180;

const shared = {
  ...termOptions,
  ...weeklyOption,
  seconds: {
    type: 'number',
    value: 'N',
    least: 5,
    most: MOST_S,
    about: `enrol: how long to wait for somebody, default ${USUAL_S}`,
  },
  refresh: { type: 'boolean', about: 'list: read them from the lock first' },
  ...jsonOption,
  ...whereOptions,
} as const;

export const card: Command = command({
  name: 'card',
  about: 'list, enrol, add and remove the cards of a lock',
  words: 'LOCK ACT [SLOT]',
  options: { ...shared, 'number-stdin': { type: 'boolean', about: 'add: the number of the card is piped in' } },
  more: [
    ...acts('card'),
    'card LOCK add [SLOT]         asks for the number of a card, unseen: the card need not be there',
  ],
  run: ({ words, values, io, daemon }) => work('card', { words, values, io, daemon }),
});

export const finger: Command = command({
  name: 'finger',
  about: 'list, enrol and remove the fingerprints of a lock',
  words: 'LOCK ACT [SLOT]',
  options: shared,
  more: acts('finger'),
  run: ({ words, values, io, daemon }) => work('finger', { words, values, io, daemon }),
});

function acts(kind: Kind): string[] {
  const line = (words: string, about: string): string => `${`${kind} LOCK ${words}`.padEnd(28)} ${about}`;
  return [
    line('list', 'the slots that are taken'),
    line('enrol [SLOT]', `waits for the ${kind} at the lock and says what to do; a free slot without SLOT`),
    line('validity SLOT', 'changes when it opens: --from, --until, --weekly; always without them'),
    line('remove SLOT', 'takes it off the lock'),
  ];
}

interface Values extends Terms {
  weekly?: string;
  seconds?: number;
  refresh?: boolean;
  json?: boolean;
  'number-stdin'?: boolean;
}
interface Asked {
  words: string[];
  values: Values;
  io: Io;
  daemon: () => Promise<Client>;
}
interface Place {
  kind: Kind;
  lock: string;
  slot: string | undefined;
  client: Client;
}

async function work(kind: Kind, { words, values, io, daemon }: Asked): Promise<number> {
  const known = ['list', 'enrol', ...(kind === 'card' ? ['add'] : []), 'validity', 'remove'];
  const [lock = '', act = '', slot] = lockFirst(words, known);
  if (!known.includes(act)) throw usage(`ACT must be ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`);
  // What cannot be meant is refused before anybody is asked for anything.
  const wish = wishOf(values, io);
  if (slot !== undefined || act === 'validity' || act === 'remove') slotOf(slot, `${kind} ${lock} list`);
  const place: Place = { kind, lock, slot, client: await daemon() };
  if (act === 'list') return list(place, values, io);
  if (act === 'remove') return remove(place, values, io);
  const done =
    act === 'enrol'
      ? await enrol(place, { ...wish, seconds: values.seconds ?? USUAL_S }, { io, quiet: values.json ?? false })
      : act === 'add'
        ? await add(place, wish, { io, piped: values['number-stdin'] })
        : await ask<CredentialView>(place, 'PUT', { rest: `/${slot}`, body: wish });
  io.out(values.json ? JSON.stringify(done) : `${lock}: ${kind} ${done.slot} is ${stateText(done)}.`);
  return 0;
}

function wishOf(values: Values, io: Io): object {
  try {
    return { ...termsOf(values, io.zone), ...(values.weekly === undefined ? {} : { weekly: weeklyOf(values.weekly) }) };
  } catch (thrown) {
    throw thrown instanceof LockError && thrown.reason === 'weekly' ? usage(`--weekly: ${thrown.message}`) : thrown;
  }
}

async function list(place: Place, { refresh = false, json = false }: Values, io: Io): Promise<number> {
  const { kind, lock } = place;
  const rest = refresh ? '/refresh' : '';
  const found = await ask<Record<string, unknown>>(place, refresh ? 'POST' : 'GET', { rest });
  const listed = found[`${kind}s`] as CredentialView[];
  if (json) io.out(JSON.stringify(found));
  else if (listed.length > 0) printCredentials(listed, io, { kind: false });
  else io.out(`${lock} has no ${kind}s; it has room for ${Number(found['capacity'])}.`);
  return 0;
}

async function remove(place: Place, { json = false }: Values, io: Io): Promise<number> {
  const { kind, lock, slot } = place;
  const done = await ask<object>(place, 'DELETE', { rest: `/${slot}` });
  io.out(json ? JSON.stringify(done) : `${lock}: ${kind} ${slot} is removed.`);
  return 0;
}

/** The card's number is never an argument: other users of the machine can read those. */
async function add(
  place: Place,
  wish: object,
  { io, piped }: { io: Io; piped: boolean | undefined },
): Promise<CredentialView> {
  const number = await readSecret(io, { what: 'number of the card', option: 'number-stdin', piped });
  const body = { ...wish, number: number.reveal() };
  if (place.slot === undefined) return ask(place, 'POST', { body });
  return ask(place, 'PUT', { rest: `/${place.slot}`, body });
}

/** Says what the person at the lock is to do, as the lock asks for it. Ctrl-C hangs up, which ends the wait. */
async function enrol(
  place: Place,
  wish: { seconds: number },
  { io, quiet }: { io: Io; quiet: boolean },
): Promise<CredentialView> {
  const { client, lock, kind, slot } = place;
  const watching = new AbortController();
  const tell = (event: DaemonEvent): void => {
    const news = event['enrol'] as EnrolNews | undefined;
    if (news?.kind === kind) io.err(news.text);
  };
  if (!quiet) io.err(`Waiting up to ${wish.seconds} s for somebody at "${lock}".`);
  const path = `/api/events?lock=${encodeURIComponent(lock)}`;
  const told = quiet ? undefined : client.events(path, tell, watching.signal).catch(() => undefined);
  try {
    const body = { ...wish, ...(slot === undefined ? {} : { slot: Number(slot) }) };
    return await ask(place, 'POST', { rest: '/enrol', body, withinMs: wish.seconds * 1000 + CHANGE_MS });
  } finally {
    watching.abort();
    await told;
  }
}

function ask<T>(
  { client, lock, kind }: Place,
  method: string,
  { rest = '', body, withinMs = CHANGE_MS }: { rest?: string; body?: object; withinMs?: number },
): Promise<T> {
  return client.ask<T>(method, lockPath(lock, `/${kind}s${rest}`), { body, withinMs });
}
