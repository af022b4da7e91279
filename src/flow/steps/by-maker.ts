// A reset that only the maker's app, or a sequence that it shows, can do: guided, and proved by our key being refused.
import { sleep } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import { found } from '../findings.ts';
import type { PlannedStep } from '../plan.ts';
import type { Planning, Scene, StepCode, StepResult } from '../step.ts';
import { GENERATION_BEFORE } from './census.ts';
import { CANCEL, DONE, askOrSee, cancelled } from './observe.ts';
import { emptyLock, openersAfterReset, planned } from './planned.ts';
import { ok } from './preparing.ts';
import { OLD_KEY } from './secrets.ts';

/** How often the lock is asked meanwhile whether it still knows us. */
const LOOK_MS = 20_000;
const VERDICT_MS = 20_000;
const GIVEN_UP: readonly string[] = ['cancelled', 'emergency'];

export const byMakerStep: StepCode = {
  id: 'reset.by_maker',
  async run(scene) {
    const { record } = scene.keeper();
    const { vault } = scene.tools;
    const old = vault.of(record.id).find(({ status }) => status === 'live' || status === 'leaving');
    if (old && scene.recall(OLD_KEY) === undefined) scene.remember(OLD_KEY, old.id);
    if (scene.recall(GENERATION_BEFORE) === undefined) scene.remember(GENERATION_BEFORE, record.generation);
    found(scene, { resetButton: { is: 'works', grade: 'E1', at: scene.tools.clock.elapsed() } });
    return scene.act('the lock is reset with its maker’s app', { lock: record.id }, async () => {
      scene.clearance().use(record.id, record.generation);
      return guided(scene, old !== undefined);
    });
  },
  async probe(scene) {
    const { lifecycle } = scene.keeper().record;
    if (lifecycle === 'factory') return 'done';
    const verdict = await verdictOn(scene);
    if (verdict === 'ours') scene.suspend();
    return { factory: 'done', ours: 'not_done', unknown: 'unknown' }[verdict] as 'done' | 'not_done' | 'unknown';
  },
};

async function guided(scene: Scene, hasKey: boolean): Promise<StepResult> {
  const { text, spoken = text } = scene.step;
  for (;;) {
    const ask = { kind: 'human_do', text, spoken, atStake: notYet(scene), options: [DONE, CANCEL] } as const;
    const seen = (signal: AbortSignal): Promise<'factory'> => (hasKey ? forgotten(scene, signal) : never());
    const proof = await askOrSee(scene, ask, seen).catch(async (thrown: unknown) => {
      throw await left(scene, hasKey, thrown);
    });
    if (proof.by === 'person' && proof.answer.means !== 'yes') {
      throw await left(scene, hasKey, cancelled(proof.answer.by.who));
    }
    const who = proof.by === 'person' ? proof.answer.by.who : undefined;
    const verdict = proof.by === 'radio' || !hasKey ? 'factory' : await verdictOn(scene);
    if (verdict === 'ours') {
      scene.suspend();
      scene.say('The lock still takes our key: it was not reset. Look at what the app says, and do it again.');
      continue;
    }
    if (verdict === 'unknown') throw silent(scene);
    scene.tools.access.wiped(scene.view().id);
    if (hasKey) return ok({ grade: 'E3', what: 'The lock refuses our key: it was reset.', by: 'radio' });
    return ok({ grade: 'E1', what: 'It was reset, says a person.', by: 'person', who: who ?? 'nobody' });
  }
}

/** Resolves as soon as the lock does not know us any more. */
async function forgotten(scene: Scene, signal: AbortSignal): Promise<'factory'> {
  for (;;) {
    await sleep(scene.tools.clock, LOOK_MS, signal);
    const verdict = await verdictOn(scene);
    if (verdict === 'factory') return verdict;
    if (verdict === 'ours') scene.suspend();
  }
}

/** Given up: a lock that still takes our key was not reset, and nothing has happened. */
async function left(scene: Scene, hasKey: boolean, thrown: unknown): Promise<LockError> {
  const error = asLockError(thrown, 'stopped', 'The question was left.');
  if (!hasKey || !GIVEN_UP.includes(error.reason) || (await verdictOn(scene)) !== 'ours') return error;
  scene.suspend();
  return new LockError(error.code, error.message, { reason: error.reason, acted: 'no' });
}

/** Whoever is asked to begin must not read that it is done already. */
function notYet({ plan }: Scene): string {
  return `As far as is known nothing is erased yet. The reset in the app erases the lock: then ${plan.exposure.what}.`;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

async function verdictOn(scene: Scene): Promise<'ours' | 'factory' | 'unknown'> {
  const { registry, settler } = scene.tools;
  const { record } = scene.keeper();
  if (record.lifecycle === 'factory') return 'factory';
  registry.save({ ...record, lifecycle: 'limbo' });
  return scene.waiting('radio', settler.verdict(record.id, VERDICT_MS));
}

function silent(scene: Scene): LockError {
  const text = `"${scene.view().name}" does not answer, so nobody knows whether it was reset. It is asked again as soon as it is heard.`;
  return new LockError('timeout', text, { reason: 'not_heard', acted: 'maybe' });
}

export function planByMaker(about: Planning): PlannedStep {
  const { procedure, tools, lock } = about;
  const { reset_radio: radio, reset_physical: physical } = procedure.facts;
  const known = [radio, physical].flatMap(fact =>
    fact ? [`${fact.sure === 'seen' ? 'Known of this model' : 'Not sure, check your manual'}: ${fact.text}.`] : [],
  );
  const maker = (lock && tools.registry.natures()[lock.family]?.title) ?? 'the maker';
  return planned({
    id: byMakerStep.id,
    kind: 'human_do',
    segment: 'pivot',
    title: 'Reset it with its maker’s app',
    text: `No radio command of ours resets this lock. Reset it to its FACTORY settings in the app of ${maker}, then set it up there as far as the app wants it (its security code, and calibration), with the door open. ${known.join(' ')} As soon as it refuses our key, this goes on by itself.`,
    spoken: 'Reset the lock to factory settings in its maker’s app.',
    honours: ['S1-07', 'S1-09', 'S1-17', 'S1-21', 'S1-31', 'S1-33'],
    atStake: emptyLock(openersAfterReset(about)),
    evidence: 'E1',
    soft: 300,
    hard: 3600,
    unattended: 'work_order',
  });
}
