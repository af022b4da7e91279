// What a lock does by itself at times of day: in words, and as a form sends it. Pure.
import type { Timer } from '../../api.d.ts';
import { minuteOf, minuteText } from '../../text/time.ts';
import { DAYS } from './credentials.ts';

export function timerText({ action, days, minute }: Pick<Timer, 'action' | 'days' | 'minute'>): string {
  const words = action.replaceAll('_', ' ');
  const when = days.length === 7 ? 'every day' : days.map(day => (DAYS[day - 1] ?? '').slice(0, 3)).join(', ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} at ${minuteText(minute)}, ${when}`;
}

/** Undefined without a time or a day. */
export function timerOf(fields: Readonly<Record<string, string>>): Omit<Timer, 'id'> | undefined {
  const minute = minuteOf(fields['at'] ?? '');
  const days = DAYS.map((_name, index) => index + 1).filter(day => fields[`day-${day}`] !== undefined);
  if (minute === undefined || minute === 24 * 60 || days.length === 0) return undefined;
  return { action: fields['action'] ?? 'lock', days, minute, enabled: fields['enabled'] !== undefined };
}
