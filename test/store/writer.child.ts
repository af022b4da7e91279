// Run as a process of its own: writes pairs of things that belong together until it is killed, and says what is acknowledged.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Secret, silent } from '../../src/base/log.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { KeptFlow } from '../../src/flow/journal.ts';
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
const flows = store.flows.all({ open: true });
const journal = flows[0]?.id ?? `f-${generation}`;
const line = { at: 1, elapsed: 1, kind: 'said', data: { text: 'one' } } as const;
if (flows.length === 0) {
  const plan = { type: 'turnover', goal: 'a', rung: 'look', hash: 'b', steps: [] } as unknown as KeptFlow['plan'];
  const starter = { via: 'cli', who: 'cli', role: 'owner' } as const;
  store.flows.add({ id: journal, type: 'turnover', plan, starter, state: 'running', startedAt: 1 }, line);
}
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
  const { number } = store.flows.append(journal, line);
  writeSync(1, `journalled ${number}\n`);
  setImmediate(round);
}

round();
