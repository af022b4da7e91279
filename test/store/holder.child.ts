// Run as a process of its own: holds a data folder until it is told to end.
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { openStore } from '../../src/store/store.ts';

try {
  openStore({ folder: process.argv[2] ?? '', clock: systemClock, random: n => new Uint8Array(n).fill(7), log: silent });
  writeSync(1, 'open\n');
  setInterval(() => undefined, 60_000);
} catch (thrown) {
  writeSync(1, `${thrown instanceof LockError ? `${thrown.code} ${thrown.reason}` : 'crash'}\n`);
}
