// When an authorization or a code is good: the time limit of 19 bytes. Source: nuki.md 8, 13.
import type { Reader } from './bytes.ts';
import { timeText } from './bytes.ts';
import type { Device } from './device.ts';
import type { Limit } from './kept.ts';
import { isWithin } from './state.ts';
import { hours } from './timers.ts';
import { faceOf, localWall, weekdayBit } from './zones.ts';

const EVERY_DAY = 0x7f;

/** Flag and block, which is always there. Undefined: a flag or a time that is none; null: no limit. */
export function readLimit(read: Reader): Limit | null | undefined {
  const limited = read.u8();
  const from = read.date7();
  const until = read.date7();
  const weekdays = read.u8();
  const fromTime = read.face();
  const untilTime = read.face();
  if (limited === 0) return null;
  if (limited > 1 || !from || !until || !fromTime || !untilTime || weekdays > EVERY_DAY || until < from)
    return undefined;
  return { from, until, weekdays, fromTime, untilTime };
}

export function isAllowedNow(device: Device, limit: Limit | undefined): boolean {
  if (!limit) return true;
  const utc = device.wall();
  const now = timeText(device.knobs.limitDates === 'utc' ? utc : localWall(device.kept.config, utc));
  if (now < limit.from || now > limit.until) return false;
  const wall = hours(device);
  if (limit.weekdays !== 0 && (limit.weekdays & weekdayBit(wall)) === 0) return false;
  // From midnight to midnight is all day.
  return limit.fromTime === limit.untilTime || isWithin(faceOf(wall), limit.fromTime, limit.untilTime);
}
