// A clock that only moves when told to, for tests and rehearsals.
import type { Clock } from './clock.ts';

interface Waiting {
  at: number;
  order: number;
  call: () => void;
}

/**
 * Between two timers it lets every pending macrotask finish: WebCrypto, streams and SQLite's helpers need more than
 * microtasks, and a clock that runs ahead of them makes deadlines fire early and looks like a protocol bug.
 */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #offset: number;
  #order = 0;
  readonly #waiting = new Set<Waiting>();
  /** Macrotask rounds between timers. */
  readonly #rounds: number;

  constructor(startMs: number = Date.UTC(2026, 4, 11, 14, 23, 7), rounds = 3) {
    this.#offset = startMs;
    this.#rounds = rounds;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, call: () => void): () => void {
    const entry: Waiting = { at: this.#elapsed + Math.max(0, ms), order: this.#order++, call };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** How many timers are armed: a test that ends with more than it began with has found a leak. */
  get armed(): number {
    return this.#waiting.size;
  }

  /** The wall clock jumps; elapsed time and timers do not notice. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  /** Moves on by `ms`, running timers in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.call();
      await this.settle();
    }
    this.#elapsed = end;
  }

  /** Moves on from timer to timer until the work settles; gives its value or throws its error. */
  async run<T>(work: Promise<T>, limitMs = 24 * 3600_000): Promise<T> {
    let settled = false;
    const seen = work.finally(() => (settled = true));
    seen.catch(() => undefined);
    const limit = this.#elapsed + limitMs;
    await this.settle();
    while (!settled) {
      const next = this.#next(limit);
      if (!next) throw new RangeError('virtual time: the work waits for something that no timer will bring');
      this.#waiting.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.call();
      await this.settle();
    }
    return seen;
  }

  /** Lets everything that is ready now happen, without moving time. */
  async settle(): Promise<void> {
    for (let i = 0; i < this.#rounds; i++) await new Promise(resolve => setImmediate(resolve));
  }

  #next(limit: number): Waiting | undefined {
    let best: Waiting | undefined;
    for (const entry of this.#waiting) {
      if (entry.at > limit) continue;
      if (!best || entry.at < best.at || (entry.at === best.at && entry.order < best.order)) best = entry;
    }
    return best;
  }
}
