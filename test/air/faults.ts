// One fault at one byte of one exchange, and what must hold whatever happens.
import type { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import type { AirChunk, Fate } from '../../src/sim/air-link.ts';
import type { SimFamily, VirtualLock } from '../../src/sim/family.ts';
import { OWNER } from '../support/fake-family.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import { House, type Place, makeFamilyPlace, offer, secretOf, seeded, wake } from '../support/house.ts';

type AnyPlace = Place<VirtualLock>;
type AnyHouse = House<VirtualLock>;

export type Fault = 'cut' | 'lose' | 'repeat' | 'stall';
export const FAULTS: readonly Fault[] = ['cut', 'lose', 'repeat', 'stall'];
/** Longer than any single deadline of the driver, shorter than a command's. */
const STALL_MS = 8000;

/** Makes the fault happen once, at the piece that holds byte `at` of all bytes from now on. `at` -1 only counts. */
export function arm(
  place: Pick<AnyPlace, 'air'>,
  fault: Fault,
  at: number,
): { bytes(): number; readonly struck: boolean } {
  let seen = 0;
  let done = false;
  place.air.knobs.fault = (chunk: AirChunk): Fate => {
    const begin = seen;
    seen += chunk.bytes.length;
    if (done || at < 0 || at >= seen) return 'deliver';
    done = true;
    if (fault === 'cut') return { cutAfter: at - begin };
    if (fault === 'lose') return 'drop';
    return fault === 'repeat' ? 'repeat' : { stall: STALL_MS };
  };
  return {
    bytes: () => seen,
    get struck() {
      return done;
    },
  };
}

export interface Exchange {
  name: string;
  /** It begins with a lock that nobody has paired. */
  fresh?: true;
  /** Paired or not, warm session or not. */
  before(house: AnyHouse): Promise<void>;
  /** Does it; gives what the caller was told. */
  act(house: AnyHouse): Promise<'ok' | LockError>;
  deadlineMs: number;
  /** Whether the lock did it. */
  happened(lock: VirtualLock): boolean;
}

const told = (work: Promise<unknown>): Promise<'ok' | LockError> =>
  work.then(
    () => 'ok' as const,
    (thrown: unknown) => thrown as LockError,
  );

async function paired(house: AnyHouse): Promise<void> {
  if (house.registry.find('front_door')?.lifecycle !== 'managed') await house.pair();
  await house.tellCode();
  await house.clock.advance(40_000);
}

const command = (verb: 'lock' | 'unlock', from: 'cold' | 'warm'): Exchange => ({
  name: `${verb}, ${from}`,
  async before(house) {
    await paired(house);
    if (verb === 'unlock') await house.clock.run(house.command('lock'));
    if (from === 'cold') await house.clock.advance(40_000);
    else await house.clock.run(house.registry.refresh('front_door', OWNER));
  },
  act: house => house.clock.run(told(house.command(verb))),
  deadlineMs: 15_000,
  happened: lock => lock.bolt === (verb === 'lock' ? 'locked' : 'unlocked'),
});

export const EXCHANGES: readonly Exchange[] = [
  command('lock', 'cold'),
  command('lock', 'warm'),
  command('unlock', 'cold'),
  command('unlock', 'warm'),
  {
    name: 'refresh',
    before: paired,
    act: house => house.clock.run(told(house.registry.refresh('front_door', OWNER))),
    deadlineMs: 60_000,
    happened: () => true,
  },
  {
    name: 'pair',
    fresh: true,
    before: async () => undefined,
    act: house => {
      offer(house.place);
      const wish = { name: 'front_door', seconds: 10, ...secretOf(house.place.lock) };
      return house.clock.run(told(house.pairer.pair(wish, OWNER)));
    },
    deadlineMs: 75_000,
    happened: lock => lock.paired,
  },
  {
    name: 'unpair',
    before: paired,
    act: async house => {
      const { confirm_token: token } = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
      return house.clock.run(told(house.unpairer.confirm('front_door', token, OWNER)));
    },
    deadlineMs: 130_000,
    happened: lock => !lock.paired,
  },
];

/** Where and how it strikes. */
export interface Strike {
  fault: Fault;
  at: number;
  mtu: number;
}

/** What outlives a daemon that is stopped: its disk, and the lock. */
export interface World {
  place: AnyPlace;
  store: Store;
}

export function makeWorld(family: SimFamily, mtu: number): World {
  const place = makeFamilyPlace(family, { mtu });
  return { place, store: openStore({ clock: place.clock, random: seeded(5), log: silent }) };
}

/** Runs it once with the fault, in a daemon of its own; gives every invariant that did not hold. */
export async function trial(
  { place, store }: World,
  exchange: Exchange,
  { fault, at, mtu }: Strike,
): Promise<string[]> {
  const house = new House(place, { store });
  const { clock, lock } = place;
  const wrong: string[] = [];
  await exchange.before(house);
  const movesBefore = lock.moves;
  const began = clock.elapsed();
  const armed = arm(place, fault, at);
  const outcome = await exchange.act(house);
  place.air.knobs.fault = undefined;
  if (clock.elapsed() - began > exchange.deadlineMs + 1000) wrong.push(`A late: ${clock.elapsed() - began} ms`);
  if (outcome === 'ok' && !exchange.happened(lock)) wrong.push('B ok, but it did not happen');
  if (outcome !== 'ok' && outcome.code === undefined) wrong.push(`not a LockError: ${String(outcome)}`);
  if (lock.moves - movesBefore > 1) wrong.push(`C moved ${lock.moves - movesBefore} times`);
  wrong.push(...(await recovered(house)));
  await house.stop();
  if (clock.armed !== 0) wrong.push(`E ${clock.armed} timers left`);
  if (place.air.links().length > 0) wrong.push('E a link is left');
  if (!armed.struck) wrong.push(`it was over after ${armed.bytes()} bytes`);
  return wrong.map(
    text => `${exchange.name} ${fault} at ${at} mtu ${mtu} (${outcome === 'ok' ? 'ok' : outcome.code}): ${text}`,
  );
}

/** D: belief and lock agree, or it says that it does not know. F: the next attempt succeeds. */
async function recovered(house: AnyHouse): Promise<string[]> {
  const { clock, place } = house;
  const { lock } = place;
  const wrong: string[] = [];
  // A person wakes it while the daemon settles what is open.
  for (let i = 0; i < 6; i++) {
    wake(place);
    await clock.advance(6000);
  }
  const view = house.registry.find('front_door');
  const { bolt } = view?.state ?? {};
  if (view?.lifecycle === 'managed' && bolt !== 'unknown' && bolt !== lock.bolt)
    wrong.push(`D believes ${bolt}, is ${lock.bolt}`);
  const live = view ? house.store.vault.of(view.id).filter(kept => kept.status === 'live') : [];
  if (live.length > 1) wrong.push('two keys believed');
  // What takes many clients may know one of ours that was never finished: it is paired anew then.
  const many = house.registry.natures()[place.family.name]?.owners === 'many';
  const isOurs = many ? view?.lifecycle === 'managed' : lock.paired;
  if (isOurs && view?.lifecycle !== 'managed') wrong.push(`paired, but ${view?.lifecycle ?? 'lost'}`);
  if (!isOurs && view !== undefined && view.lifecycle !== 'factory') wrong.push(`not ours, but ${view.lifecycle}`);
  if (!isOurs) {
    offer(place);
    const wish = { seconds: 20, ...secretOf(lock) };
    const request = view ? { lock: 'front_door', ...wish } : { name: 'front_door', ...wish };
    const again = await clock.run(told(house.pairer.pair(request, OWNER)));
    if (again !== 'ok') wrong.push(`F pairing again: ${again.message}`);
  }
  for (const verb of ['lock', 'unlock'] as const) {
    const next = await clock.run(told(house.command(verb)));
    const reached = lock.bolt === (verb === 'lock' ? 'locked' : 'unlocked');
    if (next !== 'ok' || !reached) wrong.push(`F next ${verb}: ${next === 'ok' ? 'ok but not there' : next.message}`);
  }
  return wrong;
}

/** How many bytes the exchange has when nothing goes wrong. */
export async function lengthOf({ place, store }: World, exchange: Exchange): Promise<number> {
  const house = new House(place, { store });
  await exchange.before(house);
  const counter = arm(place, 'cut', -1);
  await exchange.act(house);
  const bytes = counter.bytes();
  place.air.knobs.fault = undefined;
  await house.stop();
  place.lock.stop();
  return bytes;
}
