// What the fuzz test needs of a family: a file of this shape, named like the driver's folder, beside it.
import type { Draw } from './inputs.ts';

export interface Entry {
  /** Good inputs, to be damaged. */
  known: readonly Uint8Array[];
  /** An input by the grammar, with odd content. */
  made(draw: Draw): Uint8Array;
  /** Reads it; only a LockError may come out. */
  read(bytes: Uint8Array): void;
}

export interface FuzzFamily {
  framer: Omit<Entry, 'read'> & {
    make(): { feed(bytes: Uint8Array): readonly unknown[]; readonly held: number };
    /** Bytes of the longest frame there is. */
    longest: number;
  };
  /** Other entries by name: decoder, advert, log and whatever else reads bytes from outside. */
  entries: Readonly<Record<string, Entry>>;
}
