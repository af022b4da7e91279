// Copies of the database: which there are, which of them are good, and going back to one.
import { copyFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import { moveWhole, present } from './folder.ts';
import { APPLICATION_ID } from './schema.ts';
import { type Connection, DatabaseSync } from './sqlite.ts';

export const LIVE = 'latchbridge.db';
export const BACKUP = 'backup.db';
/** Made before the database was changed from format n: what an older program can still read. */
const BEFORE = /^latchbridge\.v(\d+)\.db$/;
const KEEP_BEFORE = 3;

export interface Copy {
  path: string;
  /** ms since the epoch, by its file. */
  madeAt: number;
  format: number;
}

/** Good copies in the folder, newest first. */
export function goodCopies(folder: string): Copy[] {
  const names = readdirSync(folder).filter(name => name === BACKUP || BEFORE.test(name));
  return names
    .map(name => inspectCopy(join(folder, name)))
    .filter(copy => copy !== undefined)
    .toSorted((a, b) => b.madeAt - a.madeAt);
}

/** Undefined when it is not whole, or not a database of ours. */
export function inspectCopy(path: string): Copy | undefined {
  let copy: Connection | undefined;
  try {
    copy = new DatabaseSync(path, { readOnly: true });
    if (ask(copy, 'integrity_check') !== 'ok' || ask(copy, 'application_id') !== APPLICATION_ID) return undefined;
    return { path, madeAt: Math.round(statSync(path).mtimeMs), format: Number(ask(copy, 'user_version')) };
  } catch {
    return undefined;
  } finally {
    copy?.close();
  }
}

/** Without a prepared statement: those keep the drop-in's file open after `close` until they are collected. */
export function ask(copy: Connection, pragma: string): unknown {
  const answers: unknown[] = [];
  copy.function('answer', { varargs: true }, (...values) => {
    answers.push(values[0]);
    return null;
  });
  copy.exec(`select answer(${pragma}) from pragma_${pragma}`);
  return answers.length === 1 ? answers[0] : undefined;
}

export function beforePath(folder: string, format: number): string {
  return join(folder, `latchbridge.v${format}.db`);
}

/** Leaves the copies of the three newest formats. */
export function dropOldCopies(folder: string): void {
  const formats = readdirSync(folder).flatMap(name => BEFORE.exec(name)?.[1] ?? []);
  const old = formats.toSorted((a, b) => Number(b) - Number(a)).slice(KEEP_BEFORE);
  for (const format of old) rmSync(beforePath(folder, Number(format)), { force: true });
}

/**
 * After a backup of the system was put back there is `backup.db` but no live database, since that one is left out of
 * such archives: go on from the copy. Says which file it took, if any.
 */
export function restoreWhenMissing(folder: string, log: Log): string | undefined {
  const live = join(folder, LIVE);
  const copy = join(folder, BACKUP);
  if (present(live) || !inspectCopy(copy)) return undefined;
  // A write-ahead log of the lost database would be read into the restored one.
  for (const tail of ['-wal', '-shm', '-journal']) rmSync(live + tail, { force: true });
  const fresh = `${live}.new`;
  copyFileSync(copy, fresh);
  moveWhole(fresh, live);
  log.warn({ from: copy }, 'there was no database: going on from the backup');
  return copy;
}

/** What to do about a live database that cannot be used, for the end of an error text. */
export function advice(folder: string): string {
  const [newest] = goodCopies(folder);
  const files = `${LIVE}, ${LIVE}-wal and ${LIVE}-shm`;
  if (!newest) return `Nothing was changed. There is no good backup in ${folder}: put one there as ${BACKUP}.`;
  const when = new Date(newest.madeAt).toISOString().slice(0, 16).replace('T', ' ');
  const rename = newest.path.endsWith(BACKUP) ? '' : `, rename ${newest.path} to ${BACKUP}`;
  return (
    `Nothing was changed. The newest good backup is ${newest.path} of ${when} UTC. To go back to it, move ${files} ` +
    `out of ${folder}${rename}, and start again.`
  );
}
