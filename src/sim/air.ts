// A radio made of nothing: what a simulated peripheral looks like from both sides. Knows nothing of the rest of the program.
import { AirLink, type AirChunk, type Fate } from './air-link.ts';
import { SimError } from './sim-error.ts';

/** Time as the simulation needs it; any clock of the program fits. */
export interface SimClock {
  now(): number;
  elapsed(): number;
  after(ms: number, call: () => void): () => void;
}

export type Property = 'read' | 'write' | 'writeWithoutResponse' | 'notify' | 'indicate';

/** uuid: lower case hex without dashes, 4 or 32 digits. The order is the order of the attribute table. */
export interface SimCharacteristic {
  uuid: string;
  properties: readonly Property[];
}
export interface SimService {
  uuid: string;
  characteristics: readonly SimCharacteristic[];
}

export interface SimAdvert {
  connectable: boolean;
  name?: string;
  /** Advertised service uuids. */
  services: readonly string[];
  /** With the two bytes of the company id in front. */
  manufacturer?: Uint8Array;
  /** By service uuid. */
  serviceData?: ReadonlyMap<string, Uint8Array>;
}

/** The connected client, as a peripheral sees it. */
export interface Central {
  readonly mtu: number;
  /** Sends a notification; ignored when the central has not subscribed or has gone. */
  notify(characteristic: string, bytes: Uint8Array): void;
  /** Ends the connection from the peripheral's side. */
  hangUp(): void;
}

/** A device: the documented surface against which clients written elsewhere can be run (docs/design.md). */
export interface Peripheral {
  readonly address: string;
  readonly addressType: 'public' | 'random';
  readonly services: readonly SimService[];
  /** Between 20 and 10,240 ms. */
  readonly advertEveryMs: number;
  /** The largest MTU that it agrees to; absent: any. */
  readonly mostMtu?: number;
  /** What it advertises now; undefined while connected, asleep or without power. */
  advert(): SimAdvert | undefined;
  /** A central connected. False refuses the connection. */
  connected(central: Central): boolean;
  subscribed(characteristic: string): void;
  written(characteristic: string, bytes: Uint8Array): void;
  read(characteristic: string): Uint8Array;
  disconnected(): void;
  /** Calls whenever the advert changed, so that nobody waits an interval for it; the answer stops. */
  watchAdvert?(changed: () => void): () => void;
}

/** An advert as a scanner gets it. `at` is the clock's `now()`. */
export interface HeardAdvert extends SimAdvert {
  address: string;
  addressType: 'public' | 'random';
  rssi: number;
  at: number;
}

/** May be changed while running. */
export interface AirKnobs {
  /** From asking a peripheral that advertises to an open link. */
  connectMs: number;
  /** How long a piece is under way. 0: it arrives before anything else that takes time. */
  chunkMs: number;
  /** What the central asks for on links that are opened from now on: 23, or 185 and the like. */
  mtu: number;
  /** 0..1 of writes without response and notifications that get lost. */
  loss: number;
  /** 0..1 of adverts that nobody hears. */
  advertLoss: number;
  /** Every advert is heard twice. */
  duplicateAdverts: boolean;
  /** Adverts are heard when a scan begins and when they change, not at every interval: fast for long virtual times. */
  quiet: boolean;
  /** How long a peripheral goes on believing in a link that was cut, as until its supervision timeout. */
  lingerMs: number;
  /** Sees every piece of every link and says what becomes of it. Undefined: all arrive, but for `loss`. */
  fault: ((chunk: AirChunk) => Fate) | undefined;
}

export interface AirOptions extends Partial<AirKnobs> {
  clock: SimClock;
  /** Seeded in tests: chance is only taken from here. */
  random: (bytes: number) => Uint8Array;
}

interface Station {
  peripheral: Peripheral;
  address: string;
  rssi: number;
  link?: AirLink;
  /** Cancels the timer of its next advert. */
  disarm?: (() => void) | undefined;
  unwatch?: (() => void) | undefined;
}

/** Somebody who waits for a link. */
interface Attempt {
  begin(): void;
  fail(error: SimError): void;
}

/** A changed advert is heard after this long: about one fast advertising interval. */
const CHANGE_HEARD_MS = 20;
const USUAL_RSSI = -60;

