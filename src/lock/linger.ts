// How long an open session stays: kept alive by the cheapest question until nobody needs it, or for ever when held.
import type { Clock } from '../base/clock.ts';
import type { LockSession } from './driver.ts';

export interface LingerParts {
  clock: Clock;
  held(): boolean;
  /** How often the lock must be asked something, ms; undefined while nothing is known of it. */
  holdEveryMs(): number | undefined;
  session(): LockSession | undefined;
  idle(): boolean;
  /** Whether a visit would do anything now. */
  due(session: LockSession): boolean;
  visit(session: LockSession): Promise<void>;
  end(): Promise<void>;
  /** Does it in the lock's turn, as routine; never rejects. */
  inTurn(task: () => Promise<void>): Promise<void>;
}

/** Before a lock has said how long it holds: short enough for the most impatient known (TTLock, 5 s). */
const UNKNOWN_HOLD_MS = 2000;

export class Linger {
  readonly #parts: LingerParts;
  #until = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: LingerParts) {
    this.#parts = parts;
  }

  /** The session was used and should stay for at least `ms` more. */
  used(ms: number): void {
    this.#until = Math.max(this.#until, this.#parts.clock.elapsed() + ms);
    this.arm();
  }

  /** Nobody needs it any more, whatever was said before. */
  letGo(): void {
    this.#until = 0;
    this.arm();
  }

  /** Another lock needs the connection: lets it go at once if nobody uses it, and says so. */
  spare(): boolean {
    if (this.#parts.held() || !this.#parts.idle() || !this.#parts.session()) return false;
    this.#until = 0;
    void this.#parts.end();
    return true;
  }

  /** Looks anew at what is to be done when. */
  arm(): void {
    this.#cancel?.();
    const session = this.#parts.session();
    if (!session) return;
    const hold = this.#parts.holdEveryMs() ?? UNKNOWN_HOLD_MS;
    const left = Math.max(0, this.#until - this.#parts.clock.elapsed());
    const wait = this.#parts.held() ? hold : Math.min(hold, left);
    const due = this.#parts.idle() && this.#parts.due(session);
    this.#after(due ? 0 : wait);
  }

  stop(): void {
    this.#cancel?.();
  }

  #after(ms: number): void {
    this.#cancel = this.#parts.clock.after(ms, () => this.#care());
  }

  #care(): void {
    // What runs now is not interrupted, however long it waits for a person; when it ends, this is armed anew.
    if (!this.#parts.idle()) return this.#after(this.#parts.holdEveryMs() ?? UNKNOWN_HOLD_MS);
    void this.#parts.inTurn(() => this.#one()).finally(() => this.arm());
  }

  async #one(): Promise<void> {
    const session = this.#parts.session();
    if (!session) return;
    if (this.#parts.due(session)) return this.#parts.visit(session);
    const over = !this.#parts.held() && this.#until <= this.#parts.clock.elapsed();
    return over ? this.#parts.end() : session.keepAlive();
  }
}
