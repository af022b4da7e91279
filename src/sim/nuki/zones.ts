// The lock's local time: it counts in UTC and knows where it is. Source: nuki.md 13, appendix.
import type { Kept } from './kept.ts';

/** By timezone id. */
const NAMES: readonly string[] = [
  'Africa/Cairo',
  'Africa/Lagos',
  'Africa/Maputo',
  'Africa/Nairobi',
  'America/Anchorage',
  'America/Argentina/Buenos_Aires',
  'America/Chicago',
  'America/Denver',
  'America/Halifax',
  'America/Los_Angeles',
  'America/Manaus',
  'America/Mexico_City',
  'America/New_York',
  'America/Phoenix',
  'America/Regina',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Asia/Bangkok',
  'Asia/Dubai',
  'Asia/Hong_Kong',
  'Asia/Jerusalem',
  'Asia/Karachi',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Riyadh',
  'Asia/Seoul',
  'Asia/Shanghai',
  'Asia/Tehran',
  'Asia/Tokyo',
  'Asia/Yangon',
  'Australia/Adelaide',
  'Australia/Brisbane',
  'Australia/Darwin',
  'Australia/Hobart',
  'Australia/Perth',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Helsinki',
  'Europe/Istanbul',
  'Europe/London',
  'Europe/Moscow',
  'Pacific/Auckland',
  'Pacific/Guam',
  'Pacific/Honolulu',
  'Pacific/Pago_Pago',
];
/** No zone: the offset in minutes counts. */
const NONE = 0xffff;
const MINUTE_MS = 60_000;

export function isZone(id: number): boolean {
  return id === NONE || NAMES[id] !== undefined;
}

/** UTC -> the wall clock at the door, both in ms as if they were UTC. */
export function localWall(config: Kept['config'], utc: number): number {
  const name = NAMES[config.timezone];
  if (name === undefined) return utc + config.tzOffset * MINUTE_MS;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    dateStyle: 'short',
    timeStyle: 'medium',
    hour12: false,
  })
    .formatToParts(utc)
    .map(({ type, value }) => [type, Number(value)] as const);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = Object.fromEntries(parts);
  return Date.UTC(year, month - 1, day, hour % 24, minute, second);
}

/** Bit 6 Monday ... bit 0 Sunday. */
export function weekdayBit(wall: number): number {
  return 1 << (6 - ((new Date(wall).getUTCDay() + 6) % 7));
}

/** `HH:MM` */
export function faceOf(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}
