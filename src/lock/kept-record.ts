// A lock's record as its keeper holds it. A full disk must not keep a door from locking: a failed write is only logged.
import { textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Abilities, Facts } from './lock.ts';
import type { Whereabouts } from './opener.ts';
import type { LockRecord, LockShelf } from './ports.ts';

interface Said {
  facts: Facts;
  abilities: Abilities;
}

export class KeptRecord {
  readonly #shelf: LockShelf;
  readonly #log: Log;
  #record: LockRecord;
  #gone = false;

  constructor(shelf: LockShelf, log: Log, record: LockRecord) {
    this.#shelf = shelf;
    this.#log = log;
    this.#record = record;
  }

  get now(): LockRecord {
    return this.#record;
  }

  get where(): Whereabouts {
    const { id, address, addressType } = this.#record;
    return { lock: id, address, addressType };
  }

  /** A session knows the lock by its key alone; what the lock has said of itself counts for more. */
  besides({ facts, abilities }: Said): Said {
    const known = this.#record;
    return { facts: { ...facts, ...known.facts }, abilities: known.abilities ?? abilities };
  }

  /** Was changed and written by somebody else. */
  adopt(record: LockRecord): void {
    this.#record = record;
  }

  /** It was heard from there. Anybody can say so: it is written down with what is noted when a session ends. */
  moved({ address, addressType }: Pick<LockRecord, 'address' | 'addressType'>): void {
    if (this.#record.address === address && this.#record.addressType === addressType) return;
    this.#record = { ...this.#record, address, addressType };
  }

  /** A change that must be on the disk as soon as the disk takes it. */
  save(change: Partial<LockRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#write(() => this.#shelf.save(this.#record));
  }

  /** A change that may be lost in a crash. */
  note(change: Partial<LockRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#write(() => this.#shelf.note(this.#record));
  }

  /** The lock was removed: nothing is written of it any more. */
  leave(): void {
    this.#gone = true;
  }

  #write(write: () => void): void {
    if (this.#gone) return;
    try {
      write();
    } catch (thrown) {
      this.#log.error({ lock: this.#record.name, err: textOf(thrown) }, 'the disk took nothing');
    }
  }
}
