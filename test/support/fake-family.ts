// A family without bytes: a lock that can be told how to behave, for tests of what keepers and flows decide.
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { utc } from '../../src/base/zone.ts';
import type {
  Credential,
  Ground,
  LockDriver,
  LockSession,
  PairSecret,
  Paired,
  Recognised,
} from '../../src/lock/driver.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { makeLeases } from '../../src/lock/leases.ts';
import type { Abilities, Asker, Bolt, Happening, LockEvent, LockSettings, Outcome, Verb } from '../../src/lock/lock.ts';
import { POSITION } from '../../src/lock/belief.ts';
import { Registry } from '../../src/lock/registry.ts';
import type { Advert, Link, SharedRadio } from '../../src/radio/radio.ts';
import { type Store, openStore } from '../../src/store/store.ts';

export const OWNER: Asker = { via: 'cli', who: 'cli', role: 'owner' };
export const AUTOMATION: Asker = { via: 'mqtt', who: 'mqtt', role: 'automation' };
/** The LockError that the work ends with; succeeding is an error here. */
export async function failureOf(work: Promise<unknown>): Promise<LockError> {
  const error: unknown = await work.then(
    () => new RangeError('the work succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof LockError) return error;
  throw error;
}

export const ADDRESS = 'c0:00:00:00:00:01';

export const ABILITIES: Abilities = {
  kind: 'deadbolt',
  verbs: ['lock', 'unlock'],
  battery: true,
  door: false,
  pushes: true,
  clock: false,
  log: false,
  settings: [],
  orientation: 'none',
  holdEveryMs: 2000,
};

/** How the next act goes wrong. */
export type Mishap = 'lost_before' | 'lost_after' | 'done_but_lost' | 'told_but_lost' | 'refused' | 'stalled' | 'bug';

/** The lock itself, with its own truth. */
export class FakeLock {
  bolt: Bolt = 'unlocked';
  moves = 0;
  acts: Verb[] = [];
  connects = 0;
  questions = 0;
  keepAlives = 0;
  key = 'k1';
  paired = true;
  pairable = false;
  wake = '0';
  /** undefined: never answers a connect. */
  inRange = true;
  readonly mishaps: Mishap[] = [];
  records: Happening[] = [];
  abilities: Abilities = ABILITIES;
  /** How it takes the question for its state. */
  asked: 'answers' | 'refuses' | 'silent' = 'answers';
  /** A session that has learnt something new of its key. */
  learns = false;
  /** The adapter never confirms the end of a link. */
  closeHangs = false;
  /** What pairing it takes, and what was handed over. */
  asks: PairSecret | undefined;
  given: Secret<string> | undefined;
  pairMishap: 'before_keep' | 'after_keep' | 'after_commit' | undefined;
  forgetMishap: 'unproven' | 'done_but_lost' | 'refused' | undefined;
  /** Ends the open link, as the lock would. */
  hangUp: () => void = () => undefined;
  say: (bolt: Bolt) => void = () => undefined;

  turn(bolt: Bolt): void {
    if (this.bolt !== bolt) this.moves += 1;
    this.bolt = bolt;
    this.say(bolt);
  }
}

const lost = (acted: 'no' | 'maybe'): LockError => new LockError('unreachable', 'The connection was lost.', { acted });

export function credential(key: string): Credential {
  return { family: 'fake', data: new Secret({ key }) };
}

function driverOf(lock: FakeLock): LockDriver {
  const check = (c: Credential): void => {
    if (lock.paired && c.data.reveal()['key'] === lock.key) return;
    throw new LockError('unauthenticated', 'The lock does not know our key.', { reason: 'key_refused' });
  };
  return {
    family: 'fake',
    nature: { title: 'Fake', owners: 'one', wake: 'Touch its keypad', offer: 'Touch its keypad' },
    recognise: (advert): Recognised | undefined =>
      advert.name !== 'fake'
        ? undefined
        : {
            model: 'Fake',
            kind: 'deadbolt',
            state: lock.pairable ? 'pairable' : 'taken',
            hardware: ADDRESS,
            wake: lock.wake,
            ...(lock.asks && { asks: lock.asks }),
          },
    async pair(_link, ground, hint, keep): Promise<Paired> {
      lock.given = hint.secret;
      if (!lock.pairable) throw new LockError('rejected', 'The lock is owned.', { reason: 'not_pairable' });
      if (lock.pairMishap === 'before_keep') throw lost('no');
      const key = Buffer.from(ground.random(4)).toString('hex');
      await keep(credential(key));
      if (lock.pairMishap === 'after_keep') throw lost('no');
      lock.key = key;
      lock.paired = true;
      lock.pairable = false;
      if (lock.pairMishap === 'after_commit') throw lost('maybe');
      return { credential: credential(key), facts: { model: 'Fake' }, abilities: lock.abilities };
    },
    async open(link, ground, c) {
      check(c);
      return sessionOf(lock, link, ground);
    },
    async forget(_link, _ground, c) {
      check(c);
      if (lock.forgetMishap === 'refused') throw new LockError('rejected', 'The lock said no.');
      if (lock.forgetMishap === 'unproven') return 'unproven';
      lock.paired = false;
      lock.pairable = true;
      if (lock.forgetMishap === 'done_but_lost') throw lost('maybe');
      return 'proven';
    },
  };
}

function sessionOf(lock: FakeLock, link: Link, ground: Ground): LockSession {
  const tell = (): void => ground.report({ kind: 'state', bolt: lock.bolt, battery: 90, trust: 'told' });
  lock.say = () => void (lock.abilities.pushes && tell());
  const fail = async (acted: 'no' | 'maybe'): Promise<never> => {
    await link.close();
    throw lost(acted);
  };
  return {
    facts: {},
    abilities: lock.abilities,
    closed: link.closed,
    ...(lock.learns && { updated: credential(lock.key) }),
    async readState() {
      lock.questions += 1;
      if (lock.asked === 'refuses') throw new LockError('rejected', 'The lock does not tell.');
      if (lock.asked === 'silent') {
        await new Promise<void>(resolve => ground.signal.addEventListener('abort', () => resolve(), { once: true }));
        return fail('no');
      }
      ground.report({ kind: 'roundTrip', ms: 1 });
      tell();
    },
    async act(verb) {
      const mishap = lock.mishaps.shift();
      if (mishap === 'lost_before') return fail('no');
      lock.acts.push(verb);
      if (mishap === 'refused') throw new LockError('rejected', 'The lock said no.', { reason: 'battery_low' });
      if (mishap === 'lost_after') return fail('maybe');
      if (mishap === 'stalled') {
        await new Promise<void>(resolve => ground.signal.addEventListener('abort', () => resolve(), { once: true }));
        return fail('maybe');
      }
      lock.say = () => undefined;
      lock.turn(POSITION[verb]);
      if (mishap === 'bug') throw new TypeError('a bug in the driver');
      if (mishap === 'told_but_lost') tell();
      if (mishap === 'done_but_lost' || mishap === 'told_but_lost') return fail('maybe');
      lock.say = () => void (lock.abilities.pushes && tell());
      tell();
    },
    async keepAlive() {
      lock.keepAlives += 1;
      tell();
    },
    async close() {
      await link.close();
    },
    ...(lock.abilities.log && {
      records: {
        async read(cursor = 0) {
          const records = lock.records.slice(cursor);
          return { records, cursor: lock.records.length, more: false };
        },
      },
    }),
  };
}

/** A radio on which only this lock is. */
class FakeRadio implements SharedRadio {
  readonly #lock: FakeLock;
  readonly #clock: VirtualClock;
  readonly #ears = new Set<(advert: Advert) => void>();

  constructor(lock: FakeLock, clock: VirtualClock) {
    this.#lock = lock;
    this.#clock = clock;
  }
  hear(ear: (advert: Advert) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }
  advertise(rssi = -60, address = ADDRESS): void {
    const at = this.#clock.now();
    const advert: Advert = {
      address,
      addressType: 'random',
      connectable: true,
      name: 'fake',
      services: [],
      rssi,
      at,
    };
    for (const ear of this.#ears) ear(advert);
  }
  state(): { ready: true } {
    return { ready: true };
  }
  hearState(): () => void {
    return () => undefined;
  }
  connect(_address: string, { signal }: { signal: AbortSignal }): Promise<Link> {
    const lock = this.#lock;
    lock.connects += 1;
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(signal.reason as LockError);
      if (signal.aborted) return ended();
      signal.addEventListener('abort', ended, { once: true });
      this.#clock.after(50, () => {
        if (!lock.inRange) return;
        signal.removeEventListener('abort', ended);
        resolve(linkOf(lock));
      });
    });
  }
}

