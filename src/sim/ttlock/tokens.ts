// What cards and fingerprints have in common: kept by id, valid for a time, enrolled by a person. Source: ttlock.md 12, 13.
import { dateText, minuteOfDay, minuteText, weekday } from './dates.ts';
import type { Device } from './device.ts';
import type { KeptToken } from './kept.ts';
import { error, refused } from './answer.ts';
import type { Enrolment } from './session.ts';
import { say } from './voice.ts';

/** start(5) · end(5), or undefined. */
export function datesOf(bytes: Uint8Array): Pick<KeptToken, 'start' | 'end'> | undefined {
  const start = dateText(bytes.subarray(0, 5));
  const end = dateText(bytes.subarray(5));
  return start !== undefined && end !== undefined && end >= start ? { start, end } : undefined;
}

/** Whether it opens at this minute of the lock's clock. */
export function isValid(device: Device, token: KeptToken): boolean {
  const wall = device.wall();
  const now = minuteText(wall);
  if (now < token.start || now > token.end) return false;
  if (token.weekly.length === 0) return true;
  const minute = minuteOfDay(wall);
  return token.weekly.some(({ day, from, until }) => day === weekday(wall) && minute >= from && minute <= until);
}

/** Starts to wait for a person; what was waited for before is over. */
export function beginEnrolment(device: Device, kind: Enrolment['kind'], withinMs: number): void {
  const { session } = device;
  if (!session) return;
  session.enrolment?.stopTimer();
  session.enrolment = { kind, presses: 0, stopTimer: enrolmentTimer(device, kind, withinMs) };
  session.stopIdle();
}

/** Nobody came: the enrolment fails aloud. */
export function enrolmentTimer(device: Device, kind: Enrolment['kind'], withinMs: number): () => void {
  const { session } = device;
  return device.after(withinMs, () => {
    if (!session || device.session !== session) return;
    endEnrolment(device);
    say(device, kind === 'card' ? 0x05 : 0x06, refused(error.failed));
  });
}

export function endEnrolment(device: Device): void {
  device.session?.enrolment?.stopTimer();
  if (device.session) device.session.enrolment = undefined;
  device.antenna.heard();
}
