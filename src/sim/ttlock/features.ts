// The feature bits that a virtual lock acts upon. Source: ttlock.md 19.

export const feature = {
  pin: 0,
  card: 1,
  finger: 2,
  autoLock: 4,
  erasePin: 5,
  modifyPin: 7,
  lockByCommand: 8,
  showPin: 9,
  freeze: 11,
  cyclicPin: 12,
  remoteUnlock: 14,
  sound: 15,
  readAdminPin: 18,
  silentIdle: 21,
  passage: 22,
  lamp: 25,
  tamperSwitch: 28,
  resetSwitch: 29,
  privacySwitch: 30,
  cyclicToken: 34,
  direction: 36,
  volume: 43,
  doorSensor: 45,
  passageSwitch: 46,
} as const;

/** 32-bit groups, bits 0..31 first, as the lock sends them. */
export type Features = readonly number[];

export function has(features: Features, bit: number): boolean {
  return (((features[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

export function withFeature(features: Features, bit: number): number[] {
  const groups = [...features];
  while (groups.length <= bit >> 5) groups.push(0);
  const group = bit >> 5;
  groups[group] = ((groups[group] as number) | (1 << (bit & 31))) >>> 0;
  return groups;
}
