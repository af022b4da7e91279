// The master key as something a person can write on paper and type back: 13 groups of five letters and digits.
import { createHash } from 'node:crypto';
import { LockError } from '../base/errors.ts';

/** Crockford's base 32: no I, L, O or U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOK_ALIKE: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0', U: 'V' };
const GROUPS = 13;
const DATA_DIGITS = 4;
const KEY_BYTES = 32;
/** 13 × 4 × 5 bits are 260: the last four hold the top of the key's SHA-256. */
const SPARE_BITS = 4n;

/** `ABCD1-…`: 256 bits of key and 4 of its digest in 13 groups, each of four digits and their check digit. */
export function recoveryCodeOf(key: Uint8Array): string {
  let rest = (BigInt(`0x${Buffer.from(key).toString('hex')}`) << SPARE_BITS) | digestOf(key);
  const digits: number[] = [];
  for (let i = 0; i < GROUPS * DATA_DIGITS; i++) {
    digits.unshift(Number(rest & 31n));
    rest >>= 5n;
  }
  const groups = Array.from({ length: GROUPS }, (_, g) => {
    const group = digits.slice(g * DATA_DIGITS, (g + 1) * DATA_DIGITS);
    return [...group, checkDigit(group, g)].map(digit => ALPHABET[digit]).join('');
  });
  return groups.join('-');
}

/**
 * Upper or lower case, any spaces and dashes, O for 0, I or L for 1, U for V. Throws `invalid` (reason `recovery_code`)
 * and names the first group with a slip: any one wrong digit, two neighbours swapped, or two groups swapped.
 */
export function keyOfRecoveryCode(typed: string): Uint8Array {
  const digits = typed
    .toUpperCase()
    .replace(/[\s\-–—_.]/g, '')
    .split('')
    .map(letter => {
      return ALPHABET.indexOf(LOOK_ALIKE[letter] ?? letter);
    });
  const size = DATA_DIGITS + 1;
  for (let g = 0; g < GROUPS && (g + 1) * size <= digits.length; g++) {
    const group = digits.slice(g * size, (g + 1) * size);
    if (group.includes(-1)) throw slip(`Group ${g + 1} has a sign that the code does not use.`);
    if (checkDigit(group.slice(0, DATA_DIGITS), g) !== group[DATA_DIGITS]) throw slip(`Group ${g + 1} is mistyped.`);
  }
  if (digits.length !== GROUPS * size) throw slip(`It has ${digits.length} signs instead of ${GROUPS * size}.`);
  let value = 0n;
  for (const [i, digit] of digits.entries()) if (i % size !== DATA_DIGITS) value = (value << 5n) | BigInt(digit);
  const key = new Uint8Array(Buffer.from((value >> SPARE_BITS).toString(16).padStart(2 * KEY_BYTES, '0'), 'hex'));
  if (digestOf(key) !== (value & 15n)) throw slip('Two or more groups are mistyped.');
  return key;
}

function slip(what: string): LockError {
  return new LockError('invalid', `That is not the recovery code. ${what} Compare it with your paper.`, {
    reason: 'recovery_code',
  });
}

function digestOf(key: Uint8Array): bigint {
  return BigInt((createHash('sha256').update(key).digest()[0] as number) >> 4);
}

/** A weighted sum in GF(32). The weights differ from each other and from 0 and 1, which is what finds the slips above. */
function checkDigit(group: readonly number[], index: number): number {
  let sum = power(index + 6);
  for (const [i, digit] of group.entries()) sum ^= times(digit, power(i + 1));
  return sum;
}

/** 2 to the n in GF(32) modulo x^5 + x^2 + 1; 31 different values. */
function power(n: number): number {
  let value = 1;
  for (let i = 0; i < n; i++) value = times(value, 2);
  return value;
}

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, shifted = a; bit < 5; bit++, shifted = shifted & 16 ? (shifted << 1) ^ 0b100101 : shifted << 1) {
    if (b & (1 << bit)) product ^= shifted;
  }
  return product;
}
