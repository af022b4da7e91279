// People and credentials as they are kept. A PIN's value is never here: the vault has it under `valueName(id)`.
import { hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { WeeklyWindow } from '../lock/driver.ts';
import type { CodeKind } from '../lock/lock.ts';
import type { Database } from './database.ts';
import { type Row, json, optional, text, whole, word } from './rows.ts';
import { CODE_KINDS, weeklyWindows } from './shapes.ts';

export type KeptKind = 'code' | 'card' | 'finger';
/** `removing` does not hold its slot: a new value may be on its way onto the lock. */
export type KeptState = 'wanted' | 'on_lock' | 'disabled' | 'removing';

export interface KeptPerson {
  id: string;
  name: string;
}

export interface KeptAccess {
  id: string;
  lock: string;
  kind: KeptKind;
  slot: number;
  state: KeptState;
  codeKind?: CodeKind;
  /** ms since the epoch. */
  from?: number;
  until?: number;
  /** Of cards, fingerprints and codes of the kind `cyclic`. */
  weekly?: readonly WeeklyWindow[];
  person?: KeptPerson;
}

export interface AccessShelf {
  /** By kind and slot; what is leaving a slot comes after what is in it. */
  of(lock: string): KeptAccess[];
  add(entry: Omit<KeptAccess, 'id'>): KeptAccess;
  save(entry: KeptAccess): void;
  remove(id: string): void;
  people(): KeptPerson[];
  /** The person of that id or name, made when there is none. */
  person(idOrName: string): KeptPerson;
  renamePerson(id: string, name: string): void;
  removePerson(id: string): void;
  /** Several of these and of the vault's calls as one. */
  together<T>(work: () => T): T;
}

const KINDS = { code: true, card: true, finger: true } satisfies Record<KeptKind, true>;
const STATES = { wanted: true, on_lock: true, disabled: true, removing: true } satisfies Record<KeptState, true>;

/** What the vault calls the value of a credential. */
export function valueName(id: string): string {
  return `pin:${id}`;
}

export function makeAccessShelf(
  database: Database,
  { clock, random }: { clock: Clock; random: (bytes: number) => Uint8Array },
): AccessShelf {
  const values = (entry: Omit<KeptAccess, 'id'>): (string | number | null)[] => [
    entry.lock,
    entry.kind,
    entry.slot,
    entry.state,
    entry.codeKind ?? null,
    entry.from ?? null,
    entry.until ?? null,
    entry.person?.id ?? null,
    entry.weekly ? JSON.stringify(entry.weekly) : null,
    Math.round(clock.now()),
  ];
  const columns = 'lock, kind, slot, state, code_kind, valid_from, valid_until, person, weekly, changed_at';
  return {
    of: lock => database.all(OF_LOCK, lock).map(entryOf),
    add(entry) {
      const id = hex(random(8));
      database.run(
        `insert into credentials (${columns}, id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...values(entry),
        id,
      );
      return { ...entry, id };
    },
    save(entry) {
      const sql = `update credentials set (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) where id = ?`;
      database.run(sql, ...values(entry), entry.id);
    },
    remove: id => void database.run('delete from credentials where id = ?', id),
    people: () => database.all('select id, name from people order by name').map(personOf),
    person(idOrName) {
      return database.transaction(() => {
        const row = database.get(
          'select id, name from people where id = ? or name = ? order by id = ? desc',
          idOrName,
          idOrName,
          idOrName,
        );
        if (row) return personOf(row);
        const made = { id: hex(random(6)), name: idOrName };
        database.run('insert into people (id, name) values (?, ?)', made.id, made.name);
        return made;
      });
    },
    renamePerson: (id, name) => void database.run('update people set name = ? where id = ?', name, id),
    removePerson: id => void database.run('delete from people where id = ?', id),
    together: work => database.transaction(work),
  };
}

const OF_LOCK = `
  select credentials.*, people.name as person_name from credentials left join people on people.id = credentials.person
  where lock = ? order by kind, slot, state = 'removing', changed_at`;

function entryOf(row: Row): KeptAccess {
  return {
    id: text(row, 'id'),
    lock: text(row, 'lock'),
    kind: word(row, 'kind', KINDS),
    slot: whole(row, 'slot'),
    state: word(row, 'state', STATES),
    ...optional(row, 'code_kind', 'codeKind', () => word(row, 'code_kind', CODE_KINDS)),
    ...optional(row, 'valid_from', 'from', () => whole(row, 'valid_from')),
    ...optional(row, 'valid_until', 'until', () => whole(row, 'valid_until')),
    ...optional(row, 'weekly', 'weekly', () => json<WeeklyWindow[]>(row, 'weekly', weeklyWindows)),
    ...optional(row, 'person', 'person', () => ({ id: text(row, 'person'), name: text(row, 'person_name') })),
  };
}

function personOf(row: Row): KeptPerson {
  return { id: text(row, 'id'), name: text(row, 'name') };
}
