// One flow's journal in hand: writes a line, folds it in, tells who listens. Nothing is believed before it is on the disk.
import type { Clock } from '../../base/clock.ts';
import type { Json } from '../../lock/driver.ts';
import type { FlowShelf, JournalLine, KeptFlow, LineKind } from '../journal.ts';
import type { FlowState } from '../words.ts';
import { Memory } from './memory.ts';

export type LineData = Readonly<Record<string, Json | undefined>>;

export interface BookParts {
  shelf: FlowShelf;
  clock: Clock;
  /** Called after each line is on the disk. */
  wrote(line: JournalLine): void;
}

export class Book {
  kept: KeptFlow;
  readonly memory = new Memory();
  readonly #parts: BookParts;
  /** The budget that was used before, and since when it is being used; flows that wait use none. */
  #used = 0;
  #since: number | undefined;

  constructor(kept: KeptFlow, parts: BookParts) {
    this.kept = kept;
    this.#parts = parts;
  }

  /** Writes the flow with its first line. */
  begin(data: LineData): void {
    const { shelf, clock } = this.#parts;
    this.memory.lock = this.kept.lock;
    const first = { at: clock.now(), elapsed: 0, kind: 'planned', data: plain(data) } as const;
    this.#take(shelf.add(this.kept, first));
  }

  /** From the disk. */
  load(lines: readonly JournalLine[]): void {
    this.memory.lock = this.kept.lock;
    for (const line of lines) this.memory.apply(line);
    this.#used = this.memory.elapsed;
    // Nobody counted while we were away; a door that was open to the public was open all the same.
    const away = this.#parts.clock.now() - this.memory.lastAt;
    if (this.memory.exposedSince !== undefined && !this.memory.closed && away > 0) this.#used += away;
  }

  /** Rejects `disk` when it is not on the disk; then nothing of it is so. */
  write(kind: LineKind, data: LineData = {}, step?: string): JournalLine {
    const { shelf, clock } = this.#parts;
    const line = {
      at: clock.now(),
      elapsed: this.elapsed,
      kind,
      data: plain(data),
      ...(step !== undefined && { step }),
    };
    const written = shelf.append(this.kept.id, line);
    this.#take(written);
    return written;
  }

  save(changes: { state?: FlowState; lock?: string; endedAt?: number }): void {
    this.#parts.shelf.save(this.kept.id, changes);
    this.kept = { ...this.kept, ...changes };
  }

  /** ms of the flow's budget that are used. */
  get elapsed(): number {
    return this.#used + (this.#since === undefined ? 0 : this.#parts.clock.elapsed() - this.#since);
  }

  /** Whether the budget is being used. A door that is open to the public uses it always. */
  count(on: boolean): void {
    const wanted = on || this.memory.exposedSince !== undefined;
    if (wanted === (this.#since !== undefined)) return;
    this.#used = this.elapsed;
    this.#since = wanted ? this.#parts.clock.elapsed() : undefined;
  }

  #take(line: JournalLine): void {
    this.memory.apply(line);
    this.#parts.wrote(line);
  }
}

/** Without what is undefined. */
function plain(data: LineData): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as Record<string, Json>;
}
