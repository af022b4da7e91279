// The right to carry out one pivot: for one lock, one plan, one use, five minutes. Only a passed pre-flight makes one.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';

/** flows.md 4.6: long enough to walk to the door, short enough that nothing has changed. */
const VALID_MS = 300_000;

export interface Cleared {
  lock: string;
  /** Hash of the plan that was confirmed. */
  plan: string;
  /** Pairing generation of the lock: another pairing since is not meant. */
  generation: number;
  /** Throws `precondition_changed` when what the pre-flight saw is no longer so. Called once more when it is used. */
  holds(): void;
}

export class Clearance {
  readonly #cleared: Cleared;
  readonly #clock: Clock;
  readonly #until: number;
  #used = false;

  /** Only flow/engine/preflight.ts may call this (test/architecture.test.ts). */
  constructor(cleared: Cleared, clock: Clock) {
    this.#cleared = cleared;
    this.#clock = clock;
    this.#until = clock.elapsed() + VALID_MS;
  }

  /** Uses it up, whatever follows. Throws LockError `forbidden`, reason `clearance_expired` or `precondition_changed`. */
  use(lock: string, generation: number): void {
    const { lock: mine, generation: then } = this.#cleared;
    const good = !this.#used && this.#clock.elapsed() < this.#until && mine === lock && then === generation;
    this.#used = true;
    if (!good) {
      const text = 'The confirmation is used up, too old, or was given for something else. Confirm again.';
      throw new LockError('forbidden', text, { reason: 'clearance_expired' });
    }
    this.#cleared.holds();
  }
}
