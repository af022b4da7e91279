// A held session that is not wanted any more: it lingers and ends as ours, not as a loss.
import { afterEach, describe, expect, test } from 'vitest';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

let house: House;
afterEach(() => house.stop());

describe.each([0, 300, 700, 1100, 1500, 1900, 2300])('a held lock that becomes on demand %i ms later', ms => {
  test('keeps its session for a while, ends it itself and counts no loss', async () => {
    house = new House(makePlace(), { settings: { session: 'held' } });
    await house.pair();
    await house.clock.advance(60_000 + ms);
    const { opens } = house.view.stats;
    house.registry.setOptions('front_door', { session: 'on_demand' }, OWNER);
    await house.clock.advance(4000);
    expect(house.view.stats).toMatchObject({ open: true, opens, losses: 0 });
    await house.clock.advance(60_000);
    expect(house.view.stats).toMatchObject({ open: false, losses: 0, lossReasons: {} });
  });
});
