// Home Assistant's birth: when it has started it wants everything once more, a little later.
import type { Clock } from '../../base/clock.ts';
import type { Outbox } from './outbox.ts';

/** It asks that not everybody answers at once: 1 to 30 s. */
const PAUSE = 1000;
const SPREAD = 29_000;

export interface BirthOptions {
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  outbox: Outbox;
}

export class Birth {
  readonly #options: BirthOptions;
  #pending: (() => void) | undefined;

  constructor(options: BirthOptions) {
    this.#options = options;
  }

  heard(): void {
    if (this.#pending) return;
    const { clock, random, outbox } = this.#options;
    const [part = 0] = random(1);
    this.#pending = clock.after(PAUSE + Math.floor((part / 255) * SPREAD), () => {
      this.#pending = undefined;
      outbox.repeat();
    });
  }

  cancel(): void {
    this.#pending?.();
    this.#pending = undefined;
  }
}
