// Who did what, as a chain: each line holds the digest of the one before, so that a changed past can be noticed.
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { asLockError } from '../base/errors.ts';
import { type Log, shown } from '../base/log.ts';
import type { Via } from '../lock/lock.ts';
import type { Audit, AuditEntry } from '../lock/ports.ts';
import type { Database } from './database.ts';
import { type Row, optional, text, whole } from './rows.ts';

/** Rotation drops the oldest lines in one go when this many more than `keep` have gathered. */
const SLACK = 256;
const KEEP = 10_000;
const MOST_TEXT = 300;
const NOTHING_BEFORE = '0'.repeat(64);
/** The digest before the oldest line that is kept, and the newest line: `number hash`. */
const BASE = 'audit_base';
const HEAD = 'audit_head';

export interface AuditLine extends AuditEntry {
  number: number;
  at: number;
}

/** Whoever keeps one can later see whether the lines up to it are still the same. */
export interface AuditHead {
  number: number;
  hash: string;
}

export type AuditCheck =
  | { ok: true; head: AuditHead; lines: number }
  /** `number` is the first line that is not what it was; one past the end when the end was cut off. */
  | { ok: false; number: number; text: string };

export interface AuditLog extends Audit {
  /** Newest first; `before` is a line number. */
  read(which: { lock?: string; before?: number; most: number }): AuditLine[];
  head(): AuditHead;
  /** Of all lines that are kept; `kept` is a head from earlier, which also shows a cut-off end. */
  check(kept?: AuditHead): AuditCheck;
  /** Lines that could not be written since the start. */
  readonly gaps: number;
}

export function makeAudit(database: Database, parts: { clock: Clock; log: Log; keep?: number }): AuditLog {
  return new AuditRows(database, parts.clock, parts);
}

class AuditRows implements AuditLog {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keep: number;
  #gaps = 0;
  /** Lines of the gap that no line in the chain speaks of yet. */
  #untold = 0;

  constructor(database: Database, clock: Clock, { log, keep = KEEP }: { log: Log; keep?: number }) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#keep = keep;
  }

  get gaps(): number {
    return this.#gaps;
  }

  /** A door must not wait for a disk: a power cut may take the newest lines, never tear the chain. */
  write(entry: AuditEntry): void {
    try {
      this.#database.relaxed(() => {
        if (this.#untold > 0) this.#append(gapEntry(this.#untold));
        this.#append(entry);
      });
      this.#untold = 0;
    } catch (thrown) {
      this.#gaps += 1;
      this.#untold += 1;
      const { message } = asLockError(thrown, 'disk', 'The database refused.');
      this.#log.error({ err: thrown, what: entry.what, lock: entry.lock }, `an audit line was lost. ${message}`);
    }
  }

  read({ lock, before, most }: { lock?: string; before?: number; most: number }): AuditLine[] {
    const below = before ?? Number.MAX_SAFE_INTEGER;
    const rows =
      lock === undefined
        ? this.#database.all('select * from audit where number < ? order by number desc limit ?', below, most)
        : this.#database.all(
            'select * from audit where lock = ? and number < ? order by number desc limit ?',
            lock,
            below,
            most,
          );
    return rows.map(lineOf);
  }

  head(): AuditHead {
    return this.#mark(HEAD);
  }

  check(kept?: AuditHead): AuditCheck {
    let { number, hash } = this.#mark(BASE);
    const first = number + 1;
    for (const row of this.#database.all('select * from audit order by number')) {
      number += 1;
      hash = chained(hash, row);
      if (row['number'] !== number) return broken(number, 'is missing');
      if (row['hash'] !== hash) return broken(number, 'was changed');
      if (kept?.number === number && kept.hash !== hash)
        return broken(number, 'is another one than the kept head says');
    }
    const head = this.head();
    const last = Math.max(head.number, kept?.number ?? 0);
    if (number < last) return broken(number + 1, 'and those after it were cut off');
    if (head.number !== number || head.hash !== hash) return broken(number, 'is not the newest one that was written');
    return { ok: true, head, lines: number + 1 - first };
  }

  #append(entry: AuditEntry): void {
    const head = this.head();
    const row: Row = {
      number: head.number + 1,
      at: Math.round(this.#clock.now()),
      lock: entry.lock ?? null,
      what: shown(entry.what, MOST_TEXT),
      via: entry.via,
      who: shown(entry.who, MOST_TEXT),
      detail: entry.detail === undefined ? null : shown(entry.detail, MOST_TEXT),
    };
    const hash = chained(head.hash, row);
    this.#database.run(
      'insert into audit (number, at, lock, what, via, who, detail, hash) values (?, ?, ?, ?, ?, ?, ?, ?)',
      ...(Object.values(row) as (string | number | null)[]),
      hash,
    );
    this.#setMark(HEAD, { number: head.number + 1, hash });
    if (head.number + 1 - this.#mark(BASE).number > this.#keep + SLACK) this.#rotate(head.number + 1 - this.#keep);
  }

  /** Drops lines up to `last` and remembers its digest, so that the rest still hangs together. */
  #rotate(last: number): void {
    const row = this.#database.get('select hash from audit where number = ?', last);
    if (!row) return;
    this.#setMark(BASE, { number: last, hash: text(row, 'hash') });
    this.#database.run('delete from audit where number <= ?', last);
  }

  #mark(name: string): AuditHead {
    const row = this.#database.get('select value from meta where name = ?', name);
    const [number = '0', hash = NOTHING_BEFORE] = row ? text(row, 'value').split(' ') : [];
    return { number: Number(number), hash };
  }

  #setMark(name: string, { number, hash }: AuditHead): void {
    this.#database.run('insert or replace into meta (name, value) values (?, ?)', name, `${number} ${hash}`);
  }
}

/** SHA-256 of the digest before and of the line as JSON in a fixed order. */
function chained(before: string, row: Row): string {
  const line = ['number', 'at', 'lock', 'what', 'via', 'who', 'detail'].map(column => row[column]);
  return createHash('sha256')
    .update(`${before}\n${JSON.stringify(line)}`)
    .digest('hex');
}

function lineOf(row: Row): AuditLine {
  return {
    number: whole(row, 'number'),
    at: whole(row, 'at'),
    ...optional(row, 'lock', 'lock', () => text(row, 'lock')),
    what: text(row, 'what'),
    via: text(row, 'via') as Via,
    who: text(row, 'who'),
    ...optional(row, 'detail', 'detail', () => text(row, 'detail')),
  };
}

function gapEntry(lines: number): AuditEntry {
  return { what: 'gap', via: 'daemon', who: 'audit', detail: `${lines} lines could not be written before this one` };
}

function broken(number: number, what: string): AuditCheck {
  return { ok: false, number, text: `Line ${number} of the audit ${what}.` };
}
