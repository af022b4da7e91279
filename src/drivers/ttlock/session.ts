// An open session with a TTLock: state, moving the bolt, and the parts that its features offer.
import { LockError } from '../../base/errors.ts';
import type {
  AdminCode,
  Codes,
  Credential,
  Ground,
  LockClock,
  LockSession,
  Records,
  Report,
  Settings,
  Tokens,
} from '../../lock/driver.ts';
import type { Abilities, Bolt, Facts, Verb } from '../../lock/lock.ts';
import { abilitiesOf, factsOf } from './abilities.ts';
import { type Key, asCredential } from './credential.ts';
import { makeAdminCode } from './admin-code.ts';
import { makeCodes } from './codes.ts';
import { feature, has } from './features.ts';
import { inspect } from './inspect.ts';
import { makeClock } from './lock-clock.ts';
import { makeRecords } from './records.ts';
import { makeSettings } from './settings.ts';
import { makeTokens } from './tokens.ts';
import { cardKind, fingerKind } from './tokens-wire.ts';
import type { Login } from './login.ts';
import { batteryOf, reportStatus } from './status.ts';
import type { Talk } from './talk.ts';
import * as wire from './wire.ts';

/** The number of revocations has 24 bits. */
const MOST_REVOCATIONS = 0xffffff;

/** What the parts of a session work with. */
export interface Shared {
  talk: Talk;
  login: Login;
  ground: Ground;
}

export class TTLockSession implements LockSession {
  readonly #shared: Shared;
  #key: Key;
  facts: Facts;
  abilities: Abilities;
  updated?: Credential;
  readonly clock?: LockClock;
  readonly codes?: Codes;
  readonly cards?: Tokens;
  readonly fingers?: Tokens;
  readonly settings?: Settings;
  readonly records: Records;
  readonly adminCode?: AdminCode;
  readonly revokeAppKeys?: (keep: (credential: Credential) => Promise<void>) => Promise<void>;

  constructor(shared: Shared, key: Key, changed: boolean) {
    this.#shared = shared;
    this.#key = key;
    this.facts = factsOf(key);
    this.abilities = abilitiesOf(key);
    if (changed) this.updated = asCredential(key);
    const { abilities } = this;
    const can = (bit: number): boolean => key.features !== undefined && has(key.features, bit);
    const weekly = can(feature.cyclic);
    const part = <T extends object>(made: T): T => endingAll(shared.talk, made);
    if (abilities.clock) this.clock = part(makeClock(shared));
    if (abilities.codes) this.codes = part(makeCodes(shared, { canChange: can(feature.pinChange) }));
    if (abilities.cards) this.cards = part(makeTokens(shared, cardKind, { weekly }));
    if (abilities.fingers) this.fingers = part(makeTokens(shared, fingerKind, { weekly }));
    if (abilities.settings.length > 0) this.settings = part(makeSettings(shared, () => this.abilities.settings));
    this.records = part(makeRecords(shared));
    if (!shared.login.isAdmin) return;
    this.revokeAppKeys = keep => this.#ending(() => this.#revoke(keep));
    if (!can(feature.pins)) return;
    const readable = can(feature.adminPinReadable);
    const set = (adminPin: string): void => this.#become({ ...this.#key, adminPin });
    this.adminCode = part(makeAdminCode(shared, { readable, known: () => this.#key.adminPin, set }));
  }

  get closed(): Promise<void> {
    return this.#shared.talk.closed;
  }

  async readState(): Promise<void> {
    await this.#ending(() => this.#askState());
  }

  /** The lock hangs up after 5 s without a question; this one is answered without a login. */
  async keepAlive(): Promise<void> {
    await this.#ending(() => this.#askState());
  }

  act(verb: Verb): Promise<void> {
    return this.#ending(() => this.#move(verb));
  }

  /** What is learnt about features counts from the next session on: its parts are made when it opens. */
  inspect(): Promise<{ facts: Facts; abilities: Abilities }> {
    return this.#ending(async () => {
      const seen = await inspect(this.#shared, this.#key);
      if (seen.key !== this.#key) this.#become(seen.key);
      this.facts = factsOf(seen.key, seen.facts);
      this.abilities = withRange(abilitiesOf(seen.key), seen.autoLock);
      return { facts: this.facts, abilities: this.abilities };
    });
  }

  close(): Promise<void> {
    return this.#shared.talk.close();
  }

  async #askState(): Promise<Bolt | undefined> {
    const { login, ground } = this.#shared;
    const status = await login.openly(wire.askStatus(this.#key.token), {
      what: 'to how its bolt stands',
      read: data => {
        const said = wire.readStatus(data);
        return said?.form === 'state' ? said : undefined;
      },
      again: true,
    });
    return reportStatus(ground, status, this.#key.features);
  }

  /** What moves the bolt is sent once, whatever comes back but the lock's own no. */
  async #move(verb: Verb): Promise<void> {
    const { ground } = this.#shared;
    if (verb === 'unlatch' || !this.abilities.verbs.includes(verb)) throw cannot(verb);
    const bolt: Bolt = verb === 'lock' ? 'locked' : 'unlocked';
    try {
      const moved = await this.#sendMove(verb);
      ground.report({ kind: 'state', bolt, trust: 'told', ...batteryOf(moved.battery) });
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.reason === OBSTACLE) ground.report(jammed(ground.clock.now()));
      if (!(thrown instanceof LockError) || thrown.code !== 'timeout' || thrown.acted === 'no') throw thrown;
      // Only the answer can be lost. Asking on this link is much sooner than finding the lock again.
      const stands = await this.#askState().catch(() => undefined);
      if (stands !== bolt) throw thrown;
    }
  }

  #sendMove(verb: 'lock' | 'unlock'): Promise<{ battery: number }> {
    const { talk, login, ground } = this.#shared;
    const { unlockKey } = this.#key;
    const unixSeconds = Math.floor(ground.clock.now() / 1000);
    return login.moving(challenge =>
      talk.ask(wire.move(verb, { challenge, unlockKey, unixSeconds }), {
        what: verb === 'lock' ? 'to the command to lock' : 'to the command to unlock',
        read: wire.readMoved,
        act: true,
        optional: true,
      }),
    );
  }

