// A backup brings back what was believed then: a lock is asked before any of it counts, and a key that is too old is kept.
import { mkdtempSync, rmSync, copyFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import { OWNER, failureOf } from '../support/fake-family.ts';
import { House, type Place, makePlace, seeded } from '../support/house.ts';

let folder: string;
let place: Place;
let stores: Store[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-back-'));
  place = makePlace();
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function storeAt(name: string): Store {
  const store = openStore({ folder: join(folder, name), clock: place.clock, random: seeded(3), log: silent });
  stores.push(store);
  return store;
}

/** A house whose lock was paired and left unlocked when the backup was made; `since` is what happened after. */
async function wentBack(since: (house: House) => Promise<void>): Promise<House> {
  const house = new House(place, { store: storeAt('live') });
  const { clock } = house;
  await house.pair();
  await clock.advance(40_000);
  await clock.run(house.command('unlock'));
  await house.store.backup(join(folder, 'backup.db'));
  await since(house);
  await house.stop();
  mkdirSync(join(folder, 'again'));
  copyFileSync(join(folder, 'backup.db'), join(folder, 'again', 'latchbridge.db'));
  copyFileSync(join(folder, 'live', 'vault.key'), join(folder, 'again', 'vault.key'));
  return new House(place, { store: storeAt('again'), seed: 6, settings: { session: 'held' } });
}

test('a state of then is a guess until the lock was asked', async () => {
  const house = await wentBack(async live => {
    await live.clock.run(live.command('lock'));
  });
  expect(house.view.state).toMatchObject({ bolt: 'unlocked', trust: 'guessed', reachable: false });
  place.lock.hands.act('press_key');
  await house.clock.advance(40_000);
  expect(house.view.state).toMatchObject({ bolt: 'locked', reachable: true });
  expect(house.view.state.trust).not.toBe('guessed');
  await house.stop();
});

test('a key that the lock has replaced since is said to be refused, and nothing is lost', async () => {
  const house = await wentBack(async live => {
    place.lock.hands.act('hold_reset', { seconds: 10 });
    place.lock.hands.act('press_key');
    await live.clock.run(live.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER));
  });
  expect(house.view).toMatchObject({ lifecycle: 'managed', generation: 1 });
  for (let i = 0; i < 3; i++) {
    place.lock.hands.act('press_key');
    await house.clock.run(failureOf(house.command('lock')));
  }
  expect(house.view).toMatchObject({ lifecycle: 'orphaned', state: { bolt: 'unknown' } });
  expect(house.store.vault.of(house.view.id).map(({ status }) => status)).toEqual(['live']);
  expect(place.lock.paired).toBe(true);
  await house.stop();
});
