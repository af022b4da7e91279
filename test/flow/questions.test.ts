// How many questions work costs at a lock of each family, exactly: none that its protocol does not need.
import { describe, expect, it } from 'vitest';
import type { LockError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/log.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import { OWNER } from '../support/fake-family.ts';
import { families } from '../support/families.ts';
import { House, makeFamilyPlace } from '../support/house.ts';

type Sim = Parameters<typeof makeFamilyPlace>[0];

/** Paired, looked at, and nobody is connected. */
async function quiet(sim: Sim): Promise<House<VirtualLock>> {
  const house = new House(makeFamilyPlace(sim));
  await house.pair();
  await house.tellCode();
  await house.clock.advance(120_000);
  expect(house.view.stats.open).toBe(false);
  return house;
}

/** Questions that were answered while `work` was done. */
async function cost(house: House<VirtualLock>, work: () => Promise<unknown>): Promise<number> {
  const before = house.view.stats.roundTrips;
  await house.clock.run(work());
  return house.view.stats.roundTrips - before;
}

describe.each(await families())('$name', ({ sim, roundTrips }) => {
  it('a cold command', async () => {
    const house = await quiet(sim);
    expect(await cost(house, () => house.command('lock'))).toBe(roundTrips.coldCommand);
  });

  it('a command on an open session', async () => {
    const house = await quiet(sim);
    await house.clock.run(house.command('unlock'));
    await house.clock.advance(1500);
    expect(await cost(house, () => house.command('lock'))).toBe(roundTrips.openCommand);
  });

  it('a code, on an open session that has shown who we are', async () => {
    const house = await quiet(sim);
    const set = (slot: number, digits: string): Promise<string> =>
      house.access.setCode('front_door', slot, { digits: new Secret(digits) }, OWNER).then(
        () => 'taken',
        (thrown: LockError) => thrown.code,
      );
    expect(await house.clock.run(set(1, '734829'))).toBe(roundTrips.code === undefined ? 'unsupported' : 'taken');
    expect(await cost(house, () => set(2, '587346'))).toBe(roundTrips.code ?? 0);
  });
});
