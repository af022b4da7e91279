// What a step is given to work with: everything that it says is in the journal before it is acted upon.
import type { Json } from '../../lock/driver.ts';
import { LockError } from '../../base/errors.ts';
import type { PlannedStep } from '../plan.ts';
import type { Ask, Answer, Intent, Scene } from '../step.ts';
import type { Evidence, Residual } from '../words.ts';
import { Acting, asIfConfirmed } from './acting.ts';
import { preflight } from './preflight.ts';
import type { Stage } from './stage.ts';

export interface SceneAsk {
  step: PlannedStep;
  signal: AbortSignal;
  interrupted?: Intent;
}

export function makeScene(stage: Stage, { step, signal, interrupted }: SceneAsk): Scene {
  const { book, parts } = stage;
  const { memory } = book;
  const { plan, starter, id } = book.kept;
  const acting = new Acting(stage, step);
  return {
    flow: id,
    plan,
    step,
    request: plan.request,
    starter,
    unattended: stage.unattended,
    tools: parts.tools,
    signal,
    ...(interrupted && { interrupted }),
    keeper: () => stage.keeper(),
    view: () => stage.keeper().view(),
    adopt(lock) {
      if (memory.lock === lock) return;
      book.write('adopted', { lock }, step.id);
      book.save({ lock });
      if (memory.held) stage.hold.take();
    },
    recall: name => memory.recall(name),
    remember: (name, value) => remember(stage, step, name, value),
    inherited(name) {
      const { lock } = memory;
      const { lineage } = plan.request;
      const of = { flow: id, ...(lock !== undefined && { lock }), ...(lineage !== undefined && { lineage }) };
      return parts.inherited(name, of) as Json | undefined;
    },
    say: text => stage.say(text),
    ask: wanted => ask(stage, step, { wanted, signal }),
    note: evidence => noteEvidence(stage, evidence, step.id),
    residual: residual => noteResidual(stage, residual, step.id),
    act: (what, data, run) => acting.act(what, data, run),
    suspend: () => stage.hold.take(),
    release: () => stage.hold.giveBack(false),
    clearance: () => acting.clearance(),
    exposed() {
      if (memory.exposedSince !== undefined) return;
      book.write('exposed', { what: plan.exposure.what }, step.id);
      stage.personAt = parts.clock.elapsed();
      book.count(true);
      stage.changed();
    },
    covered() {
      if (memory.exposedSince === undefined) return;
      book.write('covered', {}, step.id);
      stage.changed();
    },
    notify: (text, urgent) => stage.notify(text, urgent),
    waiting: (forWhat, work) => stage.waiting(forWhat, work),
  };
}

async function ask(stage: Stage, step: PlannedStep, how: { wanted: Ask; signal: AbortSignal }): Promise<Answer> {
  const { wanted, signal } = how;
  if (wanted.kind === 'clearance') preflight(stage.book, asIfConfirmed(stage, step), step.id);
  stage.asked += 1;
  // What was to stop it after the act stops it now: whoever is asked may never answer.
  if (stage.wanted) stage.want(stage.wanted);
  try {
    const answer = await stage.asking.ask(step, wanted, signal);
    stage.personAt = stage.parts.clock.elapsed();
    return answer;
  } finally {
    stage.asked -= 1;
  }
}

/** What is true only for a moment is stamped by this process: after a restart it counts no more. */
function remember(stage: Stage, step: PlannedStep, name: string, value: Json): void {
  const { book, parts } = stage;
  const before = (book.memory.recall(name) ?? {}) as Readonly<Record<string, Json>>;
  book.write('remembered', { name, value }, step.id);
  if (name !== 'found') return;
  for (const [key, one] of Object.entries(value as object)) {
    // The same that was known before a restart, but found just now, is new as well.
    const isNow = (one as { at?: Json } | null)?.at === parts.clock.elapsed();
    if (isNow || JSON.stringify(one) !== JSON.stringify(before[key])) stage.seen.set(key, parts.clock.elapsed());
  }
}

const isEmpty = (text: string): boolean => text.trim() === '';

export function noteEvidence(stage: Stage, evidence: Omit<Evidence, 'at'>, step: string): void {
  if (isEmpty(evidence.what)) throw new LockError('invalid', 'A step noted nothing as evidence.');
  const { grade, what, by, who } = evidence;
  stage.book.write('evidence', { grade, what, by, who }, step);
}

export function noteResidual(stage: Stage, residual: Residual, step: string): void {
  const { kind, text, until } = residual;
  if (stage.book.memory.residuals.some(known => known.kind === kind && known.text === text)) return;
  stage.book.write('residual', { kind, text, until }, step);
}
