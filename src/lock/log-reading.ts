// Reads the newest part of a lock's own log for somebody who wants to see it: what we follow it by stays where it is.
import { LockError } from '../base/errors.ts';
import type { LockSession, RecordPage } from './driver.ts';
import type { Happening } from './lock.ts';

/** More than anybody looks through; a lock gives one record an answer. */
const MOST = 200;
/** Per turn: whoever wants the door opened meanwhile waits a second or two. */
const A_TURN = 10;

export interface LogReadingParts {
  /** The number of the record that we expect next, as far as we have followed the log. */
  near(): number | undefined;
  /** Does it in a session, in the lock's turn. */
  page(task: (session: LockSession) => Promise<RecordPage>): Promise<RecordPage>;
  annotated(happening: Happening): Happening;
}

export class LogReading {
  readonly #parts: LogReadingParts;

  constructor(parts: LogReadingParts) {
    this.#parts = parts;
  }

  /** Newest first. Without the values of credentials: a code stands in the log as it was typed. */
  async newest(most: number): Promise<Happening[]> {
    if (!Number.isInteger(most) || most < 1 || most > MOST) {
      throw new LockError('invalid', `Between 1 and ${MOST} records of the log can be read at once.`);
    }
    const near = this.#parts.near();
    const found = await this.#from(near, most);
    // A log that was cleared begins anew and knows nothing of our number.
    const records = found.length === 0 && near !== undefined ? await this.#from(undefined, most) : found;
    return records
      .slice(-most)
      .toReversed()
      .map(happening => this.#shown(happening));
  }

  async #from(near: number | undefined, most: number): Promise<Happening[]> {
    const all: Happening[] = [];
    for (let at: At = { cursor: near, back: most }; ;) {
      const from = at;
      const { records, cursor, more } = await this.#parts.page(session => look(session, from));
      all.push(...records);
      if (!more || (from.back === 0 && cursor <= (from.cursor ?? 0))) return all;
      at = { cursor, back: 0 };
    }
  }

  #shown(happening: Happening): Happening {
    const { credential: _, ...shown } = this.#parts.annotated(happening);
    return shown;
  }
}

type At = { cursor: number | undefined; back: number };

function look(session: LockSession, from: At): Promise<RecordPage> {
  if (session.records?.look) return session.records.look(from, A_TURN);
  throw new LockError('unsupported', 'The log of this lock cannot be read back.');
}
