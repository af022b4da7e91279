// What a flow knows of itself, folded from its journal line by line: the same while it runs and after a restart.
import type { Json } from '../../lock/driver.ts';
import type { Role, Via } from '../../lock/lock.ts';
import type { JournalLine } from '../journal.ts';
import type { Intent } from '../step.ts';
import type { Prompt, Residual, WorkOrder } from '../words.ts';

const MOST_PROGRESS = 5;
/** Seen or said at one moment: after a restart or a while it counts no more, and is looked at again. */
const MOMENTARY = ['bolt', 'door', 'presence', 'battery'];

export interface Person {
  who: string;
  via: Via;
  role: Role;
}
/** A prompt as it is kept; `replayed`: a step that is run again got this answer. */
export interface KeptPrompt {
  prompt: Omit<Prompt, 'expiresInS'>;
  answer?: { value?: string; means?: string; by: Person };
  replayed: boolean;
  withdrawn: boolean;
}
export interface Stop {
  code: string;
  text: string;
  next?: string;
}

export class Memory {
  /** Lines so far. */
  lines = 0;
  elapsed = 0;
  lastAt = 0;
  /** Who let a planned flow go. */
  go: (Person & { elapsed: number }) | undefined;
  /** Index in the plan of the step that is due. */
  due = 0;
  /** The step that was begun and has not ended. */
  begun: { index: number; step: string; elapsed: number; at: number } | undefined;
  readonly done = new Map<string, 'ok' | 'skipped'>();
  readonly unneeded = new Set<string>();
  /** `soft`: once begun it is never taken back, since some of it may have been done. */
  open: (Intent & { pivot: boolean; soft: boolean }) | undefined;
  /** Its pivot was carried out by the step that has not ended: after a restart it is proved, not done again. */
  sent: Memory['open'];
  pivotAt: number | undefined;
  /** `line` after which no pivot was begun: only then is it good. */
  clearance: (Person & { line: number; elapsed: number }) | undefined;
  lastPivotLine = 0;
  acted = false;
  readonly values = new Map<string, Json>();
  /** Where what is true only for a moment was found first. */
  foundAt: number | undefined;
  prompts: KeptPrompt[] = [];
  asked = 0;
  progress: string[] = [];
  readonly residuals: Residual[] = [];
  exposedSince: number | undefined;
  exposedBefore = 0;
  parked: (Stop & { at: number }) | undefined;
  isPaused = false;
  unwinding: Stop | undefined;
  readonly undone = new Set<number>();
  held: { was: string } | undefined;
  holder: string | undefined;
  workOrder: WorkOrder | undefined;
  lock: string | undefined;
  readonly notices = new Set<string>();
  confirmer: string | undefined;
  closed: { state: string; stop?: Stop; at: number } | undefined;

  apply(line: JournalLine): void {
    this.lines = line.number;
    this.elapsed = line.elapsed;
    this.lastAt = line.at;
    const fold = FOLDS[line.kind];
    fold?.(this, line, line.data as Data);
  }

  recall(name: string): Json | undefined {
    return this.values.get(name);
  }

  /** Of the step that runs, in the order of asking. */
  openPrompts(): KeptPrompt[] {
    return this.prompts.filter(kept => !kept.answer && !kept.withdrawn && kept.prompt.step === this.begun?.step);
  }

  /** The newest question of the step that runs, answered or not: what it said of the door holds until more is known. */
  lastAsked(): KeptPrompt['prompt'] | undefined {
    return this.prompts.findLast(({ prompt }) => prompt.step === this.begun?.step)?.prompt;
  }

  exposedMs(elapsed: number): number {
    return this.exposedBefore + (this.exposedSince === undefined ? 0 : Math.max(0, elapsed - this.exposedSince));
  }
}

// The chain of the journal is checked before it is folded, so what stands in it is what we wrote.
// oxlint-disable-next-line typescript/no-explicit-any
type Data = any;
type Fold = (memory: Memory, line: JournalLine, data: Data) => void;

