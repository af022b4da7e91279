// Key agreement, authenticators and the seal (nuki.md 4.2, 4.4, 5). Pure: what is random comes in as an argument.
import { createHmac, timingSafeEqual } from 'node:crypto';
import nacl from 'tweetnacl';
import { concat } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';

export const KEY = 32;
export const NONCE = 24;
/** The tag of the seal. */
export const TAG = 16;

const SIGMA = new Uint8Array(Buffer.from('expand 32-byte k', 'latin1'));

export function publicKey(own: Uint8Array): Uint8Array {
  return nacl.scalarMult.base(own);
}

/** X25519. Throws `malformed` for a public key that makes a secret known to everybody. */
export function agreed(own: Uint8Array, other: Uint8Array): Uint8Array {
  const secret = nacl.scalarMult(own, other);
  if (secret.some(byte => byte !== 0)) return secret;
  throw new LockError('malformed', 'The lock sent a key that would keep nothing secret. Is it really a Nuki?');
}

/** HSalsa20 of 16 bytes. */
export function derived(key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(KEY);
  core.crypto_core_hsalsa20(out, input, key, SIGMA);
  return out;
}

/** The long-term key of both sides, from one's private and the other's public key. */
export function sharedKey(own: Uint8Array, other: Uint8Array): Uint8Array {
  return derived(agreed(own, other), new Uint8Array(TAG));
}

export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    createHmac('sha256', key)
      .update(concat(...parts))
      .digest(),
  );
}

/** Without telling by the time it takes how much of it is right. */
export function sameMac(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Tag and cipher text. `nonce` must never be used twice. */
export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  return nacl.secretbox(plain, nonce, key);
}

/** Undefined when it was sealed with another key, or damaged. */
export function unseal(key: Uint8Array, nonce: Uint8Array, box: Uint8Array): Uint8Array | undefined {
  if (box.length < TAG) return undefined;
  return nacl.secretbox.open(box, nonce, key) ?? undefined;
}

/** Exported by the library, and missing from its types. */
const core = (nacl as unknown as { lowlevel: Core }).lowlevel;

interface Core {
  crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
}
