// A lock with a keypad, a card reader and a bad temper: what the tests of access talk to.
import { type Code as ErrorCode, LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Access, AccessUpkeep } from '../../src/access/access.ts';
import { makeAccess } from '../../src/access/make-access.ts';
import type { Code, Codes, LockSession, Token, Tokens } from '../../src/lock/driver.ts';
import type { Abilities, Asker, LockView } from '../../src/lock/lock.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import { record, seeded } from '../store/kit.ts';

export const owner: Asker = { via: 'cli', who: 'cli', role: 'owner' };
export const CAPACITY = 5;

/** What happens at one call: fails before or after the lock did it, or the lock says no. */
export interface Trouble {
  on: 'list' | 'add' | 'remove' | 'change' | 'connect' | 'clear';
  /** Default 1: the first such call from now on. */
  nth?: number;
  /** The lock did it all the same. */
  done?: boolean;
  /** `crash`: our process ends here, so that nobody sees the answer. */
  code: ErrorCode | 'crash';
  acted?: 'no' | 'maybe';
  reason?: string;
}

export class Keypad implements Codes {
  readonly codes: { digits: string; code: Code }[] = [];
  readonly cards: Token[] = [];
  /** Every call in order, e.g. `add 1234`. */
  readonly calls: string[] = [];
  readonly troubles: Trouble[] = [];
  capacity = CAPACITY;
  /** Looks at the world just before the lock hears a call. */
  before?: () => void;
  change?: (code: Code, next: Code) => Promise<void>;
  /** It does not empty itself at one word. */
  clearsOneByOne = false;
  /** It says yes to these going, and keeps them. */
  sticky: readonly string[] = [];

  /** Makes it one that can change a code in one question. */
  learnToChange(): void {
    this.change = (code, next) =>
      this.#call('change', `${code.digits.reveal()} ${next.digits.reveal()}`, () => {
        const kept = this.codes.find(one => one.digits === code.digits.reveal());
        if (!kept) throw new LockError('rejected', 'no such code', { reason: 'not_there' });
        this.#refuseDuplicate(next, kept.digits);
        kept.digits = next.digits.reveal();
        kept.code = next;
      });
  }

  list(): Promise<Code[]> {
    return this.#call('list', '', () => this.codes.map(one => one.code));
  }

  add(code: Code): Promise<void> {
    return this.#call('add', code.digits.reveal(), () => {
      this.#refuseDuplicate(code);
      if (this.codes.length >= this.capacity) throw new LockError('rejected', 'full', { reason: 'no_space' });
      this.codes.push({ digits: code.digits.reveal(), code });
    });
  }

  remove(code: Code): Promise<void> {
    return this.#call('remove', code.digits.reveal(), () => {
      const at = this.codes.findIndex(one => one.digits === code.digits.reveal());
      if (at < 0) throw new LockError('rejected', 'no such code', { reason: 'not_there' });
      if (!this.sticky.includes(code.digits.reveal())) this.codes.splice(at, 1);
    });
  }

  clear(): Promise<void> {
    return this.#call('clear', '', () => {
      if (this.clearsOneByOne) throw new LockError('rejected', 'not known', { reason: 'unknown_command' });
      this.codes.splice(0, this.codes.length, ...this.codes.filter(one => this.sticky.includes(one.digits)));
    });
  }

  get digits(): string[] {
    return this.codes.map(one => one.digits).toSorted();
  }

  /** Somebody uses the maker's app, or the master code at the door. */
  typedIn(digits: string, validity: Code['validity'] = {}): void {
    const kind = validity.until === undefined ? 'permanent' : 'period';
    this.codes.push({ digits, code: { digits: new Secret(digits), kind, validity } });
  }

  takenOff(digits: string): void {
    const at = this.codes.findIndex(one => one.digits === digits);
    this.codes.splice(at, 1);
  }

  connect(): Promise<void> {
    return this.#call('connect', '', () => undefined);
  }

  #refuseDuplicate(code: Code, besides?: string): void {
    const digits = code.digits.reveal();
    if (digits === besides || !this.codes.some(one => one.digits === digits)) return;
    throw new LockError('rejected', 'duplicate', { reason: 'duplicate_code' });
  }

  async #call<T>(on: Trouble['on'], words: string, act: () => T): Promise<T> {
    await Promise.resolve();
    if (on !== 'connect') {
      this.before?.();
      this.calls.push(`${on} ${words}`.trim());
    }
    const trouble = this.troubles.find(one => one.on === on);
    if (trouble && (trouble.nth ?? 1) > 1) trouble.nth = (trouble.nth as number) - 1;
    else if (trouble) {
      this.troubles.splice(this.troubles.indexOf(trouble), 1);
      if (trouble.done) act();
      if (trouble.code === 'crash') return new Promise<T>(() => undefined);
      const { code, acted = trouble.done ? 'maybe' : 'no', reason = code } = trouble;
      throw new LockError(code, `The ${on} failed.`, { acted, reason });
    }
    return act();
  }
}

