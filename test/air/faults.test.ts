import { describe, expect, it } from 'vitest';
import { EXCHANGES, FAULTS, lengthOf, trial } from './faults.ts';

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/**
 * Every byte at night; in CI every sixth, and of the long ones so many places. The first offset moves with the fault, so that
 * all faults together miss little.
 */
const stepOf = (bytes: number): number => (nightly ? 1 : Math.max(6, Math.ceil(bytes / MOST_PLACES)));
const MOST_PLACES = 70;

describe.each(EXCHANGES)('$name, with one fault on the air', exchange => {
  it.each(nightly ? [23, 185] : [23])(
    'holds all invariants wherever it strikes, MTU %i',
    async mtu => {
      const bytes = await lengthOf(exchange, mtu);
      expect(bytes).toBeGreaterThan(30);
      const wrong: string[] = [];
      const step = stepOf(bytes);
      for (const [index, fault] of FAULTS.entries()) {
        for (let at = Math.floor((index * step) / FAULTS.length); at < bytes; at += step)
          wrong.push(...(await trial(exchange, fault, at, mtu)));
      }
      expect(wrong).toEqual([]);
    },
    600_000,
  );
});
