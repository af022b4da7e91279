// RESET: for a lost admin, or a clean slate: back to the factory by button or radio, then paired and set up (flows.md 5.4).
import { LockError } from '../../base/errors.ts';
import type { Draft, PlannedStep } from '../plan.ts';
import { type Planning, type Recipe, type StepCode } from '../step.ts';
import { byMakerStep, planByMaker } from '../steps/by-maker.ts';
import { emptyingSteps, planHost, planProofs, planWipe } from '../steps/emptying.ts';
import { holdingSteps, planButton, planHold } from '../steps/holding.ts';
import { joiningSteps } from '../steps/joining.ts';
import { planJoining } from '../steps/plan-joining.ts';
import { DEVICE_NOTES, notesOf, procedureOf } from '../steps/notes.ts';
import { CANCEL, cancelled } from '../steps/observe.ts';
import { openingSteps, planOpening } from '../steps/opening.ts';
import { exposureOf, isShared, planned } from '../steps/planned.ts';
import { ok } from '../steps/preparing.ts';
import { planRefusals, refusalSteps } from '../steps/refusals.ts';
import { verifyingSteps } from '../steps/verifying.ts';
import { lostBy } from './unpair.ts';

const MINUTES = { radio: 5, button: 12 };
const ITEMS = [
  'the lock’s manual (or its page)',
  'a paper clip or the tool that came with it',
  'fresh batteries, put in now if the old ones are not full',
  'the old code, if anybody knows it',
];
const APP_ITEMS = [
  'a phone with the maker’s app, logged in to this lock',
  'the security code of the lock, if it has one',
  'fresh batteries, put in now if the old ones are not full',
];
const BY_BUTTON = ['opening.items', 'reset.button', 'reset.hold'];
const BY_RADIO = ['unpair.wipe', 'unpair.factory', 'unpair.old_key'];

/** A working key can do it over the radio; the button is for who wants it, or has no key. */
const wayStep: StepCode = {
  id: 'reset.way',
  async run(scene) {
    const { text, spoken = text } = scene.step;
    const radio = { value: 'radio', label: 'Over the radio, with our key', means: 'yes' } as const;
    const button = { value: 'button', label: 'By its reset button' };
    const answer = await scene.ask({ kind: 'human_choice', text, spoken, options: [radio, button, CANCEL] });
    if (answer.means === 'no') throw cancelled(answer.by.who);
    const byRadio = answer.value === 'radio';
    const what = byRadio ? 'It is reset over the radio.' : 'It is reset by its button.';
    const result = ok({ grade: 'E1', what, by: 'person', who: answer.by.who });
    return { ...result, unneeded: byRadio ? BY_BUTTON : BY_RADIO };
  },
};

export const reset: Recipe = {
  type: 'reset',
  draft(about) {
    if (!about.lock) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return draft(about, wayOf(about));
  },
  steps: [
    wayStep,
    ...openingSteps,
    ...holdingSteps,
    byMakerStep,
    ...emptyingSteps,
    ...joiningSteps,
    ...refusalSteps,
    ...verifyingSteps,
  ],
};

type Way = 'radio' | 'button' | 'asked' | 'maker';

/** `lost_admin` assumes no old key: what is in the vault may be what was lost. */
function wayOf(about: Planning): Way {
  const { request, lock, tools } = about;
  if (about.procedure.values.resetBy === 'maker' || isShared(about)) return 'maker';
  const works = hasKey({ lock, tools });
  if (!works || request.reason === 'lost_admin') return 'button';
  return request.mode === 'brief' ? 'radio' : 'asked';
}

/** Suspended: a flow was given up that stood still; its key still works. */
function hasKey({ lock, tools }: Pick<Planning, 'tools'> & { lock?: Planning['lock'] | undefined }): boolean {
  if (lock?.lifecycle !== 'managed' && lock?.lifecycle !== 'suspended') return false;
  return tools.vault.of(lock.id).some(kept => kept.status === 'live');
}

function draft(about: Planning, way: Way): Draft {
  const { lock, request } = about;
  const key = hasKey(about);
  const byHand = way !== 'radio';
  const byButton = byHand && way !== 'maker';
  const secured = 'Somebody stays at the lock until it is paired again.';
  const items = way === 'maker' ? APP_ITEMS : ITEMS;
  const needs = { key, button: byButton, promises: [secured], ...(byHand && { items }) };
  const opening = planOpening(about, needs, byButton ? [planButton(about)] : []);
  const steps: PlannedStep[] = [
    ...(way === 'asked' ? [opening[0] as PlannedStep, choice(), ...opening.slice(1)] : opening),
    ...(byButton ? [planHold(about)] : []),
    ...(way === 'maker' ? [planByMaker(about)] : []),
    ...(way === 'button' || way === 'maker' ? [] : [planWipe(about), ...planProofs(about)]),
    planHost(about),
    ...withRefusals(planJoining(about, { after: 'pivot' }), way === 'maker' ? [] : planRefusals(about)),
  ];
  const revokes = request.reason === 'revoke_person' || request.reason === 'tenant_left';
  return {
    goal: `Reset "${lock?.name ?? ''}" to its factory state, then pair it and set it up anew.`,
    rung: 'factory_reset',
    whyNotLess:
      request.reason === 'lost_admin'
        ? 'Without its administrator’s key or code nothing less makes the lock take orders again.'
        : 'Taking one person’s codes off, or all of them, is less and keeps the rest; a reset is for when that is not enough.',
    lost: lostBy(about),
    bring: byHand ? items : [],
    minutes: byHand ? MINUTES.button : MINUTES.radio,
    notes: [WHY, way === 'maker' ? AFTER_MAKER : AFTER, METAL, ...notesOf(about), ...DEVICE_NOTES],
    procedure: procedureOf(about),
    restore: revokes ? 'forbidden' : 'allowed',
    exposure: exposureOf(about),
    steps,
  };
}

/** Before the last question of a person, while he still stands at the keypad. */
function withRefusals(joining: PlannedStep[], refusals: PlannedStep[]): PlannedStep[] {
  const at = joining.findIndex(step => step.id === 'repair.confirm');
  return at < 0 ? [...joining, ...refusals] : joining.toSpliced(at, 0, ...refusals);
}

function choice(): PlannedStep {
  return planned({
    id: 'reset.way',
    kind: 'human_choice',
    title: 'By radio or by its button',
    text: 'Our key still works, so the lock can be reset over the radio: no tool, no button. Which way do you want?',
    spoken: 'Reset it over the radio, or by its button?',
    honours: ['S1-31', 'S1-33'],
    evidence: 'E1',
    hard: 900,
    unattended: 'park',
  });
}

const WHY = {
  text: 'Password forgotten, or somebody has access who should not: for the second, a smaller step is offered first (rekey, or turnover), since a reset takes everything off.',
  honours: ['S1-01', 'S1-02', 'S2-64'],
};

const AFTER = {
  text: 'Afterwards everybody needs new codes; cards and fingerprints are taken in again by their people. A new administrator code is kept in the vault, so that nobody has to remember it or reset again.',
  honours: ['S1-25', 'S1-36', 'S1-38', 'S1-39'],
};

const AFTER_MAKER = {
  text: 'Afterwards everybody needs a new code, and phones, fobs and fingerprints are taken in again in the maker’s app. Its security code is a new one, too: tell it here once the lock is paired (admin-code LOCK tell), and it is kept in the vault.',
  honours: ['S1-25', 'S1-36', 'S1-38', 'S1-39'],
};

const METAL = {
  text: 'An electronic reset never changes a metal key or cylinder, whatever a guide says about turning a new key after it.',
  honours: ['S2-12'],
};
