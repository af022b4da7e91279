// JSON in the one form that everybody agrees on (RFC 8785), for hashes and signatures.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { LockError } from '../base/errors.ts';
import type { Json } from '../lock/driver.ts';

// The package's types say that it is an ES module; it is not.
const require = createRequire(import.meta.url);
const serialize = require('canonicalize') as (value: unknown) => string | undefined;

/** Keys in order, no white space. Undefined members are left out. Throws `invalid` for what JSON cannot hold. */
export function canonical(value: unknown): string {
  let text: string | undefined;
  try {
    text = serialize(value);
  } catch (cause) {
    throw new LockError('invalid', 'That cannot be written as canonical JSON.', { cause });
  }
  if (text === undefined) throw new LockError('invalid', 'That cannot be written as canonical JSON.');
  return text;
}

/** SHA-256 of the canonical form, hex. */
export function digestOf(value: Json | object): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}
