// What is shown once and kept as a hash: cookies, links, tokens. All are random and long, so a plain hash is enough.
import { createHash } from 'node:crypto';
import { Secret } from '../../base/log.ts';

/** 256 bits. */
const BYTES = 32;

export function newKey(random: (bytes: number) => Uint8Array, mark = ''): Secret<string> {
  return new Secret(`${mark}${Buffer.from(random(BYTES)).toString('base64url')}`);
}

export function hashOf(key: Secret<string>): string {
  return createHash('sha256').update(key.reveal()).digest('base64url');
}

/** From one secret, another that does not give it away. */
export function derived(key: Secret<string>, purpose: string): string {
  return createHash('sha256').update(`${purpose}\n${key.reveal()}`).digest('base64url');
}