export interface Door {
  lock: string;
  keypad: Keypad;
  access: Access & AccessUpkeep;
  store: Store;
  clock: VirtualClock;
  abilities: Abilities;
  /** Starts anew over the same store, as after a crash. */
  restarted(): Access & AccessUpkeep;
}

export function makeDoor(): Door {
  const clock = new VirtualClock();
  const random = seeded('door');
  const store = openStore({ clock, random, log: silent });
  const { endpoint, ...kept } = store.locks.add(record('front_door'));
  const keypad = new Keypad();
  const abilities: Abilities = {
    kind: 'lever',
    verbs: ['lock', 'unlock'],
    battery: true,
    door: false,
    pushes: false,
    clock: true,
    log: true,
    codes: { kinds: ['permanent', 'period', 'once'], minDigits: 4, maxDigits: 9, capacity: CAPACITY, readable: true },
    cards: { capacity: 3 },
    settings: [],
    orientation: 'none',
    holdEveryMs: 2000,
  };
  const view: LockView = {
    ...kept,
    endpoint,
    settings: { session: 'on_demand', exposed: ['mqtt'] },
    abilities,
    state: { bolt: 'locked', reachable: true, trust: 'told', at: 0 },
    stats: { open: false, since: 0, opens: 0, losses: 0, lossReasons: {}, connectedMs: 0, roundTrips: 0 },
  };
  const session = sessionOf(keypad, abilities);
  const restarted = (): Access & AccessUpkeep =>
    makeAccess({
      shelf: store.access,
      secrets: store.vault,
      audit: store.audit,
      view: lock => (lock === view.id || lock === view.name ? view : undefined),
      async work(_lock, asker, task) {
        if (asker.role === 'voice') throw new LockError('forbidden', 'Not by voice.');
        await keypad.connect();
        return task(session);
      },
      clock,
      random,
      log: silent,
    });
  return { lock: view.id, keypad, access: restarted(), store, clock, abilities, restarted };
}

function sessionOf(keypad: Keypad, abilities: Abilities): LockSession {
  const cards: Tokens = {
    list: async () => keypad.cards,
    enrol: () => Promise.reject(new LockError('unsupported', 'nobody is here')),
    setValidity: async () => undefined,
    remove: async () => undefined,
    clear: async () => undefined,
  };
  return {
    facts: {},
    abilities,
    closed: new Promise(() => undefined),
    readState: async () => undefined,
    act: async () => undefined,
    keepAlive: async () => undefined,
    close: async () => undefined,
    codes: keypad,
    cards,
  };
}

export function pin(digits: string): { digits: Secret<string> } {
  return { digits: new Secret(digits) };
}

/** Slot, state and digits of what we keep, e.g. `1 on_lock 1234`. */
export function kept({ store, lock }: Door): string[] {
  return store.access
    .of(lock)
    .filter(entry => entry.kind === 'code')
    .map(entry => `${entry.slot} ${entry.state} ${store.vault.secret(`pin:${entry.id}`)?.reveal()}`);
}
