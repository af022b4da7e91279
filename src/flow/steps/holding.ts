// The reset button: finding it, holding it with a count, and what the radio says came of it (flows.md 5.4).
import { sleep } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import type { Nature } from '../../lock/driver.ts';
import type { Heard } from '../../lock/registry.ts';
import { found } from '../findings.ts';
import { natureOf, wakeIt } from '../nature.ts';
import type { PlannedHint, PlannedStep } from '../plan.ts';
import {
  type Answer,
  type Ask,
  FLOW_ASKER,
  type Planning,
  type Scene,
  type StepCode,
  type StepResult,
} from '../step.ts';
import { GENERATION_BEFORE } from './census.ts';
import { stillOpens } from './emptying.ts';
import { CANCEL, DONE, askOrSee, cancelled, heardNext } from './observe.ts';
import { STAKES, emptyLock, openersAfterReset, planned } from './planned.ts';
import { ok } from './preparing.ts';
import { OLD_KEY } from './secrets.ts';

/** No manual says less or more than this; an unknown model is a question (flows.md 2). */
const UNKNOWN_HOLD = { least: 10, most: 15 };
/** After letting go: beeps, a restart, and the first adverts (flows.md 4.6). */
const SEEN_MS = 10_000;
/** A code has to be typed first, within 30 s of the voice. */
const CODE_MS = 60_000;
/** Asking the lock which of our keys it knows, whatever the person saw. */
const VERDICT_MS = 20_000;
/** More tries at the same button need a look at the manual, and a new confirmation. */
const TRIES = 4;

/** Found before anything is begun: "my tool is on it". */
export const buttonStep: StepCode = {
  id: 'reset.button',
  async run(scene) {
    const { text, spoken = text } = scene.step;
    const options = [{ ...DONE, label: 'My tool is on it' }, { value: 'not_found', label: 'I cannot find it' }, CANCEL];
    for (;;) {
      const answer = await scene.ask({ kind: 'human_do', text, spoken, options });
      if (answer.means === 'no') throw cancelled(answer.by.who);
      if (answer.means === 'yes') {
        found(scene, { resetButton: { is: 'works', grade: 'E1', at: scene.tools.clock.elapsed() } });
        await holdOf(scene);
        return ok({ grade: 'E1', what: 'The reset button was found.', by: 'person', who: answer.by.who });
      }
      scene.say(
        'Look at the back near the batteries, under a cover, on the side, for a pinhole; it is usually labelled. The manual on the maker’s site shows the place.',
      );
    }
  },
};

/** How long to hold: a book only where a good source says so, else what the person's own manual says. */
async function holdOf(scene: Scene): Promise<{ least: number; most: number }> {
  const { least, most } = scene.plan.steps.find(step => step.id === 'reset.hold')?.with ?? {};
  if (typeof least === 'number' && typeof most === 'number') return { least, most };
  const kept = scene.recall('hold') as { least: number; most: number } | undefined;
  if (kept) return kept;
  const answer = await scene.ask({
    kind: 'human_choice',
    text: 'How long this model’s button is held is not known here; most need 10 to 15 seconds. What does your manual say?',
    spoken: 'How long does your manual say the button is held?',
    options: [
      { value: '10-15', label: '10 to 15 seconds, or it does not say', means: 'yes' },
      { value: '2-5', label: '2 to 5 seconds' },
      { value: '5-10', label: '5 to 10 seconds' },
      { value: '15-30', label: '15 to 30 seconds' },
      CANCEL,
    ],
  });
  if (answer.means === 'no') throw cancelled(answer.by.who);
  const [from = UNKNOWN_HOLD.least, to = UNKNOWN_HOLD.most] = answer.value.split('-').map(Number);
  const hold = Number.isFinite(from) ? { least: from, most: to } : UNKNOWN_HOLD;
  scene.remember('hold', hold);
  return hold;
}

