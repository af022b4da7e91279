// What is done in a session besides commands: ask the state, read the lock's log, keep its clock right. All of it optional.
import { type Clock, isPlausible } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { LockSession } from './driver.ts';
import type { Abilities, Facts, Happening } from './lock.ts';
import { type SettingValues, Survey } from './survey.ts';

/** Drift is looked at once a day; a lock clock drifts seconds a day (ttlock.md 10). */
const CLOCK_EVERY_MS = 24 * 3600_000;
/** Minutes of drift are normal; codes with validity and log stamps suffer from more than a few seconds. */
const DRIFT_MS = 5000;
/** A code that was refused moves nothing and is not told: an open session looks into the log this often all the same. */
const RECORDS_EVERY_MS = 60_000;
/** What is written just now is read soon; a lock that tells of every word with us is not read without end. */
const RECORDED_MS = 3000;
/** Records per visit (ttlock.md 22.8); the next visit goes on. */
const RECORDS = 25;

export interface TendParts {
  clock: Clock;
  log: Log;
  /** A person waits. */
  waiting(): boolean;
  /** A person waits, or a phone does: stop at the next border. */
  pressed(): boolean;
  cursor(): number | undefined;
  /** Keeps the cursor. `news` is empty on the first reading, so that history is not replayed as fresh events. */
  read(news: Happening[], cursor: number): void;
  /** What the lock is and can do, asked once per start: firmware changes are worth knowing. */
  learnt(what: { facts: Facts; abilities: Abilities }): void;
  /** What is set on the lock itself, as far as it was read now. */
  set(values: SettingValues): void;
}

export class Tend {
  readonly #parts: TendParts;
  #clockSeenAt: number | undefined;
  /** What this session has told already. */
  #stateSeen = false;
  #recordsDue = true;
  /** When the log is read next, unless something makes it due before. */
  #recordsAt = Number.POSITIVE_INFINITY;
  #recordsReadAt = Number.NEGATIVE_INFINITY;
  #inspectDue = true;
  readonly #survey: Survey;

  constructor(parts: TendParts) {
    this.#parts = parts;
    this.#survey = new Survey(values => parts.set(values));
  }

  opened(): void {
    this.#stateSeen = false;
    this.#recordsDue = true;
  }

  stateHeard(): void {
    this.#stateSeen = true;
  }

  /** Something happened that the lock's log explains. */
  recordsWanted(): void {
    this.#recordsDue = true;
  }

  /** Something was written there, and nothing else tells of it. */
  recorded(): void {
    const soon = Math.max(this.#parts.clock.elapsed(), this.#recordsReadAt + RECORDED_MS);
    this.#recordsAt = Math.min(this.#recordsAt, soon);
  }

  /** Whether a visit would do anything. */
  due(session: LockSession): boolean {
    const reading = this.#wantsRecords(session);
    const inspecting = this.#inspectDue && session.inspect !== undefined;
    return !this.#stateSeen || reading || inspecting || this.#clockDue(session) || this.#survey.due(session);
  }

  /**
   * A visit of our own accord. Whoever came to wait while its session was opened has that session for the first question,
   * whose challenge still counts; what was due here stays due.
   */
  routine(session: LockSession): Promise<void> {
    return this.#parts.waiting() ? Promise.resolve() : this.visit(session);
  }

  /** Somebody wants to know: the state is read anew, whoever else waits. */
  asked(session: LockSession): Promise<void> {
    this.opened();
    return this.visit(session);
  }

  async visit(session: LockSession): Promise<void> {
    if (!this.#stateSeen) await this.#readState(session);
    if (this.#parts.pressed()) return;
    if (this.#wantsRecords(session)) {
      await this.#tolerated('reading the lock’s log', () => this.#records(session));
    }
    if (this.#parts.pressed()) return;
    if (this.#clockDue(session)) await this.#tolerated('setting the lock’s clock', () => this.#setClock(session));
    if (this.#parts.pressed()) return;
    if (this.#inspectDue) await this.#inspect(session);
    await this.#survey.visit(session, () => this.#parts.pressed());
  }

  /** Another pairing: everything is asked again. */
  paired(): void {
    this.#inspectDue = true;
    this.#clockSeenAt = undefined;
    this.#survey.again();
  }

  /** One setting was changed, and others may hang on it. */
  settingChanged(): void {
    this.#survey.again();
  }

  /** Once a session, whatever comes of it: a lock that does not say is not asked without end. */
  async #readState(session: LockSession): Promise<void> {
    try {
      await session.readState();
    } finally {
      this.#stateSeen = true;
    }
  }

  async #inspect(session: LockSession): Promise<void> {
    this.#inspectDue = false;
    await this.#tolerated('asking the lock what it is', async () => {
      const learnt = await session.inspect?.();
      if (learnt) this.#parts.learnt(learnt);
    });
  }

  #wantsRecords(session: LockSession): boolean {
    if (!session.records) return false;
    return this.#recordsDue || this.#parts.clock.elapsed() >= this.#recordsAt;
  }

  async #records(session: LockSession): Promise<void> {
    this.#recordsDue = true;
    this.#recordsReadAt = this.#parts.clock.elapsed();
    this.#recordsAt = this.#recordsReadAt + RECORDS_EVERY_MS;
    const first = this.#parts.cursor() === undefined;
    for (let more = true; more && session.records && !this.#parts.pressed();) {
      const page = await session.records.read(this.#parts.cursor(), RECORDS);
      this.#parts.read(first ? [] : page.records, page.cursor);
      more = page.more && page.records.length > 0;
      if (!more) this.#recordsDue = false;
    }
  }

  #clockDue(session: LockSession): boolean {
    const { clock } = this.#parts;
    if (!session.clock || !isPlausible(clock.now())) return false;
    return this.#clockSeenAt === undefined || clock.elapsed() - this.#clockSeenAt >= CLOCK_EVERY_MS;
  }

  async #setClock(session: LockSession): Promise<void> {
    if (!session.clock) return;
    const { clock } = this.#parts;
    this.#clockSeenAt = clock.elapsed();
    const drift = (await session.clock.read()) - clock.now();
    if (Math.abs(drift) > DRIFT_MS) await session.clock.set(clock.now());
  }

  /** The lock's own "no" to something optional ends nothing; a broken session does. */
  async #tolerated(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const refused = thrown instanceof LockError && (thrown.code === 'rejected' || thrown.code === 'unsupported');
      if (!refused) throw thrown;
      this.#recordsDue = false;
      this.#parts.log.debug({ err: thrown.message }, `${what}: the lock refused`);
    }
  }
}
