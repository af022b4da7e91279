// Where the master key of the vault is kept: a file beside the database that is left out of backups.
import { readFileSync, renameSync } from 'node:fs';
import { LockError } from '../base/errors.ts';
import { diskError } from './disk-errors.ts';
import { writeWhole } from './folder.ts';

const KEY_BYTES = 32;

/** Where the key is kept. In tests it may be a variable. */
export interface KeyPlace {
  /** Undefined: there is none. Throws when there is something that is not a key, or that cannot be read. */
  read(): Uint8Array | undefined;
  /** Synced when it returns. What was there before is kept aside. */
  write(key: Uint8Array): void;
}

export function keyFile(path: string): KeyPlace {
  return {
    read() {
      let bytes: Uint8Array;
      try {
        bytes = readFileSync(path);
      } catch (thrown) {
        if ((thrown as { code?: unknown }).code === 'ENOENT') return undefined;
        throw sealed(`the key file ${path} cannot be read`, thrown);
      }
      if (bytes.length !== KEY_BYTES) throw sealed(`the key file ${path} is damaged`);
      return new Uint8Array(bytes);
    },
    write(key) {
      try {
        setAside(path);
        writeWhole(path, key);
      } catch (thrown) {
        throw diskError(thrown, `write the key file ${path}`);
      }
    },
  };
}

export function keyInMemory(key?: Uint8Array): KeyPlace {
  let kept = key;
  return { read: () => kept, write: fresh => void (kept = fresh) };
}

/** For people: the door still works by hand, and these are the two ways on. */
export function sealed(why: string, cause?: unknown): LockError {
  return new LockError(
    'unauthenticated',
    `The keys of the locks are sealed: ${why}. Enter the recovery code, or put the key file back and start again.`,
    { reason: 'sealed', cause },
  );
}

function setAside(path: string): void {
  try {
    renameSync(path, `${path}.old`);
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'ENOENT') throw thrown;
  }
}
