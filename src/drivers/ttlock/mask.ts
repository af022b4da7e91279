// The older masking by exclusive or (ttlock.md 4.6): today it only hides the numbers in keys exported by the maker's cloud.
import { LockError } from '../../base/errors.ts';
import { crcTable } from './crc.ts';

/** Hides or shows: it is its own reverse. `seed` is a byte. */
export function mask(bytes: Uint8Array, seed: number): Uint8Array {
  const pad = seed ^ (crcTable[bytes.length & 0xff] as number);
  return bytes.map(byte => byte ^ pad);
}

/**
 * A 32-bit number as the maker exports it (21.3): up to 10 plain digits, or base64 of decimal byte values with the seed
 * as the last one. Throws `invalid`.
 */
export function exportedNumber(text: string): string {
  if (/^\d{1,10}$/.test(text)) return text;
  const bytes = Buffer.from(text, 'base64')
    .toString('latin1')
    .split(',')
    .map(part => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  const seed = bytes.at(-1);
  if (seed === undefined || bytes.length < 2 || !bytes.every(byte => byte <= 0xff)) throw unreadable();
  const digits = Buffer.from(mask(Uint8Array.from(bytes.slice(0, -1)), seed)).toString('latin1');
  if (!/^\d{1,10}$/.test(digits)) throw unreadable();
  return digits;
}

function unreadable(): LockError {
  return new LockError('invalid', 'A number of this exported key cannot be read; export it again.');
}
