// Looks after one lock: holds or opens its session, does one thing at a time, says what it learns.
import { isDeepStrictEqual } from 'node:util';
import { type Clock, type Deadline, deadline, stopped, whileWorking } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import type { Advert, Link, Urgency } from '../radio/radio.ts';
import { Belief } from './belief.ts';
import type { Credential, Ground, LockSession, Recognised, Report } from './driver.ts';
import { Hearing } from './hearing.ts';
import { Hold } from './hold.ts';
import { KeptRecord } from './kept-record.ts';
import type {
  Abilities,
  Command,
  Facts,
  Happening,
  LockEvent,
  LockSettings,
  LockView,
  Outcome,
  SessionMode,
} from './lock.ts';
import { Linger } from './linger.ts';
import { obey } from './obey.ts';
import { Opener, type OpenerParts, type Whereabouts } from './opener.ts';
import { OwnActs } from './own-acts.ts';
import type { LockRecord, LockShelf } from './ports.ts';
import { Stats } from './stats.ts';
import { Tend } from './tend.ts';
import { Turns } from './turns.ts';
import { viewOf } from './view.ts';

/** How long an on-demand link stays after routine work, and after a command (people often send a second one). */
const LINGER_MS = 5000;
const LINGER_COMMAND_MS = 25_000;
/** A held session that is lost is shown as unreachable only when it stays lost: most are back at once. */
const GRACE_MS = 10_000;
/** One refusal may be a damaged frame; three in a row are a changed key (sessions.md 9.10). */
const STRIKES = 3;
/** Work that takes longer than this is stuck. */
const ROUTINE_MS = 60_000;

export interface KeeperParts extends OpenerParts {
  shelf: LockShelf;
  /** What the configuration file says for a lock; what people chose later wins. */
  configured(record: LockRecord): Partial<LockSettings>;
  tell(event: LockEvent): void;
  /** Adds slot and person to what happened. */
  annotate(lock: string, happening: Happening): Happening;
}

type How = { urgency: Urgency; signal: AbortSignal };

export class Keeper {
  readonly #parts: KeeperParts;
  readonly #clock: Clock;
  readonly #turns = new Turns();
  readonly #belief: Belief;
  readonly #stats: Stats;
  readonly #opener: Opener;
  readonly #tend: Tend;
  readonly #hold: Hold;
  readonly #linger: Linger;
  readonly #hearing: Hearing;
  readonly #stopping = new AbortController();
  readonly #kept: KeptRecord;
  #strikes = 0;
  #cancelGrace: (() => void) | undefined;
  #trouble: LockView['trouble'];
  readonly #own: OwnActs;

