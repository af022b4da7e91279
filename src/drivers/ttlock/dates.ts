// Dates on the wire: one binary byte for each two digits, lock-local wall time (ttlock.md 6.1, 10).
import type { ByteReader } from '../../base/bytes.ts';
import type { Zone } from '../../base/zone.ts';
import type { Validity } from '../../lock/driver.ts';

/** Year of the century, month, day, hour, minute and, in stamps of 6, second. */
export type Stamp = readonly number[];

/** For windows without a beginning or an end. Both are what the maker's app writes for "always". */
export const FROM_EVER: Stamp = [0, 1, 1, 0, 0];
export const FOR_EVER: Stamp = [99, 12, 31, 23, 59];
/** The window of an owner's login. The lock compares it with its own clock, which starts in 2000. */
export const OWNER_FROM: Stamp = [0, 1, 31, 14, 0];
export const OWNER_UNTIL: Stamp = [99, 11, 30, 14, 0];

const CENTURY = 2000;

export function readStamp(reader: ByteReader, size: 5 | 6): Stamp {
  return [...reader.bytes(size)];
}

/** 6 numbers, as the clock takes them. */
export function stampOf(zone: Zone, at: number): Stamp {
  const { year, month, day, hour, minute, second } = zone.toLocal(at);
  return [Math.min(Math.max(year - CENTURY, 0), 99), month, day, hour, minute, second];
}

/** ms since the epoch. A stamp with impossible numbers (a lock that lost its clock) still gives a moment. */
export function momentOf(zone: Zone, stamp: Stamp): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = stamp;
  return zone.fromLocal({ year: CENTURY + year, month, day, hour, minute, second });
}

/** The two stamps of 5 of a validity. */
export function windowOf(zone: Zone, validity: Validity): { start: Stamp; end: Stamp } {
  const part = (at: number | undefined, without: Stamp): Stamp =>
    at === undefined ? without : stampOf(zone, at).slice(0, 5);
  return { start: part(validity.from, FROM_EVER), end: part(validity.until, FOR_EVER) };
}

/** The reverse: anything that starts in January 2000 or ends in 2099 has no limit there. */
export function validityOf(zone: Zone, start: Stamp, end?: Stamp): Validity {
  const validity: Validity = {};
  const [year = 0, month = 0] = start;
  if (year > 0 || month > 1) validity.from = momentOf(zone, start);
  if (end && (end[0] as number) < 99) validity.until = momentOf(zone, end);
  return validity;
}
