// How often one lock is tried in an open pairing window: what refuses three times will refuse again.
import type { Clock } from '../base/clock.ts';

/** Pauses after the first and the second failure; after the third it is left alone until the window is opened anew. */
const PAUSES_MS = [3000, 15_000];

/** Of one window. A lock is known by its hardware, since an address may change. */
export class WindowTries {
  readonly #clock: Clock;
  readonly #failed = new Map<string, { count: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  may(hardware: string): boolean {
    const failed = this.#failed.get(hardware);
    if (!failed) return true;
    const pause = PAUSES_MS[failed.count - 1] ?? Infinity;
    return this.#clock.elapsed() - failed.at >= pause;
  }

  failed(hardware: string): void {
    const count = (this.#failed.get(hardware)?.count ?? 0) + 1;
    this.#failed.set(hardware, { count, at: this.#clock.elapsed() });
  }
}
