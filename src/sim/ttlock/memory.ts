// The memory of a virtual TTLock on disk: whole or not at all, and synced before the lock answers.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimError } from '../sim-error.ts';
import type { Kept } from './kept.ts';

const FORMAT = 'virtual-ttlock-1';

/** Undefined when there is no such file. Throws SimError `memory` when it is torn or another lock's. */
export function loadMemory(path: string, address: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SimError('memory', `The memory of the virtual lock in ${path} cannot be read.`, cause);
  }
  const { format, owner, sum, kept } = parse(path, text);
  if (format !== FORMAT) throw new SimError('memory', `${path} is not the memory of a virtual TTLock.`);
  if (sum !== digest(kept)) {
    throw new SimError('memory', `${path} is damaged: its checksum does not fit. Delete it to start with a new lock.`);
  }
  if (owner !== address) throw new SimError('memory', `${path} belongs to the lock ${owner}, not to ${address}.`);
  return kept as Kept;
}

/** Returns when the new state will survive a power cut. */
export function saveMemory(path: string, address: string, kept: Kept): void {
  const text = JSON.stringify({ format: FORMAT, owner: address, sum: digest(kept), kept });
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
