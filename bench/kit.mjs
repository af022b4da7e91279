// What the measurements share: a daemon with virtual locks in this process, and how figures are printed.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/base/clock.js';
import { silent } from '../dist/base/log.js';
import { loadConfig } from '../dist/config.js';
import { Daemon } from '../dist/daemon/daemon.js';
import { AirRadio } from '../dist/demo/air-radio.js';
import { Air } from '../dist/sim/air.js';
import { VirtualTTLock } from '../dist/sim/ttlock/virtual-ttlock.js';

export const OWNER = { via: 'cli', who: 'bench', role: 'owner' };
export const random = bytes => new Uint8Array(randomBytes(bytes));
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** On a machine that does other things too (CI) a missed figure is printed and fails nothing. */
function missed() {
  if (process.env.BENCH_LENIENT === undefined) process.exitCode = 1;
}

/** `wanted` in ms is for the median, `wantedP99` for the 99th percentile; a miss makes the run fail. */
export function figures(name, values, { wanted, wantedP99, unit = 'ms' } = {}) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const late = (wanted !== undefined && at(0.5) >= wanted) || (wantedP99 !== undefined && at(0.99) >= wantedP99);
  const limits = [wanted !== undefined && `median < ${wanted}`, wantedP99 !== undefined && `p99 < ${wantedP99}`].filter(
    Boolean,
  );
  const wish = limits.length > 0 ? `   wanted ${limits.join(', ')} ${unit}${late ? '   MISSED' : ''}` : '';
  console.log(
    `${name.padEnd(58)} median ${at(0.5).toFixed(2).padStart(8)} ${unit}   p99 ${at(0.99).toFixed(2).padStart(8)} ${unit}   n ${values.length}${wish}`,
  );
  if (late) missed();
}

export function limit(name, value, { most, unit }) {
  const over = value > most;
  console.log(
    `${name.padEnd(58)} ${String(value).padStart(8)} ${unit}   wanted <= ${most} ${unit}${over ? '   MISSED' : ''}`,
  );
  if (over) missed();
}

/** A daemon that is not started, and `count` locks that answer at once. */
export function setUp({ count = 1, mqtt, held = true } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-bench-'));
  const air = new Air({ clock: systemClock, random });
  const locks = Array.from({ length: count }, (_, i) => {
    const address = `f2:c1:ad:4c:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
    const lock = new VirtualTTLock({ name: `door_${i}`, address, clock: systemClock, random });
    lock.knobs.replyLatency = { min: 0, max: 0 };
    lock.hands.act('thumb', { value: 'unlock' });
    air.add(lock);
    return lock;
  });
  const config = loadConfig({ env: {}, folder: data, options: { data, 'log-level': 'silent' } });
  const daemon = new Daemon({
    config: mqtt ? { ...config, mqtt: { ...config.mqtt, url: mqtt, allowAnonymous: true } } : config,
    radios: [new AirRadio(air)],
    clock: systemClock,
    random,
    log: silent,
    version: 'bench',
    demo: { hands: { act: async () => null }, owners: [], held: held ? ['door_0'] : [] },
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
      return daemon.registry.command({
        id: 'bench',
        lock: `door_${i}`,
        verb,
        asker: { ...OWNER, who: `bench${Math.random()}` },
        deadline,
      });
    },
    async stop() {
      await daemon.stop();
      for (const lock of locks) lock.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
