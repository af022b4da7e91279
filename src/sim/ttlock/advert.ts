// What a virtual TTLock broadcasts. Source: ttlock.md 2.2.

export interface AdvertFields {
  type: number;
  version: number;
  scene: number;
  unlocked: boolean;
  newRecords: boolean;
  settingMode: boolean;
  touch: boolean;
  /** Flag 10h, whose meaning on door locks nobody knows. */
  bit4: boolean;
  battery: number;
  mac: string;
}

/** Seen on a real lock between battery and address; unknown. */
const UNKNOWN_MIDDLE = [0xb0, 0x00, 0xf4, 0xf9, 0x53, 0x65];

/** The manufacturer data of a V3 lock with the company id bytes in front. `middle`: as another lock has it. */
export function manufacturerData(fields: AdvertFields, middle: readonly number[] = UNKNOWN_MIDDLE): Uint8Array {
  const { type, version, scene, battery, mac } = fields;
  return Uint8Array.of(type, version, scene, flags(fields), battery, ...middle, ...reversed(mac));
}

/** A lock in firmware-update mode: only the first two bytes mean anything. */
export function updateModeData(mac: string): Uint8Array {
  return Uint8Array.of(0x12, 0x19, 0x02, 0x1c, 0x64, ...UNKNOWN_MIDDLE, ...reversed(mac));
}

/** The older, long layout: type at 4, version at 5, scene at 7, flags at 8, battery at 9. */
export function longData(fields: AdvertFields): Uint8Array {
  const { type, version, scene, battery, mac } = fields;
  const company = [0x5a, 0x0b, 0x00, 0x00];
  return Uint8Array.of(...company, type, version, 0, scene, flags(fields), battery, ...reversed(mac));
}

/** The last three octets of the address, backwards: how a TTLock's name ends. */
export function nameEnding(mac: string): string {
  return Buffer.from(reversed(mac).slice(0, 3)).toString('hex');
}

function flags(fields: AdvertFields): number {
  const bits = [fields.unlocked, fields.newRecords, fields.settingMode, fields.touch, fields.bit4];
  return bits.reduce((sum, set, bit) => sum | (set ? 1 << bit : 0), 0);
}

/** Last octet first. */
function reversed(mac: string): number[] {
  return mac
    .split(':')
    .map(octet => Number.parseInt(octet, 16))
    .toReversed();
}
