// Carries out one step: begin, prove what a crash left open, run, try again, note what is known. Source: flows.md 4.3-4.7.
import { sleep, stopped } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import { natureOf, wakeIt } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import { type Intent, type StepCode, type StepResult, atLeast } from '../step.ts';
import type { Grade } from '../words.ts';
import { nextHint } from './hints.ts';
import { makeScene, noteEvidence, noteResidual } from './scene.ts';
import type { Stage } from './stage.ts';
import { isRadio, lateError, stopCode } from './stops.ts';

/** flows.md 4.6: a whole attended flow before its pivot, in all, and nobody can extend it. */
const BEFORE_PIVOT_S = 3600;
/** Pauses before the radio is tried again; a pivot is never tried again by itself. */
const PAUSES: Readonly<Record<PlannedStep['segment'], readonly number[]>> = {
  reversible: [3000, 10_000],
  compensatable: [3000, 10_000],
  pivot: [],
  retriable: [3000, 10_000, 30_000, 60_000],
};
/** Between two looks at what became of an act; then it parks, and is asked again when the lock is heard. */
const PROBES_MS = [2000, 5000, 10_000, 20_000, 30_000, 60_000];

export async function carryOut(stage: Stage, step: PlannedStep): Promise<void> {
  const { book } = stage;
  const { memory } = book;
  if (memory.unneeded.has(step.id)) return end(stage, step, { outcome: 'skipped', evidence: [] });
  if (memory.begun?.index !== memory.due) book.write('step', { phase: 'begin', index: memory.due }, step.id);
  stage.changed();
  if (stage.unattended && step.kind.startsWith('human') && step.unattended === 'skip_with_residual') {
    return end(stage, step, nobody(step));
  }
  if (stage.unattended && step.kind.startsWith('human') && step.unattended === 'park') {
    throw new LockError('forbidden', `"${step.title}" needs a person, and nobody is there.`, {
      reason: 'person_absent',
    });
  }
  const limits = limit(stage, step);
  try {
    end(stage, step, await attempts(stage, step, limits.signal));
  } finally {
    limits.clear();
  }
}

async function attempts(stage: Stage, step: PlannedStep, signal: AbortSignal): Promise<StepResult> {
  const code = stage.code(step);
  const pauses = code.retryPausesMs ?? PAUSES[step.segment];
  for (let tries = 0; ; tries++) {
    if (signal.aborted) throw stopped(signal);
    stage.stopIfWanted();
    const { sent, open = code.probe ? sent : undefined } = stage.book.memory;
    if (open && (await settle(stage, { step, code, signal, open })) === 'done') return proven(open);
    stage.recovering = false;
    try {
      const interrupted = code.probe ? undefined : open;
      return await code.run(makeScene(stage, { step, signal, ...(interrupted && { interrupted }) }));
    } catch (thrown) {
      const error = broken(stage, step, { thrown, signal });
      // What nobody knows is looked at before anything else is decided.
      const unclear = stage.book.memory.open;
      if (unclear && code.probe && (await settle(stage, { step, code, signal, open: unclear })) === 'done') {
        return proven(unclear);
      }
      const pause = pauses[tries];
      if (pause === undefined || !isRadio(stopCode(error))) throw error;
      stage.say(`${error.message} It is tried again.`);
      await stage.waiting('radio', sleep(stage.parts.clock, pause, signal));
    }
  }
}

function proven({ what }: Intent): StepResult {
  return { outcome: 'ok', evidence: [{ grade: 'E3', what: `Asked what became of it: done (${what}).`, by: 'radio' }] };
}

/** What went wrong; throws at once when the flow itself is to stop. */
function broken(stage: Stage, step: PlannedStep, how: { thrown: unknown; signal: AbortSignal }): LockError {
  const { thrown, signal } = how;
  if (signal.aborted) throw stopped(signal);
  const error = asLockError(thrown, 'invalid', `"${step.title}" went wrong in a way that it should not.`);
  if (error !== thrown) {
    stage.parts.log.error({ flow: stage.book.kept.id, step: step.id, err: thrown }, 'a step failed');
  }
  stage.stopIfWanted();
  return error;
}

interface Unclear {
  step: PlannedStep;
  code: StepCode;
  signal: AbortSignal;
  open: Intent & { pivot: boolean };
}

