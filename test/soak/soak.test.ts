// A month on a street of locks in virtual time, with everything that goes wrong in a home.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Told } from './street.ts';
import { MODES, Weather } from './weather.ts';

// The bridge as it is, with the client library's part played in virtual time.
vi.mock('mqtt', () => import('./virtual-broker.ts'));

const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/** A day takes about eight seconds: a month four minutes, a year most of an hour. */
const DAYS = Number(process.env['LATCHBRIDGE_SOAK_DAYS'] ?? (NIGHTLY ? 365 : 1));
const DEADLINE_MS = 15_000;
/** What a process may grow by after its first day. */
const HEAP_BYTES = 5 * 1024 * 1024;

describe('a month of life', () => {
  const weather = new Weather(Number(process.env['LATCHBRIDGE_SOAK_SEED'] ?? 20_260_511));
  let days = 0;
  const heaps: number[] = [];
  const timers: number[] = [];
  /** Counted, since a year of them would be growth of our own. */
  const asked = { lock: 0, unlock: 0 };
  const failed: Told[] = [];
  const restless: Told[] = [];
  let longest = 0;
  const count = (told: readonly Told[]): void => {
    for (const one of told) {
      asked[one.verb] += 1;
      longest = Math.max(longest, one.took);
      if (one.outcome !== 'ok') failed.push(one);
      if (one.moves > 1) restless.push(one);
    }
  };

  beforeAll(async () => {
    await weather.begin();
    while (days < DAYS) {
      await weather.day();
      days += 1;
      count(weather.told.splice(0));
      heaps.push(heapNow());
      timers.push(weather.street.clock.armed);
    }
    const said = `${asked.lock} lock, ${asked.unlock} unlock, ${failed.length} failed, ${weather.restarts} restarts`;
    process.stdout.write(`soak: ${days} virtual days, ${said}\n`);
  }, 4 * 3600_000);
  afterAll(() => weather.stop());

  /** What went wrong beyond the share that may: of a few hundred commands at least one may. */
  const beyond = (verb: 'lock' | 'unlock', share: number): string[] => {
    const these = failed.filter(one => one.verb === verb).map(one => String(one.outcome));
    return these.length <= Math.ceil(asked[verb] * share) ? [] : these;
  };

  test('at least 99.9 % of lock succeed in time', () => expect(beyond('lock', 0.001)).toEqual([]));
  test('at least 99 % of unlock succeed in time', () => expect(beyond('unlock', 0.01)).toEqual([]));
  test('every command ends by its deadline', () => {
    expect(longest).toBeLessThanOrEqual(DEADLINE_MS + 1000);
  });
  test('one command moves a bolt at most once', () => {
    expect(restless).toEqual([]);
  });
  test('after each restart of the broker everything is told again, and it takes commands', () => {
    expect(weather.restarts).toBeGreaterThanOrEqual(DAYS);
    expect(weather.unsaid).toEqual([]);
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
