// What we believe of a lock's state: only what the lock said, plus the transition that a running command makes visible.
import type { Clock } from '../base/clock.ts';
import type { Acted } from '../base/errors.ts';
import type { Report } from './driver.ts';
import type { Bolt, LockState, Verb } from './lock.ts';

type StateReport = Extract<Report, { kind: 'state' }>;

export const POSITION: Readonly<Record<Verb, Bolt>> = { lock: 'locked', unlock: 'unlocked', unlatch: 'unlatched' };

export class Belief {
  readonly #clock: Clock;
  readonly #changed: (state: LockState) => void;
  #state: LockState;
  /** The bolt before a running command, to go back to when nothing was sent. */
  #before: Bolt | undefined;

  constructor(clock: Clock, last: LockState | undefined, changed: (state: LockState) => void) {
    this.#clock = clock;
    this.#changed = changed;
    const bolt = last === undefined || last.bolt === 'locking' || last.bolt === 'unlocking' ? 'unknown' : last.bolt;
    this.#state = { ...(last ?? { at: clock.now() }), bolt, reachable: false, trust: 'guessed' };
  }

  get state(): LockState {
    return this.#state;
  }

  get moving(): boolean {
    return this.#before !== undefined;
  }

  /** A command begins to act: shown as locking or unlocking until the lock says more. */
  begin(verb: Verb): void {
    this.#before ??= this.#state.bolt;
    this.#set({ bolt: verb === 'lock' ? 'locking' : 'unlocking' });
  }

  /** Nothing will come of the command any more. */
  giveUp(acted: Acted): void {
    if (this.#before === undefined) return;
    const before = this.#before;
    this.#before = undefined;
    this.#set({ bolt: acted === 'no' ? before : 'unknown' });
  }

  /** What the lock said; gives the bolt before it when that was another one, for "who did that?". */
  hear(report: StateReport): Bolt | undefined {
    const was = this.#before ?? this.#state.bolt;
    const next: Partial<LockState> = { trust: report.trust, at: this.#clock.now() };
    if (report.bolt !== undefined) {
      next.bolt = report.bolt;
      if (report.bolt !== 'locking' && report.bolt !== 'unlocking') this.#before = undefined;
    } else if (this.#state.trust === 'guessed') {
      // A battery level alone says nothing about the bolt: it stays a guess.
      next.trust = 'guessed';
    }
    if (report.door !== undefined) next.door = report.door;
    if (report.battery !== undefined) next.battery = report.battery;
    this.#set(next);
    return report.bolt !== undefined && report.bolt !== was ? was : undefined;
  }

  reach(reachable: boolean): void {
    if (reachable !== this.#state.reachable) this.#set({ reachable });
  }

  /** The keys are gone or changed: what was believed is worth nothing. */
  forget(): void {
    this.#before = undefined;
    const { battery, at } = this.#state;
    this.#state = {
      bolt: 'unknown',
      reachable: false,
      trust: 'guessed',
      at,
      ...(battery !== undefined && { battery }),
    };
    this.#changed(this.#state);
  }

  #set(change: Partial<LockState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed(this.#state);
  }
}

/** Whether a crash now should find it on the disk, to guess by: not what is only passing. */
export function worthKeeping({ bolt, door }: LockState, kept: LockState | undefined): boolean {
  if (bolt === 'locking' || bolt === 'unlocking' || bolt === 'unknown') return false;
  return kept?.bolt !== bolt || kept.door !== door;
}
