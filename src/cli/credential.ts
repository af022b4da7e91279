// Words and options that codes, cards and fingerprints have in common.
import type { CredentialView } from '../access/access.ts';
import { weeklyText } from '../access/weekly.ts';
import type { Zone } from '../base/zone.ts';
import { type Options, usage } from './args.ts';
import type { Io } from './io.ts';
import { dateTime, table } from './text.ts';

/** Whose it is and when it opens. */
export const termOptions = {
  person: { type: 'string', value: 'NAME', about: 'whose it is' },
  from: { type: 'string', value: 'TIME', about: 'not before, e.g. "2026-05-11 15:00", time of this machine' },
  until: { type: 'string', value: 'TIME', about: 'not after' },
} as const satisfies Options;

export interface Terms {
  person?: string;
  from?: string;
  until?: string;
}

export const weeklyOption = {
  weekly: { type: 'string', value: 'HOURS', about: 'only then, e.g. "mon-fri 08:00-17:00, sat 10:00-12:00"' },
} as const satisfies Options;

/** As the API takes them; throws `usage` for a time that is none. */
export function termsOf(
  { person, from, until }: Terms,
  zone: Zone,
): { person?: string; from?: number; until?: number } {
  return {
    ...(from === undefined ? {} : { from: momentOf('from', from, zone) }),
    ...(until === undefined ? {} : { until: momentOf('until', until, zone) }),
    ...(person === undefined ? {} : { person }),
  };
}

export function slotOf(slot: string | undefined, list: string): number {
  if (slot !== undefined && /^\d{1,5}$/.test(slot)) return Number(slot);
  throw usage(`SLOT must be a number; ${list} shows those taken.`);
}

/** Codes have a `kind` of their own. */
export function printCredentials(found: readonly CredentialView[], io: Io, { kind }: { kind: boolean }): void {
  const when = (at: number | undefined): string => (at === undefined ? '-' : dateTime(at, io.zone));
  const rows = found.map(it => [
    String(it.slot),
    stateText(it),
    ...(kind ? [it.codeKind ?? '-'] : []),
    when(it.from),
    when(it.until),
    it.weekly ? weeklyText(it.weekly) : '-',
    it.person?.name ?? '-',
  ]);
  const head = ['SLOT', 'STATE', ...(kind ? ['KIND'] : []), 'FROM', 'UNTIL', 'HOURS', 'PERSON'];
  for (const line of table(head, rows)) io.out(line);
}

export function stateText({ state, known }: CredentialView): string {
  const words = { wanted: 'waiting for the lock', on_lock: 'on the lock', disabled: 'off', removing: 'being removed' };
  return `${words[state]}${known ? '' : ' (set elsewhere)'}`;
}

/** A time of this machine as ms since the epoch. */
export function momentOf(option: string, text: string, zone: Zone): number {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  const real = new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString().startsWith(text.replace(' ', 'T'));
  if (parts.length === 5 && real) return zone.fromLocal({ year, month, day, hour, minute, second: 0 });
  throw usage(`--${option} must be a time like "2026-05-11 15:00".`);
}
