// One thing at a time: the queue of a keeper. People overtake routine; nobody overtakes what has begun.
import { stopped } from '../base/clock.ts';
import type { LockError } from '../base/errors.ts';
import type { Urgency } from '../radio/radio.ts';

interface Waiting {
  urgency: Urgency;
  start(): void;
  drop(error: LockError): void;
}

export class Turns {
  #running = false;
  /** Aborts what runs as routine into a hurry: somebody waits for it. */
  #hurry: AbortController | undefined;
  readonly #waiting: Waiting[] = [];
  #ended: LockError | undefined;

  /** Somebody waits for what runs now: routine work should stop at the next border. */
  get pressed(): boolean {
    return this.#waiting.some(w => w.urgency === 'person');
  }

  get idle(): boolean {
    return !this.#running && this.#waiting.length === 0;
  }

  /**
   * Runs the task in its turn. An abort while waiting rejects at once; once begun, the task minds the signal itself. Its
   * `hurry` aborts when a person waits for it to end.
   */
  take<T>(urgency: Urgency, signal: AbortSignal, task: (hurry: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal.aborted) return Promise.reject(stopped(signal));
    if (urgency === 'person') this.#hurry?.abort();
    return new Promise<T>((resolve, reject) => {
      const aborted = (): void => waiting.drop(stopped(signal));
      const waiting: Waiting = {
        urgency,
        start: () => {
          signal.removeEventListener('abort', aborted);
          this.#running = true;
          const hurry = (this.#hurry = new AbortController());
          if (this.pressed) hurry.abort();
          void task(hurry.signal)
            .then(resolve, reject)
            .finally(() => {
              this.#running = false;
              this.#hurry = undefined;
              this.#next();
            });
        },
        drop: error => {
          signal.removeEventListener('abort', aborted);
          const at = this.#waiting.indexOf(waiting);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(error);
        },
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  /** Nothing starts any more; what waits is dropped. */
  end(error: LockError): void {
    this.#ended = error;
    while (this.#waiting.length > 0) this.#waiting[0]?.drop(error);
  }

  #next(): void {
    if (this.#running || this.#waiting.length === 0) return;
    const person = this.#waiting.findIndex(w => w.urgency === 'person');
    const [next] = this.#waiting.splice(Math.max(0, person), 1);
    next?.start();
  }
}
