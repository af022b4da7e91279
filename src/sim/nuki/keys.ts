// Whose lock it is, in numbers: key agreement, seals of pairing messages. Source: nuki.md 4.4, 5.
import { hsalsa } from '@noble/ciphers/salsa.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf, u32 } from './bytes.ts';

export function publicOf(privateKey: Uint8Array): Uint8Array {
  return x25519.getPublicKey(privateKey);
}

/** X25519 alone. Throws for a public key of low order, which agrees on nothing. */
export function agree(privateKey: Uint8Array, peerPublic: Uint8Array): Uint8Array {
  return x25519.getSharedSecret(privateKey, peerPublic);
}

/** HSalsa20 of sixteen zeros under `key`. */
export function derive(key: Uint8Array): Uint8Array {
  const out = new Uint32Array(8);
  hsalsa(words('expand 32-byte k'), wordsOf(key), new Uint32Array(4), out);
  return bytesOf(...[...out].map(u32));
}

/** The long-term secret of an authorization, 32 bytes. */
export function sharedKey(privateKey: Uint8Array, peerPublic: Uint8Array): Uint8Array {
  return derive(agree(privateKey, peerPublic));
}

export function macOf(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(sha256, key, bytesOf(...parts));
}

/** What the client proves with: its key, the lock's, the challenge. */
export function authenticator(
  key: Uint8Array,
  of: { clientPublic: Uint8Array; lockPublic: Uint8Array; challenge: Uint8Array },
): Uint8Array {
  return macOf(key, of.clientPublic, of.lockPublic, of.challenge);
}

/** `data` is id type, app id, name and the client's nonce, as they were sent. */
export function authorizationDataMac(key: Uint8Array, data: Uint8Array, challenge: Uint8Array): Uint8Array {
  return macOf(key, data, challenge);
}

/** `data` is authorization id, uuid and the lock's nonce, as they are sent. */
export function authorizationIdMac(key: Uint8Array, data: Uint8Array, clientNonce: Uint8Array): Uint8Array {
  return macOf(key, data, clientNonce);
}

export function confirmationMac(key: Uint8Array, authId: number, lockNonce: Uint8Array): Uint8Array {
  return macOf(key, Uint8Array.from(u32(authId)), lockNonce);
}

/** Takes the same time wherever they differ. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  return one.reduce((sum, byte, i) => sum | (byte ^ (other[i] as number)), 0) === 0;
}

function words(ascii: string): Uint32Array {
  return wordsOf(Buffer.from(ascii, 'latin1'));
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = Buffer.from(bytes);
  return Uint32Array.from({ length: view.length / 4 }, (_, i) => view.readUInt32LE(i * 4));
}
