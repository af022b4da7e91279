// Reading the lock's own log (ttlock.md 17): what it calls unread, and whatever we missed before it.
import type { Records } from '../../lock/driver.ts';
import { happeningOf } from './happenings.ts';
import { type LogPage, type LogRecord, UNREAD, askLog, readLog } from './log-wire.ts';
import { refusedFor } from './login.ts';
import type { Shared } from './session.ts';

export function makeRecords(shared: Shared): Records {
  return {
    async read(cursor, most) {
      const reading = new Reading(shared, cursor === undefined || cursor === UNREAD ? undefined : cursor, most);
      await reading.run();
      const records = reading.records.map(record => happeningOf(record, shared.ground.zone));
      return { records, cursor: reading.cursor ?? UNREAD, more: reading.isFull };
    },
    async look({ cursor, back }, most) {
      const from = cursor === undefined || cursor === UNREAD ? 0 : Math.max(0, cursor - back);
      const reading = new Reading(shared, from, most);
      await reading.byNumber();
      const records = reading.records.map(record => happeningOf(record, shared.ground.zone));
      return { records, cursor: reading.cursor ?? from, more: reading.isFull };
    },
  };
}

/**
 * Reading a record as "unread" moves the lock's bookmark past it and in the end clears the advert's bit, so that the next
 * record shows again. But a record that was read and then lost with a crash of ours is unread no more: so the cursor
 * decides what is new, and records between it and the bookmark are read by number, which moves nothing.
 */
class Reading {
  readonly records: LogRecord[] = [];
  /** The number of the next record; undefined until the lock has shown one. */
  cursor: number | undefined;
  readonly #shared: Shared;
  readonly #most: number;

  constructor(shared: Shared, cursor: number | undefined, most: number) {
    this.#shared = shared;
    this.cursor = cursor;
    this.#most = most;
  }

  get isFull(): boolean {
    return this.records.length >= this.#most;
  }

  async run(): Promise<void> {
    let last = -1;
    while (!this.isFull) {
      const page = await this.#page(UNREAD);
      const first = page?.records[0];
      if (!page || !first || page.next <= last) break;
      last = page.next;
      if (this.cursor !== undefined) await this.#catchUp(first.number);
      this.#take(page.records);
    }
    if (this.cursor !== undefined) await this.#catchUp(undefined);
  }

  /** From the cursor to the end, past no bookmark. */
  byNumber(): Promise<void> {
    return this.#catchUp(undefined);
  }

  /** Reads by number up to (not with) `until`, or to the end. */
  async #catchUp(until: number | undefined): Promise<void> {
    while (!this.isFull && (until === undefined || (this.cursor as number) < until)) {
      const before = this.cursor as number;
      const page = await this.#page(before);
      if (!page) {
        // The lock does not know our number any more: its log was cleared.
        this.cursor = until;
        return;
      }
      this.#take(page.records.filter(record => until === undefined || record.number < until));
      if ((this.cursor as number) <= before) return;
    }
  }

  #take(records: readonly LogRecord[]): void {
    for (const record of records) {
      if (this.isFull || record.number < (this.cursor ?? 0)) continue;
      this.records.push(record);
      this.cursor = record.number + 1;
    }
  }

  /** Undefined when the lock calls the number stale, twice. */
  async #page(seq: number): Promise<LogPage | undefined> {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return await this.#shared.login.openly(askLog(seq), { what: 'to its log', read: readLog, again: true });
      } catch (thrown) {
        if (!refusedFor(thrown, STALE_REASONS)) throw thrown;
      }
    }
    return undefined;
  }
}

/** What a lock says about a number that it does not have; many say nothing but no. */
const STALE_REASONS: readonly string[] = ['refused', 'not_there', 'invalid_parameter', 'vendor_error:0'];
