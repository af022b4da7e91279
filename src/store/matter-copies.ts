// Copies of what the Matter library keeps: one an hour, one a day; and going on from one when the file is lost or damaged.
// Losing it would mean to commission again in every app.
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { ask } from './copies.ts';
import { diskError } from './disk-errors.ts';
import { moveWhole, present, touchPrivate } from './folder.ts';
import { type MatterDatabase, openMatterStore } from './matter.ts';
import { type Connection, DatabaseSync } from './sqlite.ts';

const LIVE = 'matter.db';
export const MATTER_BACKUP = 'matter.backup.db';
const DAILY = 'matter.daily.db';
const DAY = 24 * 3600_000;

/** Opens the library's database, from its newest good copy where it is lost or damaged. Throws LockError `disk`. */
export function openMatter(folder: string, log: Log): MatterDatabase {
  const live = join(folder, LIVE);
  const lost = !present(live);
  if (lost || !isWhole(live)) {
    const copy = [MATTER_BACKUP, DAILY].map(name => join(folder, name)).find(isWhole);
    if (!lost) setAside(live, log);
    if (copy !== undefined) {
      clear(live);
      copyFileSync(copy, `${live}.new`);
      moveWhole(`${live}.new`, live);
      log.warn({ from: copy }, 'what Matter keeps was lost: going on from a copy');
    }
  }
  touchPrivate(live);
  return openMatterStore(folder);
}

/** `now` is the wall clock, ms. Rejects `disk`; then the copies from before are kept. */
export async function copyMatter(database: MatterDatabase, folder: string, now: number): Promise<void> {
  const backup = join(folder, MATTER_BACKUP);
  const fresh = `${backup}.new`;
  try {
    clear(fresh);
    touchPrivate(fresh);
    await database.backupTo(fresh);
    if (!isWhole(fresh)) throw new LockError('disk', 'The copy of what Matter keeps did not pass its check.');
    const daily = join(folder, DAILY);
    if (!present(daily) || Math.abs(now - statSync(daily).mtimeMs) >= DAY) {
      copyFileSync(fresh, `${daily}.new`);
      moveWhole(`${daily}.new`, daily);
    }
    moveWhole(fresh, backup);
  } catch (thrown) {
    throw diskError(thrown, 'copy what Matter keeps');
  } finally {
    clear(fresh);
  }
}

function isWhole(path: string): boolean {
  if (!present(path)) return false;
  let copy: Connection | undefined;
  try {
    copy = new DatabaseSync(path, { readOnly: true });
    return ask(copy, 'integrity_check') === 'ok';
  } catch {
    return false;
  } finally {
    copy?.close();
  }
}

function setAside(live: string, log: Log): void {
  const aside = `${live}.damaged`;
  clear(aside);
  renameSync(live, aside);
  clear(live);
  log.error({ file: aside }, 'what Matter keeps is damaged and was set aside');
}

function clear(path: string): void {
  for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(path + tail, { force: true });
}
