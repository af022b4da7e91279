// Opening the database: one process, a whole file, the right format. Nothing is ever made anew over something damaged.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LockError, textOf } from '../base/errors.ts';
import { given } from '../base/given.ts';
import type { Log } from '../base/log.ts';
import { LIVE, advice, beforePath, dropOldCopies, goodCopies, restoreWhenMissing } from './copies.ts';
import { Database } from './database.ts';
import { diskError, isDamaged } from './disk-errors.ts';
import { holdFolder, moveWhole, prepareFolder, present, touchPrivate } from './folder.ts';
import { restoreWhenWanted } from './restore.ts';
import { whole } from './rows.ts';
import { APPLICATION_ID, MIGRATIONS, type Migration } from './schema.ts';

export interface Opened {
  database: Database;
  /** The copy that the database was restored from at this start. */
  restoredFrom?: string;
  /** It is a backup that somebody chose to go back to, and the audit does not say so yet. */
  wentBack?: true;
  /** Closes the database and lets others use the folder. */
  close(): void;
}

/**
 * Throws `busy` when another process has the folder, and `disk` when the database is damaged, lost or from a newer
 * program; the text says what to do. `keyFile` is what proves that there was a database once.
 */
export function openDatabase(
  folder: string,
  log: Log,
  more: { migrations?: readonly Migration[]; keyFile?: string } = {},
): Opened {
  prepareFolder(folder, LIVE, log);
  const release = holdFolder(folder);
  let database: Database | undefined;
  try {
    const wentBack = restoreWhenWanted(folder, log);
    const restoredFrom = restoreWhenMissing(folder, log);
    const path = join(folder, LIVE);
    if (!present(path)) refuseLost(folder, more.keyFile);
    touchPrivate(path);
    const opened = (database = openWhole(path, folder));
    migrate(opened, folder, more.migrations ?? MIGRATIONS);
    const close = (): void => {
      opened.close();
      release();
    };
    return { database: opened, close, ...given({ restoredFrom }), ...(wentBack && { wentBack }) };
  } catch (thrown) {
    database?.close();
    release();
    throw diskError(thrown, 'open the database');
  }
}

/** For tests and rehearsals: nothing on the disk. */
export function openInMemory(migrations: readonly Migration[] = MIGRATIONS): Opened {
  const database = new Database(':memory:');
  migrate(database, undefined, migrations);
  return { database, close: () => database.close() };
}

function openWhole(path: string, folder: string): Database {
  let database: Database | undefined;
  try {
    database = new Database(path);
    const found = database.integrity();
    if (found === undefined) return database;
    throw damaged(path, folder, new LockError('disk', found));
  } catch (thrown) {
    database?.close();
    const error = diskError(thrown, 'open the database');
    throw isDamaged(error) && error.reason !== 'damaged' ? damaged(path, folder, error) : error;
  }
}

function migrate(database: Database, folder: string | undefined, migrations: readonly Migration[]): void {
  const format = pragma(database, 'user_version');
  const newest = migrations.at(-1)?.version ?? 0;
  const owner = pragma(database, 'application_id');
  if (owner !== APPLICATION_ID && !isEmpty(database)) throw foreign(database.path);
  if (format > newest) throw tooNew(database.path, folder, { format, newest });
  const due = migrations.filter(migration => migration.version > format);
  if (due.length === 0) return;
  if (folder !== undefined && format > 0) copyBefore(database, folder, format);
  for (const { version, sql } of due) {
    database.transaction(() => {
      database.exec(sql);
      database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${version}`);
    });
  }
}

function copyBefore(database: Database, folder: string, format: number): void {
  const path = beforePath(folder, format);
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  touchPrivate(fresh);
  database.copyTo(fresh);
  moveWhole(fresh, path);
  dropOldCopies(folder);
}

function pragma(database: Database, name: string): number {
  return whole(database.get(`pragma ${name}`) ?? {}, name);
}

function isEmpty(database: Database): boolean {
  return database.get('select 1 from sqlite_schema') === undefined && pragma(database, 'user_version') === 0;
}

function damaged(path: string, folder: string, cause: LockError): LockError {
  return new LockError('disk', `The database ${path} is damaged (${short(cause)}). ${advice(folder)}`, {
    reason: 'disk_damaged',
    cause,
  });
}

function short(cause: LockError): string {
  return textOf(cause.cause ?? cause).slice(0, 120);
}

function refuseLost(folder: string, keyFile: string | undefined): void {
  if (keyFile === undefined || !present(keyFile)) return;
  throw new LockError(
    'disk',
    `The database ${join(folder, LIVE)} is gone, but the key of its vault is still there. ${advice(folder)} ` +
      `To begin with no locks at all, move ${keyFile} away.`,
    { reason: 'disk_lost' },
  );
}

function foreign(path: string): LockError {
  return new LockError('disk', `${path} is not a database of Latchbridge. Nothing was changed; use another folder.`, {
    reason: 'disk_foreign',
  });
}

function tooNew(
  path: string,
  folder: string | undefined,
  { format, newest }: { format: number; newest: number },
): LockError {
  const older = folder === undefined ? undefined : goodCopies(folder).find(copy => copy.format <= newest);
  const back = older ? ` A copy that this one can read is ${older.path}, from before the update.` : '';
  return new LockError(
    'disk',
    `${path} was written by a newer Latchbridge (format ${format}; this one knows formats up to ${newest}). ` +
      `Nothing was changed. Update Latchbridge.${back}`,
    { reason: 'disk_newer' },
  );
}
