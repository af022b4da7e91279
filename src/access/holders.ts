// The people of a lock as numbered users: a view of its credentials. Kept are only the numbers, whose is what, and users that
// have no credential yet; codes, times and whether they are on the lock are access's.
import type { MatterNotes } from '../lock/matter-port.ts';
import type { Access, CredentialView } from './access.ts';

/** When somebody may open. `remote`: never at the keypad, only by somebody who types the code into a controller. */
export type HolderKind = 'always' | 'once' | 'period' | 'weekly' | 'remote';

export interface HeldCredential {
  view: CredentialView;
  /** Numbers of controllers; 0: one that has left. Absent: no controller did it. */
  creator?: number;
  modifier?: number;
}
/** `days` 1..7 is Monday..Sunday; minutes since midnight. */
export interface HolderHours {
  index: number;
  days: readonly number[];
  startMinute: number;
  endMinute: number;
}
/** ms since the epoch. */
export interface Period {
  from: number;
  until: number;
}

export interface Holder {
  index: number;
  name: string;
  uniqueId?: number;
  kind: HolderKind;
  enabled: boolean;
  creator?: number;
  modifier?: number;
  credentials: readonly HeldCredential[];
  period?: Period;
  hours: readonly HolderHours[];
}

type Kind = CredentialView['kind'];
interface Mark {
  kind: Kind;
  slot: number;
  creator?: number;
  modifier?: number;
}
/** What somebody said of a user; the rest follows from the credentials. */
export interface Said {
  name?: string;
  uniqueId?: number;
  kind?: HolderKind;
  enabled?: boolean;
  period?: Period | undefined;
  hours?: readonly HolderHours[];
}
interface Kept extends Said {
  index: number;
  creator?: number;
  modifier?: number;
  /** Made without a credential: stays until it is cleared or has had one. */
  alone?: boolean;
  marks: readonly Mark[];
}

export class Holders {
  readonly #access: Pick<Access, 'credentials'>;
  readonly #notes: MatterNotes;

  constructor(access: Pick<Access, 'credentials'>, notes: MatterNotes) {
    this.#access = access;
    this.#notes = notes;
  }

  /** In the order of their numbers. What came onto the lock by another way gets a number at the first look. */
  all(lock: string, kinds: readonly Kind[]): Holder[] {
    const credentials = this.#access.credentials(lock).filter(one => kinds.includes(one.kind));
    const before = this.#read(lock);
    const kept = numbered(before, credentials);
    if (JSON.stringify(kept) !== JSON.stringify(before)) this.#write(lock, kept);
    return kept.map(one => holderOf(one, credentials)).toSorted((a, b) => a.index - b.index);
  }

  /** Makes a user, or says more of one. `by`: the controller; absent, it was somebody else. */
  say(lock: string, index: number, said: Said, by?: number): void {
    const kept = this.#read(lock);
    const old = kept.find(one => one.index === index);
    const made: Kept = { index, marks: [], alone: true, ...(by !== undefined && { creator: by }) };
    const { modifier: _, ...base } = old ?? made;
    const next: Kept = { ...base, ...said, ...(by !== undefined && { modifier: by }) };
    this.#write(lock, [...kept.filter(one => one !== old), next]);
  }

  /** The credential in that slot is this user's from now on. */
  give(lock: string, index: number, { kind, slot }: Pick<Mark, 'kind' | 'slot'>, by?: number): void {
    const kept = this.#read(lock);
    const before = kept.flatMap(one => one.marks).find(mark => mark.kind === kind && mark.slot === slot);
    const creator = before?.creator ?? by;
    const mark = { kind, slot, ...(creator !== undefined && { creator }), ...(by !== undefined && { modifier: by }) };
    const others = kept.map(one => ({ ...one, marks: one.marks.filter(each => each !== before) }));
    const owner = others.find(one => one.index === index) ?? { index, marks: [] };
    const next = { ...owner, marks: [...owner.marks, mark] };
    this.#write(lock, [...others.filter(one => one.index !== index), next]);
  }

  /** Without its credentials: those are taken off the lock first. */
  drop(lock: string, index: number): void {
    this.#write(
      lock,
      this.#read(lock).filter(one => one.index !== index),
    );
  }

  /** A controller has left; its number may be another one's soon. */
  left(lock: string, fabric: number): void {
    const gone = <T extends { creator?: number; modifier?: number }>(one: T): T => ({
      ...one,
      ...(one.creator === fabric && { creator: 0 }),
      ...(one.modifier === fabric && { modifier: 0 }),
    });
    this.#write(
      lock,
      this.#read(lock).map(one => ({ ...gone(one), marks: one.marks.map(gone) })),
    );
  }

  forgetLock(lock: string): void {
    this.#notes.remove(noteOf(lock));
  }

  #read(lock: string): readonly Kept[] {
    const kept = this.#notes.get(noteOf(lock));
    return Array.isArray(kept) ? (kept as unknown[]).filter(isKept) : [];
  }

  #write(lock: string, kept: readonly Kept[]): void {
    const sorted = kept.toSorted((a, b) => a.index - b.index);
    this.#notes.set(noteOf(lock), JSON.parse(JSON.stringify(sorted)));
  }
}

