// Codes, cards and fingerprints in words, and what the forms about them send. Pure.
import type { CredentialView, WeeklyWindow } from '../../api.d.ts';
import { minuteOf, minuteText, momentText } from '../../text/time.ts';

export type Kind = CredentialView['kind'];

export const KIND_WORDS: Readonly<Record<Kind, { one: string; many: string; icon: 'code' | 'card' | 'finger' }>> = {
  code: { one: 'Code', many: 'Codes', icon: 'code' },
  card: { one: 'Card', many: 'Cards', icon: 'card' },
  finger: { one: 'Fingerprint', many: 'Fingerprints', icon: 'finger' },
};

export const STATE_LOOKS: Readonly<Record<CredentialView['state'], { word: string; tone: 'good' | 'warn' | 'plain' }>> =
  {
    on_lock: { word: 'On the lock', tone: 'good' },
    wanted: { word: 'Not on the lock yet', tone: 'warn' },
    disabled: { word: 'Switched off', tone: 'plain' },
    removing: { word: 'Being removed', tone: 'warn' },
  };

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export function titleOf({ kind, slot, person, known }: CredentialView): string {
  if (person) return person.name;
  const word = KIND_WORDS[kind].one;
  return known || kind !== 'code' ? `${word} ${slot}` : `${word} ${slot}, set by somebody else`;
}

/** When it opens. */
export function timesText({ codeKind, from, until, weekly }: Omit<CredentialView, 'id'>): string {
  const parts: string[] = [];
  if (codeKind === 'once') parts.push('Opens once');
  if (from !== undefined && until !== undefined) parts.push(`${momentText(from)} to ${momentText(until)}`);
  else if (from !== undefined) parts.push(`From ${momentText(from)}`);
  else if (until !== undefined) parts.push(`Until ${momentText(until)}`);
  if (weekly && weekly.length > 0) parts.push(weekText(weekly));
  return parts.length === 0 ? 'Always' : parts.join(', ');
}

/** Days with the same hours stand together: "Tue, Fri 09:00–12:00". */
function weekText(windows: readonly WeeklyWindow[]): string {
  const byHours = new Map<string, string[]>();
  for (const { day, startMinute, endMinute } of windows) {
    const hours = `${minuteText(startMinute)}–${minuteText(endMinute)}`;
    byHours.set(hours, [...(byHours.get(hours) ?? []), (DAYS[day - 1] ?? '').slice(0, 3)]);
  }
  return [...byHours]
    .map(([hours, days]) => `${days.length === 7 ? 'every day' : days.join(', ')} ${hours}`)
    .join('; ');
}

/** The first slot that nobody has, from 1 up. */
export function freeSlot(taken: readonly CredentialView[], capacity: number): number | undefined {
  const slots = new Set(taken.map(({ slot }) => slot));
  for (let slot = 1; slot <= capacity; slot += 1) if (!slots.has(slot)) return slot;
  return undefined;
}

type Fields = Readonly<Record<string, string>>;

export interface Terms {
  person?: string;
  from?: number;
  until?: number;
  weekly?: WeeklyWindow[];
}

/** What a form's fields mean; `problem` is for people. */
export function termsOf(fields: Fields): { terms: Terms } | { problem: string } {
  const from = momentIn(fields['from']);
  const until = momentIn(fields['until']);
  if (from !== undefined && until !== undefined && from >= until)
    return { problem: 'The end is before the beginning. Look at the two times again.' };
  const weekly = weeklyOf(fields);
  if (weekly === undefined) return { problem: 'The hours of the week need a beginning before their end.' };
  const person = (fields['person'] ?? '').trim();
  return {
    terms: {
      ...(person === '' ? {} : { person }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(weekly.length === 0 ? {} : { weekly }),
    },
  };
}

/** Fields `day-1` to `day-7`, `hours-from` and `hours-until`. */
function weeklyOf(fields: Fields): WeeklyWindow[] | undefined {
  const days = DAYS.map((_name, index) => index + 1).filter(day => fields[`day-${day}`] !== undefined);
  if (days.length === 0) return [];
  const startMinute = minuteOf(fields['hours-from'] ?? '') ?? 0;
  const endMinute = minuteOf(fields['hours-until'] ?? '') ?? 24 * 60;
  if (startMinute >= endMinute) return undefined;
  return days.map(day => ({ day, startMinute, endMinute }));
}

function momentIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? at : undefined;
}
