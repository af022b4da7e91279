// One radio as the shared radio uses it: its scan, its links, its one connect at a time, its watchdog.
import { type Clock, stopped, within } from '../base/clock.ts';
import { asLockError, LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Candidate } from './choose.ts';
import { HeardBook } from './heard.ts';
import type { Advert, ConnectHow, Link, Radio, RadioState, Urgency } from './radio.ts';
import { Scanner } from './scanner.ts';
import { watched } from './watched-link.ts';
import { Watchdog } from './watchdog.ts';

/** The radio gives up after 20 s and finds services for 10 s; what takes longer than this hangs. */
const CONNECT_WITHIN = 60_000;
/** A cancelled attempt is over when the controller has confirmed it, after at most 7 s. */
const CANCEL_WITHIN = 10_000;
/** A link that carried nothing for so long does not keep a silent adapter from its reset. */
const LINK_LIVES_FOR = 120_000;
/** The chip frees its slot a moment later than it says (sessions.md 4). */
const REST_AFTER_NO_SLOT = 4_000;
/** Addresses whose failures are counted. */
const MOST_FAILURES = 500;
const CLOSE_WITHIN = 6_000;

/** What a health page shows of a radio. Counts since the start. */
export interface StationStatus {
  id: string;
  state: RadioState;
  scanning: boolean;
  links: number;
  mostLinks: number;
  /** The address it connects to now. */
  connecting?: string;
  adverts: number;
  addresses: number;
  connects: number;
  failures: number;
  scans: number;
  scanRestarts: number;
  resets: number;
  silentMs: number;
}

export interface StationParts {
  clock: Clock;
  log: Log;
  random: (bytes: number) => Uint8Array;
  heard: (advert: Advert) => void;
  /** A slot, a turn or the state changed. */
  changed: () => void;
}

type Wanted = Pick<ConnectHow, 'addressType' | 'spare'>;

export class Station {
  readonly radio: Radio;
  readonly #parts: StationParts;
  readonly #scanner: Scanner;
  readonly #watchdog: Watchdog;
  readonly #heard: HeardBook;
  readonly #links = new Map<Link, { address: string; lifeAt: number; spare: Wanted['spare'] }>();
  readonly #failures = new Map<string, number>();
  readonly #counts = { adverts: 0, connects: 0, failures: 0 };
  readonly #unhook: () => void;
  #connecting: { address: string; since: number } | undefined;
  #restUntil = 0;

