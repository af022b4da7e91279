// Pieces that get lost: how many commands still succeed in time, for sessions of both kinds.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Street, type Told } from './street.ts';

vi.mock('mqtt', () => import('./virtual-broker.ts'));

const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
const ROUNDS = NIGHTLY ? 2000 : 150;
const DEADLINE_MS = 15_000;

/** Nightly there are enough commands to measure the promise itself; CI notices when it breaks down. */
const table = [
  { loss: 0, lock: 1, unlock: 1 },
  { loss: 0.01, lock: 1, unlock: 1 },
  { loss: 0.05, lock: NIGHTLY ? 0.999 : 0.99, unlock: 0.99 },
  { loss: 0.1, lock: NIGHTLY ? 0.99 : 0.97, unlock: 0.97 },
];

let street: Street;
afterEach(() => street.stop());

function share(told: readonly Told[], verb: 'lock' | 'unlock'): number {
  const these = told.filter(one => one.verb === verb);
  return these.filter(one => one.outcome === 'ok').length / these.length;
}

describe.each(table)('with $loss of the pieces lost', ({ loss, lock, unlock }) => {
  test.each(['on_demand', 'held'] as const)(
    'commands succeed in time, %s',
    async mode => {
      street = new Street(7, [mode]);
      await street.pairAll([mode]);
      street.air.knobs.loss = loss;
      const [door] = street.doors;
      const told: Told[] = [];
      for (let i = 0; door && i < ROUNDS; i++) {
        for (const verb of ['lock', 'unlock'] as const) {
          told.push(await street.command(door, verb));
          await street.clock.advance(street.chance(0.5) ? 5000 : 60_000);
        }
      }
      expect(share(told, 'lock')).toBeGreaterThanOrEqual(lock);
      expect(share(told, 'unlock')).toBeGreaterThanOrEqual(unlock);
      expect(Math.max(...told.map(one => one.took))).toBeLessThanOrEqual(DEADLINE_MS + 1000);
      // An ok is the lock's own, and one command moves the bolt at most once.
      expect(told.filter(one => one.outcome === 'ok' && !one.done)).toEqual([]);
      expect(told.filter(one => one.moves > 1)).toEqual([]);
    },
    600_000,
  );
});
