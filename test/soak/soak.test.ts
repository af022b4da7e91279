// A month on a street of locks in virtual time, with everything that goes wrong in a home.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODES, Weather } from './weather.ts';

const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/** CI lives through as many days as fit into this; a month takes five minutes, a year an hour. */
const CI_MS = 20_000;
const ASKED = Number(process.env['LATCHBRIDGE_SOAK_DAYS'] ?? (NIGHTLY ? 365 : 0));
const DAYS = ASKED || 30;
const DEADLINE_MS = 15_000;
/** What a process may grow by after its first day. */
const HEAP_BYTES = 5 * 1024 * 1024;

describe('a month of life', () => {
  const weather = new Weather(20_260_511);
  let days = 0;
  const heaps: number[] = [];
  const timers: number[] = [];

  beforeAll(async () => {
    await weather.begin();
    const began = performance.now();
    const fits = (): boolean => ASKED > 0 || (performance.now() - began) * (1 + 1 / Math.max(1, days)) < CI_MS;
    while (days < DAYS && (days < 1 || fits())) {
      await weather.day();
      days += 1;
      heaps.push(heapNow());
      timers.push(weather.street.clock.armed);
    }
    process.stdout.write(`soak: ${days} virtual days, ${weather.told.length} commands\n`);
  }, 4 * 3600_000);
  afterAll(() => weather.stop());

  const share = (verb: 'lock' | 'unlock'): number => {
    const these = weather.told.filter(one => one.verb === verb);
    return these.filter(one => one.outcome === 'ok').length / these.length;
  };

  test('at least 99.9 % of lock succeed in time', () => expect(share('lock')).toBeGreaterThanOrEqual(0.999));
  test('at least 99 % of unlock succeed in time', () => expect(share('unlock')).toBeGreaterThanOrEqual(0.99));
  test('every command ends by its deadline', () => {
    expect(Math.max(...weather.told.map(one => one.took))).toBeLessThanOrEqual(DEADLINE_MS + 1000);
  });
  test('one command moves a bolt at most once', () => {
    expect(weather.told.filter(one => one.moves > 1)).toEqual([]);
  });
  test('no belief is wrong for longer than a minute', () => expect(weather.wrong).toEqual([]));
  test('timers do not pile up', () => {
    // Some of each lock and of the radio are always armed, by what it is just doing.
    expect(Math.max(...timers)).toBeLessThanOrEqual(12 * MODES.length + 20);
    expect((timers.at(-1) ?? 0) - (timers[0] ?? 0)).toBeLessThanOrEqual(12);
  });
  test('the heap does not grow', () => {
    expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(HEAP_BYTES);
  });
});

/** After everything that can go has gone. */
function heapNow(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
