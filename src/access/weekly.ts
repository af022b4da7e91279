// Weekly hours as people write them: "mon-fri 08:00-17:00, sat 10:00-12:00".
import { LockError } from '../base/errors.ts';
import type { WeeklyWindow } from '../lock/driver.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES = 24 * 60;
/** Seven days with two windows each, and then some. */
const MOST_WINDOWS = 21;

/** A window for each day. Throws `invalid` for what cannot be read. */
export function weeklyOf(text: string): WeeklyWindow[] {
  const windows = text.split(',').flatMap(part => partOf(part.trim().toLowerCase()));
  if (windows.length > MOST_WINDOWS) throw wrong();
  return windows;
}

/** The same the other way: days with the same hours stand together. */
export function weeklyText(windows: readonly WeeklyWindow[]): string {
  const runs: { first: number; last: number; hours: string }[] = [];
  for (const { day, startMinute, endMinute } of windows) {
    const hours = `${clockText(startMinute)}-${clockText(endMinute)}`;
    const open = runs.find(run => run.hours === hours && run.last === day - 1);
    if (open) open.last = day;
    else runs.push({ first: day, last: day, hours });
  }
  const name = (day: number): string => DAYS[day - 1] ?? '?';
  return runs
    .map(({ first, last, hours }) => `${first === last ? name(first) : `${name(first)}-${name(last)}`} ${hours}`)
    .join(', ');
}

/** Whether both open at the same hours; none is always. */
export function sameHours(a: readonly WeeklyWindow[] = [], b: readonly WeeklyWindow[] = []): boolean {
  return weeklyText(a) === weeklyText(b);
}

function clockText(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':');
}

function partOf(part: string): WeeklyWindow[] {
  const match = /^(daily|[a-z]{3})(?:-([a-z]{3}))? +(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(part);
  if (!match) throw wrong();
  const [, first = '', last, ...clock] = match;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = clock.map(Number);
  const startMinute = fromHour * 60 + fromMinute;
  const endMinute = toHour * 60 + toMinute;
  if (fromMinute > 59 || toMinute > 59 || endMinute > MINUTES || startMinute >= endMinute) throw wrong();
  return daysOf(first, last).map(day => ({ day, startMinute, endMinute }));
}

/** `fri-mon` goes over the weekend. */
function daysOf(first: string, last: string | undefined): number[] {
  if (first === 'daily' && last === undefined) return DAYS.map((_, i) => i + 1);
  const from = DAYS.findIndex(day => day === first);
  const to = last === undefined ? from : DAYS.findIndex(day => day === last);
  if (from < 0 || to < 0) throw wrong();
  const count = ((to - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length: count }, (_, i) => ((from + i) % DAYS.length) + 1);
}

function wrong(): LockError {
  return new LockError('invalid', 'Weekly hours are written like "mon-fri 08:00-17:00, sat 10:00-12:00".', {
    reason: 'weekly',
  });
}
