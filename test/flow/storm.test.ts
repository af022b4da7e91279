// A building full of locks: 2,000 adverts a second from 300 of them, through drivers, keepers and the list of what is near.
import { describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { drivers } from '../../src/drivers/index.ts';
import { Nearby } from '../../src/flow/nearby.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { makeLeases } from '../../src/lock/leases.ts';
import { Registry } from '../../src/lock/registry.ts';
import type { Advert } from '../../src/radio/radio.ts';
import { utc } from '../../src/base/zone.ts';
import { shareRadios } from '../../src/radio/shared.ts';
import { openStore } from '../../src/store/store.ts';
import { FakeRadio } from '../radio/fake-radio.ts';
import { seeded } from '../support/house.ts';

/** A TTLock of this number, as it advertises: paired, sometimes with news, sometimes ready to be paired. */
function advertOf(n: number, flags = 0): Partial<Advert> & { address: string } {
  const mac = [0xc0, 0, 0, n >> 16, (n >> 8) & 0xff, n & 0xff];
  const address = mac.map(byte => byte.toString(16).padStart(2, '0')).join(':');
  const manufacturer = Uint8Array.from([5, 3, 2, flags, 80, 0xb0, 0, 0xf4, 0xf9, 0x53, 0x65, ...mac.toReversed()]);
  return { address, name: `D01_${n}`, services: ['1910'], manufacturer };
}

async function makeStreet() {
  const clock = new VirtualClock(undefined, 1);
  const radio = new FakeRadio(clock);
  const random = seeded(4);
  const shared = shareRadios([radio], { clock, log: silent });
  const store = openStore({ clock, random, log: silent });
  const leases = makeLeases(clock);
  const { locks: shelf, vault, audit } = store;
  const gate = makeGate(clock, leases);
  const parts = { clock, random, shelf, vault, audit, leases, gate, zone: utc, log: silent, drivers };
  const registry = new Registry({ ...parts, radio: shared, configured: () => ({}) });
  const nearby = new Nearby({ registry, vault, clock });
  nearby.start();
  registry.start();
  shared.start();
  await clock.settle();
  const say = (n: number, flags?: number): void => {
    const { address, ...more } = advertOf(n, flags);
    radio.say(address, more);
  };
  return { clock, registry, nearby, shared, say };
}

describe('2,000 adverts a second from 300 locks', () => {
  it('all arrive within a tenth of the time there is, and leave nothing behind', async () => {
    const { clock, nearby, shared, registry, say } = await makeStreet();
    let heard = 0;
    registry.hearAdverts(() => void (heard += 1));
    const before = process.cpuUsage();
    for (let tick = 0, n = 0; tick < 100; tick++) {
      for (let i = 0; i < 200; i++, n++) say(n % 300, n % 7 === 0 ? 0x04 : n % 2);
      await clock.advance(100);
    }
    const { user, system } = process.cpuUsage(before);
    expect([heard, nearby.all().length, shared.status()[0]?.addresses]).toEqual([20_000, 300, 300]);
    expect((user + system) / 1000).toBeLessThan(1000);
    await clock.advance(120_000);
    expect(nearby.all()).toEqual([]);
  });

  it('and 20,000 made-up ones besides hide no lock and do not grow the list', async () => {
    const { clock, nearby, say } = await makeStreet();
    for (let n = 1000; n < 21_000; n++) {
      say(n);
      if (n % 100 === 0) say(7, 0x04);
    }
    await clock.settle();
    expect(nearby.all().length).toBeLessThanOrEqual(300);
    expect(nearby.pairable(1000).map(heard => heard.advert.address)).toEqual(['c0:00:00:00:00:07']);
  });
});
