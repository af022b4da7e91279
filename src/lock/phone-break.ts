// Letting go of a lock for a while: it has one connection, and while we hold it the maker's app cannot connect.
import type { Clock } from '../base/clock.ts';
import type { Zone } from '../base/zone.ts';
import type { LockView } from './lock.ts';

const MINUTE_MS = 60_000;

export interface PhoneBreakParts {
  clock: Clock;
  zone: Zone;
  /** It began or ended. */
  changed: () => void;
}

export class PhoneBreak {
  readonly #parts: PhoneBreakParts;
  #until: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: PhoneBreakParts) {
    this.#parts = parts;
  }

  get active(): boolean {
    return this.#until !== undefined;
  }

  get trouble(): LockView['trouble'] {
    if (this.#until === undefined) return undefined;
    const { hour, minute } = this.#parts.zone.toLocal(this.#until);
    const time = [hour, minute].map(part => String(part).padStart(2, '0')).join(':');
    return { reason: 'phone', text: `Left alone for the maker’s app until ${time}.` };
  }

  /** From now, whatever there was before; 0 ends it. Gives the wall clock of its end. */
  set(minutes: number): number | undefined {
    const { clock, changed } = this.#parts;
    this.stop();
    if (minutes > 0) {
      this.#until = clock.now() + minutes * MINUTE_MS;
      this.#cancel = clock.after(minutes * MINUTE_MS, () => void this.set(0));
    }
    changed();
    return this.#until;
  }

  /** Ends it without a word. */
  stop(): void {
    this.#cancel?.();
    this.#until = undefined;
  }
}
