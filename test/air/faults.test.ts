import { describe, expect, it } from 'vitest';
import { EXCHANGES, FAULTS, lengthOf, trial } from './faults.ts';

const nightly = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/** Every byte at night, every so many in CI; the first offset moves with the fault, so that all faults together miss little. */
const STEP = nightly ? 1 : 6;

describe.each(EXCHANGES)('$name, with one fault on the air', exchange => {
  it.each(nightly ? [23, 185] : [23])(
    'holds all invariants wherever it strikes, MTU %i',
    async mtu => {
      const bytes = await lengthOf(exchange, mtu);
      expect(bytes).toBeGreaterThan(30);
      const wrong: string[] = [];
      for (const [offset, fault] of FAULTS.entries()) {
        for (let at = offset % STEP; at < bytes; at += STEP) wrong.push(...(await trial(exchange, fault, at, mtu)));
      }
      expect(wrong).toEqual([]);
    },
    600_000,
  );
});
