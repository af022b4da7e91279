import { describe, expect, test } from 'vitest';
import { seal, unseal } from '../../src/store/envelope.ts';
import { errorOf, seeded } from './kit.ts';

describe('a sealed secret', () => {
  const random = seeded('envelope');
  const master = random(32);
  const place = ['key', 'id', 'lock', 'ttlock', 1] as const;
  const secret = Buffer.from('the unlock key');
  const box = seal(master, place, secret, random);

  test('opens where it belongs', () => {
    expect(Buffer.from(unseal(master, place, box)).toString()).toBe('the unlock key');
  });

  test.each([
    ['another id', ['key', 'ID', 'lock', 'ttlock', 1]],
    ['another lock', ['key', 'id', 'door', 'ttlock', 1]],
    ['another family', ['key', 'id', 'lock', 'nuki', 1]],
    ['another generation', ['key', 'id', 'lock', 'ttlock', 2]],
    ['words that run together to the same text', ['key', 'idl', 'ock', 'ttlock', 1]],
  ] as const)('does not open under %s', (_what, other) => {
    expect(errorOf(() => unseal(master, other, box)).reason).toBe('damaged_row');
  });

  test('does not open with another master key', () => {
    expect(errorOf(() => unseal(random(32), place, box)).reason).toBe('damaged_row');
  });

  test('does not open with any bit of it changed', () => {
    const survivors: string[] = [];
    for (const part of ['wrapped', 'sealed'] as const) {
      for (let bit = 0; bit < box[part].length * 8; bit++) {
        const changed = { ...box, [part]: box[part].slice() };
        changed[part][bit >> 3] = (changed[part][bit >> 3] as number) ^ (1 << (bit & 7));
        if (errorOf(() => unseal(master, place, changed)).reason !== 'damaged_row') survivors.push(`${part} ${bit}`);
      }
    }
    expect(survivors).toEqual([]);
  });

  test('does not open when it is cut short', () => {
    for (let length = 0; length < box.sealed.length; length++) {
      const cut = { ...box, sealed: box.sealed.subarray(0, length) };
      expect(errorOf(() => unseal(master, place, cut)).code).toBe('disk');
    }
  });

  test('looks different each time', () => {
    const again = seal(master, place, secret, random);
    expect(Buffer.from(again.sealed).equals(box.sealed)).toBe(false);
    expect(Buffer.from(again.wrapped).equals(box.wrapped)).toBe(false);
  });
});