/** One radio and everything within its reach. It makes no timer while nobody scans or connects. */
export class Air {
  readonly knobs: AirKnobs;
  readonly #clock: SimClock;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #stations = new Map<string, Station>();
  readonly #scanners = new Set<(advert: HeardAdvert) => void>();
  /** By address, whether or not anybody with that address is there. */
  readonly #attempts = new Map<string, Set<Attempt>>();
  #powered = true;
  #links = 0;

  constructor(options: AirOptions) {
    const { clock, random, ...knobs } = options;
    this.#clock = clock;
    this.#random = random;
    this.knobs = { ...usualKnobs, ...knobs };
  }

  /** Brings a peripheral within reach; the answer takes it away. */
  add(peripheral: Peripheral, place: { rssi?: number } = {}): () => void {
    const address = peripheral.address.toLowerCase();
    if (this.#stations.has(address)) throw new SimError('invalid', `Two peripherals with the address ${address}.`);
    const station: Station = { peripheral, address, rssi: place.rssi ?? USUAL_RSSI };
    this.#stations.set(address, station);
    station.unwatch = peripheral.watchAdvert?.(() => this.#changed(station));
    this.#arm(station, this.#phase(station));
    return () => {
      if (this.#stations.get(address) === station) this.remove(address);
    };
  }

  /** It left: its link drops, and whoever connects waits for ever. */
  remove(address: string): void {
    const station = this.#stations.get(address.toLowerCase());
    if (!station) return;
    this.#stations.delete(address.toLowerCase());
    station.unwatch?.();
    station.disarm?.();
    station.link?.cut();
  }

  peripherals(): Peripheral[] {
    return [...this.#stations.values()].map(station => station.peripheral);
  }

  /** How strongly it is heard, dBm. */
  setSignal(address: string, dBm: number): void {
    const station = this.#stations.get(address.toLowerCase());
    if (station) station.rssi = dBm;
  }

  /** Open links, oldest first. */
  links(): AirLink[] {
    return [...this.#stations.values()].flatMap(({ link }) => (link ? [link] : [])).sort((a, b) => a.number - b.number);
  }

  get powered(): boolean {
    return this.#powered;
  }

  /** Off: every link drops, every attempt fails, nothing is heard. */
  power(on: boolean): void {
    this.#powered = on;
    for (const station of this.#stations.values()) {
      if (on) {
        this.#arm(station, this.#phase(station));
        continue;
      }
      station.disarm?.();
      station.disarm = undefined;
      station.link?.cut();
    }
    if (on) return;
    const waiting = [...this.#attempts.values()].flatMap(attempts => [...attempts]);
    for (const attempt of waiting) attempt.fail(new SimError('radio_off', 'The radio is off.'));
  }

  /** Hears adverts until the answer is called. */
  scan(heard: (advert: HeardAdvert) => void): () => void {
    const scanner = (advert: HeardAdvert): void => heard(advert);
    this.#scanners.add(scanner);
    for (const station of this.#stations.values()) this.#arm(station, this.#phase(station));
    return () => {
      this.#scanners.delete(scanner);
      for (const station of this.#stations.values()) this.#restIfUnwanted(station);
    };
  }

  /**
   * Opens a link. Rejects `refused` when the peripheral says no, `radio_off`, or `cancelled` when the signal aborts. To a
   * peripheral that left, sleeps or talks to somebody else it never settles by itself, as with a real controller.
   */
  connect(address: string, signal?: AbortSignal): Promise<AirLink> {
    const key = address.toLowerCase();
    return new Promise((resolve, reject) => {
      if (!this.#powered) return reject(new SimError('radio_off', 'The radio is off.'));
      if (signal?.aborted) return reject(cancelled());
      let stopTimer: (() => void) | undefined;
      const leave = (): void => {
        this.#leave(key, attempt);
        stopTimer?.();
        signal?.removeEventListener('abort', abort);
      };
      const fail = (error: SimError): void => {
        leave();
        reject(error);
      };
      const abort = (): void => fail(cancelled());
      const open = (): void => {
        stopTimer = undefined;
        const station = this.#stations.get(key);
        if (!station || !this.#connectable(station)) return this.#armIfThere(station);
        const link = this.#open(station);
        if (!link) return fail(new SimError('refused', 'The peripheral refused the connection.'));
        leave();
        resolve(link);
      };
      const attempt: Attempt = { begin: () => (stopTimer ??= this.#clock.after(this.knobs.connectMs, open)), fail };
      this.#attempts.set(key, (this.#attempts.get(key) ?? new Set()).add(attempt));
      signal?.addEventListener('abort', abort, { once: true });
      const station = this.#stations.get(key);
      if (station && this.#connectable(station)) attempt.begin();
      else this.#armIfThere(station);
    });
  }

  #leave(address: string, attempt: Attempt): void {
    const attempts = this.#attempts.get(address);
    attempts?.delete(attempt);
    if (attempts?.size === 0) this.#attempts.delete(address);
    const station = this.#stations.get(address);
    if (station) this.#restIfUnwanted(station);
  }

  #armIfThere(station: Station | undefined): void {
    if (station) this.#arm(station, station.peripheral.advertEveryMs);
  }

  #connectable(station: Station): boolean {
    return this.#powered && !station.link && station.peripheral.advert()?.connectable === true;
  }

  #open(station: Station): AirLink | undefined {
    const link = new AirLink({
      number: ++this.#links,
      peripheral: station.peripheral,
      mtu: Math.min(this.knobs.mtu, station.peripheral.mostMtu ?? Number.POSITIVE_INFINITY),
      clock: this.#clock,
      knobs: this.knobs,
      fate: chunk => this.#fate(chunk),
      freed: () => {
        delete station.link;
        this.#changed(station);
      },
    });
    station.link = link;
    if (link.begin()) return link;
    delete station.link;
    return undefined;
  }

  #fate(chunk: AirChunk): Fate {
    const fate = this.knobs.fault?.(chunk) ?? 'deliver';
    const mayVanish = chunk.kind === 'notify' || chunk.kind === 'command';
    return fate === 'deliver' && mayVanish && this.#happens(this.knobs.loss) ? 'drop' : fate;
  }

  #happens(probability: number): boolean {
    if (probability <= 0) return false;
    const [high = 0, low = 0] = this.#random(2);
    return high * 256 + low < probability * 65_536;
  }

  #changed(station: Station): void {
    if (this.#stations.get(station.address) !== station) return;
    station.disarm?.();
    station.disarm = undefined;
    this.#arm(station, CHANGE_HEARD_MS);
  }

  #wanted(station: Station): boolean {
    return this.#powered && (this.#scanners.size > 0 || this.#attempts.has(station.address));
  }

  #arm(station: Station, ms: number): void {
    if (station.disarm || !this.#wanted(station)) return;
    station.disarm = this.#clock.after(ms, () => {
      station.disarm = undefined;
      this.#beacon(station);
      if (!this.knobs.quiet || this.#attempts.has(station.address)) this.#armIfThere(station);
    });
  }

  #restIfUnwanted(station: Station): void {
    if (this.#wanted(station)) return;
    station.disarm?.();
    station.disarm = undefined;
  }

  #beacon(station: Station): void {
    const advert = station.link ? undefined : station.peripheral.advert();
    if (!advert) return;
    const { address, rssi, peripheral } = station;
    if (advert.connectable) for (const attempt of this.#attempts.get(address) ?? []) attempt.begin();
    const times = this.knobs.duplicateAdverts ? 2 : 1;
    for (const scanner of this.#scanners) {
      if (this.#happens(this.knobs.advertLoss)) continue;
      const heard = { ...advert, address, addressType: peripheral.addressType, rssi, at: this.#clock.now() };
      for (let time = 0; time < times; time++) scanner(heard);
    }
  }

  /** Peripherals do not start in step; a scan that begins hears each within its interval. */
  #phase(station: Station): number {
    const [part = 0] = this.#random(1);
    return Math.round((station.peripheral.advertEveryMs * (part + 1)) / 256);
  }
}

const usualKnobs: AirKnobs = {
  connectMs: 30,
  chunkMs: 0,
  mtu: 23,
  loss: 0,
  advertLoss: 0,
  duplicateAdverts: false,
  quiet: false,
  lingerMs: 0,
  fault: undefined,
};

function cancelled(): SimError {
  return new SimError('cancelled', 'The attempt was cancelled.');
}
