// The air as a radio of the program: the one place where the simulation and the program's own types meet.
import { LockError } from '../base/errors.ts';
import type { Advert, Link, Radio, RadioState } from '../radio/radio.ts';
import type { Air } from '../sim/air.ts';
import type { AirLink } from '../sim/air-link.ts';

/** As many links as a usual controller has. */
const LINKS = 7;
const OFF = { ready: false, reason: 'The simulated radio is off.', fix: 'Switch it on.' } as const;

export class AirRadio implements Radio {
  readonly id = 'air';
  readonly abilities = { links: LINKS, extendedAdverts: false, bonding: false };
  readonly #air: Air;
  readonly #ears = new Set<(state: RadioState) => void>();

  constructor(air: Air) {
    this.#air = air;
  }

  state(): RadioState {
    return this.#air.powered ? { ready: true } : OFF;
  }

  hearState(ear: (state: RadioState) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** Switches the simulated radio, as somebody who pulls the stick would. */
  power(on: boolean): void {
    this.#air.power(on);
    for (const ear of this.#ears) ear(this.state());
  }

  scan(heard: (advert: Advert) => void, signal: AbortSignal): Promise<void> {
    if (!this.#air.powered) return Promise.reject(new LockError('unreachable', OFF.reason));
    return new Promise(resolve => {
      const stop = this.#air.scan(advert => heard(advert));
      const ended = (): void => {
        stop();
        resolve();
      };
      if (signal.aborted) ended();
      else signal.addEventListener('abort', ended, { once: true });
    });
  }

  async connect(address: string, signal: AbortSignal): Promise<Link> {
    try {
      return new AirRadioLink(await this.#air.connect(address, signal));
    } catch (cause) {
      if (signal.aborted && signal.reason instanceof LockError) throw signal.reason;
      throw new LockError('unreachable', 'The lock did not take the connection.', { cause });
    }
  }

  async reset(): Promise<void> {
    this.power(false);
    this.power(true);
  }

  async stop(): Promise<void> {
    for (const link of this.#air.links()) await link.close();
    this.#ears.clear();
  }
}

class AirRadioLink implements Link {
  readonly #link: AirLink;
  readonly closed: Promise<void>;

  constructor(link: AirLink) {
    this.#link = link;
    this.closed = link.closed;
  }

  get mtu(): number {
    return this.#link.mtu;
  }

  write(characteristic: string, bytes: Uint8Array, how: { response?: boolean } = {}): Promise<void> {
    return told(this.#link.write(characteristic, bytes, how));
  }

  read(characteristic: string): Promise<Uint8Array> {
    return told(this.#link.read(characteristic));
  }

  subscribe(characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    return told(this.#link.subscribe(characteristic, heard));
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** The simulation's errors in the program's words. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new LockError('unreachable', 'The connection to the lock was lost.', { cause });
  }
}
