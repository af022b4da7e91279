import { describe, expect, it } from 'vitest';
import { families } from '../support/families.ts';
import { EXCHANGES, FAULTS, type World, lengthOf, makeWorld, trial } from './faults.ts';

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/**
 * Every byte at night; in CI every sixth, and of the long ones so many places as the family can afford. The first offset moves
 * with the fault, so that all faults together miss little.
 */
const stepOf = (bytes: number, places: number): number => (nightly ? 1 : Math.max(6, Math.ceil(bytes / places)));

/**
 * By day what came well through one fault is struck again: it is paired, which takes longest, and nothing of the fault is left.
 * A history of some flows and keys is no harm; one of a hundred takes its time to read.
 */
const STRIKES_OF_A_WORLD = nightly ? 1 : 8;

describe.each(await families())('$name', ({ sim, faultPlaces, mtus }) => {
  describe.each(EXCHANGES)('$name, with one fault on the air', exchange => {
    it.each(nightly ? mtus : mtus.slice(0, 1))(
      'holds all invariants wherever it strikes, MTU %i',
      async mtu => {
        const bytes = await lengthOf(makeWorld(sim, mtu), exchange);
        expect(bytes).toBeGreaterThan(30);
        const wrong: string[] = [];
        const step = stepOf(bytes, faultPlaces);
        for (const [index, fault] of FAULTS.entries()) {
          let world: World | undefined;
          let struck = 0;
          for (let at = Math.floor((index * step) / FAULTS.length); at < bytes; at += step) {
            world ??= makeWorld(sim, mtu);
            const found = await trial(world, exchange, { fault, at, mtu });
            wrong.push(...found);
            struck += 1;
            if (found.length === 0 && !exchange.fresh && struck % STRIKES_OF_A_WORLD !== 0) continue;
            world.place.lock.stop();
            world = undefined;
          }
          world?.place.lock.stop();
        }
        expect(wrong).toEqual([]);
      },
      600_000,
    );
  });
});