export const holdStep: StepCode = {
  id: 'reset.hold',
  async run(scene) {
    const hold = await holdOf(scene);
    const { record } = scene.keeper();
    rememberOldKey(scene);
    if (scene.recall(GENERATION_BEFORE) === undefined) scene.remember(GENERATION_BEFORE, record.generation);
    const data = { lock: record.id, generation: record.generation, ...hold };
    return scene.act('the reset button is held', data, async () => {
      scene.clearance().use(record.id, record.generation);
      return drill(scene, hold);
    });
  },
  async probe(scene, { data }) {
    // Whoever held it when we were cut off may be holding it still.
    const { most } = data;
    const held = (typeof most === 'number' ? most : UNKNOWN_HOLD.most) * 1000;
    await scene.waiting('radio', sleep(scene.tools.clock, held + SEEN_MS, scene.signal));
    const verdict = await verdictOn(scene);
    if (verdict === 'ours') scene.suspend();
    if (verdict === 'factory') scene.exposed();
    return { factory: 'done', ours: 'not_done', unknown: 'unknown' }[verdict] as 'done' | 'not_done' | 'unknown';
  },
};

/** Until the radio proves a reset; a restart or nothing is said, and it is held again. */
async function drill(scene: Scene, hold: { least: number; most: number }): Promise<StepResult> {
  let { least, most } = hold;
  for (let go = 1; go <= TRIES; go++) {
    if ((await heldOnce(scene, { least, most, go })) === 'asks_code') await codeTyped(scene, offersOf(scene));
    const seen = await whatCameOfIt(scene);
    if (seen.result === 'reset') return wasReset(scene, seen.what);
    scene.say(seen.what);
    // Held longer each time: too short is the usual fault, and nothing is erased by a longer press that was not wanted.
    [least, most] = [most, most + (most - least) + 2];
  }
  const text = `The button was held ${TRIES} times and nothing was erased. Look into the manual for the place and the time, and confirm again.`;
  throw new LockError('rejected', text, { reason: 'rebooted_not_reset', acted: 'no' });
}

interface Hold {
  least: number;
  most: number;
  /** Which try it is. */
  go: number;
}

/** The count comes each second; a metronome for who cannot look at a screen. */
async function heldOnce(scene: Scene, { least, most, go }: Hold): Promise<'held' | 'asks_code'> {
  const window = least === most ? `${least}` : `${least} to ${most}`;
  const letGo = Math.max(least, Math.ceil((least + most) / 2));
  const ask: Ask = {
    kind: 'human_do',
    hold: { least, most, letGo },
    atStake: notYet(scene, go),
    text: `Press the button with your tool and keep it pressed; answer "done" in the moment you press. Keep it for ${window} seconds: the count comes each second, and says when to let go.`,
    spoken: `Press and hold the button. Say done as you press. Hold ${window} seconds.`,
    options: [
      { value: 'done', label: 'I press it now', means: 'yes' },
      { value: 'asks_code', label: 'A voice asked for a code' },
      CANCEL,
    ],
  };
  const answer = await scene.ask(ask).catch((thrown: unknown) => {
    throw left(asLockError(thrown, 'stopped', 'The question was left.'), go);
  });
  if (answer.value === 'asks_code') return 'asks_code';
  if (answer.means !== 'yes') throw left(cancelled(answer.by.who), go);
  for (let second = 1; second <= letGo; second++) {
    await sleep(scene.tools.clock, 1000, scene.signal);
    scene.say(second < letGo ? `${second} …` : `${second}: let go NOW.`);
  }
  return 'held';
}

/** Whoever is asked to press must not read that it is done already. */
function notYet({ plan }: Scene, go: number): string {
  const now = go === 1 ? 'Nothing is erased yet.' : 'As far as is known nothing is erased.';
  return `${now} Holding the button erases the lock: then ${plan.exposure.what}.`;
}

/** Nobody has pressed yet: the pivot has not happened. After a first try the lock is asked. */
function left({ code, message, reason }: LockError, go: number): LockError {
  return new LockError(code, message, { reason, acted: go === 1 ? 'no' : 'maybe' });
}

interface Outcome {
  result: 'reset' | 'restart' | 'nothing';
  what: string;
}

/** The radio first; then what the person saw and heard, which never wins over the radio. */
async function whatCameOfIt(scene: Scene): Promise<Outcome> {
  const offers = offersOf(scene);
  const ask = {
    kind: 'human_choice',
    atStake: `Whether it is erased is being found out. Stay at the door: if it is, ${scene.plan.exposure.what}.`,
    text: 'What did the lock do when you let go? (Its radio is watched meanwhile; what it says counts.)',
    spoken: 'What did the lock do? Two beeps, one beep, nothing, or a voice?',
    options: [
      { value: 'two_beeps', label: 'Two beeps, a melody, or it flashed' },
      { value: 'one_beep', label: 'One beep, or it only restarted' },
      { value: 'nothing', label: 'Nothing' },
      { value: 'asks_code', label: 'A voice asks for an initialisation code' },
    ],
  } as const;
  const proof = await askOrSee(scene, ask, signal => watched(scene, offers, signal));
  if (proof.by === 'radio') return proof.seen;
  if (proof.answer.value === 'asks_code') await codeTyped(scene, offers);
  return said(scene, proof.answer);
}

