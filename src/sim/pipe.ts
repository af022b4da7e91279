// One direction of a link: whatever goes in comes out later and in the same order.
import type { SimClock } from './air.ts';

interface Waiting {
  at: number;
  arrive: () => void;
}

/** With no delay things arrive in a microtask, so that nobody is called back from inside his own call. */
export class Pipe {
  readonly #clock: SimClock;
  #waiting: Waiting[] = [];
  #draining = false;
  #cancel: (() => void) | undefined;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  push(delayMs: number, arrive: () => void): void {
    const before = this.#waiting.at(-1)?.at ?? 0;
    this.#waiting.push({ at: Math.max(before, this.#clock.elapsed() + delayMs), arrive });
    if (this.#draining) return;
    this.#draining = true;
    this.#next();
  }

  /** Everything under way is lost. */
  close(): void {
    this.#waiting = [];
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #next(): void {
    const wait = (this.#waiting[0]?.at ?? 0) - this.#clock.elapsed();
    if (wait > 0) this.#cancel = this.#clock.after(wait, () => this.#drain());
    else queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    this.#cancel = undefined;
    const first = this.#waiting.shift();
    if (!first) {
      this.#draining = false;
      return;
    }
    first.arrive();
    if (this.#waiting.length > 0) this.#next();
    else this.#draining = false;
  }
}