  /** On the disk first: a lock that took the higher number refuses us for ever when we forget it. */
  async #revoke(keep: (credential: Credential) => Promise<void>): Promise<void> {
    const before = this.#key;
    if (before.lockFlagPos >= MOST_REVOCATIONS) {
      throw new LockError('unsupported', 'The keys of this lock were revoked too often; reset it and pair it again.');
    }
    const after: Key = { ...before, lockFlagPos: before.lockFlagPos + 1 };
    await keep(asCredential(after));
    try {
      await this.#shared.login.raise(after);
      this.#become(after);
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.code === 'rejected') await keep(asCredential(before));
      throw thrown;
    }
  }

  #become(key: Key): void {
    this.#key = key;
    this.updated = asCredential(key);
  }

  #ending<T>(work: () => Promise<T>): Promise<T> {
    return ending(this.#shared.talk, work);
  }
}

/** How it says that its bolt is stuck; the bolt may stand anywhere then, so that this is no state. */
const OBSTACLE = 'obstacle';

function jammed(at: number): Report {
  return { kind: 'happened', happening: { type: 'jammed', source: 'lock', ok: false, at } };
}

/** Every call of a part ends the session like the session's own. */
function endingAll<T extends object>(talk: Talk, part: T): T {
  const calls = Object.entries(part as Record<string, (...given: unknown[]) => Promise<unknown>>);
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...given: unknown[]) => ending(talk, () => call(...given))]),
  ) as T;
}

/** Off, or the range that this lock names. */
function withRange(abilities: Abilities, range: { min: number; max: number } | undefined): Abilities {
  if (!range) return abilities;
  const settings = abilities.settings.map(one =>
    one.name === 'auto_lock_seconds' ? { ...one, min: 0, max: range.max } : one,
  );
  return { ...abilities, settings };
}

/** Anything but the lock's own no ends the session. */
async function ending<T>(talk: Talk, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof LockError) || thrown.code !== 'rejected') await talk.close();
    throw thrown;
  }
}

function cannot(verb: Verb): LockError {
  const text =
    verb === 'lock' ? 'This lock cannot be locked by command: close it by hand.' : 'This lock has no latch to pull.';
  return new LockError('unsupported', text, { reason: verb === 'lock' ? 'close_by_hand' : 'unsupported' });
}
