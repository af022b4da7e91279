// The data folder: private, held by one process, and files in it that are either whole or not there.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LockError } from '../base/errors.ts';
import { makeFolder } from '../base/files.ts';
import type { Log } from '../base/log.ts';
import { diskError } from './disk-errors.ts';
import { DatabaseSync } from './sqlite.ts';

const OURS_ONLY = 0o700;
const OTHERS = 0o077;
const STICKY = 0o1000;

/** Makes the folder, or closes an existing one of ours to other users. A folder with other people's files is left as it is. */
export function prepareFolder(folder: string, mark: string, log: Log): void {
  try {
    if (makeFolder(folder, OURS_ONLY)) return;
    const { mode } = statSync(folder);
    if ((mode & OTHERS) === 0) return;
    const inside = readdirSync(folder);
    if ((mode & STICKY) === 0 && (inside.length === 0 || inside.includes(mark))) chmodSync(folder, OURS_ONLY);
    else log.warn({ folder }, 'other users may list the data folder; the files themselves are closed to them');
  } catch (thrown) {
    throw diskError(thrown, `use the data folder ${folder}`);
  }
}

/**
 * One process a folder. SQLite's own lock on an empty file: the kernel lets go of it however the process ends, so there
 * is nothing stale to clean up. Returns what releases it.
 */
export function holdFolder(folder: string): () => void {
  const path = join(folder, 'in-use.lock');
  try {
    touchPrivate(path);
    const held = new DatabaseSync(path);
    try {
      held.exec('pragma busy_timeout = 0; begin exclusive');
    } catch (thrown) {
      held.close();
      throw thrown;
    }
    return () => {
      if (held.isOpen) held.close();
    };
  } catch (thrown) {
    const error = diskError(thrown, `use the data folder ${folder}`);
    if (error.reason !== 'disk_in_use') throw error;
    throw new LockError(
      'busy',
      `Another Latchbridge is running with the data folder ${folder}. Stop it, or give this one another folder.`,
      { reason: 'folder_in_use', cause: thrown },
    );
  }
}

/** An empty file of mode 0600 when there is none; SQLite gives its -wal and -shm the same mode. */
export function touchPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

/** After a power cut the file holds either all of `bytes` or what it held before. Mode 0600. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  moveWhole(fresh, path);
}

/** Puts a finished file in its place, synced together with its folder. */
export function moveWhole(from: string, to: string): void {
  chmodSync(from, 0o600);
  syncPath(from);
  renameSync(from, to);
  syncPath(dirname(to));
}

export function present(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0;
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
