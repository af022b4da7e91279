// Words and columns for people.
import { shown } from '../base/log.ts';
import type { Zone } from '../base/zone.ts';
import type { LockState, LockView } from '../lock/lock.ts';

/** Rows below a head, columns as wide as they need to be. Text from outside is made safe to show. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map(row => row.map(cell => shown(cell, 120)));
  const widths = head.map((_, i) => Math.max(...all.map(row => row[i]?.length ?? 0)));
  return all.map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** 2026-05-11 14:23:07 */
export function dateTime(at: number, zone: Zone): string {
  const { year, month, day } = zone.toLocal(at);
  return `${year}-${two(month)}-${two(day)} ${time(at, zone)}`;
}

/** 14:23:07 */
export function time(at: number, zone: Zone): string {
  const { hour, minute, second } = zone.toLocal(at);
  return [hour, minute, second].map(two).join(':');
}

/** "locked", "unlocked (not sure: from before a restart)" */
export function stateText({ bolt, door, trust }: LockState): string {
  const parts = [bolt === 'unknown' ? 'not known' : bolt, ...(door ? [`door ${door}`] : [])];
  return `${parts.join(', ')}${trust === 'guessed' && bolt !== 'unknown' ? ' (not sure: from before a restart)' : ''}`;
}

/** What a lock is to us, for a table. */
export function stageText({ lifecycle, generation }: LockView): string {
  if (lifecycle === 'factory') return generation === 0 ? 'never paired' : 'not paired';
  return (
    { managed: 'paired', provisioning: 'being paired', suspended: 'in a flow', retired: 'out of use' }[
      lifecycle as string
    ] ?? lifecycle
  );
}

export function batteryText({ battery }: LockState): string {
  return battery === undefined ? '-' : `${battery} %`;
}

export function modelText({ facts, family }: LockView): string {
  return facts.model ?? family;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
