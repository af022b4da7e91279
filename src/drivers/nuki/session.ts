// An open session with a Nuki: state, moving the bolt, and the parts that its PIN opens.
import { sleep } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type {
  AdminCode,
  Authorisations,
  Codes,
  Credential,
  Ground,
  LockClock,
  LockSession,
  Records,
  Settings,
  Timers,
} from '../../lock/driver.ts';
import type { Abilities, Facts, Verb } from '../../lock/lock.ts';
import { abilitiesOf, factsOf } from './abilities.ts';
import { makeAdminCode } from './admin-code.ts';
import { makeAuthorisations } from './authorisations.ts';
import { makeCodes } from './codes.ts';
import { type Key, asCredential } from './credential.ts';
import { Guard } from './guard.ts';
import { inspect } from './inspect.ts';
import { makeClock } from './lock-clock.ts';
import { Mover } from './mover.ts';
import { makeRecords } from './records.ts';
import { renewKey, retireKey } from './renew.ts';
import { makeSettings } from './settings.ts';
import type { States } from './state-wire.ts';
import { hasDoorSensor, isMoving, reportStates } from './status.ts';
import type { Talk } from './talk.ts';
import { makeTimers } from './timers.ts';

/** What was asked so shortly ago needs no second question: opening a session asks it. */
const FRESH_MS = 1000;
/** A bolt that is on its way arrives within 12 s; it is looked at again, since nobody else tells when it is there. */
const LOOK_AGAIN_MS = 2000;
const LOOKS = 6;

/** What the parts of a session work with. */
export interface Shared {
  talk: Talk;
  guard: Guard;
  ground: Ground;
  key: () => Key;
  become: (key: Key) => void;
}

export class NukiSession implements LockSession {
  readonly #shared: Shared;
  readonly #mover: Mover;
  #key: Key;
  #fresh: { states: States; at: number } | undefined;
  facts: Facts;
  abilities: Abilities;
  updated?: Credential;
  readonly clock?: LockClock;
  readonly records?: Records;
  readonly codes: Codes;
  readonly settings: Settings;
  readonly adminCode: AdminCode;
  readonly authorisations: Authorisations;
  readonly timers: Timers;

  constructor(begun: { talk: Talk; ground: Ground; key: Key; states: States }) {
    const { talk, ground, key, states } = begun;
    this.#key = key;
    this.facts = factsOf(key);
    this.abilities = abilitiesOf(key);
    const parts = { talk, ground, key: () => this.#key, become: (next: Key) => this.#become(next) };
    this.#shared = { ...parts, guard: new Guard(parts) };
    this.#mover = new Mover(this.#shared);
    this.#fresh = { states, at: ground.clock.elapsed() };
    if (key.status === 'provisional') this.#become({ ...key, status: 'committed' });
    this.#learn(states);
    const part = <T extends object>(made: T): T => endingAll(talk, made);
    this.codes = part(makeCodes(this.#shared));
    this.settings = part(makeSettings(this.#shared, () => this.abilities.settings));
    this.adminCode = part(makeAdminCode(this.#shared));
    this.authorisations = part(makeAuthorisations(this.#shared));
    this.timers = part(makeTimers(this.#shared));
    // What is looked after as a routine: without the PIN there is nothing to look after.
    if (key.pin === undefined) return;
    this.clock = part(makeClock(this.#shared));
    this.records = part(makeRecords(this.#shared));
  }

  get closed(): Promise<void> {
    return this.#shared.talk.closed;
  }

  readState(): Promise<void> {
    return this.#ending(async () => {
      let states = this.#recent() ?? (await this.#shared.guard.states());
      for (let look = 1; isMoving(states) && look < LOOKS; look++) {
        await sleep(this.#shared.ground.clock, LOOK_AGAIN_MS, this.#shared.ground.signal);
        states = await this.#shared.guard.states();
      }
      this.#learn(states);
    });
  }

  /** The lock hangs up after 20 s without a question. It tells nothing by itself, so this one asks how it stands. */
  keepAlive(): Promise<void> {
    return this.#ending(async () => void (await this.#shared.guard.states()));
  }

  act(verb: Verb): Promise<void> {
    this.#fresh = undefined;
    return this.#ending(() => this.#mover.act(verb));
  }

  perform(action: string): Promise<void> {
    this.#fresh = undefined;
    return this.#ending(() => this.#mover.perform(action));
  }

  inspect(): Promise<{ facts: Facts; abilities: Abilities }> {
    return this.#ending(async () => {
      const { key, raw } = await inspect(this.#shared);
      if (key !== this.#key) this.#become(key);
      const facts = factsOf(this.#key);
      this.facts = { ...facts, raw: { ...facts.raw, ...raw } };
      return { facts: this.facts, abilities: this.abilities };
    });
  }

  renewKey(keep: (credential: Credential) => Promise<void>): Promise<Credential> {
    return this.#ending(() => renewKey(this.#shared, keep));
  }

  retireKey(old: Credential): Promise<void> {
    return this.#ending(() => retireKey(this.#shared, old));
  }

  close(): Promise<void> {
    return this.#shared.talk.close();
  }

  #recent(): States | undefined {
    const { ground } = this.#shared;
    const fresh = this.#fresh;
    this.#fresh = undefined;
    if (!fresh || ground.clock.elapsed() - fresh.at > FRESH_MS) return undefined;
    reportStates(ground, fresh.states);
    return fresh.states;
  }

  #learn(states: States): void {
    const door = hasDoorSensor(states);
    if (door === undefined || door === this.#key.seen.door) return;
    this.#become({ ...this.#key, seen: { ...this.#key.seen, door } });
  }

  #become(key: Key): void {
    this.#key = key;
    this.updated = asCredential(key);
    this.facts = factsOf(key);
    this.abilities = abilitiesOf(key);
  }

  #ending<T>(work: () => Promise<T>): Promise<T> {
    return ending(this.#shared.talk, work);
  }
}

/** Every call of a part ends the session like the session's own. */
function endingAll<T extends object>(talk: Talk, part: T): T {
  const calls = Object.entries(part as Record<string, (...given: unknown[]) => Promise<unknown>>);
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...given: unknown[]) => ending(talk, () => call(...given))]),
  ) as T;
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
