// Backups of the open database: a whole, checked file, or the one before stays.
import { rmSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { inspectCopy } from './copies.ts';
import type { Database } from './database.ts';
import { diskError } from './disk-errors.ts';
import { moveWhole, touchPrivate } from './folder.ts';
import { DatabaseSync } from './sqlite.ts';

/** While writers go on. Resolves when the copy is on the disk and passed the check. Calls come one after another. */
export async function backupDatabase(database: Database, path: string): Promise<void> {
  const fresh = `${path}.new`;
  try {
    clear(fresh);
    touchPrivate(fresh);
    await database.backupTo(fresh);
    plainJournal(fresh);
    if (!inspectCopy(fresh)) {
      throw new LockError('disk', `The backup ${path} did not pass its check; the one before is kept.`, {
        reason: 'backup_damaged',
      });
    }
    moveWhole(fresh, path);
  } catch (thrown) {
    const error = diskError(thrown, `make the backup ${path}`);
    try {
      clear(fresh);
    } catch {
      // Half a copy stays; why it is only half is what matters, and the next backup clears it first.
    }
    throw error;
  }
}

/** The copy says "write-ahead log" like the original; one file alone is easier to carry away. */
function plainJournal(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('pragma journal_mode = delete');
  } finally {
    copy.close();
  }
}

function clear(path: string): void {
  for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(path + tail, { force: true });
}
