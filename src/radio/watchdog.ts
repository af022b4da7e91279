// Notices an adapter that hears nothing and climbs the ladder: a new scan first, then a reset, and not too often.
import { type Clock, every, within } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';

/** sessions.md 6: somewhere near, something always advertises; 90 s without a single advert is a fault. */
const LOOK_EVERY = 30_000;
const SILENT_AFTER = 90_000;
const STILL_SILENT_AFTER = 120_000;
/** How often the scan is begun again while only links show that the adapter lives. */
const LISTEN_ANEW_EVERY = 5 * 60_000;
/** A reset ends every session and takes seconds; an adapter that needs more of them needs a person. */
const RESET_GAP = 5 * 60_000;
const RESETS_PER_HOUR = 3;
const HOUR = 3600_000;
/** Off 5 s, on 5 s, ready again 10 s, and some patience. */
const RESET_WITHIN = 30_000;

export interface WatchdogParts {
  clock: Clock;
  log: Log;
  id: () => string;
  ready: () => boolean;
  /** A connection is being opened, which a reset would spoil. */
  working: () => boolean;
  /** A link carries something: the adapter lives, whatever it hears. */
  carrying: () => boolean;
  restartScan: () => void;
  reset: () => Promise<void>;
  /** `helpless` or `resetting` changed. */
  changed: () => void;
}

export class Watchdog {
  readonly #parts: WatchdogParts;
  #cancel: (() => void) | undefined;
  #lastLife: number;
  #restartedAt: number | undefined;
  #listenedAt = 0;
  #restarts = 0;
  #resets: number[] = [];
  #resetCount = 0;
  #resetting = false;
  #stopped = false;
  #helpless = false;

  constructor(parts: WatchdogParts) {
    this.#parts = parts;
    this.#lastLife = parts.clock.elapsed();
  }

  get restarts(): number {
    return this.#restarts;
  }

  get resets(): number {
    return this.#resetCount;
  }

  get resetting(): boolean {
    return this.#resetting;
  }

  /** Silent, and no reset is left. */
  get helpless(): boolean {
    return this.#helpless;
  }

  get silentMs(): number {
    return this.#parts.clock.elapsed() - this.#lastLife;
  }

  start(): void {
    this.#lastLife = this.#parts.clock.elapsed();
    this.#cancel ??= every(this.#parts.clock, LOOK_EVERY, () => this.#look());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** An advert was heard. */
  alive(): void {
    this.#lastLife = this.#parts.clock.elapsed();
    this.#restartedAt = undefined;
    if (this.#helpless) this.#setHelpless(false);
  }

  /** The adapter does not end what it was told to end: a reset, if one is left. */
  hung(): void {
    if (this.#parts.ready() && !this.#resetting && !this.#stopped) this.#reset('does not end a connection attempt');
  }

  #look(): void {
    const { clock, log, id } = this.#parts;
    const now = clock.elapsed();
    if (this.#resetting) return;
    if (!this.#parts.ready()) {
      // Absent or off: the radio says so itself and looks for it.
      this.#lastLife = now;
      this.#restartedAt = undefined;
      return;
    }
    if (now - this.#lastLife < SILENT_AFTER) return;
    // Locks that are connected say nothing to others: with all of them held there is nothing to hear.
    if (this.#parts.carrying()) return this.#listenAnew(now);
    if (this.#restartedAt === undefined) {
      this.#restartedAt = now;
      this.#restarts++;
      log.warn({ radio: id() }, `no advert for ${SILENT_AFTER / 1000} s: the scan is begun again`);
      return this.#parts.restartScan();
    }
    if (now - this.#restartedAt > STILL_SILENT_AFTER && !this.#parts.working()) this.#reset('hears nothing');
  }

  /** No fault as long as links carry something; but a scan that died would not be noticed either, and a new one costs nothing. */
  #listenAnew(now: number): void {
    this.#restartedAt = undefined;
    if (now - this.#listenedAt < LISTEN_ANEW_EVERY) return;
    this.#listenedAt = now;
    this.#parts.restartScan();
  }

  #reset(why: string): void {
    const { clock, log, id } = this.#parts;
    const now = clock.elapsed();
    this.#resets = this.#resets.filter(at => now - at < HOUR);
    if (this.#resets.length >= RESETS_PER_HOUR) {
      if (!this.#helpless) log.error({ radio: id() }, `the Bluetooth adapter ${why}, and resets do not help`);
      return this.#setHelpless(true);
    }
    const last = this.#resets.at(-1);
    if (last !== undefined && now - last < RESET_GAP) return;
    this.#resets.push(now);
    this.#resetCount++;
    this.#resetting = true;
    this.#parts.changed();
    log.warn({ radio: id() }, `the Bluetooth adapter ${why}: it is reset`);
    const late = (): LockError => new LockError('timeout', 'The reset of the Bluetooth adapter took too long.');
    void within(clock, RESET_WITHIN, this.#parts.reset(), late)
      .catch((thrown: unknown) => log.warn({ radio: id(), err: textOf(thrown) }, 'the reset failed'))
      .finally(() => {
        this.#resetting = false;
        this.#lastLife = clock.elapsed();
        this.#restartedAt = undefined;
        this.#parts.changed();
      });
  }

  #setHelpless(helpless: boolean): void {
    if (this.#helpless === helpless) return;
    this.#helpless = helpless;
    this.#parts.changed();
  }
}
