// What we keep of a lock for Matter's sake alone: what its endpoint was like and what controllers wrote into it.
import { hex } from '../../base/bytes.ts';
import type { MatterNotes } from '../../lock/matter-port.ts';

export interface LockNote {
  /** Of the bridged device, for ever. */
  uniqueId: string;
  /** Counts changes of what the endpoint offers and of the hardware behind it. */
  version: number;
  /** What was counted last. */
  signature?: string;
  /** A name that a controller gave, and ours at the time: renaming it here wins. */
  label?: string;
  labelOf?: string;
  requirePin?: boolean;
  /** No controller may move it. */
  noRemote?: boolean;
}

export class LockNotes {
  readonly #notes: MatterNotes;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(notes: MatterNotes, random: (bytes: number) => Uint8Array) {
    this.#notes = notes;
    this.#random = random;
  }

  of(lock: string): LockNote {
    const kept = this.#notes.get(noteOf(lock));
    if (isNote(kept)) return kept;
    const made: LockNote = { uniqueId: hex(this.#random(16)), version: 1 };
    this.#write(lock, made);
    return made;
  }

  change(lock: string, change: Partial<LockNote>): LockNote {
    const next = { ...this.of(lock), ...change };
    this.#write(lock, next);
    return next;
  }

  forgetLock(lock: string): void {
    this.#notes.remove(noteOf(lock));
  }

  #write(lock: string, note: LockNote): void {
    this.#notes.set(noteOf(lock), JSON.parse(JSON.stringify(note)));
  }
}

function noteOf(lock: string): string {
  return `matter.lock.${lock}`;
}

function isNote(value: unknown): value is LockNote {
  const { uniqueId, version } = (value ?? {}) as { uniqueId?: unknown; version?: unknown };
  return typeof uniqueId === 'string' && Number.isInteger(version);
}