/** Every credential with a user, no user without a reason. */
function numbered(before: readonly Kept[], credentials: readonly CredentialView[]): Kept[] {
  const kept = before.flatMap(one => {
    const marks = one.marks.filter(mark => credentials.some(view => isOf(mark, view)));
    const { alone, ...rest } = one;
    if (marks.length > 0) return [{ ...rest, marks }];
    return alone === true ? [{ ...rest, alone: true, marks }] : [];
  });
  for (const view of credentials) {
    if (kept.some(one => one.marks.some(mark => isOf(mark, view)))) continue;
    const mark = { kind: view.kind, slot: view.slot };
    const same = view.person && kept.find(one => ownerIs(one, view.person?.id, credentials));
    if (same) same.marks = [...same.marks, mark];
    else kept.push({ index: freeIndex(kept, view), marks: [mark] });
  }
  return kept;
}

/** A code's user has its slot's number where that is free: so the two ways of counting agree for most people. */
function freeIndex(kept: readonly Kept[], { kind, slot }: CredentialView): number {
  const taken = new Set(kept.map(one => one.index));
  if (kind === 'code' && !taken.has(slot)) return slot;
  let index = 1;
  while (taken.has(index)) index += 1;
  return index;
}

function ownerIs({ marks }: Kept, person: string | undefined, credentials: readonly CredentialView[]): boolean {
  return credentials.some(view => view.person?.id === person && marks.some(mark => isOf(mark, view)));
}

function isOf(mark: Mark, view: CredentialView): boolean {
  return mark.kind === view.kind && mark.slot === view.slot;
}

function holderOf(kept: Kept, credentials: readonly CredentialView[]): Holder {
  const { index, uniqueId, creator, modifier } = kept;
  const held = kept.marks.flatMap(({ creator: made, modifier: changed, ...mark }) => {
    const view = credentials.find(one => isOf(mark, one));
    const by = { ...(made !== undefined && { creator: made }), ...(changed !== undefined && { modifier: changed }) };
    return view ? [{ view, ...by }] : [];
  });
  const views = held.map(one => one.view);
  const kind = kindOf(kept, views);
  const period = periodOf(kept, views);
  return {
    index,
    name: kept.name ?? views.find(view => view.person)?.person?.name ?? '',
    ...(uniqueId !== undefined && { uniqueId }),
    kind,
    enabled: isEnabled(kept, { kind, period, views }),
    ...(creator !== undefined && { creator }),
    ...(modifier !== undefined && { modifier }),
    credentials: held,
    ...(period && { period }),
    hours: hoursOf(kept, views),
  };
}

function kindOf({ kind }: Kept, views: readonly CredentialView[]): HolderKind {
  const code = views.find(view => view.kind === 'code');
  // Somebody put the code onto the keypad by another way.
  const stillRemote = kind === 'remote' && (!code || code.state === 'disabled');
  if (stillRemote || kind === 'period' || kind === 'weekly') return kind;
  if (views.some(view => view.weekly && view.weekly.length > 0)) return 'weekly';
  if (views.some(view => view.until !== undefined)) return 'period';
  if (views.length === 0) return kind ?? 'always';
  return code?.codeKind === 'once' ? 'once' : 'always';
}

/** Where a credential is in force, its times count; where none is, what was asked for. */
function periodOf({ kind, period }: Kept, views: readonly CredentialView[]): Period | undefined {
  const inForce = views.filter(view => view.state !== 'disabled');
  const limited = (inForce.length > 0 || kind !== undefined ? inForce : views).find(view => view.until !== undefined);
  if (limited?.until !== undefined) return { from: limited.from ?? 0, until: limited.until };
  return inForce.length > 0 ? undefined : period;
}

function isEnabled(
  { enabled }: Kept,
  { kind, period, views }: { kind: HolderKind; period: Period | undefined; views: readonly CredentialView[] },
): boolean {
  const codes = views.filter(view => view.kind === 'code');
  if (codes.length === 0 || kind === 'remote' || (kind === 'period' && !period)) return enabled ?? true;
  return codes.some(view => view.state !== 'disabled');
}

/** What was asked for, as far as the lock has it, and what it has beside. */
function hoursOf({ hours = [] }: Kept, views: readonly CredentialView[]): readonly HolderHours[] {
  const tokens = views.filter(view => view.kind !== 'code' || view.weekly);
  if (tokens.length === 0) return hours;
  const windows = tokens[0]?.weekly ?? [];
  const key = (startMinute: number, endMinute: number): string => `${startMinute} ${endMinute}`;
  const has = (day: number, hour: HolderHours): boolean =>
    windows.some(w => w.day === day && key(w.startMinute, w.endMinute) === key(hour.startMinute, hour.endMinute));
  const standing = hours.filter(hour => hour.days.every(day => has(day, hour)));
  const covered = (w: (typeof windows)[number]): boolean =>
    standing.some(h => h.days.includes(w.day) && key(h.startMinute, h.endMinute) === key(w.startMinute, w.endMinute));
  const found: HolderHours[] = [...standing];
  for (const window of windows.filter(one => !covered(one))) {
    const { day, startMinute, endMinute } = window;
    const same = found.find(
      h => !standing.includes(h) && key(h.startMinute, h.endMinute) === key(startMinute, endMinute),
    );
    if (same) found[found.indexOf(same)] = { ...same, days: [...same.days, day] };
    else found.push({ index: nextIndex(found), days: [day], startMinute, endMinute });
  }
  return found;
}

function nextIndex(hours: readonly HolderHours[]): number {
  let index = 1;
  while (hours.some(hour => hour.index === index)) index += 1;
  return index;
}

function noteOf(lock: string): string {
  return `matter.users.${lock}`;
}

function isKept(value: unknown): value is Kept {
  const { index, marks } = (value ?? {}) as { index?: unknown; marks?: unknown };
  return Number.isInteger(index) && Array.isArray(marks);
}
