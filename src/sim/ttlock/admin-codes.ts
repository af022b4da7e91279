// The administrator's own codes 53, 65 and 44, and the seeds of cloud-made codes 31, 32. Source: ttlock.md 7.4, 11, 15.
import { type Answer, done, error, fromHexText, hexOf, refused, textBytes } from './answer.ts';
import { wrongDigits } from './codes.ts';
import type { Device } from './device.ts';

const INIT_PASSWORDS_SIZE = 61;
const SEED_SIZE = 6;

export function setAdminCode(device: Device, data: Uint8Array): Answer {
  const digits = digitValues(data);
  const no = unusable(device, digits);
  if (no !== undefined || digits === undefined) return refused(no);
  if (digits === device.kept.eraseCode) return refused(error.sameAsErase);
  device.kept.adminCode = digits;
  device.changed();
  return done();
}

/** len · ASCII digits; nothing while there is only the factory's. */
export function getAdminCode(device: Device): Answer {
  const code = device.kept.adminCode ?? '';
  return done(device.kept.battery, code.length, textBytes(code));
}

export function setEraseCode(device: Device, data: Uint8Array): Answer {
  const digits = digitValues(data);
  const no = unusable(device, digits);
  if (no !== undefined || digits === undefined) return refused(no);
  if (digits === device.kept.adminCode) return refused(error.sameAsErase);
  device.kept.eraseCode = digits;
  device.changed();
  return done();
}

export function setSeeds(device: Device, data: Uint8Array): Answer {
  if (data.length !== INIT_PASSWORDS_SIZE) return refused(error.invalid);
  device.kept.initPasswords = hexOf(data);
  device.changed();
  return done(device.kept.battery);
}

/** The seed of this year, and when all codes were last wiped. */
export function getSeed(device: Device): Answer {
  const kept = fromHexText(device.kept.initPasswords ?? '00'.repeat(INIT_PASSWORDS_SIZE));
  const year = new Date(device.wall()).getUTCFullYear() % 100;
  const at = 1 + SEED_SIZE * Math.min(9, Math.max(0, year - (kept[0] as number)));
  return done(device.kept.battery, kept.subarray(at, at + SEED_SIZE), fromHexText(device.kept.wipedAt));
}

/** Digits as values 0..9, one a byte. */
function digitValues(data: Uint8Array): string | undefined {
  return data.every(value => value <= 9) ? [...data].join('') : undefined;
}

function unusable(device: Device, digits: string | undefined): number | undefined {
  return wrongDigits(digits) ?? (device.kept.codes.some(code => code.digits === digits) ? error.exists : undefined);
}
