// What is known of a lock does not come and go with its sessions.
import { expect, it } from 'vitest';
import { OWNER } from '../support/fake-family.ts';
import { House, makePlace } from '../support/house.ts';

const minutes = (n: number): number => n * 60_000;

it('a lock that said its model keeps it when a later session knows only its advert', async () => {
  const house = new House(makePlace({ variant: 'key_box' }));
  await house.pair();
  await house.clock.advance(minutes(1));
  const known = house.view.facts.model;
  expect(known).toContain('SN');
  await house.clock.run(house.command('unlock'));
  await house.clock.advance(minutes(1));
  expect(house.view.facts.model).toBe(known);
  await house.stop();
});

it('a lock that was paired again is asked how it is, though its advert says nothing new', async () => {
  const house = new House(makePlace({ variant: 'key_box' }));
  await house.pair();
  await house.clock.advance(minutes(1));
  const plan = await house.unpairer.plan({ lock: 'front_door' }, OWNER);
  await house.clock.run(house.unpairer.confirm('front_door', plan.confirm_token, OWNER));
  house.place.lock.hands.act('press_key');
  await house.clock.run(house.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER));
  await house.clock.advance(minutes(1));
  expect(house.view.state.bolt).not.toBe('unknown');
  await house.stop();
});
