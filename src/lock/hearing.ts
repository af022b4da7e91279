// What a keeper hears of its lock: the newest advert, whether it is worth a visit, and when there is only silence.
import type { Clock } from '../base/clock.ts';
import type { LockError } from '../base/errors.ts';
import type { Advert } from '../radio/radio.ts';
import { VisitBudget, pauseAfter } from './waits.ts';

/** Not heard for so long is out of reach: BlueZ forgets after 180 s (sessions.md 5). */
const SILENT_MS = 195_000;

export class Hearing {
  readonly #clock: Clock;
  readonly #visits: VisitBudget;
  #advert: Advert | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  /** The digest for which we went there. */
  #wake: string | undefined;
  #asked = false;
  #visitedAt = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#visits = new VisitBudget(clock);
  }

  get advert(): Advert | undefined {
    return this.#advert;
  }

  get silent(): boolean {
    return this.#clock.elapsed() - this.#heardAt >= SILENT_MS;
  }

  hear(advert: Advert): void {
    this.#advert = advert;
    this.#heardAt = this.#clock.elapsed();
  }

  /**
   * Whether what it says is news, or the last visit is `askEveryMs` past, and a visit is affordable; takes the visit from
   * the budget.
   */
  calls(wake: string, askEveryMs = Number.POSITIVE_INFINITY): boolean {
    const overdue = this.#clock.elapsed() - this.#visitedAt >= askEveryMs;
    if (wake === this.#wake && this.#asked && !overdue) return false;
    if (this.#clock.elapsed() < this.#restUntil) return false;
    if (!this.#visits.spend()) return false;
    this.#wake = wake;
    return true;
  }

  /** A session was opened: the first question since the start has been asked. */
  visited(): void {
    this.#asked = true;
    this.#visitedAt = this.#clock.elapsed();
  }

  /** Another pairing: what its advert says is no news, but how it is has to be asked anew. */
  paired(): void {
    this.#asked = false;
    this.#restUntil = Number.NEGATIVE_INFINITY;
  }

  /** The visit failed: the next advert calls again, but not before it is worth while. */
  missed(error: LockError): void {
    this.#wake = undefined;
    this.#restUntil = this.#clock.elapsed() + pauseAfter(error);
  }
}
