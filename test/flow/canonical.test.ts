// Canonical JSON: what is equal gives the same text, and what JSON cannot hold gives an error.
import { expect, it } from 'vitest';
import { canonical, digestOf } from '../../src/flow/canonical.ts';

it('does not depend on the order of keys', () => {
  expect(canonical({ b: 1, a: { d: [1, 'ü'], c: null } })).toBe('{"a":{"c":null,"d":[1,"ü"]},"b":1}');
  expect(digestOf({ b: 1, a: 2 })).toBe(digestOf({ a: 2, b: 1 }));
});

it('leaves undefined members out', () => expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}'));

it('refuses numbers that JSON does not have', () => {
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonical({ number })).toThrow(/canonical/);
});

it('refuses a circle', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => canonical(circle)).toThrow(/canonical/);
});
