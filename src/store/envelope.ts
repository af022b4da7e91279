// Sealing: every secret under a fresh key of its own, that key under the master key, both tied to where they belong.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { LockError } from '../base/errors.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of everything sealed, so that another way of sealing can follow. */
const VERSION = 1;

export interface Sealed {
  /** The data key, sealed with the master key. */
  wrapped: Uint8Array;
  /** The secret, sealed with the data key. */
  sealed: Uint8Array;
}

/** `belongs` names the one place where this may be opened: moved to another row it does not open. */
export function seal(
  master: Uint8Array,
  belongs: readonly (string | number)[],
  secret: Uint8Array,
  random: (bytes: number) => Uint8Array,
): Sealed {
  const key = random(KEY_BYTES);
  const place = placeOf(belongs);
  const envelope = {
    wrapped: encrypt(master, place, key, random(NONCE_BYTES)),
    sealed: encrypt(key, place, secret, random(NONCE_BYTES)),
  };
  key.fill(0);
  return envelope;
}

/** Throws `disk` (reason `damaged_row`) when the bytes, the place or the master key are not those of `seal`. */
export function unseal(
  master: Uint8Array,
  belongs: readonly (string | number)[],
  { wrapped, sealed }: Sealed,
): Uint8Array {
  const place = placeOf(belongs);
  const key = decrypt(master, place, wrapped);
  try {
    return decrypt(key, place, sealed);
  } finally {
    key.fill(0);
  }
}

/** The data key under another master key; the secret itself is not touched. */
export function rewrap(
  masters: { from: Uint8Array; to: Uint8Array },
  belongs: readonly (string | number)[],
  wrapped: Uint8Array,
  random: (bytes: number) => Uint8Array,
): Uint8Array {
  const place = placeOf(belongs);
  const key = decrypt(masters.from, place, wrapped);
  try {
    return encrypt(masters.to, place, key, random(NONCE_BYTES));
  } finally {
    key.fill(0);
  }
}

/** JSON, so that no two lists of words run together to the same bytes. */
function placeOf(belongs: readonly (string | number)[]): Uint8Array {
  return Buffer.from(JSON.stringify(belongs));
}

function encrypt(key: Uint8Array, place: Uint8Array, plain: Uint8Array, nonce: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(place);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return new Uint8Array(Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body]));
}

function decrypt(key: Uint8Array, place: Uint8Array, box: Uint8Array): Uint8Array {
  const bodyAt = 1 + NONCE_BYTES + TAG_BYTES;
  if (box.length < bodyAt || box[0] !== VERSION) throw unreadable();
  const nonce = box.subarray(1, 1 + NONCE_BYTES);
  try {
    const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(place);
    cipher.setAuthTag(box.subarray(1 + NONCE_BYTES, bodyAt));
    return new Uint8Array(Buffer.concat([cipher.update(box.subarray(bodyAt)), cipher.final()]));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): LockError {
  return new LockError('disk', 'What is sealed here was damaged or moved from another place.', {
    reason: 'damaged_row',
    cause,
  });
}
