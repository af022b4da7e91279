// The locks as they are kept: one row a lock, endpoint numbers that are never given twice, and the units they are in.
import { hex } from '../base/bytes.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Abilities, LockState, SessionStats, Unit } from '../lock/lock.ts';
import type { LockRecord, LockShelf } from '../lock/ports.ts';
import type { Database } from './database.ts';
import { type Row, json, optional, text, whole, word } from './rows.ts';
import { ADDRESS_TYPES, LIFECYCLES, abilities, facts, settings, state, stats } from './shapes.ts';
import type { Value } from './sqlite.ts';

/** Endpoint 0 is Matter's root, 1 its aggregator. */
const FIRST_ENDPOINT = 2;
const NEXT_ENDPOINT = 'next_endpoint';

/** A row that cannot be read: left as it is on the disk, and shown instead of the lock. */
export interface DamagedLock {
  id: string;
  name: string;
  text: string;
}

export interface KeptLocks extends LockShelf {
  /** Locks that `all` had to leave out. */
  damaged(): DamagedLock[];
}

const SELECT = `select locks.*, units.name as unit_name from locks join units on units.id = locks.unit`;
const COLUMNS =
  `name, unit, family, address, address_type, hardware, endpoint, lifecycle, generation, prepared, settings, facts, abilities, ` +
  `last_state, stats, log_cursor, added_at`;
const MARKS = COLUMNS.split(',')
  .map(() => '?')
  .join(', ');
const INSERT = `insert into locks (${COLUMNS}, id) values (${MARKS}, ?)`;
const UPDATE = `update locks set (${COLUMNS}) = (${MARKS}) where id = ?`;

export function makeLockShelf(database: Database, random: (bytes: number) => Uint8Array, log: Log): KeptLocks {
  const shelf = new LockRows(database, random);
  const read = (): { good: LockRecord[]; bad: DamagedLock[] } => {
    const good: LockRecord[] = [];
    const bad: DamagedLock[] = [];
    for (const row of database.all(`${SELECT} order by endpoint`)) {
      try {
        good.push(recordOf(row));
      } catch (thrown) {
        bad.push(damagedLock(row, thrown));
      }
    }
    return { good, bad };
  };
  return {
    all() {
      const { good, bad } = read();
      for (const lock of bad) log.error({ lock: lock.id }, lock.text);
      return good;
    },
    damaged: () => read().bad,
    add: record => shelf.add(record),
    save: record => shelf.save(record),
    note: record => database.relaxed(() => shelf.save(record)),
    remove: id => shelf.remove(id),
    units: () => database.all('select id, name from units order by name').map(unitOf),
    unit: name => shelf.unit(name),
  };
}

