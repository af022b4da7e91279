import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/lock/lock.ts';
import type { LockError } from '../../src/base/errors.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace, seeded } from '../support/house.ts';

/** A house with so many paired locks, some of them held, on a radio with seven links. */
async function houseWith(count: number, held: number) {
  const house = new House(makePlace());
  const { clock, place, registry } = house;
  const locks = [place.lock];
  for (let n = 1; n < count; n++) {
    const address = `f2:c1:ad:4c:ae:${n.toString(16).padStart(2, '0')}`;
    const lock = new VirtualTTLock({ name: `door_${n}`, address, variant: 'deadbolt', clock, random: seeded(n + 20) });
    lock.hands.act('thumb', { value: 'unlock' });
    place.air.add(lock);
    locks.push(lock);
  }
  for (const [n, lock] of locks.entries()) {
    lock.hands.act('press_key');
    await clock.run(house.pairer.pair({ address: lock.address, name: `lock_${n}`, seconds: 20 }, OWNER));
    if (n < held) registry.setOptions(`lock_${n}`, { session: 'held' }, OWNER);
  }
  await clock.advance(60_000);
  const orders = (): Promise<(Outcome | LockError)[]> => {
    const deadline = clock.elapsed() + 15_000;
    const all = locks.map((_, n) =>
      registry
        .command({ id: `c${n}`, lock: `lock_${n}`, verb: 'lock', asker: OWNER, deadline })
        .catch((thrown: LockError) => thrown),
    );
    return clock.run(Promise.all(all));
  };
  return { house, locks, orders };
}

describe('twelve locks on a radio with seven links', () => {
  it.each([
    ['all of them on demand', 0],
    ['five of them held', 5],
    ['six of them held, so that routine never gets the last link', 6],
  ])('are all locked by one order to each, %s', async (_name, held) => {
    const { house, locks, orders } = await houseWith(12, held);
    const outcomes = await orders();
    expect(outcomes.filter(one => one instanceof Error).map(error => (error as Error).message)).toEqual([]);
    expect(locks.map(lock => lock.bolt)).toEqual(locks.map(() => 'locked'));
    await house.stop();
  });

  it('tell their state in turn when five of them are held', async () => {
    const { house } = await houseWith(12, 5);
    expect(house.registry.all().map(view => view.state.bolt)).toEqual(Array.from({ length: 12 }, () => 'unlocked'));
    await house.stop();
  });
});
