// Flows that cannot go on now: they go on by themselves when what they wait for comes.
import { type Clock, every, stopped } from '../../base/clock.ts';
import type { Heard } from '../../lock/registry.ts';
import type { Stop } from './memory.ts';
import type { Stage } from './stage.ts';
import { isRadio } from './stops.ts';

/** Pieces get lost, and somebody may be waiting: soon again, then ever more rarely. The last one is for ever. */
const AGAIN_MS: readonly number[] = [5000, 15_000, 60_000];
/** What went well for so long is forgotten. */
const CALM_MS = 10 * 60_000;
/** Even unheard it is tried now and then: a scanner can be deaf. */
const UNHEARD_MS = 5 * 60_000;
/** What was heard while it failed says nothing new. */
const PAUSE_MS = 3000;

export class Waits {
  readonly #stage: Stage;
  readonly #clock: Clock;
  readonly #goOn: () => void;
  #unhook: (() => void) | undefined;
  #tried = Number.NEGATIVE_INFINITY;
  #tries = 0;

  constructor(stage: Stage, goOn: () => void) {
    this.#stage = stage;
    this.#clock = stage.parts.clock;
    this.#goOn = goOn;
  }

  stop(): void {
    this.#unhook?.();
    this.#unhook = undefined;
  }

  /** A parked flow: on again when its lock is heard, or the disk has room, after growing pauses. */
  watch({ code }: Stop): void {
    this.stop();
    if (!isRadio(code) && code !== 'disk') return;
    if (this.#clock.elapsed() - this.#tried > CALM_MS) this.#tries = 0;
    this.#tried = this.#clock.elapsed();
    const stopHearing = this.#stage.parts.tools.registry.hearAdverts(heard => this.#heard(heard));
    const stopTrying = every(this.#clock, UNHEARD_MS, () => this.#again());
    this.#unhook = () => {
      stopHearing();
      stopTrying();
    };
  }

  /** Before the pivot, with nobody there: holding is free. False when the time is up. */
  async hold(stop: Stop): Promise<boolean> {
    const stage = this.#stage;
    const { deadline } = stage.book.kept.plan.request;
    stage.say(`${stop.text} It goes on as soon as the lock is heard.`);
    const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - this.#clock.now();
    if (left <= 0) return false;
    await stage.waiting('radio', this.#heardWithin(Math.min(UNHEARD_MS, left)));
    return true;
  }

  #heardWithin(ms: number): Promise<void> {
    const { signal } = this.#stage.control;
    const { lock } = this.#stage.book.memory;
    const began = this.#clock.elapsed();
    return new Promise((resolve, reject) => {
      const end = (done: () => void): void => {
        unhook();
        cancel();
        signal.removeEventListener('abort', aborted);
        done();
      };
      const aborted = (): void => end(() => reject(stopped(signal)));
      const cancel = this.#clock.after(ms, () => end(resolve));
      const unhook = this.#stage.parts.tools.registry.hearAdverts(heard => {
        if (heard.lock === lock && this.#clock.elapsed() - began >= PAUSE_MS) end(resolve);
      });
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  #heard({ lock }: Heard): void {
    const { memory, kept } = this.#stage.book;
    const wanted = memory.lock ?? kept.lock;
    if (wanted !== undefined && lock !== wanted) return;
    const pause = AGAIN_MS[Math.min(this.#tries, AGAIN_MS.length - 1)] as number;
    if (this.#clock.elapsed() - this.#tried >= pause) this.#again();
  }

  #again(): void {
    const { book } = this.#stage;
    if (!book.memory.parked) return;
    this.#tried = this.#clock.elapsed();
    this.#tries += 1;
    try {
      book.write('resumed', { who: 'radio', via: 'daemon' });
      book.save({ state: 'running' });
    } catch {
      // The disk is full still.
      return;
    }
    this.#goOn();
  }
}
