// The lock's wall clock: it knows no zones, so its time is kept as if it were UTC. Source: ttlock.md 6.1, 10.

/** yy MM dd HH mm ss, each two digits as one binary byte. */
export function clockBytes(wall: number): Uint8Array {
  const date = new Date(wall);
  return Uint8Array.of(
    date.getUTCFullYear() % 100,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  );
}

/** Undefined when it is no time. */
export function wallOf(bytes: Uint8Array): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  if (bytes.length !== 6 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (year > 99 || hour > 23 || minute > 59 || second > 59) return undefined;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second);
}

/** Five date bytes as they are kept: hex text, which sorts as time does. Undefined when they are no date. */
export function dateText(bytes: Uint8Array): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = bytes;
  if (bytes.length !== 5 || year > 99 || month > 12 || day > 31 || hour > 23 || minute > 59) return undefined;
  return Buffer.from(bytes).toString('hex');
}

/** The minute that the lock's clock shows, in the form of `dateText`. */
export function minuteText(wall: number): string {
  return Buffer.from(clockBytes(wall).subarray(0, 5)).toString('hex');
}

/** 1..7, Monday..Sunday. */
export function weekday(wall: number): number {
  return ((new Date(wall).getUTCDay() + 6) % 7) + 1;
}

export function minuteOfDay(wall: number): number {
  const date = new Date(wall);
  return date.getUTCHours() * 60 + date.getUTCMinutes();
}

export function dayOfMonth(wall: number): number {
  return new Date(wall).getUTCDate();
}

export function monthOf(wall: number): number {
  return new Date(wall).getUTCMonth() + 1;
}

/** What enrolled cards and fingers are given: always. */
export const ALWAYS = { start: '0001010000', end: '630c1f173b' };
