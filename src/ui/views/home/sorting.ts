// Which locks the home view shows, and in which groups. Pure.
import type { LockView } from '../../api.d.ts';
import { isNew } from '../../text/lock-words.ts';

export type Filter = 'all' | 'open' | 'trouble' | 'battery';
export const FILTERS: readonly (readonly [Filter, string])[] = [
  ['all', 'All'],
  ['open', 'Not locked'],
  ['trouble', 'With trouble'],
  ['battery', 'Low battery'],
];

export interface Group {
  unit: string;
  name: string;
  locks: readonly LockView[];
}

/** Units in the order of their names, numbers as numbers; locks within them likewise. */
export function groupsOf(locks: Iterable<LockView>, wanted: { text: string; filter: Filter }): Group[] {
  const words = wanted.text
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  const groups = new Map<string, { unit: string; name: string; locks: LockView[] }>();
  for (const lock of locks) {
    if (!passes(lock, wanted.filter) || !words.every(word => textOf(lock).includes(word))) continue;
    const group = groups.get(lock.unit.id) ?? { unit: lock.unit.id, name: lock.unit.name, locks: [] };
    group.locks.push(lock);
    groups.set(lock.unit.id, group);
  }
  for (const group of groups.values()) group.locks.sort((a, b) => compare(a.name, b.name));
  return [...groups.values()].toSorted((a, b) => compare(a.name, b.name));
}

/** The first so many locks, in their groups. */
export function firstOf(groups: readonly Group[], most: number): Group[] {
  let room = most;
  return groups.flatMap(group => {
    const locks = group.locks.slice(0, Math.max(0, room));
    room -= locks.length;
    return locks.length === 0 ? [] : [{ ...group, locks }];
  });
}

function passes(lock: LockView, filter: Filter): boolean {
  if (filter === 'open') return !['locked', 'locking'].includes(lock.state.bolt);
  if (filter === 'battery') return lock.state.battery !== undefined && lock.state.battery <= 20;
  if (filter === 'trouble')
    return lock.trouble !== undefined || (lock.lifecycle !== 'managed' && !isNew(lock)) || lock.state.bolt === 'jammed';
  return true;
}

function textOf({ name, unit, facts }: LockView): string {
  return `${name} ${name.replaceAll(/[_-]/g, ' ')} ${unit.name} ${facts.model ?? ''}`.toLowerCase();
}

const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
