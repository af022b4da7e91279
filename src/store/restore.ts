// Going back to a backup: a file is looked at beside the live database, and put in its place at the next start only.
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LIVE, inspectCopy } from './copies.ts';
import { diskError } from './disk-errors.ts';
import { moveWhole, present } from './folder.ts';
import { type Row, text, whole } from './rows.ts';
import { MIGRATIONS } from './schema.ts';
import { type Connection, DatabaseSync } from './sqlite.ts';

/** Uploaded and looked at; nobody has said yes. */
export const OFFERED = 'restore.offered.db';
/** Somebody said yes: the next start goes on from it. */
export const WANTED = 'restore.db';
/** What was before, for whoever wants to go back. */
export const BEFORE = 'latchbridge.before-restore.db';
/** The audit of what is gone on from does not say yet that it was gone back to. */
const UNSAID = 'restore.unsaid';
const KEY = 'vault.key';
const KEY_BEFORE = 'vault.before-restore.key';
const TAILS = ['-wal', '-shm', '-journal'];

/** What a backup says of itself. */
export interface BackupFacts {
  format: number;
  /** Of the newest thing that it knows, ms since the epoch. */
  made?: number;
  locks: readonly { id: string; name: string; generation: number; hasKey: boolean }[];
  openFlows: readonly { id: string; type: string; lock?: string }[];
  people: number;
  credentials: number;
  /** Digest of the master key that its keys are sealed with; absent where it holds none. */
  master?: string;
}

/** Throws `invalid`: reason `not_a_backup` for a damaged or foreign file, `newer` for one of a newer Latchbridge. */
export function readBackup(path: string): BackupFacts {
  const copy = inspectCopy(path);
  if (!copy) {
    const said = 'This file is damaged, or no backup of Latchbridge. Nothing was changed; choose another file.';
    throw new LockError('invalid', said, { reason: 'not_a_backup' });
  }
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (copy.format > newest) {
    const said = `This backup was made by a newer Latchbridge (format ${copy.format}; this one knows formats up to ${newest}). Nothing was changed; update Latchbridge first.`;
    throw new LockError('invalid', said, { reason: 'newer' });
  }
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return { format: copy.format, ...factsOf(database) };
  } finally {
    database.close();
  }
}

function factsOf(database: Connection): Omit<BackupFacts, 'format'> {
  const all = (sql: string): Row[] => database.prepare(sql).all() as Row[];
  const count = (table: string): number => whole(all(`select count(*) as n from ${table}`)[0] ?? {}, 'n');
  const live = new Set(all(`select lock from keys where status = 'live'`).map(row => text(row, 'lock')));
  const [newest] = all('select max(at) as at from audit where at is not null having max(at) is not null');
  const [master] = all('select master from keys order by order_made desc limit 1');
  const flows = hasTable(database, 'flows')
    ? all('select id, type, lock from flows where ended_at is null order by order_made')
    : [];
  return {
    ...(newest && { made: whole(newest, 'at') }),
    locks: all('select id, name, generation from locks order by name').map(row => {
      const id = text(row, 'id');
      return { id, name: text(row, 'name'), generation: whole(row, 'generation'), hasKey: live.has(id) };
    }),
    openFlows: flows.map(row => {
      const { lock } = row;
      return { id: text(row, 'id'), type: text(row, 'type'), ...(typeof lock === 'string' && { lock }) };
    }),
    people: count('people'),
    credentials: count('credentials'),
    ...(master && { master: text(master, 'master') }),
  };
}

/** The offered file is what the next start goes on from. Throws `not_found` when there is none, `disk` where it is not kept. */
export function wantRestore(folder: string): void {
  const offered = join(folder, OFFERED);
  if (!present(offered)) {
    throw new LockError('not_found', 'There is no such file here any more; choose it again.', { reason: 'restore' });
  }
  try {
    forgetSessions(offered);
    moveWhole(offered, join(folder, WANTED));
  } catch (thrown) {
    throw diskError(thrown, 'keep this backup for the next start');
  }
}

/** A phone that was lost and logged out since would be in again, and a link that was used be good once more. */
function forgetSessions(path: string): void {
  const database = new DatabaseSync(path);
  try {
    // What is put in the place of the live database is one file.
    database.exec('pragma journal_mode = delete');
    if (!hasTable(database, 'login_sessions')) return;
    database.exec('begin; delete from login_sessions; delete from login_links; commit');
  } finally {
    database.close();
  }
}

function hasTable(database: Connection, table: string): boolean {
  return database.prepare(`select 1 from sqlite_schema where name = '${table}'`).all().length > 0;
}

/**
 * Before the database is opened: puts a wanted backup in its place and keeps what was. Cut anywhere, it goes on at the next
 * start; what was before is moved first, so that nothing is ever written over. True, also at later starts, until
 * `restoreSaid`.
 */
export function restoreWhenWanted(folder: string, log: Log): boolean {
  const wanted = join(folder, WANTED);
  const unsaid = join(folder, UNSAID);
  rmSync(join(folder, OFFERED), { force: true });
  if (!present(wanted)) return existsSync(unsaid);
  writeFileSync(unsaid, '', { mode: 0o600 });
  const live = join(folder, LIVE);
  const before = join(folder, BEFORE);
  if (present(live)) {
    for (const tail of ['', ...TAILS]) rmSync(before + tail, { force: true });
    renameSync(live, before);
    if (present(join(folder, KEY))) copyFileSync(join(folder, KEY), join(folder, KEY_BEFORE));
  }
  // They belong to what was before, also where an earlier start got no further than the move above.
  for (const tail of TAILS.filter(each => existsSync(live + each))) renameSync(live + tail, before + tail);
  moveWhole(wanted, live);
  log.warn({ before }, 'went back to a backup; what was before is kept');
  return true;
}

/** The audit says it now. */
export function restoreSaid(folder: string): void {
  rmSync(join(folder, UNSAID), { force: true });
}
