// How payloads are encrypted (ttlock.md 4.5): AES-128 in CBC mode with the key itself as start vector, padded by PKCS#7.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat, fromHex } from '../../base/bytes.ts';

export const BLOCK = 16;

/** What every lock speaks before it is paired. Used while pairing and never else. */
export const FACTORY_KEY: Uint8Array = fromHex('987623e8a923a1bb3d9e7d0378124588');

/** Nothing stays nothing: an empty payload is sent without a padding block. */
export function seal(key: Uint8Array, plain: Uint8Array): Uint8Array {
  if (plain.length === 0) return new Uint8Array();
  const cipher = createCipheriv('aes-128-cbc', key, key);
  return concat(cipher.update(plain), cipher.final());
}

/** Undefined when the key does not fit: the padding is the only sign, so one wrong key in 256 passes here. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length === 0) return new Uint8Array();
  if (sealed.length % BLOCK !== 0) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key, key);
  try {
    return concat(decipher.update(sealed), decipher.final());
  } catch {
    return undefined;
  }
}
