// One flow on its way: step after step, and what happens when one does not work. Source: flows.md 4.2, 4.3, 4.12.
import { every } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Asker } from '../../lock/lock.ts';
import type { JournalLine, KeptFlow } from '../journal.ts';
import { natureOf } from '../nature.ts';
import { type AnswerRequest, CLOSED, type FlowState, type FlowView } from '../words.ts';
import { Alarms } from './alarms.ts';
import { Halt } from './halt.ts';
import type { Stop } from './memory.ts';
import { destroys, tellEnd, tellParked, tellStart } from './news.ts';
import { type RunParts, Stage } from './stage.ts';
import { carryOut } from './stepping.ts';
import { isRadio, stopOf } from './stops.ts';
import { unwind } from './unwinding.ts';
import { publicLine, stateOf, viewOf } from './view.ts';
import { Waits } from './waits.ts';

/** Steps may send the flow back to look again so often; then something keeps changing. */
const MOST_REWINDS = 3;
/** What a crash may take of the used budget. */
const TICK_MS = 60_000;
export class Run {
  readonly stage: Stage;
  readonly #parts: RunParts;
  readonly #alarms: Alarms;
  readonly #waits: Waits;
  readonly #settled: (() => void)[] = [];
  #looping: Promise<void> | undefined;
  readonly #halt: Halt;
  /** A cancel or pause that could not be written down: it is the first thing when that works again. */
  #wish: LockError | undefined;
  #stopped = false;
  /** Since the start: a restart makes it look again, and is no sign that something keeps changing. */
  #rewinds = 0;
  #record: string | undefined;
  /** The last one, as it was thrown. */
  failure: LockError | undefined;

