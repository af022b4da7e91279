// When to try again: growing pauses with jitter, and a bucket for visits that adverts ask for.
import type { Clock } from '../base/clock.ts';
import type { LockError } from '../base/errors.ts';

/** Reconnect pauses (sessions.md 9.11): 2, 4, … 60 s, jitter 20 %. */
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;
const JITTER = 0.2;

/**
 * By what went wrong (sessions.md 4): a chip frees its slot seconds after it says so, so that asking earlier only fails
 * again; an adapter that is being opened needs a second; a silent lock half of one. After a lost link the stack only has to
 * finish tearing it down, and waiting longer was found to help nobody.
 */
const NO_SLOT_MS = 4000;
const NO_RADIO_MS = 1000;
const SILENCE_MS = 500;
const TRANSIENT_MS = 250;

/** The shortest pause that makes another try worth while. */
export function pauseAfter({ code, reason }: LockError): number {
  if (reason === 'no_slot') return NO_SLOT_MS;
  if (reason === 'radio_not_ready') return NO_RADIO_MS;
  return code === 'timeout' || code === 'busy' ? SILENCE_MS : TRANSIENT_MS;
}

export class BackOff {
  readonly #random: (bytes: number) => Uint8Array;
  #failures = 0;

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Full slots say nothing about the lock: they pass, and the pauses do not grow. */
  next(error?: LockError): number {
    const full = error?.reason === 'no_slot';
    const plain = full ? NO_SLOT_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 10));
    if (!full) this.#failures += 1;
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