class LockRows {
  readonly #database: Database;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(database: Database, random: (bytes: number) => Uint8Array) {
    this.#database = database;
    this.#random = random;
  }

  add(record: Omit<LockRecord, 'endpoint'>): LockRecord {
    return this.#database.transaction(() => {
      this.#refuseTaken(record.id, record.name);
      if (this.#database.get('select 1 from locks where id = ?', record.id)) {
        throw new LockError('invalid', `There is a lock with the id ${record.id} already.`, { reason: 'id_taken' });
      }
      this.#keepUnit(record.unit);
      const kept = { ...record, endpoint: this.#nextEndpoint() };
      this.#database.run(INSERT, ...valuesOf(kept));
      return kept;
    });
  }

  save(record: LockRecord): void {
    this.#database.transaction(() => {
      this.#refuseTaken(record.id, record.name);
      const before = this.#database.get('select unit from locks where id = ?', record.id);
      if (!before) throw new LockError('not_found', `There is no lock with the id ${record.id} on the disk any more.`);
      this.#keepUnit(record.unit);
      this.#database.run(UPDATE, ...valuesOf(record));
      if (before['unit'] !== record.unit.id) this.#dropEmptyUnit(text(before, 'unit'));
    });
  }

  remove(id: string): void {
    this.#database.transaction(() => {
      const row = this.#database.get('select unit, endpoint, lifecycle, generation from locks where id = ?', id);
      if (!row) return;
      // The values of its codes go with their rows, which the reference deletes.
      this.#database.run(`delete from secrets where name in (select 'pin:' || id from credentials where lock = ?)`, id);
      this.#database.run('delete from locks where id = ?', id);
      this.#dropEmptyUnit(text(row, 'unit'));
      // A pairing that came to nothing: nobody has been told of this number.
      const unseen = text(row, 'lifecycle') === 'provisioning' && whole(row, 'generation') === 0;
      if (unseen) this.#giveBack(whole(row, 'endpoint'));
    });
  }

  unit(name: string): Unit {
    return this.#database.transaction(() => {
      const row = this.#database.get('select id, name from units where name = ?', name);
      if (row) return unitOf(row);
      const unit = { id: hex(this.#random(6)), name };
      this.#keepUnit(unit);
      return unit;
    });
  }

  #refuseTaken(id: string, name: string): void {
    if (!this.#database.get('select 1 from locks where name = ? and id <> ?', name, id)) return;
    throw new LockError('invalid', `There is a lock named "${name}" already; choose another name.`, {
      reason: 'name_taken',
    });
  }

  #keepUnit({ id, name }: Unit): void {
    const other = this.#database.get('select 1 from units where name = ? and id <> ?', name, id);
    if (other) throw new LockError('invalid', `There is a unit named "${name}" already.`, { reason: 'name_taken' });
    this.#database.run(
      'insert into units (id, name) values (?, ?) on conflict (id) do update set name = excluded.name',
      id,
      name,
    );
  }

  /** A unit that was made by its lock goes with its last lock. */
  #dropEmptyUnit(id: string): void {
    this.#database.run('delete from units where id = ? and not exists (select 1 from locks where unit = units.id)', id);
  }

  /** Only the last one that was given can be given again. */
  #giveBack(endpoint: number): void {
    const [last, next] = [String(endpoint), String(endpoint + 1)];
    this.#database.run('update meta set value = ? where name = ? and value = ?', last, NEXT_ENDPOINT, next);
  }

  #nextEndpoint(): number {
    const row = this.#database.get('select value from meta where name = ?', NEXT_ENDPOINT);
    const next = row ? Number(text(row, 'value')) : FIRST_ENDPOINT;
    this.#database.run('insert or replace into meta (name, value) values (?, ?)', NEXT_ENDPOINT, String(next + 1));
    return next;
  }
}

function valuesOf(record: LockRecord): Value[] {
  const packed = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return [
    record.name,
    record.unit.id,
    record.family,
    record.address,
    record.addressType,
    record.hardware,
    record.endpoint,
    record.lifecycle,
    record.generation,
    record.prepared ? 1 : 0,
    JSON.stringify(record.settings),
    JSON.stringify(record.facts),
    packed(record.abilities),
    packed(record.lastState),
    packed(record.stats),
    record.logCursor ?? null,
    Math.round(record.addedAt),
    record.id,
  ];
}

function recordOf(row: Row): LockRecord {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    unit: { id: text(row, 'unit'), name: text(row, 'unit_name') },
    family: text(row, 'family'),
    address: text(row, 'address'),
    addressType: word(row, 'address_type', ADDRESS_TYPES),
    hardware: text(row, 'hardware'),
    endpoint: whole(row, 'endpoint'),
    lifecycle: word(row, 'lifecycle', LIFECYCLES),
    generation: whole(row, 'generation'),
    ...(whole(row, 'prepared') === 1 && { prepared: true }),
    settings: json(row, 'settings', settings),
    facts: json(row, 'facts', facts),
    ...optional(row, 'abilities', 'abilities', () => json<Abilities>(row, 'abilities', abilities)),
    ...optional(row, 'last_state', 'lastState', () => json<LockState>(row, 'last_state', state)),
    ...optional(row, 'stats', 'stats', () => json<SessionStats>(row, 'stats', stats)),
    ...optional(row, 'log_cursor', 'logCursor', () => whole(row, 'log_cursor')),
    addedAt: whole(row, 'added_at'),
  };
}

function damagedLock(row: Row, thrown: unknown): DamagedLock {
  const id = String(row['id']);
  const name = String(row['name']);
  const what = `The record of the lock "${name}" (${id}) is damaged, so it cannot be used.`;
  return { id, name, text: `${what} ${textOf(thrown)} Its keys are safe. Go back to a backup, or pair it again.` };
}

function unitOf(row: Row): Unit {
  return { id: text(row, 'id'), name: text(row, 'name') };
}