const FOLDS: Readonly<Record<string, Fold>> = {
  planned: (m, line, data) => {
    if (data.go) m.go = { who: data.who, via: data.via, role: data.role, elapsed: line.elapsed };
  },
  go: (m, line, data) => void (m.go = { who: data.who, via: data.via, role: data.role, elapsed: line.elapsed }),
  step: (m, line, data) => STEPS[data.phase as 'begin' | 'end' | 'back'](m, line, data),
  clearance: (m, line, data) => {
    const { who, via, role } = data;
    m.clearance = { who, via, role, line: line.number, elapsed: line.elapsed };
    m.confirmer = `${who} (${via})`;
  },
  intent: (m, line, data) => {
    m.acted = true;
    const { what, pivot, soft } = data;
    m.open = { number: line.number, step: line.step ?? '', what, data: data.data, pivot, soft };
    if (!data.pivot) return;
    m.pivotAt ??= line.at;
    m.lastPivotLine = line.number;
  },
  outcome: (m, _line, data) => {
    const { open } = m;
    m.open = undefined;
    if (!open?.pivot) return;
    const isUndone = data.result === 'not_done' || data.result === 'refused';
    // Proof that it was not done takes the pivot back, unless another one was done before.
    if (!isUndone) {
      m.values.set(PIVOTED, true);
      m.sent = open;
    } else if (!open.soft && m.values.get(PIVOTED) !== true) {
      m.pivotAt = undefined;
    }
  },
  residual: (m, _line, data) => {
    if (!m.residuals.some(known => known.kind === data.kind && known.text === data.text)) m.residuals.push(data);
  },
  asked: (m, line, data) => {
    const prompt = { ...data, step: line.step ?? '', askedAt: line.at };
    const again = m.prompts.find(kept => kept.prompt.id === prompt.id);
    if (again) again.prompt = prompt;
    else m.prompts.push({ prompt, replayed: false, withdrawn: false });
    m.asked = Math.max(m.asked, Number(String(prompt.id).slice(2)));
  },
  answered: (m, _line, data) => {
    const kept = m.prompts.find(one => one.prompt.id === data.prompt);
    if (!kept) return;
    if (data.withdrawn) kept.withdrawn = true;
    else kept.answer = { value: data.value, means: data.means, by: { who: data.who, via: data.via, role: data.role } };
  },
  remembered: (m, _line, data) => {
    m.values.set(data.name, data.value);
    const found = data.name === 'found' && data.value && Object.keys(data.value).some(key => MOMENTARY.includes(key));
    if (found) m.foundAt ??= m.due;
  },
  said: (m, _line, data) => void (m.progress = [...m.progress, data.text as string].slice(-MOST_PROGRESS)),
  exposed: (m, line) => void (m.exposedSince ??= line.elapsed),
  covered: (m, line) => {
    m.exposedBefore = m.exposedMs(line.elapsed);
    m.exposedSince = undefined;
  },
  compensated: (m, _line, data) => void m.undone.add(data.index),
  parked: (m, line, data) => void (m.parked = { ...stopOf(data), at: line.at }),
  resumed: (m, line) => {
    m.parked = undefined;
    m.isPaused = false;
    // A yes is for now, not for after a pause.
    if (m.pivotAt === undefined) m.clearance = undefined;
    if (m.begun) m.begun = { ...m.begun, elapsed: line.elapsed };
  },
  state: (m, _line, data) => {
    if (data.paused === true) m.isPaused = true;
    if (data.unwinding === true) m.unwinding = stopOf(data);
    if (data.held === true) m.held ??= { was: data.was };
    if (data.held === false) m.held = undefined;
  },
  handed_over: (m, _line, data) => void (m.holder = data.to),
  work_order: (m, _line, data) => void (m.workOrder = data.done === true ? undefined : data),
  notice: (m, _line, data) => void m.notices.add(data.about),
  adopted: (m, _line, data) => void (m.lock = data.lock),
  closed: (m, line, data) => {
    m.closed = { state: data.state, at: line.at, ...(data.code && { stop: stopOf(data) }) };
    m.prompts = [];
  },
};

const STEPS: Readonly<Record<'begin' | 'end' | 'back', Fold>> = {
  begin: (m, line, data) => {
    m.due = data.index;
    m.begun = { index: data.index, step: line.step ?? '', elapsed: line.elapsed, at: line.at };
  },
  end: (m, line, data) => {
    m.sent = undefined;
    m.begun = undefined;
    m.due = data.index + 1;
    m.done.set(line.step ?? '', data.outcome);
    m.prompts = m.prompts.filter(({ prompt }) => prompt.step !== line.step);
    for (const id of data.unneeded ?? []) m.unneeded.add(id);
  },
  back: (m, _line, data) => {
    m.begun = undefined;
    m.due = data.index;
    m.foundAt = undefined;
    m.clearance = undefined;
    // The last question is put again under its id; whatever else was asked of somebody is not to be done any more.
    m.prompts = m.prompts.filter(({ prompt, answer }) => prompt.kind === 'clearance' && !answer);
  },
};

/** Set by the fold itself: a pivot was carried out. */
const PIVOTED = 'engine.pivoted';

function stopOf({ code, text, next }: Stop): Stop {
  return { code, text, ...(next !== undefined && { next }) };
}
