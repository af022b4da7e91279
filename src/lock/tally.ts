// Counts how commands ended and how long they took, for whoever draws curves. Never who gave them.
import type { Verb, Via } from './lock.ts';

/** Seconds; a command has 15 s at most. */
export const BOUNDS: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 15];

export interface CommandEnd {
  lock: string;
  verb: Verb;
  via: Via;
  /** `done`, or the code of the error. */
  outcome: string;
  /** ms, of those that were done. */
  tookMs?: number;
}
export type Counted = Omit<CommandEnd, 'tookMs'> & { count: number };
/** `buckets`: how many took at most so long, a number for each of BOUNDS. */
export interface Took {
  lock: string;
  verb: Verb;
  buckets: readonly number[];
  count: number;
  seconds: number;
}

export class CommandTally {
  readonly #counts = new Map<string, Counted>();
  readonly #took = new Map<string, { lock: string; verb: Verb; buckets: number[]; count: number; seconds: number }>();

  note({ tookMs, ...end }: CommandEnd): void {
    const { lock, verb, via, outcome } = end;
    const key = `${lock} ${verb} ${via} ${outcome}`;
    this.#counts.set(key, { ...end, count: (this.#counts.get(key)?.count ?? 0) + 1 });
    if (tookMs === undefined) return;
    const kept = this.#took.get(`${lock} ${verb}`);
    const took = kept ?? { lock, verb, buckets: BOUNDS.map(() => 0), count: 0, seconds: 0 };
    const seconds = tookMs / 1000;
    took.buckets = took.buckets.map((count, i) => (seconds <= (BOUNDS[i] as number) ? count + 1 : count));
    took.count += 1;
    took.seconds += seconds;
    this.#took.set(`${lock} ${verb}`, took);
  }

  counts(): Counted[] {
    return [...this.#counts.values()];
  }

  took(): Took[] {
    return [...this.#took.values()];
  }
}
