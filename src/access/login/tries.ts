// Wrong passwords: counted by where they come from and by name, over restarts. After five the ear is closed for a while.
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { KeptTries, LoginShelf } from '../../lock/logins.ts';

/** So many in this time. */
const MOST_WRONG = 5;
const WINDOW_MS = 15 * 60_000;
/** Then closed for this long, and twice as long each further time. */
const CLOSED_MS = 5 * 60_000;
const LONGEST_MS = 60 * 60_000;
/** Sources and names remembered; of a flood of made-up names the oldest go. */
const MOST_KEYS = 1000;

export class Tries {
  readonly #shelf: Pick<LoginShelf, 'tries' | 'saveTries' | 'removeTries'>;
  readonly #clock: Clock;

  constructor(shelf: Pick<LoginShelf, 'tries' | 'saveTries' | 'removeTries'>, clock: Clock) {
    this.#shelf = shelf;
    this.#clock = clock;
  }

  /** Throws `busy` (reason `too_many_tries`) while one of them is closed. */
  mayTry(keys: readonly string[]): void {
    const left = Math.max(0, ...keys.map(key => this.#left(this.#shelf.tries(key))));
    if (left === 0) return;
    const minutes = Math.ceil(left / 60_000);
    const text = `Too many wrong passwords. Wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, or get a link on the machine itself: latchbridge web link.`;
    throw new LockError('busy', text, { reason: 'too_many_tries' });
  }

  /** Whether it closed one of them. */
  wrong(keys: readonly string[]): boolean {
    return keys.map(key => this.#wrong(key)).includes(true);
  }

  right(keys: readonly string[]): void {
    for (const key of keys) this.#shelf.removeTries(key);
  }

  #wrong(key: string): boolean {
    const now = Math.round(this.#clock.now());
    const kept = this.#shelf.tries(key) ?? { key, times: [], closings: 0, closedUntil: 0 };
    const times = [...kept.times.filter(at => at <= now && at > now - WINDOW_MS), now];
    const closes = times.length >= MOST_WRONG;
    const closings = closes ? kept.closings + 1 : this.#quiet(kept, now) ? 0 : kept.closings;
    const closedUntil = closes ? now + Math.min(LONGEST_MS, CLOSED_MS * 2 ** (closings - 1)) : kept.closedUntil;
    this.#shelf.saveTries({ key, times: closes ? [] : times, closings, closedUntil }, now, MOST_KEYS);
    return closes;
  }

  /** A day without a closing makes it as if there had been none. */
  #quiet({ closedUntil }: KeptTries, now: number): boolean {
    return now - closedUntil > 24 * 60 * 60_000;
  }

  /** ms. A clock that was set back closes nobody out for longer than the longest time. */
  #left(kept: KeptTries | undefined): number {
    if (!kept) return 0;
    return Math.min(LONGEST_MS, Math.max(0, kept.closedUntil - this.#clock.now()));
  }
}
