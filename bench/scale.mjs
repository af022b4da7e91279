// Memory and start time of the whole program, by the number of locks. The virtual locks and the broker are in it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { limit, pause } from './kit.mjs';

const COUNTS = (process.env.BENCH_LOCKS ?? '1,10').split(',').map(Number);
/** The daemon alone: what the demo adds (virtual locks, a broker) is not in it. */
async function alone() {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-scale-'));
  const child = spawn(process.execPath, [main, 'run', '--data', data, '--log-level', 'silent'], { stdio: 'ignore' });
  await pause(5000);
  limit('the daemon alone: memory, without page and Matter', Math.round(rssOf(child)), { most: 90, unit: 'MiB' });
  await end(child);
  rmSync(data, { recursive: true, force: true });
}

const rssOf = child =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const main = new URL('../dist/main.js', import.meta.url).pathname;

async function start(data, cast) {
  const began = performance.now();
  const words = [main, 'demo', '--json', '--data', data, '--mqtt-port', '0', '--log-level', 'silent', '--locks', cast];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', code => reject(new Error(`the demo ended with ${code}`)));
  });
  return { child, ms: performance.now() - began };
}

const end = child =>
  new Promise(resolve => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });

await alone();
for (const count of COUNTS) {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-scale-'));
  const cast = Array.from({ length: count }, (_, i) => `ttlock:key_box:box_${i}`).join(',');
  const first = await start(data, cast);
  await end(first.child);
  // The first start pairs them all; what counts is the second.
  const { child, ms } = await start(data, cast);
  await pause(8000);
  const rss = rssOf(child);
  console.log(`${`${count} locks: start to ready`.padEnd(58)} ${ms.toFixed(0).padStart(8)} ms`);
  console.log(
    `${`${count} locks: memory, virtual locks and broker included`.padEnd(58)} ${String(Math.round(rss)).padStart(8)} MiB`,
  );
  await end(child);
  rmSync(data, { recursive: true, force: true });
}
