import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOfRecoveryCode, recoveryCodeOf } from '../../src/store/recovery-code.ts';
import { errorOf, seeded } from './kit.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('the recovery code', () => {
  const key = seeded('recovery')(32);
  const code = recoveryCodeOf(key);

  test('is 13 groups of five', () => {
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){12}[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  test('gives back every key', () => {
    const same = fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), any => {
      expect(keyOfRecoveryCode(recoveryCodeOf(any))).toEqual(any);
    });
    fc.assert(same, { numRuns: 300 });
  });

  test.each([
    ['in lower case', code.toLowerCase()],
    ['without dashes', code.replaceAll('-', '')],
    ['with spaces and line ends', code.replaceAll('-', ' \n')],
    ['with long dashes', code.replaceAll('-', '–')],
    ['with O for 0', code.replaceAll('0', 'O')],
    ['with l for 1', code.replaceAll('1', 'l')],
    ['with I for 1', code.replaceAll('1', 'I')],
    ['with u for V', code.replaceAll('V', 'u')],
  ])('is taken %s', (_how, typed) => {
    expect(keyOfRecoveryCode(typed)).toEqual(key);
  });

  test('any one wrong sign is found, in its group', () => {
    const missed: string[] = [];
    for (let at = 0; at < code.length; at++) {
      if (code[at] === '-') continue;
      for (const other of ALPHABET.replace(code[at] as string, '')) {
        const error = errorOf(() => keyOfRecoveryCode(code.slice(0, at) + other + code.slice(at + 1)));
        if (!error.message.includes(`Group ${Math.floor(at / 6) + 1} `)) missed.push(`${at} ${other}`);
      }
    }
    expect(missed).toEqual([]);
  });

  test('any two neighbours swapped are found', () => {
    const signs = code.replaceAll('-', '');
    const missed: number[] = [];
    for (let at = 0; at + 1 < signs.length; at++) {
      const swapped = signs.slice(0, at) + signs[at + 1] + signs[at] + signs.slice(at + 2);
      if (swapped !== signs && errorOf(() => keyOfRecoveryCode(swapped)).reason !== 'recovery_code') missed.push(at);
    }
    expect(missed).toEqual([]);
  });

  test('any two groups swapped are found', () => {
    const missed: string[] = [];
    for (let a = 0; a < 13; a++) {
      for (let b = a + 1; b < 13; b++) {
        const groups = code.split('-');
        [groups[a], groups[b]] = [groups[b] as string, groups[a] as string];
        if (errorOf(() => keyOfRecoveryCode(groups.join('-'))).reason !== 'recovery_code') missed.push(`${a} ${b}`);
      }
    }
    expect(missed).toEqual([]);
  });

  test.each([
    ['a group left out', code.slice(6)],
    ['the last sign left out', code.slice(0, -1)],
    ['something after it', `${code}A`],
    ['a sign that is not in it', `?${code.slice(1)}`],
    ['nothing', ''],
    ['very much', code.repeat(1000)],
  ])('%s is refused', (_what, typed) => {
    expect(errorOf(() => keyOfRecoveryCode(typed))).toMatchObject({ code: 'invalid', reason: 'recovery_code' });
  });

  test('an error never holds what was typed', () => {
    const { message } = errorOf(() => keyOfRecoveryCode(`${code.slice(0, -1)}?`));
    for (const group of code.split('-')) expect(message).not.toContain(group);
  });
});