function offersOf(scene: Scene): (heard: Heard) => boolean {
  const { id } = scene.view();
  return heard => heard.lock === id && heard.recognised.state === 'pairable';
}

/** Rejects while nothing is known: then only the person can say what happened. */
async function watched(scene: Scene, offers: (heard: Heard) => boolean, signal: AbortSignal): Promise<Outcome> {
  const { name } = scene.view();
  const late = new AbortController();
  const cancel = scene.tools.clock.after(SEEN_MS, () => late.abort());
  try {
    await scene.waiting('radio', heardNext(scene, offers, AbortSignal.any([signal, late.signal])));
    return { result: 'reset', what: `"${name}" offers itself for pairing: it was reset.` };
  } catch (thrown) {
    if (!late.signal.aborted || signal.aborted) throw thrown;
  } finally {
    cancel();
  }
  const outcome = await outcomeOf(scene, await verdictOn(scene));
  if (outcome) return outcome;
  throw new LockError('timeout', 'Nothing was heard of the lock.', { reason: 'not_heard' });
}

async function outcomeOf(scene: Scene, verdict: 'ours' | 'factory' | 'unknown'): Promise<Outcome | undefined> {
  const { name, id } = scene.view();
  if (verdict === 'factory') {
    return { result: 'reset', what: `"${name}" refuses our old key and offers itself: it was reset.` };
  }
  if (verdict === 'unknown') return undefined;
  scene.suspend();
  const log = await scene.tools.workbench.readLog(id, 1, FLOW_ASKER).catch(() => []);
  if (log[0]?.type === 'restarted') {
    return { result: 'restart', what: 'That was only a restart: the lock still takes our key. Hold it longer.' };
  }
  return {
    result: 'nothing',
    what: 'Nothing happened: the lock still takes our key. Press harder, and hold it longer.',
  };
}

async function said(scene: Scene, answer: Answer): Promise<Outcome> {
  const outcome = await outcomeOf(scene, await verdictOn(scene));
  const small = answer.value === 'nothing' || answer.value === 'one_beep';
  if (outcome?.result === 'reset' && small) {
    return { ...outcome, what: `${outcome.what} Its signals differ from what was expected; the radio is right.` };
  }
  if (outcome) return outcome;
  if (!small) throw disagreement(scene);
  const seen = answer.value === 'one_beep' ? 'one beep is only a restart' : 'nothing was heard of it';
  const what = `No sign of a reset: ${seen}.${wakeIt(natureHere(scene))} Hold the button longer.`;
  return { result: answer.value === 'one_beep' ? 'restart' : 'nothing', what };
}

function natureHere(scene: Scene): Nature {
  return natureOf(scene.tools.registry, scene.view());
}

/** Neither is believed; both are shown. */
function disagreement(scene: Scene): LockError {
  const text = `You saw the signs of a reset, but "${scene.view().name}" neither offers itself nor takes our key.${wakeIt(natureHere(scene))} It is asked again as soon as it is heard.`;
  return new LockError('timeout', text, { reason: 'asleep', acted: 'maybe' });
}

async function codeTyped(scene: Scene, offers: (heard: Heard) => boolean): Promise<void> {
  scene.say(
    'Type the initialisation code from YOUR manual now, within 30 seconds. Makers differ (000#, 0000# and others are told): it is not guessed here.',
  );
  const late = new AbortController();
  const cancel = scene.tools.clock.after(CODE_MS, () => late.abort());
  const ask = {
    kind: 'human_do',
    text: 'Type the initialisation code from your manual at the keypad, then answer "done".',
    spoken: 'Type the initialisation code from your manual. Then say done.',
    options: [DONE, CANCEL],
  } as const;
  try {
    await askOrSee(scene, ask, signal => heardNext(scene, offers, AbortSignal.any([signal, late.signal])));
  } finally {
    cancel();
  }
}

