// Virtual locks that a daemon of an earlier run has paired: in virtual time, so that a hundred take no minutes.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { silent } from '../dist/base/log.js';
import { VirtualClock } from '../dist/base/virtual-clock.js';
import { loadConfig } from '../dist/config.js';
import { Daemon } from '../dist/daemon/daemon.js';
import { AirRadio } from '../dist/demo/air-radio.js';
import { Air } from '../dist/sim/air.js';
import { VirtualTTLock } from '../dist/sim/ttlock/virtual-ttlock.js';

export const OWNER = { via: 'cli', who: 'bench', role: 'owner' };
export const random = bytes => new Uint8Array(randomBytes(bytes));
/** What a daemon is made of besides its radios. */
export function surroundings(data) {
  const config = loadConfig({ env: {}, folder: data, options: { data, 'log-level': 'silent' } });
  return { config, random, log: silent, version: 'bench' };
}

export const addressOf = i =>
  `f2:c1:ad:4c:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;

/** Locks sync what they keep before they answer. That is not the daemon's work, so it goes where it costs nothing. */
export function lockFolder(data) {
  const folder = existsSync('/dev/shm') ? join('/dev/shm', basename(data)) : join(data, 'locks');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Lock number `i` of the locks that go with the daemon in `data`. */
export function lockOf(data, i, clock) {
  const memory = { path: join(lockFolder(data), `door_${i}.json`) };
  return new VirtualTTLock({ name: `door_${i}`, address: addressOf(i), clock, random, memory });
}

/** Pairs door_0 and on; daemon and locks keep it in `data`. */
export async function pairAll(data, count) {
  const clock = new VirtualClock(Date.now());
  const air = new Air({ clock, random });
  const daemon = new Daemon({ ...surroundings(data), radios: [new AirRadio(air)], clock });
  daemon.start();
  for (let i = 0; i < count; i++) {
    const lock = lockOf(data, i, clock);
    air.add(lock);
    lock.hands.act('press_key');
    lock.hands.act('thumb', { value: 'unlock' });
    await clock.run(daemon.pairer.pair({ address: lock.address, name: `door_${i}`, seconds: 30 }, OWNER));
    await clock.advance(30_000);
    air.remove(lock.address);
    lock.stop();
  }
  await clock.run(daemon.stop());
}