  constructor(kept: KeptFlow, parts: RunParts) {
    this.#parts = parts;
    this.stage = new Stage(kept, parts, line => this.#wrote(line));
    this.#alarms = new Alarms(this.stage);
    this.#waits = new Waits(this.stage, () => this.#goOn());
    this.#halt = new Halt(parts.clock, () => this.#goOn());
  }

  get id(): string {
    return this.stage.book.kept.id;
  }

  get state(): FlowState {
    return this.#halt.stop ? 'needs_attention' : stateOf(this.stage);
  }

  get isOpen(): boolean {
    return !CLOSED.includes(this.state);
  }

  view(): FlowView {
    const view = viewOf(this.stage, this.#record);
    if (!this.#halt.stop) return view;
    const { code, text, next } = this.#halt.stop;
    const prompts = this.#halt.isDamaged ? [] : view.prompts;
    return { ...view, prompts, state: 'needs_attention', stop: { code, text, ...(next !== undefined && { next }) } };
  }

  /** A new one: on the disk when it returns. `go`: on its way at once. */
  begin(asker: Asker, go: boolean): void {
    const { book } = this.stage;
    const { who, via, role } = asker;
    book.begin({ who, via, role, go, hash: book.kept.plan.hash });
    this.stage.audit(asker, go ? 'started' : 'planned', book.kept.type);
    if (go) this.#goOn();
  }

  go(asker: Asker): void {
    const { book } = this.stage;
    const { who, via, role } = asker;
    book.write('go', { who, via, role });
    book.save({ state: 'running' });
    this.stage.audit(asker, 'started', book.kept.type);
    this.#goOn();
  }

  /** After a restart: locks are kept before anybody else may reach for them; nothing is sent yet. */
  recover(lines: readonly JournalLine[], isWhole: boolean): void {
    const { book, hold } = this.stage;
    book.load(lines);
    const { closed } = book.memory;
    if (closed) {
      // The process died between the last line and the row.
      const state = closed.state as FlowState;
      if (!CLOSED.includes(book.kept.state)) book.save({ state, endedAt: closed.at });
      this.#record = this.#recorded();
      return;
    }
    hold.restore();
    if (!isWhole) this.#halt.damaged();
    this.stage.recovering = book.memory.open !== undefined;
    this.#alarms.look();
  }

  /** Goes on where it was, where nobody has to say so first. */
  wake(): void {
    const { go, parked, isPaused, closed, unwinding } = this.stage.book.memory;
    if (closed || (isPaused && !unwinding) || !go || this.#halt.stop) return;
    if (parked) this.#waits.watch(parked);
    else this.#goOn();
  }

  answer(request: AnswerRequest, by: Asker): void {
    this.#mustBeWhole();
    this.stage.asking.answer(request, by);
    this.stage.personAt = this.#parts.clock.elapsed();
    this.stage.audit(by, 'answered', request.prompt);
    // It stood still since nobody came: now somebody is there.
    const { parked } = this.stage.book.memory;
    if (!this.#looping && parked?.code === 'person_absent') this.#resumed(by.who, by.via);
  }

  /** Before the pivot: undone and closed. After it: parks, with the words of what state the door is in. */
  cancel(by: Asker, why: 'cancelled' | 'emergency' = 'cancelled'): void {
    const { stage } = this;
    const { memory } = stage.book;
    if (memory.closed) throw new LockError('rejected', 'This flow has ended already.', { reason: 'expired' });
    const text = why === 'cancelled' ? `${by.who} cancelled it.` : `An emergency was reported by ${by.who}.`;
    const error = new LockError('stopped', text, { reason: why });
    // Before anything is written: a full disk stops nobody from stopping it. What is taken back already is not cut short.
    if (this.#looping && !memory.unwinding) stage.want(error);
    stage.audit(by, why);
    if (this.#looping) return;
    if (this.#halt.isDamaged) return this.#giveUp(this.#halt.stop as Stop);
    if (stage.isForward || memory.open?.pivot) return;
    if (!memory.go) return this.#close('aborted_clean', this.#stopOf(error));
    this.#unwindFor(this.#stopOf(error));
    this.#goOn();
  }

  /** A parked one is given up for another flow, which keeps the lock out of use as it is. */
  giveWay(flow: string, by: Asker): void {
    const stop = this.#halt.stop ?? this.stage.book.memory.parked;
    if (this.#looping || !stop) return;
    this.stage.audit(by, 'gave_way', flow);
    const text = `${stop.text} It was given up for the flow ${flow}, which ${by.who} began.`;
    this.#giveUp({ code: 'cancelled', text });
  }

  /** The lock is not given back: what it was before is not what it is now. */
  #giveUp(stop: Stop): void {
    const { book } = this.stage;
    if (book.memory.held) book.write('state', { held: false });
    this.#close('aborted', stop);
  }

  pause(by: Asker): void {
    this.stage.audit(by, 'paused');
    if (!this.#looping) return;
    this.stage.want(new LockError('stopped', `Paused by ${by.who}.`, { reason: 'paused' }));
  }

  /** Goes on with a paused or parked flow at its step. */
  resume(by: Asker): void {
    const { parked, isPaused } = this.stage.book.memory;
    this.#mustBeWhole();
    if (this.#looping || (!parked && !isPaused && !this.#halt.stop)) return;
    this.stage.audit(by, 'resumed');
    if (this.#wish?.reason === 'paused') this.#wish = undefined;
    this.#resumed(by.who, by.via);
  }

  handOver(to: string, by: Asker): void {
    this.stage.book.write('handed_over', { to, who: by.who });
    this.stage.audit(by, 'handed_over', to);
    this.stage.changed();
  }

  /** The journal of what is closed stands as it was signed; the audit has it in any case. */
  comment(text: string, by: Asker): void {
    const step = this.view().step?.id;
    if (this.isOpen) this.stage.book.write('said', { text: `${by.who}: ${text}` }, step);
    this.stage.audit(by, 'commented', `${step ?? 'at the end'}: ${text}`);
    this.stage.changed();
  }

  /** Resolves when it is closed, parked or waits to be let go. */
  settled(): Promise<void> {
    return this.#isSettled ? Promise.resolve() : new Promise(resolve => this.#settled.push(resolve));
  }

  /** The daemon stops: nothing is written, it goes on after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#halt.clear();
    this.#alarms.stop();
    this.#waits.stop();
    this.stage.control.abort(new LockError('stopped', 'Latchbridge is stopping.'));
    this.stage.hold.drop();
    await this.#looping;
    this.stage.hold.drop();
  }

  get #isSettled(): boolean {
    return ['needs_attention', 'paused', 'planned', ...CLOSED].includes(this.state);
  }

  #goOn(): void {
    if (this.#looping || this.#stopped || this.stage.book.memory.closed) return;
    this.#halt.clear();
    this.stage.control = new AbortController();
    if (this.#wish) this.stage.control.abort(this.#wish);
    this.#wish = undefined;
    this.stage.wanted = undefined;
    this.stage.recovering = this.stage.book.memory.open !== undefined;
    this.stage.book.count(true);
    this.#waits.stop();
    const stopTicking = every(this.#parts.clock, TICK_MS, () => this.#tick());
    // Whoever started it hears that first.
    this.#looping = Promise.resolve()
      .then(() => this.#loop())
      .finally(() => {
        this.#looping = undefined;
        stopTicking();
        this.stage.recovering = false;
        this.stage.book.count(false);
        this.stage.changed();
        if (this.#isSettled) for (const resolve of this.#settled.splice(0)) resolve();
      });
    this.stage.changed();
  }

  /** Never rejects. */
  async #loop(): Promise<void> {
    const { stage } = this;
    const { memory, kept } = stage.book;
    while (!memory.closed && !memory.parked && !this.#stopped) {
      try {
        tellStart(stage);
        const step = kept.plan.steps[memory.due];
        if (memory.unwinding) await this.#unwind(memory.unwinding);
        else if (step) await carryOut(stage, step);
        else this.#finish();
      } catch (thrown) {
        if (this.#stopped) return;
        if (!(await this.#failed(thrown))) return;
      }
    }
  }

  /** Where nothing is written for a while, the used budget is: it counts over restarts. */
  #tick(): void {
    const { book, unattended } = this.stage;
    const { memory } = book;
    if (unattended || memory.pivotAt !== undefined || this.#parts.clock.now() - memory.lastAt < TICK_MS) return;
    try {
      book.write('timer');
    } catch {
      // A full disk: the step notices by itself.
    }
  }

  /** Whether it goes on. */
  async #failed(thrown: unknown): Promise<boolean> {
    try {
      return await this.#decide(thrown);
    } catch (worse) {
      if (this.#stopped) return false;
      if (thrown instanceof LockError && thrown.code === 'stopped') this.#wish = thrown;
      // What cannot be written down is not done.
      this.#halt.until(this.#stopOf(worse));
      this.#parts.log.error({ flow: this.id, err: worse }, 'a flow stands still: nothing can be written down');
      return false;
    }
  }

  async #decide(thrown: unknown): Promise<boolean> {
    const { stage } = this;
    const { book } = stage;
    const { memory } = book;
    const { error, ...stop } = this.#stopOf(thrown);
    this.failure = error;
    const log = { flow: this.id, step: stage.step?.id, reason: error.reason };
    this.#parts.log.info({ ...log, err: error.cause }, `a step did not work: ${error.message}`);
    if (error.reason === 'paused') {
      book.write('state', { paused: true });
      book.save({ state: 'paused' });
      return false;
    }
    if (memory.unwinding) {
      this.#close('aborted', memory.unwinding);
      return false;
    }
    if (stage.isForward) {
      this.#park(stop);
      return false;
    }
    const again = ['clearance_expired', 'precondition_changed'].includes(stop.code);
    if (again && this.#rewinds < MOST_REWINDS) {
      this.#rewinds += 1;
      book.write('step', { phase: 'back', index: memory.foundAt ?? 0, text: stop.text }, stage.step?.id);
      return true;
    }
    // Whoever pairs a lock stands before it, and wants to hear now that it was not there.
    if (destroys(stage) && stage.unattended && isRadio(stop.code)) {
      const held = await this.#waits.hold(stop).catch((why: unknown) => ({ why }));
      if (held === true || this.#stopped) return true;
      // Whoever stops it meanwhile ends the waiting as well.
      if (held !== false) return this.#decide(held.why);
    }
    stage.control = new AbortController();
    this.#unwindFor(stop);
    return true;
  }

  #unwindFor(stop: Stop): void {
    const { code, text, next } = stop;
    this.stage.book.write('state', { unwinding: true, code, text, next });
    this.stage.book.save({ state: 'compensating' });
    this.stage.changed();
  }

  async #unwind(stop: Stop): Promise<void> {
    const isClean = await unwind(this.stage);
    this.#close(isClean ? 'aborted_clean' : 'aborted', stop);
  }

  /** There is only forward from here; it waits until that is possible. */
  #stopOf(thrown: unknown): ReturnType<typeof stopOf> {
    return stopOf(thrown, natureOf(this.#parts.tools.registry, this.stage.lastView()));
  }

  #park(stop: Stop): void {
    const { book } = this.stage;
    const { code, text, next } = stop;
    book.write('parked', { code, text, next }, this.stage.step?.id);
    book.save({ state: 'needs_attention' });
    tellParked(this.stage, stop);
    this.stage.audit({ via: 'flow', who: this.id }, 'parked', code);
    this.#waits.watch(stop);
    this.#alarms.look();
  }

  /** R19: what should be dead and still opens keeps it out of use, whatever else passed. */
  #finish(): void {
    const { memory } = this.stage.book;
    const opens = memory.residuals.find(({ kind }) => kind === 'still_opens');
    if (opens) return this.#park(this.#stopOf(new LockError('rejected', opens.text, { reason: 'still_opens' })));
    this.stage.hold.giveBack(true);
    this.#close(memory.residuals.length > 0 ? 'succeeded_with_residuals' : 'succeeded');
  }

  #close(state: FlowState, stop?: Stop): void {
    const { stage } = this;
    const { book } = stage;
    stage.hold.giveBack(false);
    tellEnd(stage, state, stop);
    const { code, text } = stop ?? {};
    // It does not go on by itself any more.
    const next = code !== undefined && isRadio(code) ? undefined : stop?.next;
    book.write('closed', { state, code, text, next });
    book.save({ state, endedAt: this.#parts.clock.now() });
    this.#halt.clear();
    stage.audit({ via: 'flow', who: this.id }, 'ended', state);
    this.#alarms.stop();
    this.#waits.stop();
    this.#record = this.#recorded();
    this.#parts.tell({ kind: 'ended' });
    if (!this.#looping) for (const resolve of this.#settled.splice(0)) resolve();
  }

  #recorded(): string | undefined {
    try {
      return this.#parts.record?.(this.id, this.stage.lastView());
    } catch (thrown) {
      this.#parts.log.error({ flow: this.id, err: thrown }, 'the record could not be made');
      return undefined;
    }
  }

  #mustBeWhole(): void {
    if (this.#halt.isDamaged) throw new LockError('rejected', (this.#halt.stop as Stop).text, { reason: 'disk' });
  }

  #resumed(who: string, via: string): void {
    const { book } = this.stage;
    if (this.#halt.stop) return this.#goOn();
    book.write('resumed', { who, via });
    book.save({ state: 'running' });
    this.#goOn();
  }

  #wrote(line: JournalLine): void {
    const words = publicLine(line, this.stage.book.memory);
    if (words) this.#parts.tell({ kind: 'line', line: words });
    if (line.kind === 'exposed' || line.kind === 'covered') this.#alarms.look();
  }
}
