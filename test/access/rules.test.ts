// A code that a lock cannot have is refused with the rule of that lock, before anything is sent.
import { expect, test } from 'vitest';
import { checkDigits } from '../../src/access/rules.ts';
import type { LockError } from '../../src/base/errors.ts';
import { CODE_RULE } from '../../src/drivers/nuki/abilities.ts';
import { lockView } from '../bridge/web/fake-parts.ts';

const RULE = 'A code of a Nuki keypad has six digits from 1 to 9 and does not begin with 12.';

function refusedFor(digits: string): string | undefined {
  const codes = { kinds: ['permanent' as const], minDigits: 6, maxDigits: 6, capacity: 100, readable: true };
  const { abilities } = lockView();
  const view = lockView({ abilities: { ...abilities!, codes: { ...codes, rule: CODE_RULE } } });
  try {
    checkDigits(view, digits);
    return undefined;
  } catch (thrown) {
    return (thrown as LockError).message;
  }
}

test.each([
  ['of four digits', '4815'],
  ['with a zero', '481506'],
  ['that begins with 12', '124816'],
])('a code %s is told the whole rule at once', (_what, digits) => {
  expect(refusedFor(digits)).toBe(RULE);
});

test('a code that keeps to the rule is taken', () => {
  expect(refusedFor('481516')).toBeUndefined();
});
