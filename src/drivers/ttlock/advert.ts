// What a TTLock says of itself to everyone (ttlock.md 2, 20).
import { equal } from '../../base/bytes.ts';
import type { Recognised } from '../../lock/driver.ts';
import type { LockKind } from '../../lock/lock.ts';
import type { Advert } from '../../radio/radio.ts';
import type { Header } from './frame.ts';
import { PLAIN_HEADER } from './wire.ts';

/** `flags` fields are absent where a generation does not send them. */
export interface Spoken {
  type: number;
  version: number;
  scene: number;
  unlocked?: boolean;
  newRecords?: boolean;
  settingMode?: boolean;
  touch?: boolean;
  /** 10h: "occupied" of a parking lock; on door locks nobody knows. */
  bit4?: boolean;
  battery?: number;
  /** Upper case with colons. */
  mac: string;
}

/** `dfu`: a lock in firmware-update mode. `other`: a wristband or a gateway. */
export type Heard = Spoken | { dfu: true } | { other: true };

const LEAST = 15;
const SERVICE = '1910';
/** Model prefix, then the last three bytes of the address (2.1). */
const NAME = /_[0-9a-f]{6}$/i;
const OLD_NAME = /^LOCK_/;

/** `manufacturer` begins with the company id. Undefined: too short to be of this family. */
export function readAdvert(manufacturer: Uint8Array): Heard | undefined {
  if (manufacturer.length < LEAST) return undefined;
  const [a, b] = manufacturer as unknown as [number, number];
  if (starts(manufacturer, 0x12, 0x19) || starts(manufacturer, 0xff, 0xff)) return { dfu: true };
  if (starts(manufacturer, 0x13, 0x19) || starts(manufacturer, 0x34, 0x12)) return { other: true };
  const mac = macOf(manufacturer);
  if (starts(manufacturer, 0x05, 0x03)) return spoken({ type: a, version: b, at: 2, mac }, manufacturer);
  const [type, version] = manufacturer.subarray(4) as unknown as [number, number];
  return spoken({ type, version, at: 7, mac }, manufacturer);
}

/** Undefined: not a lock of this family. An advert with another company id must show itself in a second way. */
export function recognise(advert: Advert): Recognised | undefined {
  const heard = advert.manufacturer && readAdvert(advert.manufacturer);
  if (!heard || !('type' in heard)) return undefined;
  const short = starts(advert.manufacturer as Uint8Array, 0x05, 0x03);
  const name = advert.name ?? '';
  if (!short && !advert.services.includes(SERVICE) && !OLD_NAME.test(name)) return undefined;
  if (!short && !(heard.type in generations)) return undefined;
  const why = refusedBecause(heard, name);
  return {
    model: modelOf(name) ?? `TTLock ${kindWords[kindOf(heard.scene, name)]}`,
    kind: kindOf(heard.scene, name),
    state: why !== undefined ? 'refused' : heard.settingMode ? 'pairable' : 'taken',
    ...(why !== undefined && { why }),
    hardware: heard.mac.toLowerCase(),
    wake: [heard.unlocked, heard.newRecords, heard.settingMode].map(bit => (bit ? 1 : 0)).join(''),
    ...(heard.touch === true && { touched: true }),
    ...(heard.battery !== undefined && heard.battery <= 100 && { battery: heard.battery }),
  };
}

/** What the scene and the name tell about the lock; its features tell more once they are known. */
export function kindOf(scene: number, name: string): LockKind {
  const model = name.replace(NAME, '');
  const named = nameHints.find(([pattern]) => pattern.test(model))?.[1];
  if (scene <= 3) return named === 'deadbolt' || named === 'lever' ? named : 'lock';
  if (scene === 5 || scene === 8 || scene === 11) {
    return named === 'key_box' || named === 'padlock' || named === 'safe' ? named : scene === 8 ? 'padlock' : 'safe';
  }
  return scene === 4 ? 'glass_door' : scene === 9 ? 'cylinder' : 'lock';
}

/** The advertised name without the address digits. */
export function modelOf(name: string | undefined): string | undefined {
  return name?.replace(NAME, '') || undefined;
}

/** Group and organisation are not on the air: 1 and 1 until the lock answers. */
export function headerOf(advert: Advert | undefined): Header {
  const heard = advert?.manufacturer && readAdvert(advert.manufacturer);
  if (!heard || !('type' in heard)) return PLAIN_HEADER;
  return { ...PLAIN_HEADER, type: heard.type, version: heard.version, scene: heard.scene };
}

function refusedBecause(heard: Spoken, name: string): string | undefined {
  if (heard.scene === 7) return 'This is a parking barrier, not a lock for a door.';
  if ([10, 12, 13].includes(heard.scene)) return 'This device of the TTLock family is not a lock.';
  if (heard.type === 5 && heard.version === 3 && !OLD_NAME.test(name)) return undefined;
  const generation = generations[heard.type];
  return `This lock speaks an older language (${generation ?? 'unknown'}), which cannot be spoken safely.`;
}

interface Place {
  type: number;
  version: number;
  /** Where the scene stands; flags and battery follow. */
  at: number;
  mac: string;
}

function spoken({ type, version, at, mac }: Place, bytes: Uint8Array): Spoken {
  const [scene, flags, battery] = bytes.subarray(at) as unknown as [number, number, number];
  if (type < 5 || (type === 5 && version === 1)) return { type, version, scene, mac };
  return {
    type,
    version,
    scene,
    unlocked: (flags & 0x01) !== 0,
    newRecords: (flags & 0x02) !== 0,
    settingMode: (flags & 0x04) !== 0,
    touch: version === 3 && (flags & 0x08) !== 0,
    bit4: (flags & 0x10) !== 0,
    battery,
    mac,
  };
}

/** The last six bytes, in reverse: the offsets that the maker's code counts from the front do not fit real locks. */
function macOf(bytes: Uint8Array): string {
  const parts = [...bytes.subarray(-6)].toReversed().map(byte => byte.toString(16).padStart(2, '0'));
  return parts.join(':').toUpperCase();
}

function starts(bytes: Uint8Array, first: number, second: number): boolean {
  return equal(bytes.subarray(0, 2), Uint8Array.of(first, second));
}

/** Protocol types that exist (2.3); any other in the long layout is somebody else's device. */
const generations: Readonly<Record<number, string>> = {
  0x03: 'V2',
  0x05: 'V2S',
  0x0a: 'parking lock',
  0x0b: 'vehicle',
};

/** Makers name models as they like; these words only choose between kinds that the scene leaves open. */
const nameHints: readonly (readonly [RegExp, LockKind])[] = [
  [/key.?box|lock.?box|key.?safe|^K/i, 'key_box'],
  [/pad|^P/i, 'padlock'],
  [/safe|box/i, 'safe'],
  [/dead|bolt|^DB|^D\d/i, 'deadbolt'],
  [/lever|handle|^L\d|^H\d/i, 'lever'],
];

const kindWords: Readonly<Record<LockKind, string>> = {
  deadbolt: 'deadbolt',
  lever: 'lever lock',
  cylinder: 'cylinder',
  padlock: 'padlock',
  key_box: 'key box',
  glass_door: 'glass door lock',
  safe: 'safe',
  lock: 'lock',
};
