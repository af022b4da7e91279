// A paired door with guests on it: what the tests of turnover and rekey begin with.
import { Secret } from '../../../src/base/log.ts';
import { recipes } from '../../../src/flow/recipes/index.ts';
import type { Asker } from '../../../src/lock/lock.ts';
import type { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';
import { OWNER } from '../../support/fake-family.ts';
import { FlowHouse, type FlowHouseOptions } from '../../support/flow-house.ts';
import { type Place, makePlace } from '../../support/house.ts';

export const AUTOMATION: Asker = { via: 'mqtt', who: 'mqtt', role: 'automation' };
export const HOUR = 3600_000;
export const ADA = '472913';
export const BEN = '580264';
export const CARD = '305419896';

/** Ada and Ben have codes, Ada a card; a code that nobody here knows is on it, too, and the door stays open by day. */
export async function inhabited(how: { place?: Place; options?: Partial<FlowHouseOptions> } = {}): Promise<FlowHouse> {
  const place = how.place ?? makePlace();
  const home = new FlowHouse(place, { recipes, ...how.options });
  const { clock, house } = home;
  await house.pair();
  const { access, workbench } = house;
  await clock.run(access.setCode('front_door', 1, { digits: new Secret(ADA), person: 'Ada' }, OWNER));
  await clock.run(access.setCode('front_door', 2, { digits: new Secret(BEN), person: 'Ben' }, OWNER));
  await clock.run(access.tokens.addCard('front_door', 1, { number: new Secret(CARD), person: 'Ada' }, OWNER));
  await clock.run(workbench.writeSetting('front_door', 'passage_mode', true, OWNER));
  await clock.advance(60_000);
  return home;
}

/** Whether the digits open the door from outside. */
export function opens(lock: VirtualTTLock, digits: string): boolean {
  lock.hands.act('thumb', { value: 'lock' });
  lock.hands.act('type_code', { value: digits });
  return lock.bolt === 'unlocked';
}
export function cardOpens(lock: VirtualTTLock, card: string): boolean {
  lock.hands.act('thumb', { value: 'lock' });
  lock.hands.act('present_card', { value: card });
  return lock.bolt === 'unlocked';
}

/** Too far away to be heard, or near again. */
export function away(place: Place, isAway: boolean): void {
  if (isAway) place.air.remove(place.lock.address);
  else place.air.add(place.lock);
}
