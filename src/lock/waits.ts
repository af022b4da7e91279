// When to try again: growing pauses with jitter, and a bucket for visits that adverts ask for.
import type { Clock } from '../base/clock.ts';

/** Reconnect pauses (sessions.md 9.11): 2, 4, … 60 s, jitter 20 %. */
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;
const JITTER = 0.2;

export class BackOff {
  readonly #random: (bytes: number) => Uint8Array;
  #failures = 0;

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  next(): number {
    const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    const [byte = 0] = this.#random(1);
    return plain * (1 - JITTER + (2 * JITTER * byte) / 255);
  }

  reset(): void {
    this.#failures = 0;
  }
}

/** Visits caused by adverts: a lock whose advert flips every few seconds once emptied batteries (sessions.md 3). */
const VISITS_PER_MINUTE = 6;

export class VisitBudget {
  readonly #clock: Clock;
  readonly #visits: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  spend(): boolean {
    const now = this.#clock.elapsed();
    while (this.#visits[0] !== undefined && now - this.#visits[0] >= 60_000) this.#visits.shift();
    if (this.#visits.length >= VISITS_PER_MINUTE) return false;
    this.#visits.push(now);
    return true;
  }
}