/** R06: an unknown outcome is proved, never sent again. `again`: it was not done, or may be done twice. */
async function settle(stage: Stage, { step, code, signal, open }: Unclear): Promise<'done' | 'again'> {
  const { book, parts } = stage;
  const outcome = (result: string): void => {
    book.write('outcome', { intent: open.number, result, by: 'probe' }, step.id);
  };
  if (open.step !== step.id || !code.probe) {
    outcome('again');
    return 'again';
  }
  for (const pause of PROBES_MS) {
    const scene = makeScene(stage, { step, signal, interrupted: open });
    const verdict = await code.probe(scene, open).catch((thrown: unknown) => {
      parts.log.info({ flow: book.kept.id, err: thrown }, 'an open act could not be looked at');
      return 'unknown' as const;
    });
    if (signal.aborted) throw stopped(signal);
    if (verdict !== 'unknown') {
      outcome(verdict === 'done' ? 'ok' : 'not_done');
      return verdict === 'done' ? 'done' : 'again';
    }
    const nature = natureOf(parts.tools.registry, stage.lastView());
    stage.say(`What became of the last act is not known. The lock is asked.${wakeIt(nature)}`);
    await stage.waiting('radio', sleep(parts.clock, pause, signal));
  }
  const text = `What became of "${open.what}" is not known yet. The lock is asked as soon as it is heard; nothing is sent again.`;
  throw new LockError('timeout', text, { reason: 'not_heard', acted: 'maybe' });
}

function end(stage: Stage, step: PlannedStep, result: StepResult): void {
  const { book } = stage;
  for (const evidence of result.evidence) noteEvidence(stage, evidence, step.id);
  for (const residual of result.residuals ?? []) noteResidual(stage, residual, step.id);
  const isTest = step.kind.startsWith('verify') && step.segment === 'retriable';
  if (isTest && !isEnough(result, step.evidence) && (result.residuals ?? []).length === 0) {
    noteResidual(stage, { kind: 'untested', text: `Not tested as planned: ${step.title}.` }, step.id);
  }
  const { outcome, unneeded } = result;
  const data = { phase: 'end', index: book.memory.due, outcome, ...(unneeded && { unneeded: [...unneeded] }) };
  book.write('step', data, step.id);
  stage.changed();
}

function isEnough({ evidence }: StepResult, least: Grade): boolean {
  return least === 'E0' || evidence.some(({ grade }) => atLeast(grade, least));
}

/** With nobody there: said to be unknown, never passed over. */
function nobody(step: PlannedStep): StepResult {
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: `Nobody was there for: ${step.title}.`, by: 'system' }],
    residuals: [{ kind: 'untested', text: `Not tested by hand, since nobody was there: ${step.title}.` }],
  };
}

/** Hints after the soft limit, an end at the hard one, both by the budget that is used over restarts. */
function limit(stage: Stage, step: PlannedStep): { signal: AbortSignal; clear(): void } {
  const { clock } = stage.parts;
  const { book, control } = stage;
  const late = new AbortController();
  let cancel = (): void => undefined;
  let hints = 0;
  let hintAt = step.soft;
  const used = (): number => (book.elapsed - (book.memory.begun?.elapsed ?? book.elapsed)) / 1000;
  const look = (): void => {
    const over = overdue(stage, step);
    if (over) {
      if (stage.acting > 0) stage.wanted = over;
      else late.abort(over);
      return;
    }
    if (hintAt !== undefined && used() >= hintAt) {
      hints = guarded(stage, () => nextHint(stage, step, hints)) ?? hints;
      hintAt = hints < (step.hints?.length ?? 0) ? used() + (step.soft ?? 0) : undefined;
    }
    arm();
  };
  const arm = (): void => {
    const hard = stage.hardOf(step);
    const waits = [
      ...(hard === undefined ? [] : [hard - used()]),
      ...(hintAt === undefined ? [] : [hintAt - used()]),
      ...leftBeforePivot(stage),
    ];
    if (waits.length > 0) cancel = clock.after(Math.max(200, Math.min(...waits) * 1000), look);
  };
  arm();
  return { signal: AbortSignal.any([control.signal, late.signal]), clear: () => cancel() };
}

function overdue(stage: Stage, step: PlannedStep): LockError | undefined {
  const { book } = stage;
  const hard = stage.hardOf(step);
  const used = (book.elapsed - (book.memory.begun?.elapsed ?? book.elapsed)) / 1000;
  if (hard !== undefined && used >= hard) return lateError(step.kind, step.title, hard);
  const [left] = leftBeforePivot(stage);
  if (left === undefined || left > 0) return undefined;
  const text = 'It took more than an hour in all without anything being erased. Begin again when there is time.';
  return new LockError('timeout', text, { reason: 'person_absent' });
}

/** Seconds of the hour that an attended flow has before its pivot. */
function leftBeforePivot({ book, unattended }: Stage): number[] {
  const { go, pivotAt } = book.memory;
  const isBound =
    !unattended && pivotAt === undefined && book.kept.plan.steps.some(({ segment }) => segment === 'pivot');
  return isBound ? [BEFORE_PIVOT_S - (book.elapsed - (go?.elapsed ?? 0)) / 1000] : [];
}

function guarded<T>(stage: Stage, call: () => T): T | undefined {
  try {
    return call();
  } catch (thrown) {
    stage.parts.log.warn({ flow: stage.book.kept.id, err: thrown }, 'a hint could not be given');
    return undefined;
  }
}
