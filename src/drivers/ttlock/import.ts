// Keys from elsewhere: another program's lockData.json, the maker's cloud, and our own export (ttlock.md 21.2, 21.3).
import { fromHex } from '../../base/bytes.ts';
import type { ImportedCredential, Json } from '../../lock/driver.ts';
import { FAMILY, type Key, asCredential, broken, keyBytes, keyFrom } from './credential.ts';
import { featuresFromText } from './features.ts';
import type { Header } from './frame.ts';
import { exportedNumber } from './mask.ts';
import { VENDOR_TOKEN } from './wire.ts';

type Fields = { readonly [key: string]: Json };

const WEAK_RANDOM =
  'The program that made these keys used random numbers that can be guessed. Reset the lock and pair it again.';
const KNOWN_TO_MAKER = 'The maker’s cloud knows these keys. Reset the lock and pair it again to be the only one.';

/** One lock or a list of them. Undefined when nothing of it is of this family; throws `invalid` when it is broken. */
export function importCredential(foreign: Json): ImportedCredential[] | undefined {
  const entries = Array.isArray(foreign) ? (foreign as readonly Json[]) : [foreign];
  const found = entries.map(importOne).filter(one => one !== undefined);
  return found.length > 0 ? found : undefined;
}

function importOne(entry: Json): ImportedCredential | undefined {
  const fields = fieldsOf(entry);
  if (!fields) return undefined;
  if (fields['family'] !== undefined) return fields['family'] === FAMILY ? importOurs(fields) : undefined;
  if (fieldsOf(fields['privateData'])) return importPeers(fields);
  return fields['aesKeyStr'] !== undefined ? importMakers(fields) : undefined;
}

/** `{family, data}` with the fields of our vault. */
function importOurs(fields: Fields): ImportedCredential {
  const data = fieldsOf(fields['data']);
  if (!data) throw broken();
  const key = keyFrom(data);
  return { credential: asCredential(key), address: addressOf(key.address) };
}

/** An entry of the lockData.json of a popular Home Assistant add-on. */
function importPeers(fields: Fields): ImportedCredential | undefined {
  const secrets = fieldsOf(fields['privateData']) as Fields;
  if (secrets['aesKey'] === undefined) return undefined; // A lock that it has only seen, never paired.
  const admin = fieldsOf(secrets['admin']);
  if (!admin || typeof secrets['aesKey'] !== 'string') throw broken();
  const key: Key = {
    ...common(addressOf(fields['address'])),
    aesKey: keyBytes(secrets['aesKey']),
    adminPs: number32(admin['adminPs']),
    unlockKey: number32(admin['unlockKey']),
    ...pinOf(secrets['adminPasscode']),
  };
  return imported(key, fields['name'], WEAK_RANDOM);
}

/** What the maker's app keeps and its cloud hands out. A shared key lacks the administrator's number. */
function importMakers(fields: Fields): ImportedCredential {
  const features = featuresFromText(typeof fields['featureValue'] === 'string' ? fields['featureValue'] : '');
  const header = headerOf(fields['lockVersion']);
  const admin = fields['adminPwd'];
  const key: Key = {
    ...common(addressOf(fields['lockMac'] ?? fields['address'])),
    aesKey: fromList(textOf(fields['aesKeyStr'])),
    unlockKey: number32(exportedNumber(textOf(fields['lockKey'] ?? fields['unlockKey']))),
    ...(typeof admin === 'string' && admin !== '' && { adminPs: number32(exportedNumber(admin)) }),
    ...(fields['lockFlagPos'] !== undefined && { lockFlagPos: number32(fields['lockFlagPos']) }),
    ...(fields['uid'] !== undefined && { uid: number32(fields['uid']) }),
    ...(features !== undefined && { features }),
    ...(header && { header }),
    ...pinOf(fields['noKeyPwd']),
    ...windowOf(fields['startDate'], fields['endDate']),
  };
  return imported(key, fields['lockAlias'] ?? fields['lockName'], KNOWN_TO_MAKER);
}

function imported(key: Key, name: Json | undefined, weak: string): ImportedCredential {
  const named = typeof name === 'string' && name !== '' ? { name } : {};
  return { credential: asCredential(key), address: key.address, ...named, weak };
}

function common(address: string): Pick<Key, 'address' | 'lockFlagPos' | 'uid' | 'token' | 'status'> {
  return { address, lockFlagPos: 0, uid: 0, token: VENDOR_TOKEN, status: 'committed' };
}

/** Comma-separated hex bytes. */
function fromList(text: string): Uint8Array {
  return keyBytes(
    text
      .split(',')
      .map(part => part.trim().padStart(2, '0'))
      .join(''),
  );
}

/** The maker writes it as an object or as JSON in a text. */
function headerOf(json: Json | undefined): Header | undefined {
  const fields = fieldsOf(typeof json === 'string' ? parsed(json) : json);
  if (!fields) return undefined;
  const names = ['protocolType', 'protocolVersion', 'scene', 'groupId', 'orgId'];
  const values = names.map(name => fields[name]);
  if (!values.every(value => value !== undefined)) return undefined;
  const [type, version, scene, group, org] = values.map(number32) as [number, number, number, number, number];
  if (Math.max(type, version, scene) > 0xff || Math.max(group, org) > 0xffff) throw broken();
  return { type, version, scene, group, org };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** ms since the epoch; 0 is without limit. */
function windowOf(start: Json | undefined, end: Json | undefined): Pick<Key, 'window'> {
  const window = {
    ...(typeof start === 'number' && start > 0 && { from: start }),
    ...(typeof end === 'number' && end > 0 && { until: end }),
  };
  return Object.keys(window).length > 0 ? { window } : {};
}

function pinOf(json: Json | undefined): { adminPin?: string } {
  return typeof json === 'string' && /^\d{4,9}$/.test(json) ? { adminPin: json } : {};
}

/** 12 hex digits with or without separators, as lower case with colons. */
function addressOf(json: Json | undefined): string {
  const digits = typeof json === 'string' ? json.replace(/[:-]/g, '') : '';
  if (!/^[0-9a-fA-F]{12}$/.test(digits)) throw broken();
  return [...fromHex(digits)].map(byte => byte.toString(16).padStart(2, '0')).join(':');
}

function number32(json: Json | undefined): number {
  const value = typeof json === 'string' && /^\d{1,10}$/.test(json) ? Number(json) : json;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw broken();
  return value;
}

function textOf(json: Json | undefined): string {
  if (typeof json !== 'string') throw broken();
  return json;
}

function fieldsOf(json: Json | undefined): Fields | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : undefined;
}
