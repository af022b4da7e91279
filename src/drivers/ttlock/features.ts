// What a lock can do: the feature bits of the reply to 01 (ttlock.md 19).
import type { ByteReader } from '../../base/bytes.ts';

/** The bits that we use, by what they stand for. */
export const feature = {
  pins: 0,
  cards: 1,
  fingers: 2,
  autoLock: 4,
  pinChange: 7,
  lockByCommand: 8,
  showPin: 9,
  freeze: 11,
  remoteUnlock: 14,
  sound: 15,
  adminPinReadable: 18,
  noClock: 20,
  passage: 22,
  lamp: 25,
  tamperAlarm: 28,
  resetButton: 29,
  privacyLock: 30,
  cyclic: 34,
  direction: 36,
  volume: 43,
  doorState: 45,
  passageAutoUnlock: 46,
  autoAngle: 78,
  manualAngle: 79,
  autoDirection: 81,
  wifiPowerSaving: 83,
  motorTime: 88,
} as const;

/** All groups as one number: bit n is feature n. As text it is the maker's "featureValue": hex without leading zeros. */
export type Features = bigint;

export function has(features: Features, bit: number): boolean {
  return ((features >> BigInt(bit)) & 1n) === 1n;
}

/** Battery, then groups of 32 bits, the lowest group first. */
export function readFeatures(data: ByteReader): { battery: number; features: Features } {
  const battery = data.u8();
  let features = 0n;
  for (let group = 0n; data.left >= 4; group++) features |= BigInt(data.u32()) << (32n * group);
  return { battery, features };
}

export function featuresText(features: Features): string {
  return features.toString(16);
}

/** Undefined for anything but hex digits. */
export function featuresFromText(text: string): Features | undefined {
  return /^[0-9a-fA-F]{1,64}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}