function linkOf(lock: FakeLock): Link {
  let drop!: () => void;
  const closed = new Promise<void>(resolve => (drop = resolve));
  lock.hangUp = drop;
  return {
    mtu: 23,
    closed,
    async write() {},
    async read() {
      return new Uint8Array();
    },
    async subscribe() {},
    close: () => (lock.closeHangs ? new Promise(() => undefined) : Promise.resolve(drop())),
  };
}

export interface World {
  clock: VirtualClock;
  lock: FakeLock;
  radio: FakeRadio;
  store: Store;
  registry: Registry;
  events: LockEvent[];
  /** Bolt states as told, without repeats. */
  bolts: () => Bolt[];
  command: (verb: Verb, asker?: Asker, ms?: number) => Promise<Outcome>;
  leases: ReturnType<typeof makeLeases>;
}

/** A started registry with one managed lock "door". */
export function makeWorld(settings: Partial<LockSettings> = {}, paired = true): World {
  const clock = new VirtualClock();
  const lock = new FakeLock();
  const radio = new FakeRadio(lock, clock);
  let seed = 7;
  const random = (n: number): Uint8Array =>
    Uint8Array.from({ length: n }, () => (seed = (seed * 75 + 74) % 65537) & 0xff);
  const store = openStore({ clock, random, log: silent });
  const leases = makeLeases(clock);
  const registry = new Registry({
    radio,
    drivers: [driverOf(lock)],
    shelf: store.locks,
    vault: store.vault,
    audit: store.audit,
    gate: makeGate(clock, leases),
    leases,
    clock,
    zone: utc,
    random,
    log: silent,
    configured: () => ({}),
  });
  const events: LockEvent[] = [];
  registry.hear(event => void events.push(event));
  if (paired) {
    store.vault.promote(store.vault.keep('00000000000a', credential('k1'), 1).id);
    registry.add({
      id: '00000000000a',
      name: 'door',
      unit: store.locks.unit('flat 1'),
      family: 'fake',
      address: ADDRESS,
      addressType: 'random',
      hardware: ADDRESS,
      lifecycle: 'managed',
      generation: 1,
      settings,
      facts: {},
      abilities: lock.abilities,
      addedAt: clock.now(),
    });
  }
  registry.start();
  const command = (verb: Verb, asker = OWNER, ms = 15_000): Promise<Outcome> =>
    registry.command({ id: 'c', lock: 'door', verb, asker, deadline: clock.elapsed() + ms });
  const bolts = (): Bolt[] => {
    const all = events.filter(e => e.kind === 'state').map(e => e.view.state.bolt);
    return all.filter((bolt, i) => bolt !== all[i - 1]);
  };
  return { clock, lock, radio, store, registry, events, bolts, command, leases };
}
