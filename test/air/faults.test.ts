import { describe, expect, it } from 'vitest';
import { families } from '../support/families.ts';
import { EXCHANGES, FAULTS, lengthOf, trial } from './faults.ts';

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/**
 * Every byte at night; in CI every sixth, and of the long ones so many places as the family can afford. The first offset moves
 * with the fault, so that all faults together miss little.
 */
const stepOf = (bytes: number, places: number): number => (nightly ? 1 : Math.max(6, Math.ceil(bytes / places)));

describe.each(await families())('$name', ({ sim, faultPlaces, mtus }) => {
  describe.each(EXCHANGES)('$name, with one fault on the air', exchange => {
    it.each(nightly ? mtus : mtus.slice(0, 1))(
      'holds all invariants wherever it strikes, MTU %i',
      async mtu => {
        const bytes = await lengthOf(sim, exchange, mtu);
        expect(bytes).toBeGreaterThan(30);
        const wrong: string[] = [];
        const step = stepOf(bytes, faultPlaces);
        for (const [index, fault] of FAULTS.entries()) {
          for (let at = Math.floor((index * step) / FAULTS.length); at < bytes; at += step)
            wrong.push(...(await trial(sim, exchange, { fault, at, mtu })));
        }
        expect(wrong).toEqual([]);
      },
      600_000,
    );
  });
});
