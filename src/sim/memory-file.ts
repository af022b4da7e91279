// The memory of a virtual lock on disk: whole or not at all, and synced before the lock answers.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimError } from './sim-error.ts';

export interface MemoryPlace {
  path: string;
  /** Which kind of lock it is for, and for which one. */
  format: string;
  address: string;
  /** For people: "a virtual TTLock". */
  says: string;
}

export class MemoryFile<Kept> {
  readonly #place: MemoryPlace;

  constructor(place: MemoryPlace) {
    this.#place = place;
  }

  /** Undefined when there is no such file. Throws SimError `memory` when it is torn or another lock's. */
  load(): Kept | undefined {
    const { path, format, address, says } = this.#place;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new SimError('memory', `The memory of the virtual lock in ${path} cannot be read.`, cause);
    }
    const found = parse(path, text);
    if (found.format !== format) throw new SimError('memory', `${path} is not the memory of ${says}.`);
    if (found.sum !== digest(found.kept)) {
      throw new SimError(
        'memory',
        `${path} is damaged: its checksum does not fit. Delete it to start with a new lock.`,
      );
    }
    if (found.owner !== address) {
      throw new SimError('memory', `${path} belongs to the lock ${found.owner}, not to ${address}.`);
    }
    return found.kept as Kept;
  }

  /** Returns when the new state will survive a power cut. */
  save(kept: Kept): void {
    const { path, format, address } = this.#place;
    const text = JSON.stringify({ format, owner: address, sum: digest(kept), kept });
    const fresh = `${path}.new`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(fresh, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
    syncFolder(dirname(path));
  }
}

interface Content {
  format?: unknown;
  owner?: string;
  sum?: unknown;
  kept?: unknown;
}

function parse(path: string, text: string): Content {
  try {
    return JSON.parse(text) as Content;
  } catch (cause) {
    const what = `${path} is damaged: it ends in the middle or is not JSON. Delete it to start with a new lock.`;
    throw new SimError('memory', what, cause);
  }
}

function digest(kept: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(kept) ?? '')
    .digest('hex');
}

/** Without this the new name itself may be lost. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
