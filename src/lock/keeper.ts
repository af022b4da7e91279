// Looks after one lock: holds or opens its session, does one thing at a time, says what it learns.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import type { Advert, Link, Urgency } from '../radio/radio.ts';
import { Belief, worthKeeping } from './belief.ts';
import type { Credential, Ground, LockSession, Recognised, Report } from './driver.ts';
import { Grace } from './grace.ts';
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
import { Opener, type OpenerParts } from './opener.ts';
import { OwnActs } from './own-acts.ts';
import { PhoneBreak } from './phone-break.ts';
import type { LockRecord, LockShelf } from './ports.ts';
import { Standing } from './standing.ts';
import { Stats } from './stats.ts';
import type { SettingValues } from './survey.ts';
import { type How, LINGER_COMMAND_MS, LINGER_MS, Tasks, type Work } from './tasks.ts';
import { Tend } from './tend.ts';
import { Turns } from './turns.ts';
import { viewOf } from './view.ts';

export interface KeeperParts extends OpenerParts {
  shelf: LockShelf;
  /** What the configuration file says for a lock; what people chose later wins. */
  configured(record: LockRecord): Partial<LockSettings>;
  tell(event: LockEvent): void;
  /** Adds slot and person to what happened. */
  annotate(lock: string, happening: Happening): Happening;
  /** What is set on the lock itself, as far as it was read now. */
  heardSettings(lock: string, values: SettingValues): void;
}

export class Keeper {
  readonly #parts: KeeperParts;
  readonly #clock: Clock;
  readonly #turns = new Turns();
  readonly #belief: Belief;
  readonly #stats: Stats;
  readonly #opener: Opener;
  readonly #tasks: Tasks;
  readonly #tend: Tend;
  readonly #hold: Hold;
  readonly #linger: Linger;
  readonly #hearing: Hearing;
  readonly #stopping = new AbortController();
  readonly #kept: KeptRecord;
  readonly #standing = new Standing();
  readonly #phone: PhoneBreak;
  readonly #grace: Grace;
  readonly #own: OwnActs;

