// Wall-clock time of a named time zone: locks keep local time and know no zones.
import { LockError } from './errors.ts';

/** What a clock on the wall shows. `month` is 1..12. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export interface Zone {
  readonly name: string;
  /** ms since the epoch -> what the wall shows. */
  toLocal(at: number): LocalTime;
  /** The reverse. In the hour that a change to summer time skips, the moment after the gap; in the doubled hour, the first. */
  fromLocal(time: LocalTime): number;
}

/** Without the runtime's tables of zones, which take 7 MiB once one is asked for. */
export const utc: Zone = {
  name: 'UTC',
  toLocal(at) {
    const date = new Date(at);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    };
  },
  fromLocal: asUtc,
};

/** Whether this computer's clock shows UTC, summer and winter. */
export function isUtcHere(): boolean {
  return [0, 6].every(month => new Date(2026, month, 1).getTimezoneOffset() === 0);
}

/** Throws `invalid` for a name that the runtime does not know. */
export function makeZone(name: string): Zone {
  if (name === utc.name) return utc;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new LockError('invalid', `"${name}" is not a time zone; write it like Europe/Berlin.`, { cause });
  }
  const toLocal = (at: number): LocalTime => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    return { year, month, day, hour, minute, second };
  };
  const offset = (at: number): number => asUtc(toLocal(at)) - Math.floor(at / 1000) * 1000;
  const fromLocal = (time: LocalTime): number => {
    const wall = asUtc(time);
    // The offsets a day before and after bracket any change; the larger one gives the earlier moment.
    const around = [offset(wall - 86_400_000), offset(wall + 86_400_000)].toSorted((a, b) => b - a);
    for (const shift of around) if (offset(wall - shift) === shift) return wall - shift;
    return wall - (around[1] as number);
  };
  return { name, toLocal, fromLocal };
}

function asUtc(t: LocalTime): number {
  return Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second);
}
