// The security PIN: what may be one, and what a wrong one costs. Source: nuki.md 11.
import { error } from './codes.ts';
import type { Device } from './device.ts';

/** What counts on locks of generations 1 to 4 whose owner has set none. */
const NONE = 0;
const MOST = { g4: 9_999, g5: 999_999 };

/** 16 bits up to the fourth generation, 32 since. */
export function readPin(bytes: Uint8Array): number {
  return Buffer.from(bytes).readUIntLE(0, bytes.length);
}

export function isPin(device: Device, pin: number): boolean {
  return pin <= MOST[device.variant.generation];
}

/** Undefined when it is right. Wrong ones are counted; after some of them it takes none for a while. */
export function checkPin(device: Device, pin: number): number | undefined {
  if (device.elapsed() < device.pinsLockedUntil) return error.tooManyPins;
  if (pin === (device.kept.pin ?? NONE)) {
    device.wrongPins = 0;
    return undefined;
  }
  device.wrongPins++;
  if (device.wrongPins < device.knobs.pinTries) return error.badPin;
  device.wrongPins = 0;
  device.pinsLockedUntil = device.elapsed() + device.knobs.pinLockMs;
  return error.badPin;
}
