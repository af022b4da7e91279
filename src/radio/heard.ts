// Who was heard lately by one radio, and how loud. Bounded, since anyone can make up addresses.
import type { Clock } from '../base/clock.ts';
import type { Advert } from './radio.ts';

/** The longest unheard leave first; a lock in range is heard again within seconds. */
const MOST_ADDRESSES = 2000;
/**
 * A lock heard this lately is connected to at once; otherwise we wait for its next advert, as the controller would, but
 * without keeping the adapter from everybody else. Most locks advertise every second or two.
 */
export const FRESH_FOR = 5_000;

interface Trace {
  rssi: number;
  at: number;
}

export class HeardBook {
  readonly #clock: Clock;
  readonly #traces = new Map<string, Trace>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#traces.size;
  }

  note(advert: Advert): void {
    const trace = this.#traces.get(advert.address) ?? { rssi: 0, at: 0 };
    trace.rssi = advert.rssi;
    trace.at = this.#clock.elapsed();
    this.#traces.delete(advert.address);
    this.#traces.set(advert.address, trace);
    if (this.#traces.size > MOST_ADDRESSES) this.#traces.delete(this.#traces.keys().next().value as string);
  }

  /** dBm of the last advert, or the weakest there is. */
  rssi(address: string): number {
    return this.#traces.get(address)?.rssi ?? -127;
  }

  isFresh(address: string): boolean {
    const trace = this.#traces.get(address);
    return trace !== undefined && this.#clock.elapsed() - trace.at <= FRESH_FOR;
  }
}
