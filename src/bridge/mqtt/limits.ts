// How much may come in. Whoever may publish can send 10,000 messages a second; a lock gets one.
import type { Clock } from '../../base/clock.ts';

/** The longest message that is read at all, in bytes. */
export const MOST_PAYLOAD = 16_384;
/** Keys that are remembered at once; the oldest go first. Invented lock names share one key. */
const MOST_KEYS = 1000;

/** As many refusals as there may be orders at once are told singly. */
const TOLD = 5;
const TELL_EVERY = 1000;

/** A bucket per key: so many at once, refilled one every so many ms. */
export class Buckets {
  readonly #clock: Clock;
  readonly #size: number;
  readonly #refillMs: number;
  readonly #levels = new Map<string, { left: number; at: number }>();

  constructor(clock: Clock, size: number, refillMs: number) {
    this.#clock = clock;
    this.#size = size;
    this.#refillMs = refillMs;
  }

  /** Takes one if there is one. */
  spend(key: string): boolean {
    const at = this.#clock.elapsed();
    const before = this.#levels.get(key) ?? { left: this.#size, at };
    const level = Math.min(this.#size, before.left + (at - before.at) / this.#refillMs);
    this.#levels.delete(key);
    this.#levels.set(key, { left: level >= 1 ? level - 1 : level, at });
    const [oldest] = this.#levels.keys();
    if (this.#levels.size > MOST_KEYS && oldest !== undefined) this.#levels.delete(oldest);
    return level >= 1;
  }
}

/** Refusals of one kind: the first few are told singly, then one a second tells how many there were. */
export class Notices {
  readonly #buckets: Buckets;
  readonly #untold = new Map<string, number>();

  constructor(clock: Clock) {
    this.#buckets = new Buckets(clock, TOLD, TELL_EVERY);
  }

  /** How many refusals to tell of now; 0 for keeping quiet. */
  due(key: string): number {
    const count = (this.#untold.get(key) ?? 0) + 1;
    const tell = this.#buckets.spend(key);
    if (tell) this.#untold.delete(key);
    else if (this.#untold.size < MOST_KEYS || this.#untold.has(key)) this.#untold.set(key, count);
    return tell ? count : 0;
  }
}
