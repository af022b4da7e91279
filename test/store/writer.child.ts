// Run as a process of its own: writes pairs of things that belong together until it is killed, and says what is acknowledged.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Secret, silent } from '../../src/base/log.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/store.ts';

const [folder = '', lock = ''] = process.argv.slice(2);
const store = openStore({
  folder,
  clock: systemClock,
  random: bytes => new Uint8Array(randomBytes(bytes)),
  log: silent,
});
const kept = store.locks.all().find(one => one.id === lock);
let generation = store.vault.of(lock)[0]?.generation ?? 0;
writeSync(1, `ready ${generation}\n`);

/** One round is what a pairing does. Each number is printed only after the call before it returned. */
function round(): void {
  generation += 1;
  const key = store.vault.keep(lock, { family: 'ttlock', data: new Secret({ key: `key ${generation}` }) }, generation);
  writeSync(1, `kept ${generation}\n`);
  store.vault.promote(key.id);
  writeSync(1, `promoted ${generation}\n`);
  if (kept) store.locks.save({ ...kept, generation, facts: { serial: `serial ${generation}` } });
  store.audit.write({ lock, what: 'paired', via: 'flow', who: 'writer', detail: `generation ${generation}` });
  writeSync(1, `audited ${generation}\n`);
  setImmediate(round);
}

round();