  constructor(radio: Radio, parts: StationParts) {
    this.radio = radio;
    this.#parts = parts;
    const { clock, log } = parts;
    this.#heard = new HeardBook(clock);
    this.#scanner = new Scanner(radio, { ...parts, heard: advert => this.#hear(advert) });
    this.#watchdog = new Watchdog({
      clock,
      log,
      id: () => radio.id,
      ready: () => radio.state().ready,
      working: () => this.#working(),
      carrying: () => this.#carrying(),
      restartScan: () => this.#scanner.restart(),
      reset: () => radio.reset(),
      changed: parts.changed,
    });
    this.#unhook = radio.hearState(parts.changed);
  }

  /** Ready, unless it has been deaf for long although it says that it is. */
  state(): RadioState {
    const state = this.radio.state();
    if (!state.ready || !this.#watchdog.helpless) return state;
    return {
      ready: false,
      code: 'silent',
      reason: `The Bluetooth adapter ${this.radio.id} hears nothing, and resetting it did not help.`,
      fix: 'Unplug it and plug it in again, or switch the computer off and on. If nothing near it uses Bluetooth, ignore this.',
    };
  }

  /** It may be asked to connect now or soon. */
  get usable(): boolean {
    return this.radio.state().ready && !this.#watchdog.resetting && this.#parts.clock.elapsed() >= this.#restUntil;
  }

  get connecting(): boolean {
    return this.#connecting !== undefined;
  }

  /** Heard lately; or nothing can be heard because the scan fails, and then it is worth a try. */
  reaches(address: string): boolean {
    return this.#heard.isFresh(address) || !this.#scanner.works;
  }

  /** A link to this address is open, or being opened. */
  has(address: string): boolean {
    return this.#connecting?.address === address || [...this.#links.values()].some(link => link.address === address);
  }

  /** Routine leaves the last slot to a person; an adapter with a single one has none to keep free. */
  hasRoom(urgency: Urgency): boolean {
    return this.#freeSlots > (urgency === 'routine' && this.radio.abilities.links > 1 ? 1 : 0);
  }

  /** Asks for the slot of a link that nobody uses just now, the oldest first. */
  spareOne(): boolean {
    return [...this.#links.values()].some(link => link.spare?.() === true);
  }

  candidate(address: string): Candidate {
    return {
      rssi: this.#heard.rssi(address),
      connecting: this.connecting,
      failures: this.#failures.get(address) ?? 0,
      freeSlots: this.#freeSlots,
    };
  }

  start(): void {
    this.#scanner.start();
    this.#watchdog.start();
  }

  async stop(): Promise<void> {
    this.#watchdog.stop();
    const late = (): LockError => new LockError('timeout', 'A connection did not end in time.');
    const closing = [...this.#links.keys()].map(link => within(this.#parts.clock, CLOSE_WITHIN, link.close(), late));
    await Promise.allSettled([...closing, this.#scanner.stop()]);
    await this.radio.stop();
    this.#unhook();
  }

  /** Call only when free to. Settles when the attempt is really over, which after an abort takes a moment. */
  async connect(address: string, signal: AbortSignal, how: Wanted = {}): Promise<Link> {
    const { clock, log } = this.#parts;
    this.#connecting = { address, since: clock.elapsed() };
    this.#counts.connects++;
    const resume = this.radio.abilities.scansWhileConnecting ? () => undefined : await this.#scanner.pause();
    const attempt = this.#attempt(address, signal, how.addressType);
    try {
      const link = await this.#orLeave(attempt, signal);
      this.#failures.delete(address);
      return this.#hold(link, address, how.spare);
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'The connection to the lock could not be opened.');
      if (!signal.aborted) this.#failed(address, error);
      log.debug({ radio: this.radio.id, address, err: textOf(error) }, 'a connection was not opened');
      throw error;
    } finally {
      resume();
      // An attempt that was left behind keeps the turn until it ends: the adapter would refuse the next one.
      void attempt
        .catch(() => undefined)
        .then(() => {
          this.#connecting = undefined;
          this.#parts.changed();
        });
    }
  }

  status(): StationStatus {
    return {
      id: this.radio.id,
      state: this.state(),
      scanning: this.#scanner.scanning,
      links: this.#links.size,
      mostLinks: this.radio.abilities.links,
      ...(this.#connecting && { connecting: this.#connecting.address }),
      adverts: this.#counts.adverts,
      addresses: this.#heard.size,
      connects: this.#counts.connects,
      failures: this.#counts.failures,
      scans: this.#scanner.begun,
      scanRestarts: this.#watchdog.restarts,
      resets: this.#watchdog.resets,
      silentMs: this.#watchdog.silentMs,
    };
  }

  get #freeSlots(): number {
    return this.radio.abilities.links - this.#links.size - (this.#connecting ? 1 : 0);
  }

  #hear(advert: Advert): void {
    this.#counts.adverts++;
    this.#heard.note(advert);
    // Some controllers go on reporting addresses without content after they have gone deaf.
    if (advert.name !== undefined || advert.services.length > 0 || advert.manufacturer || advert.serviceData) {
      this.#watchdog.alive();
    }
    this.#parts.heard(advert);
  }

  /** A reset would spoil an attempt that is not overdue. */
  #working(): boolean {
    return this.#connecting !== undefined && this.#parts.clock.elapsed() - this.#connecting.since < CONNECT_WITHIN;
  }

  #carrying(): boolean {
    const now = this.#parts.clock.elapsed();
    return [...this.#links.values()].some(link => now - link.lifeAt < LINK_LIVES_FOR);
  }

  /** The radio's own attempt; a link that comes although nobody wants it any more is closed. */
  async #attempt(address: string, signal: AbortSignal, addressType?: Advert['addressType']): Promise<Link> {
    if (signal.aborted) throw stopped(signal);
    const ender = new AbortController();
    const ended = (): void => ender.abort(stopped(signal));
    signal.addEventListener('abort', ended, { once: true });
    const text = `The Bluetooth adapter did not open a connection within ${CONNECT_WITHIN / 1000} s.`;
    const cancel = this.#parts.clock.after(CONNECT_WITHIN, () => ender.abort(new LockError('timeout', text)));
    try {
      const link = await this.radio.connect(address, ender.signal, addressType);
      if (!ender.signal.aborted) return link;
      await link.close();
      throw stopped(ender.signal);
    } finally {
      cancel();
      signal.removeEventListener('abort', ended);
    }
  }

  /** The attempt, or an error when it does not even end after it was told to. */
  #orLeave(attempt: Promise<Link>, signal: AbortSignal): Promise<Link> {
    const { clock } = this.#parts;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#watchdog.hung();
        reject(
          new LockError('timeout', 'The Bluetooth adapter did not end an attempt to connect.', { reason: 'hung' }),
        );
      };
      let cancel = clock.after(CONNECT_WITHIN + CANCEL_WITHIN, leave);
      const aborted = (): void => {
        cancel();
        cancel = clock.after(CANCEL_WITHIN, leave);
      };
      if (signal.aborted) aborted();
      signal.addEventListener('abort', aborted, { once: true });
      attempt.then(resolve, reject).finally(() => {
        cancel();
        signal.removeEventListener('abort', aborted);
      });
    });
  }

  #hold(link: Link, address: string, spare: Wanted['spare']): Link {
    const { clock } = this.#parts;
    const entry = { address, lifeAt: clock.elapsed(), spare };
    this.#links.set(link, entry);
    void link.closed.then(() => {
      this.#links.delete(link);
      this.#parts.changed();
    });
    return watched(link, () => (entry.lifeAt = clock.elapsed()));
  }

  #failed(address: string, error: LockError): void {
    this.#counts.failures++;
    if (error.reason === 'no_slot') {
      this.#restUntil = this.#parts.clock.elapsed() + REST_AFTER_NO_SLOT;
      return;
    }
    const count = (this.#failures.get(address) ?? 0) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, count);
    if (this.#failures.size > MOST_FAILURES) this.#failures.delete(this.#failures.keys().next().value as string);
  }
}