/** Its keys are asked for one by one; what refuses them all and offers itself is factory-new. */
async function verdictOn(scene: Scene): Promise<'ours' | 'factory' | 'unknown'> {
  const { registry, settler } = scene.tools;
  const { record } = scene.keeper();
  if (record.lifecycle === 'factory') return 'factory';
  registry.save({ ...record, lifecycle: 'limbo' });
  return scene.waiting('radio', settler.verdict(record.id, VERDICT_MS));
}

async function wasReset(scene: Scene, what: string): Promise<StepResult> {
  scene.exposed();
  scene.say(what);
  const verdict = await verdictOn(scene);
  if (verdict === 'ours') throw stillOpens(scene);
  return ok({ grade: 'E3', what, by: 'radio' });
}

/** Which key it had, to be tried once more when it is empty. */
function rememberOldKey(scene: Scene): void {
  if (scene.recall(OLD_KEY) !== undefined) return;
  const kept = scene.tools.vault.of(scene.view().id).find(({ status }) => status === 'live' || status === 'leaving');
  if (kept) scene.remember(OLD_KEY, kept.id);
}

export const holdingSteps: readonly StepCode[] = [buttonStep, holdStep];

export function planButton({ procedure }: Planning): PlannedStep {
  const fact = procedure.facts.reset_physical;
  const where = fact
    ? `${fact.sure === 'seen' ? 'Known of this model' : 'Not sure, check your manual'}: ${fact.text}.`
    : 'Usually at the back or side near the batteries, a small button or pinhole, often labelled.';
  return planned({
    id: 'reset.button',
    kind: 'human_do',
    segment: 'compensatable',
    title: 'Find the reset button',
    text: `Find the reset button, and put your tool (a paper clip will do) on it without pressing. ${where} Where it is exactly says the manual; never open the electronics, never drill. (Some guides say that this button rekeys the metal cylinder: it never does, an electronic reset changes no metal key.)`,
    spoken: 'Find the reset button and put your tool on it. Do not press yet.',
    honours: ['S1-07', 'S1-08', 'S1-09', 'S1-30', 'S2-08', 'S2-09', 'S2-10', 'S2-12', 'S2-13', 'S2-47'],
    atStake: STAKES.unlocked,
    evidence: 'E1',
    soft: 120,
    hard: 1800,
    unattended: 'work_order',
    hints: [
      {
        text: 'Look at the back near the battery compartment, under a cover, then at the side.',
        honours: ['S1-08', 'S2-08'],
      },
      {
        text: 'Not found, or hard to press: the manual, on the maker’s site too, shows it.',
        honours: ['S1-09', 'S1-21', 'S2-10', 'S2-13'],
      },
    ],
  });
}

const HOLD_HINTS: readonly PlannedHint[] = [
  {
    text: 'One beep, and it takes our key: only a restart. Hold it longer.',
    check: 'key',
    honours: ['S1-12', 'S1-19'],
  },
  { text: 'Nothing: the tool is not on the button, or the batteries are weak.', honours: ['S1-20', 'S2-13'] },
  { text: 'It asks for a code: some makers want an initialisation code, which is in the manual.', honours: ['S1-20'] },
];

export function planHold(about: Planning): PlannedStep {
  const { resetHoldSeconds: hold } = about.procedure.values;
  // R07: only what a good source says is counted by itself; anything else is a question to the person.
  const sure = hold?.sure === 'seen' ? hold : undefined;
  const seconds = sure ? `${sure.least} to ${sure.most} seconds` : 'as long as your manual says, most 10 to 15 seconds';
  return planned({
    id: 'reset.hold',
    kind: 'human_do',
    segment: 'pivot',
    title: 'Hold the reset button',
    text: `Press and hold it with the tool, ${seconds}. The seconds are counted for you and the moment to let go is called; then it flashes or beeps. A reset, a mere restart, and nothing at all are told apart over the radio while you stand there.`,
    spoken: 'Press and hold the button with the tool, until I say let go.',
    honours: ['S1-10', 'S1-11', 'S1-12', 'S1-13', 'S1-19', 'S2-08', 'S2-11'],
    atStake: emptyLock(openersAfterReset(about)),
    evidence: 'E3',
    unattended: 'work_order',
    hints: HOLD_HINTS,
    ...(sure && { with: { least: sure.least, most: sure.most } }),
  });
}
