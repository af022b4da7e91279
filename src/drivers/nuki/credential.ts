// What lets us into a Nuki lock, and its shape in the vault (nuki.md 4.4, 5, 11).
import { fromHex, hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { Credential, Json } from '../../lock/driver.ts';
import { KEY } from './keys.ts';
import type { IdType } from './pair-wire.ts';
import type { Generation } from './wire.ts';

export const FAMILY = 'nuki';

/** What the lock has told of itself. Kept, so that a session knows at once what it can do. */
export interface Seen {
  deviceType?: number;
  firmware?: string;
  hardware?: string;
  keypad?: boolean;
  door?: boolean;
  /** How many bytes of advanced configuration it has. */
  advanced?: number;
}

/** Key material in the open: never leaves this folder but inside a Secret. */
export interface Key {
  address: string;
  /** 8 hex digits; missing when no advert told it. */
  nukiId?: string;
  generation: Generation;
  shared: Uint8Array;
  /** Missing until the lock has told it: then nothing can be said to the lock. */
  authId?: number;
  /** Another one at a later pairing means that the lock was reset meanwhile. */
  uuid?: string;
  appId: number;
  idType: IdType;
  /** What the lock calls us in its list of users. */
  name: string;
  /** The lock's PIN, as digits. Missing while nobody has told it, and again once the lock has refused it. */
  pin?: string;
  /** Sent to the lock as its new PIN, and no answer came. */
  nextPin?: string;
  /** How often in a row people told a wrong one, and when the next try is allowed (ms since the epoch). */
  wrongPins: number;
  pinNotBefore?: number;
  /** provisional: the lock may not have taken it. */
  status: 'provisional' | 'committed';
  seen: Seen;
}

export function asCredential(key: Key): Credential {
  const { shared, seen, ...rest } = key;
  return { family: FAMILY, data: new Secret({ ...rest, shared: hex(shared), seen: { ...seen } }) };
}

/** Throws `invalid` when it is not a key of this family, without saying what it holds. */
export function asKey(credential: Credential): Key {
  if (credential.family !== FAMILY) throw broken();
  const data = credential.data.reveal();
  const words = ['authId', 'pinNotBefore'] as const;
  const texts = ['nukiId', 'uuid', 'pin', 'nextPin'] as const;
  return {
    address: asText(data['address']),
    generation: data['generation'] === 'g5' ? 'g5' : 'g4',
    shared: keyBytes(asText(data['shared'])),
    appId: asNumber(data['appId']),
    idType: data['idType'] === 'bridge' ? 'bridge' : 'app',
    name: asText(data['name']),
    wrongPins: data['wrongPins'] === undefined ? 0 : asNumber(data['wrongPins']),
    status: data['status'] === 'provisional' ? 'provisional' : 'committed',
    seen: seenFrom(data['seen']),
    ...present(words, name => data[name], asNumber),
    ...present(texts, name => data[name], asText),
  };
}

/** The key without what is named; `undefined` is never kept. */
export function without(key: Key, ...names: readonly ('pin' | 'nextPin' | 'pinNotBefore')[]): Key {
  return Object.fromEntries(Object.entries(key).filter(([name]) => !names.includes(name as 'pin'))) as unknown as Key;
}

function present<Name extends string, T>(
  names: readonly Name[],
  of: (name: Name) => Json | undefined,
  read: (json: Json | undefined) => T,
): Partial<Record<Name, T>> {
  const there = names.filter(name => of(name) !== undefined);
  return Object.fromEntries(there.map(name => [name, read(of(name))])) as Partial<Record<Name, T>>;
}

function seenFrom(json: Json | undefined): Seen {
  if (json === undefined) return {};
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw broken();
  const data = json as { readonly [key: string]: Json };
  return {
    ...present(['deviceType', 'advanced'], name => data[name], asNumber),
    ...present(['firmware', 'hardware'], name => data[name], asText),
    ...present(
      ['keypad', 'door'],
      name => data[name],
      flag => flag === true,
    ),
  };
}

function keyBytes(text: string): Uint8Array {
  if (text.length !== 2 * KEY || !/^[0-9a-f]*$/.test(text)) throw broken();
  return fromHex(text);
}

function asText(json: Json | undefined): string {
  if (typeof json !== 'string') throw broken();
  return json;
}

function asNumber(json: Json | undefined): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0) throw broken();
  return json;
}

function broken(): LockError {
  return new LockError('invalid', 'This key of a Nuki lock is incomplete or damaged; pair the lock again.');
}
