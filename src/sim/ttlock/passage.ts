// Passage mode, command 66: windows in which the lock does not relock. Source: ttlock.md 15.
import { type Answer, done, error, fromHexText, hexOf, refused } from './answer.ts';
import { dayOfMonth, minuteOfDay, monthOf, weekday } from './dates.ts';
import type { Device } from './device.ts';
import { armAutoLock } from './mechanism.ts';

const RECORD_SIZE = 7;
const CAPACITY = 20;
/** The page behind the last one. */
const LAST_PAGE = 0xff;
const WEEKLY = 1;
const MONTHLY = 2;

export function passage(device: Device, data: Uint8Array): Answer {
  const { battery } = device.kept;
  const windows = device.kept.settings.passage;
  const record = hexOf(data.subarray(1));
  switch (data[0]) {
    case 1: {
      const page = data[1] ?? 0;
      const found = windows[page];
      return found ? done(battery, 1, page + 1, fromHexText(found)) : done(battery, 1, LAST_PAGE);
    }
    case 2:
      if (!isWindow(data.subarray(1))) return refused(error.invalid);
      if (windows.length >= CAPACITY) return refused(error.noSpace);
      if (!windows.includes(record)) windows.push(record);
      break;
    case 3:
      if (!windows.includes(record)) return refused(error.noRecord);
      windows.splice(windows.indexOf(record), 1);
      break;
    case 4:
      windows.length = 0;
      break;
    default:
      return refused(error.invalid);
  }
  armAutoLock(device);
  device.changed();
  return done(battery, data[0] as number);
}

/** Whether the lock's clock stands in one of the windows. */
export function inPassage(device: Device): boolean {
  const wall = device.wall();
  return device.kept.settings.passage.some(text => {
    const [type, day = 0, month = 0, startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = fromHexText(text);
    const today = type === WEEKLY ? weekday(wall) : dayOfMonth(wall);
    if (day !== 0 && day !== today) return false;
    if (type === MONTHLY && month !== 0 && month !== monthOf(wall)) return false;
    const from = startHour * 60 + startMinute;
    const until = endHour * 60 + endMinute;
    const minute = minuteOfDay(wall);
    return (from === 0 && until === 0) || (minute >= from && minute < until);
  });
}

function isWindow(bytes: Uint8Array): boolean {
  const [type, day = 0, month = 0, startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = bytes;
  const longest = type === WEEKLY ? 7 : 31;
  if (bytes.length !== RECORD_SIZE || (type !== WEEKLY && type !== MONTHLY)) return false;
  return day <= longest && month <= 12 && startHour < 24 && endHour < 24 && startMinute < 60 && endMinute < 60;
}
