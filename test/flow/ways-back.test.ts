// The manifest of ways back: two, one without radio and one without this program.
import { expect, test } from 'vitest';
import type { Procedure } from '../../src/flow/procedures.ts';
import { type WaysAsk, manifest } from '../../src/flow/ways-back.ts';

const reset = (sure: 'seen' | 'weak'): Procedure => ({
  id: 'some_lock',
  title: 'Some lock',
  form: 'deadbolt',
  facts: { reset_physical: { text: 'hold the button', sure, sources: [] } },
  conflicts: [],
  sourceTitles: [],
  values: { opensAfterReset: 'unknown', hasOrientation: false },
});
const ways = (change: Partial<WaysAsk> & { secondCopy?: boolean } = {}) =>
  manifest({ procedure: reset('seen'), hasKey: true, secondCopy: true, view: { name: 'front_door' }, ...change });

test('our key and a known reset button are enough', () => {
  expect(ways()).toMatchObject({
    enough: true,
    ways: [{ kind: 'admin_secret' }, { kind: 'physical_reset', ok: true }],
  });
});

test('our key alone is not', () => {
  const { enough, text } = ways({ button: { is: 'off', grade: 'E3' } });
  expect({ enough, text }).toMatchObject({ enough: false, text: expect.stringContaining('no second way') as string });
});

test('a button that only a weak source knows is to be looked at first', () => {
  expect(ways({ procedure: reset('weak') })).toMatchObject({
    enough: false,
    ways: [{ ok: true }, { kind: 'physical_reset', ok: false }],
  });
});

test('a person who tried the button knows better than a weak source', () => {
  expect(ways({ procedure: reset('weak'), button: { is: 'works', grade: 'E1' } }).enough).toBe(true);
});

test('without a key of ours the reset alone is not enough', () => {
  expect(ways({ hasKey: false }).enough).toBe(false);
});

test('a copy on the same card is called that', () => {
  expect(ways({ secondCopy: false }).ways[0]?.text).toContain('same card');
});
