// A held session that is lost is shown as unreachable only when it stays lost: most are back at once.
import type { Clock } from '../base/clock.ts';

const GRACE_MS = 10_000;

export class Grace {
  readonly #clock: Clock;
  readonly #over: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, over: () => void) {
    this.#clock = clock;
    this.#over = over;
  }

  begin(): void {
    this.end();
    this.#cancel = this.#clock.after(GRACE_MS, this.#over);
  }

  end(): void {
    this.#cancel?.();
  }
}
