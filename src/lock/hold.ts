// Keeps a held session open: opens it, and opens it again after a loss, with growing pauses.
import type { Clock } from '../base/clock.ts';
import { type LockError, asLockError } from '../base/errors.ts';
import { BackOff } from './waits.ts';

/** A session that lived this long was a good one: the pauses begin anew. */
const GOOD_SESSION_MS = 60_000;
/** A fresh advert cuts the pause before the next try short, but never below this. */
const REST_MS = 2000;
/** A lock that refuses our key is tried again this rarely; a person's command tries at once. */
const REFUSED_PAUSE_MS = 3600_000;

export interface HoldParts {
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  /** Whether a session should be open and is not. */
  wanted(): boolean;
  /** The lock is being worked on: that may well open the session. */
  busy(): boolean;
  refused(): boolean;
  visit(): Promise<void>;
  failed(error: LockError): void;
}

export class Hold {
  readonly #parts: HoldParts;
  readonly #backOff: BackOff;
  #cancel: (() => void) | undefined;
  #openedAt = 0;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: HoldParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.random);
  }

  opened(): void {
    this.#openedAt = this.#parts.clock.elapsed();
  }

  closed(lost: boolean): void {
    const good = this.#parts.clock.elapsed() - this.#openedAt >= GOOD_SESSION_MS;
    if (good) this.#backOff.reset();
    this.#again(good && lost ? 0 : this.#backOff.next());
  }

  /** Tries now. */
  now(): void {
    this.#again(0);
  }

  /** A fresh advert: the lock is there. */
  poke(): void {
    const rested = this.#parts.clock.elapsed() - this.#triedAt >= REST_MS;
    if (rested && !this.#parts.busy() && !this.#parts.refused() && this.#parts.wanted()) this.#again(0);
  }

  pause(): void {
    this.#cancel?.();
  }

  #again(ms: number): void {
    this.#cancel?.();
    if (!this.#parts.wanted()) return;
    this.#cancel = this.#parts.clock.after(ms, () => this.#try());
  }

  #try(): void {
    const parts = this.#parts;
    if (!parts.wanted()) return;
    if (parts.busy()) return this.#again(REST_MS);
    this.#triedAt = parts.clock.elapsed();
    parts.visit().catch((thrown: unknown) => {
      const error = asLockError(thrown, 'unreachable', 'The lock could not be reached.');
      parts.failed(error);
      this.#again(parts.refused() ? REFUSED_PAUSE_MS : this.#backOff.next(error));
    });
  }
}
