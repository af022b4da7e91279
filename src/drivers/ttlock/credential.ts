// What lets us into a TTLock, and its shape in the vault (ttlock.md 21.1).
import { fromHex, hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Credential, Json, Validity } from '../../lock/driver.ts';
import { type Features, featuresFromText, featuresText } from './features.ts';
import type { Header } from './frame.ts';
import { VENDOR_TOKEN } from './wire.ts';

export const FAMILY = 'ttlock';
/** ms since the epoch, up to the year 10889. */
const MOMENT_BITS = 48;

/** Key material in the open: never leaves this folder but inside a Secret. */
export interface Key {
  address: string;
  aesKey: Uint8Array;
  unlockKey: number;
  /** Missing from a key that somebody shared with us: then we can open and ask, and nothing else. */
  adminPs?: number;
  adminPin?: string;
  /** Missing until the lock has shown its own. */
  header?: Header;
  lockFlagPos: number;
  uid: number;
  token: string;
  features?: Features;
  /** The dates of a shared key. An owner's key has none. */
  window?: Validity;
  /** provisional: the lock may not have taken it. */
  status: 'provisional' | 'committed';
  /** The advertised model prefix. */
  model?: string;
}

export function asCredential(key: Key): Credential {
  const data: Record<string, Json> = {
    address: key.address,
    aesKey: hex(key.aesKey),
    unlockKey: key.unlockKey,
    lockFlagPos: key.lockFlagPos,
    uid: key.uid,
    token: key.token,
    status: key.status,
  };
  if (key.adminPs !== undefined) data['adminPs'] = key.adminPs;
  if (key.adminPin !== undefined) data['adminPin'] = key.adminPin;
  if (key.header) data['header'] = { ...key.header };
  if (key.features !== undefined) data['features'] = featuresText(key.features);
  if (key.window) data['window'] = { ...key.window };
  if (key.model !== undefined) data['model'] = key.model;
  return { family: FAMILY, data: new Secret(data) };
}

/** Throws `invalid` when it is not a key of this family, without saying what it holds. */
export function asKey(credential: Credential): Key {
  if (credential.family !== FAMILY) throw broken();
  return keyFrom(credential.data.reveal());
}

export function keyFrom(data: Readonly<Record<string, Json>>): Key {
  const header = headerFrom(data['header']);
  const features = optional(data['features'], text => featuresFromText(asText(text)));
  const window = windowFrom(data['window']);
  return {
    address: asText(data['address']),
    aesKey: keyBytes(asText(data['aesKey'])),
    unlockKey: word(data['unlockKey']),
    lockFlagPos: data['lockFlagPos'] === undefined ? 0 : word(data['lockFlagPos'], 24),
    uid: data['uid'] === undefined ? 0 : word(data['uid']),
    token: data['token'] === undefined ? VENDOR_TOKEN : asText(data['token']),
    status: data['status'] === 'provisional' ? 'provisional' : 'committed',
    ...(data['adminPs'] !== undefined && { adminPs: word(data['adminPs']) }),
    ...(data['adminPin'] !== undefined && { adminPin: asText(data['adminPin']) }),
    ...(header && { header }),
    ...(features !== undefined && { features }),
    ...(window && { window }),
    ...(data['model'] !== undefined && { model: asText(data['model']) }),
  };
}

/** 32 hex digits. */
export function keyBytes(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{32}$/.test(text)) throw broken();
  return fromHex(text);
}

export function broken(): LockError {
  return new LockError('invalid', 'This key of a TTLock is incomplete or damaged; import it again or pair the lock.');
}

function headerFrom(json: Json | undefined): Header | undefined {
  if (json === undefined) return undefined;
  const it = asRecord(json);
  const [type, version, scene] = [word(it['type'], 8), word(it['version'], 8), word(it['scene'], 8)];
  return { type, version, scene, group: word(it['group'], 16), org: word(it['org'], 16) };
}

function windowFrom(json: Json | undefined): Validity | undefined {
  if (json === undefined) return undefined;
  const { from, until } = asRecord(json);
  return {
    ...(from !== undefined && { from: word(from, MOMENT_BITS) }),
    ...(until !== undefined && { until: word(until, MOMENT_BITS) }),
  };
}

function asRecord(json: Json): { readonly [key: string]: Json } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw broken();
  return json as { readonly [key: string]: Json };
}

function asText(json: Json | undefined): string {
  if (typeof json !== 'string') throw broken();
  return json;
}

function word(json: Json | undefined, bits = 32): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || json < 0 || json >= 2 ** bits) throw broken();
  return json;
}

function optional<T>(json: Json | undefined, read: (json: Json) => T): T | undefined {
  return json === undefined ? undefined : read(json);
}
