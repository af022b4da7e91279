// One scan that survives: paused for connects and surely resumed, begun again after failures, losses and silence.
import { type Clock, within } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Advert, Radio } from './radio.ts';

/** Pauses before a scan that failed is begun again: 1, 2, 4, … 60 s and up to a quarter more, until an advert is heard. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
const JITTER = 0.25;
/** A scan ends within milliseconds of being told; one that does not is left behind. */
const END_WITHIN = 3_000;

export interface ScannerParts {
  clock: Clock;
  log: Log;
  random: (bytes: number) => Uint8Array;
  heard: (advert: Advert) => void;
}

export class Scanner {
  readonly #radio: Radio;
  readonly #parts: ScannerParts;
  #running: Promise<void> | undefined;
  #stopped = false;
  #pauses = 0;
  #failures = 0;
  #begun = 0;
  #current: { stop: AbortController; ended: Promise<void> } | undefined;
  #wake: () => void = () => undefined;

  constructor(radio: Radio, parts: ScannerParts) {
    this.#radio = radio;
    this.#parts = parts;
  }

  get scanning(): boolean {
    return this.#current !== undefined;
  }

  /** It hears, or will again as soon as nothing pauses it. */
  get works(): boolean {
    return this.#running !== undefined && this.#failures === 0;
  }

  /** How often a scan was begun. */
  get begun(): number {
    return this.#begun;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the scan; the answer lets it go on. Waits for the end, but not for ever. */
  async pause(): Promise<() => void> {
    this.#pauses++;
    await this.#end();
    let held = true;
    return () => {
      if (held) this.#pauses--;
      held = false;
      this.#wake();
    };
  }

  /** Begins a new scan in place of one that hears nothing, or at once instead of after its pause. */
  restart(): void {
    void this.#end();
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#end();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#pauses > 0 || !this.#radio.state().ready) await this.#change();
      else await this.#round();
    }
  }

  async #round(): Promise<void> {
    const { log } = this.#parts;
    const stop = new AbortController();
    let settle: () => void = () => undefined;
    const current = { stop, ended: new Promise<void>(resolve => (settle = resolve)) };
    // A quick reset is over before the scan's error arrives, and is no fault of the scan.
    let lost = false;
    const unhook = this.#radio.hearState(state => (lost ||= !state.ready));
    this.#current = current;
    this.#begun++;
    try {
      const scan = this.#radio.scan(advert => this.#heard(advert, stop.signal), stop.signal);
      await Promise.race([scan, this.#leftBehind(stop.signal, current.ended)]);
      if (!stop.signal.aborted) throw new LockError('unreachable', 'The scan ended by itself.');
    } catch (thrown) {
      if (!stop.signal.aborted && !lost) {
        this.#failures++;
        log.warn({ radio: this.#radio.id, err: textOf(thrown) }, 'the Bluetooth scan failed; it is begun again');
      }
    } finally {
      unhook();
      this.#current = undefined;
      settle();
    }
    if (this.#failures > 0 && !stop.signal.aborted && !this.#stopped) await this.#change(this.#pauseMs());
  }

  #heard(advert: Advert, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#failures = 0;
    this.#parts.heard(advert);
  }

  /** Settles some time after the abort, so that a scan which does not end holds up nothing. */
  #leftBehind(signal: AbortSignal, ended: Promise<void>): Promise<void> {
    return new Promise(resolve => {
      const told = (): void => {
        const cancel = this.#parts.clock.after(END_WITHIN, resolve);
        void ended.then(cancel);
      };
      signal.addEventListener('abort', told, { once: true });
    });
  }

  async #end(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    current.stop.abort();
    const late = (): LockError => new LockError('timeout', 'The scan did not end when told to.');
    await within(this.#parts.clock, END_WITHIN, current.ended, late).catch((thrown: unknown) =>
      this.#parts.log.warn({ radio: this.#radio.id, err: textOf(thrown) }, 'the Bluetooth adapter goes on scanning'),
    );
  }

  #pauseMs(): number {
    const plain = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.#failures - 1, 10));
    const [byte = 0] = this.#parts.random(1);
    return plain * (1 + (JITTER * byte) / 255);
  }

  /** Until something changed: told by `wake`, by the radio's state, or by the clock. */
  #change(withinMs?: number): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        cancel?.();
        unhook();
        resolve();
      };
      const cancel = withinMs === undefined ? undefined : this.#parts.clock.after(withinMs, done);
      const unhook = this.#radio.hearState(done);
      this.#wake = done;
    });
  }
}
