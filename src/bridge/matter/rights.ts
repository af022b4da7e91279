// Bringing a person's credentials on the lock in line with what a controller has said of that person.
import './switches.ts';
import type { CredentialView } from '../../access/access.ts';
import type { Holder, HolderHours, HolderKind, Period } from '../../access/holders.ts';
import type { WeeklyWindow } from '../../lock/driver.ts';
import type { CodeKind } from '../../lock/lock.ts';
import { type Place, askerOf, failed } from './desk.ts';
import type { From } from './happenings.ts';

/** What of a holder decides when the credentials open. */
export type Right = Pick<Holder, 'kind' | 'enabled' | 'period' | 'hours'>;

/** How a code has to be on the lock: somebody with hours but without any, or who opens from afar only, is not on it. */
export interface CodeRight {
  kind: CodeKind;
  from?: number;
  until?: number;
  enabled: boolean;
}

export function codeRight({ kind, enabled, period }: Right): CodeRight {
  if (kind === 'once') return { kind: 'once', enabled };
  if (kind === 'period') return period ? { kind: 'period', ...period, enabled } : { kind: 'permanent', enabled: false };
  return { kind: 'permanent', enabled: enabled && kind === 'always' };
}

/** Refuses before anything is changed what cannot be brought about. */
export function checkRight(right: Right, kinds: readonly CredentialView['kind'][]): void {
  const { kind, enabled } = right;
  if (kinds.includes('code') && kind === 'weekly') throw failed('This lock cannot limit codes to hours of the week.');
  if (!kinds.some(one => one !== 'code')) return;
  if (!enabled) throw failed('A card or a fingerprint cannot be switched off; remove it.');
  if (kind === 'once' || kind === 'remote')
    throw failed('Cards and fingerprints open more than once, and at the door.');
}

/** Every credential of a holder as `right` wants it; resolves when the lock has confirmed each. */
export async function applyRight(place: Place, holder: Holder, right: Right, from: From): Promise<void> {
  const views = holder.credentials.map(one => one.view);
  const kinds = views.map(view => view.kind);
  checkRight(right, kinds);
  for (const view of views) {
    if (view.kind === 'code') await applyCode(place, view, codeRight(right), from);
    else await applyToken(place, view, right, from);
  }
}

async function applyCode({ around, lock }: Place, view: CredentialView, right: CodeRight, from: From): Promise<void> {
  const { access } = around;
  const asker = askerOf(from);
  const { slot, codeKind = 'permanent' } = view;
  const sameTimes = codeKind === right.kind && view.from === right.from && view.until === right.until;
  if (!right.enabled) {
    if (view.state !== 'disabled') await access.setEnabled(lock, slot, false, asker);
  } else if (!sameTimes) await access.setTimes(lock, slot, right, asker);
  else if (view.state === 'disabled') await access.setEnabled(lock, slot, true, asker);
}

async function applyToken({ around, lock }: Place, view: CredentialView, right: Right, from: From): Promise<void> {
  if (view.kind === 'code') return;
  const weekly = windowsOf(right.hours);
  const { period } = right;
  if (right.kind !== 'always' && !period && weekly.length === 0) {
    throw failed('A card or a fingerprint needs hours or a period first; without them it would open always.');
  }
  const same = view.from === period?.from && view.until === period?.until;
  if (same && JSON.stringify(view.weekly ?? []) === JSON.stringify(weekly)) return;
  const person = view.person?.id;
  const request = { ...period, ...(weekly.length > 0 && { weekly }), ...(person !== undefined && { person }) };
  await around.tokens.setValidity(lock, view.kind, view.slot, request, askerOf(from));
}

export function windowsOf(hours: readonly HolderHours[]): WeeklyWindow[] {
  return hours.flatMap(({ days, startMinute, endMinute }) => days.map(day => ({ day, startMinute, endMinute })));
}

/** What a person becomes by being given, or losing, a period or hours. */
export function restricted(
  holder: Holder,
  change: { period?: Period | undefined; hours?: readonly HolderHours[] },
): Right {
  const period = 'period' in change ? change.period : holder.period;
  const hours = change.hours ?? holder.hours;
  const kind: HolderKind = hours.length > 0 || holder.kind === 'weekly' ? 'weekly' : 'period';
  return { kind, enabled: holder.enabled, ...(period && { period }), hours };
}
