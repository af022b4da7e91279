// How often somebody may ask. A bucket each for looking and for changing, by who asks.
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';

interface Size {
  most: number;
  /** How long until another one is allowed. */
  refillMs: number;
}

/** 60 a minute are more than hands can press; a page that loads looks at a dozen things at once. */
const SIZES = {
  change: { most: 60, refillMs: 1000 },
  look: { most: 300, refillMs: 100 },
} satisfies Record<string, Size>;
/** Buckets remembered at once; the oldest go first. */
const MOST_BUCKETS = 2000;

export class Rates {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `busy` (reason `rate`). */
  spend(who: string, kind: keyof typeof SIZES): void {
    const { most, refillMs } = SIZES[kind];
    const key = `${kind} ${who}`;
    const now = this.#clock.elapsed();
    const bucket = this.#buckets.get(key) ?? { left: most, at: now };
    this.#buckets.delete(key);
    const left = Math.min(most, bucket.left + (now - bucket.at) / refillMs);
    this.#buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    if (left >= 1) return;
    throw new LockError('busy', 'Too many requests in a short time. Wait a few seconds.', { reason: 'rate' });
  }
}
