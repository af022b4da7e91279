// Letting the phone in: the keeper keeps away, a person's command still goes through, and then it keeps away again.
import { describe, expect, it } from 'vitest';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

async function heldHouse(): Promise<House> {
  const house = new House(makePlace(), { settings: { session: 'held' } });
  await house.pair();
  await house.clock.advance(20_000);
  return house;
}

describe('while the phone is let in', () => {
  it('a held session ends, nothing is opened, and the view says until when', async () => {
    const house = await heldHouse();
    expect(house.view.stats.open).toBe(true);
    const { until } = house.workbench.letPhoneIn('front_door', 10, OWNER);
    const { opens } = house.view.stats;
    await house.clock.advance(9 * 60_000);
    expect(until).toBe(house.clock.now() + 60_000);
    expect(house.view).toMatchObject({
      stats: { open: false, opens },
      trouble: { reason: 'phone', text: 'Left alone for the maker’s app until 14:33.' },
    });
  });

  it('another central can connect', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 5, OWNER);
    await house.clock.advance(1000);
    const phone = await house.clock.run(house.place.air.connect(house.view.address));
    expect(phone.mtu).toBe(23);
    await house.clock.run(phone.close());
  });

  it('a changed advert calls nobody', async () => {
    const house = new House(makePlace());
    await house.pair();
    await house.clock.advance(60_000);
    house.workbench.letPhoneIn('front_door', 5, OWNER);
    const { opens } = house.view.stats;
    house.place.lock.hands.act('turn_key', { value: 'lock' });
    await house.clock.advance(60_000);
    expect(house.view.stats.opens).toBe(opens);
  });

  it('a person’s command goes through, and the lock is let go at once', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 10, OWNER);
    await house.clock.advance(60_000);
    await house.clock.run(house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
    await house.clock.advance(500);
    expect(house.view).toMatchObject({ stats: { open: false }, trouble: { reason: 'phone' } });
  });

  it('a command that runs is not cut off', async () => {
    const house = await heldHouse();
    const running = house.command('lock');
    house.workbench.letPhoneIn('front_door', 10, OWNER);
    await house.clock.run(running);
    await house.clock.advance(500);
    expect([house.place.lock.bolt, house.view.stats.open]).toEqual(['locked', false]);
  });
});

describe('after it', () => {
  it('the session is held again', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 1, OWNER);
    await house.clock.advance(90_000);
    expect(house.view.stats.open).toBe(true);
    expect(house.view.trouble).toBeUndefined();
  });

  it('or earlier, when somebody ends it', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 60, OWNER);
    await house.clock.advance(5000);
    expect(house.workbench.letPhoneIn('front_door', 0, OWNER)).toEqual({});
    await house.clock.advance(5000);
    expect(house.view.stats.open).toBe(true);
  });

  it('the audit tells who did it', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 1, OWNER);
    expect(house.store.audit.read({ most: 1 })).toMatchObject([
      { what: 'phone_let_in', who: 'cli', detail: '1 minutes' },
    ]);
  });

  it('and nothing is left behind', async () => {
    const house = await heldHouse();
    house.workbench.letPhoneIn('front_door', 60, OWNER);
    await house.stop();
    house.place.lock.stop();
    expect(house.clock.armed).toBe(0);
  });
});

it.each([-1, 61, 1.5])('%s minutes are refused', async minutes => {
  const house = await heldHouse();
  expect(() => house.workbench.letPhoneIn('front_door', minutes, OWNER)).toThrow(/1 to 60 minutes/);
});
