// Taking back what was set up, backwards, and looking what is true then: an abort is not an undo. Source: flows.md 4.12.
import { sleep } from '../../base/clock.ts';
import { textOf } from '../../base/errors.ts';
import type { PlannedStep } from '../plan.ts';
import { makeScene, noteEvidence } from './scene.ts';
import type { Stage } from './stage.ts';

/** A lock at the edge of its range needs a few tries. */
const PAUSES_MS = [2000, 10_000];
const LOOK_MS = 30_000;

/** Whether everything is as it was, as far as the lock says so. */
export async function unwind(stage: Stage): Promise<boolean> {
  const { book } = stage;
  const { memory } = book;
  let isClean = true;
  for (let index = Math.min(memory.due, book.kept.plan.steps.length - 1); index >= 0; index--) {
    const step = book.kept.plan.steps[index] as PlannedStep;
    const wasBegun = memory.done.has(step.id) || memory.begun?.index === index;
    if (!wasBegun || memory.undone.has(index)) continue;
    const code = stage.code(step);
    if (!code.undo) continue;
    const trouble = await tries(stage, async () =>
      code.undo?.(makeScene(stage, { step, signal: stage.control.signal })),
    );
    isClean = isClean && trouble === undefined;
    book.write('compensated', { index, ok: trouble === undefined, text: trouble }, step.id);
  }
  if (memory.acted) isClean = (await looksAsBefore(stage)) && isClean;
  stage.hold.giveBack(false);
  return isClean;
}

/** Something was sent to the lock: only its own word counts. */
async function looksAsBefore(stage: Stage): Promise<boolean> {
  const { book, parts } = stage;
  const keeper = parts.tools.registry.keeper(book.memory.lock ?? '');
  const isOurs = keeper && parts.tools.vault.of(keeper.record.id).some(({ status }) => status === 'live');
  if (!keeper || !isOurs) return false;
  const how = { urgency: 'person', what: 'ask the lock', ms: LOOK_MS, signal: stage.control.signal } as const;
  const trouble = await tries(stage, () => keeper.work(how, session => session.readState()));
  const step = book.kept.plan.steps[book.memory.due]?.id ?? '';
  if (trouble === undefined) {
    const what = `Asked afterwards, "${keeper.record.name}" accepts our key as before.`;
    noteEvidence(stage, { grade: 'E3', what, by: 'radio' }, step);
    return true;
  }
  noteEvidence(stage, { grade: 'E0', what: `It could not be asked afterwards: ${trouble}`, by: 'radio' }, step);
  return false;
}

/** What went wrong the last time; undefined when it worked. */
async function tries(stage: Stage, work: () => Promise<void>): Promise<string | undefined> {
  for (let i = 0; ; i++) {
    try {
      await work();
      return undefined;
    } catch (thrown) {
      const pause = PAUSES_MS[i];
      stage.control.signal.throwIfAborted();
      if (pause === undefined) return textOf(thrown);
      await sleep(stage.parts.clock, pause, stage.control.signal);
    }
  }
}
