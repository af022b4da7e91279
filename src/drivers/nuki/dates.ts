// Dates on the wire (nuki.md 8, 13). Moments are UTC; times of day are those of the wall where the lock hangs.
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';
import type { Validity, WeeklyWindow } from '../../lock/driver.ts';
import { LockError } from '../../base/errors.ts';

/** Year, month 1..12, day, hour, minute, second. */
export type Stamp = readonly [number, number, number, number, number, number];

/** When something may be used. Bit 6 of `weekdays` is Monday, bit 0 Sunday; 0 is every day. Minutes since midnight. */
export interface TimeLimit {
  from: Stamp;
  until: Stamp;
  weekdays: number;
  fromMinute: number;
  untilMinute: number;
}

export const TIME_LIMIT = 19;
/** For a beginning and an end that nobody named. */
const FROM_EVER: Stamp = [2000, 1, 1, 0, 0, 0];
const FOR_EVER: Stamp = [2099, 12, 31, 23, 59, 59];
const LAST_MINUTE = 24 * 60 - 1;

export function readStamp(data: ByteReader): Stamp {
  return [data.u16le(), data.u8(), data.u8(), data.u8(), data.u8(), data.u8()];
}

export function writeStamp(to: ByteWriter, [year, ...rest]: Stamp): ByteWriter {
  return to.u16le(year).bytes(rest);
}

/** ms since the epoch. Impossible numbers (a lock that lost its clock) still give a moment. */
export function momentOf([year, month, day, hour, minute, second]: Stamp): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function stampOf(at: number): Stamp {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return [year, month, day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
}

export function readTimeLimit(data: ByteReader): TimeLimit {
  const [from, until] = [readStamp(data), readStamp(data)];
  return { from, until, weekdays: data.u8(), fromMinute: readTime(data), untilMinute: readTime(data) };
}

/** 19 bytes; zeros where there is no limit. */
export function writeTimeLimit(to: ByteWriter, limit: TimeLimit | undefined): ByteWriter {
  if (!limit) return to.bytes(new Uint8Array(TIME_LIMIT));
  writeStamp(writeStamp(to, limit.from), limit.until).u8(limit.weekdays);
  return writeTime(writeTime(to, limit.fromMinute), limit.untilMinute);
}

export function readTime(data: ByteReader): number {
  return data.u8() * 60 + data.u8();
}

export function writeTime(to: ByteWriter, minute: number): ByteWriter {
  return to.u8(Math.floor(minute / 60)).u8(minute % 60);
}

/** Days 1..7, Monday first; none for "every day". */
export function daysOf(mask: number): number[] {
  return [1, 2, 3, 4, 5, 6, 7].filter(day => mask & (1 << (7 - day)));
}

export function maskOf(days: readonly number[]): number {
  return days.reduce((mask, day) => mask | (1 << (7 - day)), 0);
}

export interface Times {
  validity: Validity;
  weekly?: readonly WeeklyWindow[];
}

/** Undefined when nothing limits it. Throws `invalid` for what one window of the lock cannot say. */
export function limitOf({ validity, weekly }: Times): TimeLimit | undefined {
  const { from, until } = validity;
  const windows = weekly ?? [];
  if (from === undefined && until === undefined && windows.length === 0) return undefined;
  const [first] = windows;
  if (windows.some(one => one.startMinute !== first?.startMinute || one.endMinute !== first.endMinute)) {
    throw new LockError('invalid', 'This lock takes the same hours for all days of a code; make a second code.');
  }
  return {
    from: from === undefined ? FROM_EVER : stampOf(from),
    until: until === undefined ? FOR_EVER : stampOf(until),
    weekdays: windows.length === 7 ? 0 : maskOf(windows.map(one => one.day)),
    fromMinute: first?.startMinute ?? 0,
    untilMinute: Math.min(first?.endMinute ?? 0, LAST_MINUTE),
  };
}

/** The reverse. What begins by 2000 or ends from 2099 on has no limit there; equal hours are the whole day. */
export function timesOf(limit: TimeLimit | undefined): Times {
  if (!limit) return { validity: {} };
  const validity: Validity = {};
  if (limit.from[0] > FROM_EVER[0]) validity.from = momentOf(limit.from);
  if (limit.until[0] > 0 && limit.until[0] < FOR_EVER[0]) validity.until = momentOf(limit.until);
  const wholeDay = limit.fromMinute === limit.untilMinute;
  if (wholeDay && limit.weekdays === 0) return { validity };
  const days = limit.weekdays === 0 ? [1, 2, 3, 4, 5, 6, 7] : daysOf(limit.weekdays);
  const hours = wholeDay
    ? { startMinute: 0, endMinute: LAST_MINUTE }
    : { startMinute: limit.fromMinute, endMinute: limit.untilMinute };
  return { validity, weekly: days.map(day => ({ day, ...hours })) };
}
