// The open database: short synchronous statements, transactions, and errors in plain words.
import { LockError } from '../base/errors.ts';
import { diskError } from './disk-errors.ts';
import type { Row } from './rows.ts';
import { type Connection, DatabaseSync, type Statement, type Value, backup } from './sqlite.ts';

/** Long enough for somebody's sqlite3 shell to finish a read; every wait stops the whole program. */
const BUSY_MS = 1000;
/** What the write-ahead log may keep on the disk after a burst. */
const LOG_BYTES = 4 * 1024 * 1024;

const SETTINGS = `
  pragma busy_timeout = ${BUSY_MS};
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma secure_delete = on;
  pragma trusted_schema = off;
  pragma cell_size_check = on;
  pragma journal_size_limit = ${LOG_BYTES};
`;

/**
 * Everything that is written is on the disk when the call returns, except inside `relaxed`. What failed to be synced was
 * not taken into the log's index: SQLite writes those pages again with the next change, so nothing is believed written
 * that only the kernel's memory ever held.
 */
export class Database {
  readonly path: string;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  #depth = 0;

  /** `path` may be `:memory:`. */
  constructor(path: string) {
    this.path = path;
    this.#connection = connect(path);
  }

  get inMemory(): boolean {
    return this.path === ':memory:';
  }

  /** Gives the number of rows that changed. */
  run(sql: string, ...values: Value[]): number {
    return this.#do(() => Number(this.#prepared(sql).run(...values).changes));
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#do(() => this.#prepared(sql).get(...values) as Row | undefined);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#do(() => this.#prepared(sql).all(...values) as Row[]);
  }

  /** Several statements without values, for migrations. */
  exec(sql: string): void {
    this.#do(() => this.#connection.exec(sql));
  }

  /** All or nothing; inside another transaction it is part of that one. The work must not wait for anything. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec('begin immediate');
    this.#depth = 1;
    try {
      const value = work();
      this.exec('commit');
      return value;
    } catch (thrown) {
      if (this.#connection.isOpen && this.#connection.isTransaction) this.#connection.exec('rollback');
      throw thrown;
    } finally {
      this.#depth = 0;
    }
  }

  /** For what a power cut may take: survives a killed process, costs no sync. Order with synced writes is kept. */
  relaxed<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec('pragma synchronous = normal');
    try {
      return this.transaction(work);
    } finally {
      this.exec('pragma synchronous = full');
    }
  }

  /** What SQLite finds wrong, or undefined. */
  integrity(): string | undefined {
    const found = this.all('pragma integrity_check(3)').map(row => String(Object.values(row)[0]));
    return found.length === 1 && found[0] === 'ok' ? undefined : found.join('; ');
  }

  /** A whole copy at once, for before a migration. `path` must not exist. */
  copyTo(path: string): void {
    this.run('vacuum into ?', path);
  }

  /** A whole copy while others go on writing. */
  async backupTo(path: string): Promise<void> {
    try {
      await backup(this.#connection, path);
    } catch (thrown) {
      throw diskError(thrown, 'make a backup');
    }
  }

  /**
   * Leaves everything in the one file. The drop-in keeps a closed connection until its statements are collected, so
   * that SQLite's own tidying at the last close may not come.
   */
  close(): void {
    this.#statements.clear();
    if (!this.#connection.isOpen) return;
    try {
      this.#connection.exec('pragma wal_checkpoint(truncate)');
    } catch {
      // A full or failing disk: the write-ahead log still has everything, and the next start reads it.
    } finally {
      this.#connection.close();
    }
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #do<T>(work: () => T): T {
    // A full disk makes SQLite roll back by itself; going on would save the rest of the work without its beginning.
    if (this.#depth > 0 && !this.#connection.isTransaction) {
      throw new LockError('disk', 'Could not save: an earlier part of the same change failed.', {
        reason: 'disk_full',
      });
    }
    try {
      return work();
    } catch (thrown) {
      throw diskError(thrown, 'save or read data');
    }
  }
}

function connect(path: string): Connection {
  let connection: Connection | undefined;
  try {
    connection = new DatabaseSync(path);
    connection.exec(SETTINGS);
    return connection;
  } catch (thrown) {
    connection?.close();
    throw diskError(thrown, 'open the database');
  }
}
