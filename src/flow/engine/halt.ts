// A flow that stands still since its journal takes nothing, or is not what was written: nothing is done meanwhile.
import type { Clock } from '../../base/clock.ts';
import type { Stop } from './memory.ts';

/** A disk that takes nothing is tried again this often. */
const AGAIN_MS = 60_000;
const DAMAGED: Stop = {
  code: 'disk',
  text: 'The journal of this flow is not what was written: nothing is done by it any more.',
  next: 'Cancel this flow, look at the lock, run a diagnosis, and begin anew.',
};

export class Halt {
  readonly #clock: Clock;
  readonly #again: () => void;
  #stop: Stop | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, again: () => void) {
    this.#clock = clock;
    this.#again = again;
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  get isDamaged(): boolean {
    return this.#stop === DAMAGED;
  }

  /** For good: only a cancel or another flow ends it. */
  damaged(): void {
    this.#stop = DAMAGED;
  }

  /** Until somebody lets it go on, or the disk takes it. */
  until(stop: Stop): void {
    this.clear();
    this.#stop = stop;
    this.#cancel = this.#clock.after(AGAIN_MS, this.#again);
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#stop = undefined;
  }
}
