// What the parts of one running flow share.
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Keeper } from '../../lock/keeper.ts';
import type { Leases } from '../../lock/leases.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Audit } from '../../lock/ports.ts';
import type { FlowShelf, JournalLine } from '../journal.ts';
import type { PlannedStep } from '../plan.ts';
import type { Recipe, StepCode, Tools } from '../step.ts';
import type { FlowEvent, FlowPolicy, Segment } from '../words.ts';
import { Asking } from './asking.ts';
import { Book } from './book.ts';
import { Hold } from './hold.ts';
import type { KeptPrompt } from './memory.ts';

/** What the engine gives to each of its flows. */
export interface RunParts {
  tools: Tools;
  shelf: FlowShelf;
  leases: Leases;
  audit: Audit;
  clock: Clock;
  log: Log;
  recipe: Recipe;
  policy: FlowPolicy;
  /** Hard pivots of the last hour that count (R09). */
  pivots(lineage: string): readonly { lock: string; at: number }[];
  /** What an earlier flow remembered. */
  inherited(name: string, of: { lock?: string; lineage?: string; flow: string }): unknown;
  /** Makes the signed record of a closed flow; its id. */
  record?(flow: string, lock: LockView | undefined): string | undefined;
  tell(event: Without<FlowEvent, 'view'>): void;
}
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
export type Told = Without<FlowEvent, 'view'>;

export class Stage {
  readonly parts: RunParts;
  readonly book: Book;
  readonly asking: Asking;
  readonly hold: Hold;
  /** Aborts when the flow is stopped, paused or cancelled. A new one for each time that it goes on. */
  control = new AbortController();
  /** Somebody wants to stop it, but an act is under way: it stops after that. */
  wanted: LockError | undefined;
  acting = 0;
  /** Questions that wait for an answer. */
  asked = 0;
  /** What it waits for, innermost last. */
  readonly waits: ('radio' | 'window')[] = [];
  recovering = false;
  /** When this process saw what is true only for a moment, by its name in the findings. Clock.elapsed(). */
  readonly seen = new Map<string, number>();
  /** The last time that somebody showed up, Clock.elapsed(). */
  personAt: number;
  #lastView: LockView | undefined;

  constructor(kept: Book['kept'], parts: RunParts, wrote: (line: JournalLine) => void) {
    this.parts = parts;
    const { clock, shelf, leases, log, policy, tools } = parts;
    this.personAt = clock.elapsed();
    this.book = new Book(kept, { shelf, clock, wrote });
    this.hold = new Hold({
      book: this.book,
      leases,
      registry: tools.registry,
      clock,
      log,
      segment: () => this.segment,
    });
    this.asking = new Asking({
      book: this.book,
      policy,
      random: tools.random,
      tellPrompt: prompt => parts.tell({ kind: 'prompt', prompt: this.promptOf(prompt) }),
      tellAnswer: (prompt, by) => parts.tell({ kind: 'answered', prompt, by: by.who }),
      changed: () => this.changed(),
    });
  }

  get step(): PlannedStep | undefined {
    return this.book.kept.plan.steps[this.book.memory.due];
  }

  get segment(): Segment {
    return this.step?.segment ?? 'retriable';
  }

  /** Nobody is there to answer. A person who let a planned flow go is there. */
  get unattended(): boolean {
    return (this.book.memory.go ?? this.book.kept.starter).role === 'automation';
  }

  /** There is only forward: something was erased, or what cannot be taken back was begun. */
  get isForward(): boolean {
    const { pivotAt, begun } = this.book.memory;
    return pivotAt !== undefined || (begun !== undefined && this.segment === 'retriable');
  }

  code(step: PlannedStep): StepCode {
    const code = this.parts.recipe.steps.find(({ id }) => id === step.id);
    if (code) return code;
    const text = `This version of Latchbridge does not know the step "${step.title}" any more.`;
    throw new LockError('unsupported', text, { reason: 'host_restart' });
  }

  keeper(): Keeper {
    const keeper = this.parts.tools.registry.keeper(this.book.memory.lock ?? '');
    if (!keeper) throw new LockError('not_found', 'The lock of this flow is not kept here.');
    return keeper;
  }

  view(): LockView | undefined {
    return this.parts.tools.registry.keeper(this.book.memory.lock ?? '')?.view();
  }

  /** As it is, or as it was before the flow removed it. */
  lastView(): LockView | undefined {
    this.#lastView = this.view() ?? this.#lastView;
    return this.#lastView;
  }

  /** Stops it as soon as that is possible: never in the middle of an act, unless a person is asked in it. */
  want(why: LockError): void {
    if (this.acting > 0 && this.asked === 0) this.wanted = why;
    else this.control.abort(why);
  }

  stopIfWanted(): void {
    if (this.acting > 0 || !this.wanted) return;
    const why = this.wanted;
    this.wanted = undefined;
    throw why;
  }

  /** R15: all administrators are told. With `about` only once, over restarts. */
  notify(text: string, urgent = false, about?: string): void {
    if (about !== undefined && this.book.memory.notices.has(about)) return;
    this.book.write('notice', { text, urgent, about });
    this.parts.tell({ kind: 'notice', text, urgent });
  }

  say(text: string): void {
    if (this.book.memory.progress.at(-1) === text) return;
    this.book.write('said', { text }, this.step?.id);
    this.changed();
  }

  audit(asker: Pick<Asker, 'via' | 'who'>, what: string, detail?: string): void {
    const { lock } = this.book.memory;
    const entry = {
      via: asker.via,
      who: asker.who,
      what: `flow_${what}`,
      detail: [this.book.kept.id, detail].join(' ').trim(),
    };
    this.parts.audit.write({ ...entry, ...(lock !== undefined && { lock }) });
  }

  async waiting<T>(what: 'radio' | 'window', work: Promise<T>): Promise<T> {
    this.waits.push(what);
    this.#count();
    this.changed();
    try {
      return await work;
    } finally {
      this.waits.splice(this.waits.lastIndexOf(what), 1);
      this.#count();
      this.changed();
    }
  }

  /** Waiting for a time of day uses up nobody's patience. */
  #count(): void {
    if (!this.control.signal.aborted) this.book.count(!this.waits.includes('window'));
  }

  promptOf({ prompt }: KeptPrompt): KeptPrompt['prompt'] & { expiresInS?: number } {
    const left = this.secondsLeft();
    return left === undefined ? prompt : { ...prompt, expiresInS: left };
  }

  /** Until the step gives up. */
  secondsLeft(): number | undefined {
    const { begun } = this.book.memory;
    const hard = this.step && this.hardOf(this.step);
    if (hard === undefined || !begun) return undefined;
    return Math.max(0, Math.ceil(hard - (this.book.elapsed - begun.elapsed) / 1000));
  }

  /** With nobody there a question stays until the deadline of the flow. */
  hardOf(step: PlannedStep): number | undefined {
    return this.unattended && step.kind.startsWith('human') ? undefined : step.hard;
  }

  changed(): void {
    this.parts.tell({ kind: 'changed' });
  }
}
