// Counts per lock, kept over restarts: what a session costs and how often it is lost.
import type { Clock } from '../base/clock.ts';
import type { LockError } from '../base/errors.ts';
import type { SessionStats } from './lock.ts';

export class Stats {
  readonly #clock: Clock;
  #kept: SessionStats;
  #openedAt: number | undefined;

  constructor(clock: Clock, kept: SessionStats | undefined) {
    this.#clock = clock;
    this.#kept = { ...(kept ?? fresh(clock.now())), open: false, since: clock.now() };
  }

  /** A copy that counts the running session too. */
  get now(): SessionStats {
    const running = this.#openedAt === undefined ? 0 : this.#clock.elapsed() - this.#openedAt;
    return { ...this.#kept, connectedMs: Math.round(this.#kept.connectedMs + running) };
  }

  opened(): void {
    this.#openedAt = this.#clock.elapsed();
    const { lastError: _, ...rest } = this.#kept;
    this.#kept = { ...rest, open: true, since: this.#clock.now(), opens: rest.opens + 1 };
  }

  /** `loss` when it was not us who ended it. */
  closed(loss: LockError | undefined): void {
    if (this.#openedAt === undefined) return;
    const connectedMs = this.#kept.connectedMs + this.#clock.elapsed() - this.#openedAt;
    this.#openedAt = undefined;
    this.#kept = { ...this.#kept, open: false, since: this.#clock.now(), connectedMs };
    if (!loss) return;
    const reasons = this.#kept.lossReasons;
    const lossReasons = { ...reasons, [loss.reason]: (reasons[loss.reason] ?? 0) + 1 };
    this.#kept = { ...this.#kept, losses: this.#kept.losses + 1, lossReasons, lastError: loss.message };
  }

  failed(error: LockError): void {
    this.#kept = { ...this.#kept, lastError: error.message };
  }

  roundTrip(): void {
    this.#kept = { ...this.#kept, roundTrips: this.#kept.roundTrips + 1 };
  }
}

function fresh(now: number): SessionStats {
  return { open: false, since: now, opens: 0, losses: 0, lossReasons: {}, connectedMs: 0, roundTrips: 0 };
}
