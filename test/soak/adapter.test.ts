// The adapter in trouble at random moments: every session is back within a minute of it being well again.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Street } from './street.ts';

vi.mock('mqtt', () => import('./virtual-broker.ts'));

const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
const POINTS = NIGHTLY ? 50 : 8;
const BACK_MS = 60_000;
const MODES = ['held', 'held', 'on_demand'] as const;

let street: Street;
afterEach(() => street.stop());

/** Each leaves the adapter well when it resolves. */
const troubles: Record<string, (street: Street) => Promise<void>> = {
  'a reset': async ({ radio }) => radio.reset(),
  'a power cut of 20 s': async ({ radio, clock }) => {
    radio.power(false);
    await clock.advance(20_000);
    radio.power(true);
  },
  'a power cut of 10 minutes': async ({ radio, clock }) => {
    radio.power(false);
    await clock.advance(600_000);
    radio.power(true);
  },
  'five silent minutes in which all links drop': async ({ air, clock }) => {
    air.knobs.advertLoss = 1;
    for (const link of air.links()) link.cut();
    await clock.advance(300_000);
    air.knobs.advertLoss = 0;
  },
  'connects that all fail for two minutes': async ({ air, clock, doors }) => {
    for (const { lock } of doors) lock.knobs.connectionRefused = true;
    for (const link of air.links()) link.cut();
    await clock.advance(120_000);
    for (const { lock } of doors) lock.knobs.connectionRefused = false;
  },
};

describe.each(Object.entries(troubles))('after %s', (_name, trouble) => {
  test('held sessions are back within a minute, and a command works', async () => {
    street = new Street(31, MODES);
    await street.pairAll(MODES);
    const { clock, doors } = street;
    for (let point = 0; point < POINTS; point++) {
      const [high = 0, low = 0] = street.random(2);
      await clock.advance(high * 256 + low);
      await trouble(street);
      await clock.advance(BACK_MS);
      const sessions = doors.map(({ name }) => street.view(name).stats.open);
      expect(sessions.slice(0, 2), `at point ${point}`).toEqual([true, true]);
      for (const door of doors) {
        const told = await street.command(door, point % 2 === 0 ? 'lock' : 'unlock');
        expect(told, `at point ${point}`).toMatchObject({ outcome: 'ok', done: true });
      }
    }
  }, 300_000);
});
