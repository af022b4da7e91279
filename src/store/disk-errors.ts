// What went wrong with the disk, in words for the person who looks after the machine.
import { LockError } from '../base/errors.ts';

/** Primary result codes of SQLite that mean something to people (https://www.sqlite.org/rescode.html). */
const BUSY = [5, 6];
const READ_ONLY = 8;
const INPUT_OUTPUT = 10;
const DAMAGED = [11, 26];
const FULL = 13;
const CANNOT_OPEN = 14;
const CONSTRAINT = 19;

type Trouble = 'full' | 'failing' | 'read_only' | 'damaged' | 'in_use' | 'no_access' | 'unknown';

const SAID: Record<Trouble, string> = {
  full: 'the disk is full. Free some space; locking and unlocking go on meanwhile.',
  failing: 'the disk reported an error. The card or its file system may be failing: look at the system log.',
  read_only: 'the disk is read-only. A failing card is often mounted so: look at the system log.',
  damaged: 'the database is damaged. Stop Latchbridge and start it again: it then says which backup to use.',
  in_use: 'another program holds the database. Close it and try again.',
  no_access: 'the data folder cannot be opened. Look at its owner and rights.',
  unknown: 'the database refused. The log has the details.',
};

/** Any error of SQLite or of the file system as a LockError; `what` completes "Could not …". LockErrors pass. */
export function diskError(thrown: unknown, what: string): LockError {
  if (thrown instanceof LockError) return thrown;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_INVALID_STATE') return new LockError('stopped', 'The store is closed.', { cause: thrown });
  if (code === 'ERR_SQLITE_ERROR' && primary(errcode) === CONSTRAINT) {
    return new LockError('invalid', `Could not ${what}: something of that name or number is there already.`, {
      reason: 'taken',
      cause: thrown,
    });
  }
  const trouble = code === 'ERR_SQLITE_ERROR' ? ofSqlite(primary(errcode)) : ofSystem(code);
  return new LockError('disk', `Could not ${what}: ${SAID[trouble]}`, { reason: `disk_${trouble}`, cause: thrown });
}

export function isDamaged(error: LockError): boolean {
  return error.reason === 'disk_damaged';
}

function primary(errcode: unknown): number {
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

function ofSqlite(code: number): Trouble {
  if (code === FULL) return 'full';
  if (code === INPUT_OUTPUT) return 'failing';
  if (code === READ_ONLY) return 'read_only';
  if (code === CANNOT_OPEN) return 'no_access';
  if (DAMAGED.includes(code)) return 'damaged';
  return BUSY.includes(code) ? 'in_use' : 'unknown';
}

function ofSystem(code: unknown): Trouble {
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return 'full';
  if (code === 'EROFS') return 'read_only';
  if (code === 'EIO') return 'failing';
  return code === 'EACCES' || code === 'EPERM' || code === 'ENOENT' || code === 'ENOTDIR' ? 'no_access' : 'unknown';
}