  constructor(parts: KeeperParts, record: LockRecord) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#kept = new KeptRecord(parts.shelf, parts.log, record);
    this.#belief = new Belief(parts.clock, record.lastState, () => this.#changed('state'));
    this.#stats = new Stats(parts.clock, record.stats);
    this.#hold = new Hold({
      clock: parts.clock,
      random: parts.random,
      wanted: () => this.#managed() && this.#mode() === 'held' && !this.session && !this.#stopping.signal.aborted,
      busy: () => !this.#turns.idle,
      refused: () => this.#strikes >= STRIKES,
      visit: () => this.#visit(),
      failed: error => {
        this.#failed(error);
        if (!this.session) this.#belief.reach(false);
      },
    });
    this.#linger = new Linger({
      clock: parts.clock,
      held: () => this.#mode() === 'held',
      holdEveryMs: () => this.#kept.now.abilities?.holdEveryMs,
      session: () => this.session,
      idle: () => this.#turns.idle,
      due: session => this.#tend.due(session),
      visit: session => this.#tend.visit(session),
      end: () => this.#opener.end(new LockError('stopped', 'The session is not needed any more.')),
      inTurn: task => this.#turns.take('routine', this.#stopping.signal, task).catch(e => this.#failed(e)),
    });
    this.#hearing = new Hearing(parts.clock);
    this.#own = new OwnActs(parts.clock);
    this.#opener = new Opener(parts, () => this.#whereabouts(), {
      report: report => this.#report(report),
      opened: session => this.#opened(session),
      closed: loss => this.#closed(loss),
    });
    this.#tend = new Tend({
      clock: parts.clock,
      log: parts.log,
      pressed: () => this.#turns.pressed,
      cursor: () => this.#kept.now.logCursor,
      read: (news, cursor) => this.#records(news, cursor),
      learnt: what => this.#learn(what),
    });
  }

  get record(): LockRecord {
    return this.#kept.now;
  }

  get session(): LockSession | undefined {
    return this.#opener.session;
  }

  get links(): number {
    return this.#opener.links;
  }

  view(): LockView {
    return viewOf({
      record: this.#kept.now,
      settings: this.#settings(),
      state: this.#belief.state,
      stats: this.#stats.now,
      advert: this.#hearing.advert,
      trouble: this.#trouble,
    });
  }

  /** Begins its work: a held session is opened now, an on-demand lock is asked at its first advert. */
  start(): void {
    this.#hold.now();
  }

  /** The record changed outside (name, unit, settings, lifecycle); it is saved by whoever changed it. */
  adopt(record: LockRecord): void {
    const before = this.#kept.now;
    this.#kept.adopt(record);
    if (record.lifecycle !== 'managed') {
      this.#hold.pause();
      if (before.lifecycle === 'managed' && record.lifecycle !== 'suspended') this.#belief.forget();
    } else {
      if (record.generation !== before.generation) this.#tend.paired();
      this.#strikes = 0;
      this.#trouble = undefined;
      this.#hold.now();
      this.#linger.arm();
    }
  }

  /** Carries out an admitted command. */
  async command(command: Command): Promise<Outcome> {
    const limit = this.#deadline(command.deadline - this.#clock.elapsed(), `${command.verb} the lock`);
    this.#belief.begin(command.verb);
    try {
      const open = (how: How): Promise<LockSession> => this.#open(how);
      const end = (why: LockError): Promise<void> => this.#opener.end(why);
      const parts = { clock: this.#clock, belief: this.#belief, open, end };
      const outcome = await this.#turns.take('person', limit.signal, () => obey(parts, command, limit.signal));
      this.#tend.recordsWanted();
      this.#happened(this.#own.done(command));
      return outcome;
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', `The attempt to ${command.verb} failed.`);
      this.#belief.giveUp(error.acted);
      this.#stats.failed(error);
      if (error.acted === 'maybe') this.#soon();
      throw error;
    } finally {
      this.#belief.giveUp('maybe');
      limit.clear();
      this.#linger.used(LINGER_COMMAND_MS);
      this.#changed('state');
    }
  }

  /** Asks the lock for its state (and what else is due) in a session. */
  async refresh(urgency: Urgency): Promise<void> {
    await this.work(urgency, 'ask the lock', async session => {
      this.#tend.opened();
      await this.#tend.visit(session);
    });
  }

  /** Does something in a session, in its turn; the session ends when it fails by anything but the lock's own "no". */
  async work<T>(urgency: Urgency, what: string, task: (session: LockSession) => Promise<T>): Promise<T> {
    const { signal, clear } = this.#deadline(ROUTINE_MS, what);
    const run = async (): Promise<T> => task(await this.#open({ urgency, signal }));
    try {
      return await this.#turns.take(urgency, signal, () =>
        whileWorking(signal, () => void this.#opener.end(stopped(signal)), run),
      );
    } finally {
      clear();
      this.#linger.used(urgency === 'person' ? LINGER_COMMAND_MS : LINGER_MS);
    }
  }

  /** Lends a bare link to a flow, in the lock's turn, for at most `ms`. */
  async lend<T>(ms: number, task: (link: Link, ground: Ground, advert?: Advert) => Promise<T>): Promise<T> {
    const { signal, clear } = this.#deadline(ms, 'finish with the lock');
    this.#hold.pause();
    try {
      return await this.#turns.take('person', signal, () =>
        this.#opener.lend({ urgency: 'person', signal }, (link, ground) => task(link, ground, this.#hearing.advert)),
      );
    } finally {
      clear();
    }
  }

  /** Whether the lock opens a session with this credential: the probe for whatever is not known. */
  async probe(credential: Credential, ms: number): Promise<LockSession> {
    const { signal, clear } = this.#deadline(ms, 'ask the lock');
    try {
      return await this.#turns.take('person', signal, () =>
        this.#opener.open({ urgency: 'person', signal, with: credential }),
      );
    } finally {
      clear();
      this.#linger.used(LINGER_MS);
    }
  }

  /** An advert of this lock: a hint to connect, never a state. */
  heard(advert: Advert, recognised: Recognised): void {
    this.#hearing.hear(advert);
    if (!this.#managed()) return;
    if (this.#mode() === 'held') return this.#hold.poke();
    if (this.#strikes < STRIKES) this.#belief.reach(true);
    if (this.session || !this.#turns.idle || this.#strikes >= STRIKES) return;
    if (this.#hearing.calls(recognised.wake)) this.#soon();
  }

  /** Called now and then: an on-demand lock that is not heard any more is out of reach. */
  look(): void {
    if (this.#mode() === 'held' || this.session || !this.#belief.state.reachable) return;
    if (!this.#hearing.silent) return;
    this.#trouble = {
      reason: 'not_heard',
      text: 'The lock is not heard any more. Is it in range, and are its batteries good?',
    };
    this.#belief.reach(false);
  }

  /** `gone`: the lock is not kept any more, so nothing is noted of it. */
  async stop(how: { gone?: boolean } = {}): Promise<void> {
    const why = new LockError('stopped', how.gone ? 'The lock was removed.' : 'Latchbridge is stopping.');
    if (how.gone) this.#kept.leave();
    this.#stopping.abort(why);
    this.#turns.end(why);
    this.#hold.pause();
    this.#linger.stop();
    this.#cancelGrace?.();
    await this.#opener.end(why);
    this.#note();
  }

  #whereabouts(): Whereabouts {
    const { id, address, addressType } = this.#kept.now;
    return { lock: id, address, addressType, advert: this.#hearing.advert };
  }

  #managed(): boolean {
    return this.#kept.now.lifecycle === 'managed';
  }

  #mode(): SessionMode {
    return this.#settings().session;
  }

  #settings(): LockSettings {
    const configured = this.#parts.configured(this.#kept.now);
    return { session: 'on_demand', exposed: ['mqtt', 'matter'], ...configured, ...this.#kept.now.settings };
  }

  async #open(how: How): Promise<LockSession> {
    try {
      return await this.#opener.open(how);
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'The lock could not be reached.');
      if (error.code === 'unauthenticated') this.#strike(error);
      else if (error.code !== 'stopped') this.#trouble = { reason: error.reason, text: error.message };
      throw error;
    }
  }

  #strike(error: LockError): void {
    this.#strikes += 1;
    this.#trouble = { reason: error.reason, text: error.message };
    if (this.#strikes < STRIKES || !this.#managed()) return;
    this.#kept.save({ lifecycle: 'orphaned' });
    this.#belief.forget();
    this.#changed('changed');
  }

  #opened(session: LockSession): void {
    this.#learn(session);
    this.#strikes = 0;
    this.#hold.opened();
    this.#trouble = undefined;
    this.#hearing.visited();
    this.#cancelGrace?.();
    this.#stats.opened();
    this.#tend.opened();
    if (this.#managed()) this.#belief.reach(true);
    this.#linger.used(LINGER_MS);
  }

  /** What the lock said of itself; written only when it is news. */
  #learn({ facts, abilities }: { facts: Facts; abilities: Abilities }): void {
    const known = this.#kept.now;
    const next = { facts: { ...known.facts, ...facts }, abilities };
    if (isDeepStrictEqual(next, { facts: known.facts, abilities: known.abilities })) return;
    this.#kept.note(next);
    this.#changed('changed');
  }

  #closed(loss: LockError | undefined): void {
    this.#linger.stop();
    this.#stats.closed(loss);
    this.#note();
    if (this.#mode() === 'held' && this.#managed() && !this.#stopping.signal.aborted) {
      this.#cancelGrace?.();
      this.#cancelGrace = this.#clock.after(GRACE_MS, () => void (this.session || this.#belief.reach(false)));
      this.#hold.closed(loss !== undefined);
    }
    this.#changed('state');
  }

  /** A routine visit of its own accord; what goes wrong is only noted. */
  #soon(): void {
    this.#visit().catch((thrown: unknown) => {
      this.#failed(thrown);
      // The next advert tries again, within the visit budget.
      this.#hearing.missed();
    });
  }

  #failed(thrown: unknown): void {
    this.#stats.failed(asLockError(thrown, 'unreachable', 'The lock could not be reached.'));
  }

  #visit(): Promise<void> {
    return this.work('routine', 'ask the lock', session => this.#tend.visit(session));
  }

  #report(report: Report): void {
    if (report.kind === 'roundTrip') return this.#stats.roundTrip();
    if (report.kind === 'happened') return this.#happened(report.happening);
    if (report.bolt !== undefined) this.#tend.stateHeard();
    const ours = this.#belief.moving;
    const before = this.#belief.hear(report);
    if (before === undefined || before === 'unknown' || ours) return;
    // Somebody at the door, or the lock itself: its log may tell who.
    this.#tend.recordsWanted();
    if (!this.#kept.now.abilities?.log && (report.bolt === 'locked' || report.bolt === 'unlocked')) {
      this.#happened({ type: report.bolt, source: 'unknown', ok: true, at: this.#clock.now() });
    }
    this.#linger.arm();
  }

  #records(news: Happening[], cursor: number): void {
    this.#kept.note({ logCursor: cursor });
    for (const happening of news) if (!this.#own.isOurs(happening)) this.#happened(happening);
  }

  #happened(happening: Happening): void {
    const annotated = this.#parts.annotate(this.#kept.now.id, happening);
    this.#parts.tell({ kind: 'happened', view: this.view(), happening: annotated });
  }

  #changed(kind: 'state' | 'changed'): void {
    this.#parts.tell({ kind, view: this.view() });
  }

  #note(): void {
    this.#kept.note({ lastState: this.#belief.state, stats: this.#stats.now });
  }

  #deadline(ms: number, what: string): Deadline {
    const seconds = Math.max(0, Math.round(ms / 100) / 10);
    const text = `It was not possible to ${what} within ${seconds} s. Is it in range and awake?`;
    return deadline(this.#clock, ms, () => new LockError('timeout', text), this.#stopping.signal);
  }
}
