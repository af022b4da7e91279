import { describe, expect, it } from 'vitest';
import { House, makePlace } from '../support/house.ts';
import { OWNER } from '../support/fake-family.ts';

describe('a virtual TTLock, through driver, keeper and flows', () => {
  it('is paired, unlocked, locked, unpaired and paired again as the same lock', async () => {
    const house = new House(makePlace(), { settings: { session: 'held' } });
    const { clock, place } = house;
    const first = await house.pair();
    expect(first).toMatchObject({ name: 'front_door', lifecycle: 'managed', generation: 1, family: 'ttlock' });
    expect(place.lock.paired).toBe(true);
    await clock.run(house.command('lock'));
    expect(place.lock.bolt).toBe('locked');
    expect(house.view.state.bolt).toBe('locked');
    await clock.run(house.command('unlock'));
    expect(place.lock.bolt).toBe('unlocked');
    const plan = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
    const done = await clock.run(house.unpairer.confirm('front_door', plan.confirm_token, OWNER));
    expect(done.proven).toBe(true);
    expect(place.lock.paired).toBe(false);
    const again = await clock.run(
      (() => {
        place.lock.hands.act('press_key');
        return house.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER);
      })(),
    );
    expect(again).toMatchObject({ id: first.id, name: 'front_door', generation: 2, endpoint: first.endpoint });
    await clock.run(house.command('lock'));
    expect(place.lock.bolt).toBe('locked');
    await house.stop();
    place.lock.stop();
    expect(clock.armed).toBe(0);
  });
});
