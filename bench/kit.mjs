// What the measurements share: a daemon with virtual locks in this process, and how figures are printed.
import './small.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/base/clock.js';
import { Daemon } from '../dist/daemon/daemon.js';
import { AirRadio } from '../dist/demo/air-radio.js';
import { Air } from '../dist/sim/air.js';
import { OWNER, addressOf, lockFolder, lockOf, pairAll, random, surroundings } from './locks.mjs';

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** On a machine that does other things too (CI) a missed figure is printed and fails nothing. */
function missed() {
  if (process.env.BENCH_LENIENT === undefined) process.exitCode = 1;
}

/** `wanted` in ms is for the median, `wantedP99` for the 99th percentile; a miss makes the run fail. */
export function figures(name, values, { wanted, wantedP99, unit = 'ms' } = {}) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
  const late = (wanted !== undefined && !(at(0.5) < wanted)) || (wantedP99 !== undefined && !(at(0.99) < wantedP99));
  const limits = [wanted !== undefined && `median < ${wanted}`, wantedP99 !== undefined && `p99 < ${wantedP99}`].filter(
    Boolean,
  );
  const wish = limits.length > 0 ? `   wanted ${limits.join(', ')} ${unit}${late ? '   MISSED' : ''}` : '';
  console.log(
    `${name.padEnd(64)} median ${at(0.5).toFixed(2).padStart(8)} ${unit}   p99 ${at(0.99).toFixed(2).padStart(8)} ${unit}   n ${values.length}${wish}`,
  );
  if (late) missed();
}

export function limit(name, value, { most, unit }) {
  const over = value > most;
  console.log(
    `${name.padEnd(64)} ${String(value).padStart(8)} ${unit}   wanted <= ${most} ${unit}${over ? '   MISSED' : ''}`,
  );
  if (over) missed();
}

/**
 * A daemon that is not started, and `count` locks that answer at once. `paired` in an earlier run, or not at all. The first
 * `held` of them are held; there are so many radios that this is possible.
 */
export async function setUp({ count = 1, mqtt, held = 0, radios = 1, paired = false } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-bench-'));
  if (paired) await pairAll(data, count);
  const air = new Air({ clock: systemClock, random });
  const locks = Array.from({ length: count }, (_, i) => {
    const lock = lockOf(data, i, systemClock);
    lock.knobs.replyLatency = { min: 0, max: 0 };
    lock.hands.act('thumb', { value: 'unlock' });
    air.add(lock);
    return lock;
  });
  const { config, ...around } = surroundings(data);
  const daemon = new Daemon({
    ...around,
    config: mqtt ? { ...config, mqtt: { ...config.mqtt, url: mqtt, allowAnonymous: true } } : config,
    radios: Array.from({ length: radios }, () => new AirRadio(air)),
    clock: systemClock,
    demo: { hands: { act: async () => null }, owners: [], held: Array.from({ length: held }, (_, i) => addressOf(i)) },
  });
  return {
    air,
    locks,
    daemon,
    async pair(i) {
      locks[i].hands.act('press_key');
      return daemon.pairer.pair({ address: locks[i].address, name: `door_${i}`, seconds: 30 }, OWNER);
    },
    command(i, verb) {
      const deadline = systemClock.elapsed() + 15_000;
      const asker = { ...OWNER, who: `bench${Math.random()}` };
      return daemon.registry.command({ id: 'bench', lock: `door_${i}`, verb, asker, deadline });
    },
    async stop() {
      await daemon.stop();
      for (const lock of locks) lock.stop();
      for (const folder of [lockFolder(data), data]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