  constructor(parts: KeeperParts, record: LockRecord) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#kept = new KeptRecord(parts.shelf, parts.log, record);
    this.#belief = new Belief(parts.clock, record.lastState, () => this.#changed('state'));
    this.#grace = new Grace(parts.clock, () => void (this.session || this.#belief.reach(false)));
    this.#stats = new Stats(parts.clock, record.stats);
    this.#phone = new PhoneBreak({ clock: parts.clock, zone: parts.zone, changed: () => this.#phoneChanged() });
    this.#hold = new Hold({
      clock: parts.clock,
      random: parts.random,
      wanted: () => this.#managed() && this.#mode() === 'held' && !this.session && !this.#stopping.signal.aborted,
      busy: () => !this.#turns.idle,
      refused: () => this.#standing.refused,
      visit: () => this.#visit(),
      failed: error => {
        this.#failed(error);
        if (!this.session) this.#belief.reach(false);
      },
    });
    this.#linger = new Linger({
      clock: parts.clock,
      held: () => this.#managed() && this.#mode() === 'held',
      holdEveryMs: () => this.#kept.now.abilities?.holdEveryMs,
      session: () => this.session,
      idle: () => this.#turns.idle,
      due: session => !this.#phone.active && this.#tend.due(session),
      visit: session => this.#tend.visit(session),
      end: () => this.#opener.end(new LockError('stopped', 'The session is not needed any more.')),
      inTurn: task => this.#turns.take('routine', this.#stopping.signal, task).catch(e => void this.#failed(e)),
    });
    this.#hearing = new Hearing(parts.clock);
    this.#own = new OwnActs(parts.clock);
    this.#opener = new Opener(parts, () => ({ ...this.#kept.where, advert: this.#hearing.advert }), {
      report: report => this.#report(report),
      opened: session => this.#opened(session),
      closed: loss => this.#closed(loss),
      spare: () => this.#linger.spare(),
    });
    this.#tasks = new Tasks({
      clock: parts.clock,
      turns: this.#turns,
      opener: this.#opener,
      stopping: this.#stopping.signal,
      open: how => this.#open(how),
      used: ms => this.#used(ms),
    });
    this.#tend = new Tend({
      clock: parts.clock,
      log: parts.log,
      waiting: () => this.#turns.pressed,
      pressed: () => this.#turns.pressed || this.#phone.active,
      cursor: () => this.#kept.now.logCursor,
      read: (news, cursor) => this.#records(news, cursor),
      learnt: what => this.#learn(what),
      set: values => parts.heardSettings(this.#kept.now.id, values),
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
      trouble: this.#phone.trouble ?? this.#standing.trouble,
    });
  }

  /** Begins its work: a held session is opened now, an on-demand lock is asked at its first advert. */
  start(): void {
    this.#hold.now();
  }

  /** The record changed outside (name, unit, settings, lifecycle); it is saved by whoever changed it. */
  adopt(record: LockRecord): void {
    const before = this.#kept.now;
    const held = this.#mode() === 'held';
    this.#kept.adopt(record);
    if (record.generation !== before.generation) for (const part of [this.#tend, this.#hearing]) part.paired();
    if (record.lifecycle !== 'managed') {
      this.#hold.pause();
      if (record.lifecycle === before.lifecycle || record.lifecycle === 'suspended') return;
      // Also where it was given up before: a lock says how it stands while our key is taken off, and never again.
      this.#belief.forget();
      void this.#opener.end(new LockError('stopped', 'The lock is not looked after any more.'));
    } else {
      this.#standing.good();
      if (this.session) this.#belief.reach(true);
      this.#hold.now();
      if (held) this.#used(LINGER_MS);
      else this.#linger.arm();
    }
  }

  /** Carries out an admitted command. */
  async command(command: Command): Promise<Outcome> {
    const limit = this.#tasks.limit(command.deadline - this.#clock.elapsed(), `${command.verb} the lock`);
    // Another order may be moving the bolt just now: what it shows is not ours to change.
    let mine = !this.#belief.moving;
    if (mine) this.#belief.begin(command.verb);
    try {
      const open = (how: How): Promise<LockSession> => this.#open(how);
      const end = (why: LockError): Promise<void> => this.#opener.end(why);
      const parts = { clock: this.#clock, belief: this.#belief, open, end };
      const outcome = await this.#turns.take('person', limit.signal, () => {
        mine = true;
        return obey(parts, command, limit.signal);
      });
      this.#tend.recordsWanted();
      this.#happened(this.#own.done(command));
      return outcome;
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', `The attempt to ${command.verb} failed.`);
      if (mine) this.#belief.giveUp(error.acted);
      this.#stats.failed(error);
      if (error.acted === 'maybe') this.#soon();
      throw error;
    } finally {
      if (mine) this.#belief.giveUp('maybe');
      limit.clear();
      this.#used(LINGER_COMMAND_MS);
      this.#changed('state');
    }
  }

  /** Asks the lock for its state (and what else is due) in a session. */
  async refresh(urgency: Urgency): Promise<void> {
    await this.work({ urgency, what: 'ask the lock' }, session => this.#tend.asked(session));
  }

  /** Does something in a session, in its turn; the session ends when it fails by anything but the lock's own "no". */
  work<T>(how: Work, task: (session: LockSession) => Promise<T>): Promise<T> {
    return this.#tasks.work(how, task);
  }

  /** One setting was changed: all are read again when there is time. */
  settingChanged(): void {
    this.#tend.settingChanged();
    this.#linger.arm();
  }

  /** Leaves the lock alone for so many minutes; 0 ends that. A person's command still goes through, shortly. */
  letPhoneIn(minutes: number): number | undefined {
    return this.#phone.set(minutes);
  }

  /** Lends a bare link to a flow, in the lock's turn, for at most `ms`. */
  lend<T>(ms: number, task: (link: Link, ground: Ground, advert?: Advert) => Promise<T>): Promise<T> {
    this.#hold.pause();
    return this.#tasks.lend(ms, (link, ground) => task(link, ground, this.#hearing.advert));
  }

  /** Whether the lock opens a session with this credential: the probe for whatever is not known. */
  probe(credential: Credential, ms: number): Promise<LockSession> {
    return this.#tasks.probe(credential, ms);
  }

  /** An advert of this lock: a hint to connect, never a state. */
  heard(advert: Advert, recognised: Recognised): void {
    this.#hearing.hear(advert);
    this.#standing.heard();
    this.#kept.moved(advert);
    if (!this.#managed()) return;
    if (this.#mode() === 'held') return this.#hold.poke();
    if (!this.#standing.refused) this.#belief.reach(true);
    if (this.session || !this.#turns.idle || this.#standing.refused || this.#phone.active) return;
    if (this.#hearing.calls(recognised.wake, this.#kept.now.abilities?.askEveryMs)) this.#soon();
  }

  /** Called now and then: an on-demand lock that is not heard any more is out of reach. */
  look(): void {
    if (this.#mode() === 'held' || this.session || !this.#belief.state.reachable) return;
    if (!this.#hearing.silent) return;
    this.#standing.silent();
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
    this.#phone.stop();
    this.#grace.end();
    await this.#opener.end(why);
    this.#note();
  }

  #managed(): boolean {
    return this.#kept.now.lifecycle === 'managed';
  }

  #mode(): SessionMode {
    return this.#phone.active ? 'on_demand' : this.#settings().session;
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
      this.#standing.failed(error);
      if (this.#standing.refused && this.#managed()) this.#orphan();
      throw error;
    }
  }

  #orphan(): void {
    this.#kept.save({ lifecycle: 'orphaned' });
    this.#belief.forget();
    this.#changed('changed');
  }

  #opened(session: LockSession): void {
    this.#learn(this.#kept.besides(session));
    this.#standing.good();
    this.#hold.opened();
    this.#hearing.visited();
    this.#grace.end();
    this.#stats.opened();
    this.#tend.opened();
    if (this.#managed()) this.#belief.reach(true);
    this.#used(LINGER_MS);
  }

  /** While the phone is let in, a session ends as soon as it has done what a person wanted. */
  #used(ms: number): void {
    if (this.#phone.active) this.#linger.letGo();
    else this.#linger.used(ms);
  }

  #phoneChanged(): void {
    if (this.#phone.active) {
      this.#hold.pause();
      this.#linger.letGo();
    } else this.#hold.now();
    this.#changed('changed');
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
      this.#grace.begin();
      this.#hold.closed(loss !== undefined);
    }
    this.#changed('state');
  }

  /** A routine visit of its own accord; what goes wrong is only noted. */
  #soon(): void {
    this.#visit().catch((thrown: unknown) => {
      // The next advert tries again, within the visit budget.
      this.#hearing.missed(this.#failed(thrown));
    });
  }

  #failed(thrown: unknown): LockError {
    const error = asLockError(thrown, 'unreachable', 'The lock could not be reached.');
    this.#stats.failed(error);
    return error;
  }

  #visit(): Promise<void> {
    return this.work({ urgency: 'routine', what: 'ask the lock' }, session => this.#tend.routine(session));
  }

  #report(report: Report): void {
    if (report.kind === 'roundTrip') return this.#stats.roundTrip();
    if (report.kind === 'happened') return this.#happened(report.happening);
    if (report.kind === 'recorded') return this.#tend.recorded();
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
    if (worthKeeping(this.#belief.state, this.#kept.now.lastState)) this.#note();
  }

  #note(): void {
    this.#kept.note({ lastState: this.#belief.state, stats: this.#stats.now });
  }
}
