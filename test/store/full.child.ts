// Run as a process of its own on a file system of 1 MiB: fills it, and says what then still works.
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { openStore } from '../../src/store/store.ts';

const folder = process.argv[2] ?? '';
const ballast = join(folder, '..', 'ballast');
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const lock = 'aabbccddeeff';

const store = openStore({ folder, clock: systemClock, random, log: silent });
const live = store.vault.keep(lock, { family: 'ttlock', data: new Secret({ key: 'first' }) }, 1);
store.vault.promote(live.id);
for (let size = 512 * 1024; size >= 1024; size /= 2) fill(size);

let acknowledged = 1;
let failure = 'none';
for (let generation = 2; failure === 'none' && generation < 5000; generation++) {
  try {
    store.vault.keep(lock, { family: 'ttlock', data: new Secret({ key: `k${generation}` }) }, generation);
    acknowledged = generation;
  } catch (thrown) {
    failure = thrown instanceof LockError ? thrown.reason : 'crash';
  }
}
for (let i = 0; i < 50; i++) store.audit.write({ what: 'asked', via: 'cli', who: 'me', detail: 'x'.repeat(300) });
const gaps = store.audit.gaps;
const readable = store.vault.of(lock).length === acknowledged;
const backup = await store.backup().then(
  () => 'made',
  (thrown: unknown) => (thrown instanceof LockError ? thrown.reason : 'crash'),
);

rmSync(ballast, { recursive: true, force: true });
for (let i = 0; i < 30; i++) rmSync(`${ballast}${i}`, { force: true });
store.vault.keep(lock, { family: 'ttlock', data: new Secret({ key: 'after' }) }, 9999);
store.audit.write({ what: 'done', via: 'cli', who: 'me' });
const chain = store.audit.check().ok;
await store.close();
const again = openStore({ folder, clock: systemClock, random, log: silent });
const kept = again.vault.of(lock).length === acknowledged + 1 && again.vault.of(lock)[0]?.generation === 9999;
writeSync(1, `${JSON.stringify({ failure, gaps: gaps > 0, readable, backup, chain, kept })}\n`);
await again.close();

/** Fills what is left, piece by piece. */
function fill(size: number): void {
  for (let i = 0; i < 30; i++) {
    try {
      writeFileSync(`${ballast}${i}`, Buffer.alloc(size), { flag: 'a' });
    } catch {
      return;
    }
  }
}
