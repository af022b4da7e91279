// What is planned of a pairing: found, paired, set up, confirmed and tested, with what is true meanwhile.
import type { PlannedStep } from '../plan.ts';
import type { Planning } from '../step.ts';
import { planFind } from './find.ts';
import { door } from './opening.ts';
import { STAKES, emptyLock, isPortable, isShared, openersAfterReset, planned } from './planned.ts';
import { verifySteps } from './verify.ts';

/** What a brief pairing proves: the key works, nothing that is not ours is on it, the way back, what others see. */
const BRIEF_TESTS = ['verify.new_key', 'verify.counts', 'verify.way_back', 'verify.shown'];

/** `pivot`: the lock was wiped in this flow, so that there is only forward; `nothing`: until it is paired one can stop. */
export function planJoining(about: Planning, how: { after: 'pivot' | 'nothing' }): PlannedStep[] {
  const wiped = how.after === 'pivot';
  const before = wiped
    ? ({ segment: 'retriable', atStake: isLeft(about) ? STAKES.left : emptyLock(openersAfterReset(about)) } as const)
    : ({ segment: 'compensatable', atStake: STAKES.nothing } as const);
  const brief = about.request.mode === 'brief';
  const tests = verifySteps(about, { oldKey: false, cycles: 1 }).filter(one => !brief || BRIEF_TESTS.includes(one.id));
  const isDoor = !isPortable(about.lock, about.procedure.form);
  const asks = !brief && !wiped && isDoor;
  return [
    planFind(about, before),
    pairOf(before),
    ...setUp(about),
    ...(brief ? [] : [confirmOf(about)]),
    ...(asks ? [{ ...door(), segment: 'retriable' as const, atStake: stakesOf(about).untried }] : []),
    ...tests,
  ];
}

/** An unpairing took our own key off, and nothing else. */
function isLeft(about: Planning): boolean {
  return isShared(about) && about.request.type === 'unpair';
}

/** Once it is paired. */
function stakesOf(about: Planning): { ours: string; untried: string } {
  return isShared(about) ? { ours: STAKES.shared, untried: STAKES.sharedUntried } : STAKES;
}

function pairOf(before: Pick<PlannedStep, 'segment' | 'atStake'>): PlannedStep {
  return planned({
    id: 'repair.pair',
    kind: 'auto_ble',
    ...before,
    title: 'Pair',
    text: 'A new key is drawn, written to the disk, and given to the lock; only then is it believed. If it breaks off, the lock is asked which key it knows before anything is tried again.',
    honours: ['S0-17', 'S0-42', 'S0-43', 'S1-23', 'S1-31'],
    evidence: 'E3',
    hints: [
      { text: 'Take the batteries out for ten seconds and put them back, then wake it.', honours: ['S0-42'] },
      { text: 'Let other smart locks nearby sleep, or move away from them.', honours: ['S0-43'] },
    ],
  });
}

function setUp(about: Planning): PlannedStep[] {
  const { lock, procedure, request } = about;
  const { ours: taken, untried } = stakesOf(about);
  const own = { kind: 'auto_ble', segment: 'retriable', evidence: 'E0' } as const;
  const known = lock?.abilities;
  const asks = !isPortable(lock, procedure.form) && (known === undefined || known.orientation === 'settable');
  const orientation = planned({
    id: 'repair.orientation',
    ...own,
    kind: request.mode === 'brief' ? 'auto_ble' : 'human_choice',
    title: 'Left or right',
    text: 'Stand OUTSIDE, facing the door: are its hinges on your left or on your right? That is the side to which it opens, which this lock has to know. A small test throw follows.',
    spoken: 'Stand outside, facing the door. Are the hinges on your left or right?',
    honours: ['S0-24'],
    atStake: untried,
    skippable: true,
    unattended: 'run',
  });
  return [
    adminCodeOf(about),
    planned({
      id: 'repair.clock',
      ...own,
      title: 'Set its clock',
      text: 'Time and zone, so that codes with a time work.',
      honours: ['S1-38'],
      atStake: taken,
    }),
    ...(asks ? [orientation] : []),
    planned({
      id: 'repair.settings',
      ...own,
      title: 'Set it up as before',
      text: `Its settings from before, or those of the house; passage mode is off.${isLeft(about) ? '' : ' Fingerprints and cards have to be taken in again by their people.'}`,
      honours: ['S1-38'],
      atStake: untried,
    }),
    planned({
      id: 'repair.unit',
      ...own,
      kind: 'auto_sys',
      title: 'Its unit',
      text: `It belongs to one unit or property: ${request.unit ?? lock?.unit.name ?? 'its own, until you choose another'}.`,
      honours: ['S0-26', 'S0-29'],
      atStake: untried,
      evidence: 'E3',
    }),
  ];
}

function adminCodeOf(about: Planning): PlannedStep {
  const step = { id: 'repair.admin_code', kind: 'auto_ble', segment: 'retriable', evidence: 'E0' } as const;
  const honours = ['S1-14', 'S1-15', 'S1-16', 'S1-17', 'S1-23', 'S1-24', 'S1-25'];
  const atStake = stakesOf(about).ours;
  if (isShared(about)) {
    const text =
      'It is its owner’s and stays. If it was known here before, the lock is told it once; without it our new key can move the lock, and little else.';
    return planned({ ...step, title: 'Its security code', text, honours, atStake });
  }
  return planned({
    ...step,
    title: 'Replace the default administrator code',
    text: 'The first thing: a new code for the lock’s own menu, drawn at random and kept in the vault before it is sent; never a default or an easy one. Until then its public code opens it. Where the code is its owner’s own, it stays.',
    honours,
    atStake,
  });
}

function confirmOf(about: Planning): PlannedStep {
  return planned({
    id: 'repair.confirm',
    kind: 'human_confirm',
    segment: 'retriable',
    title: 'Confirm to finish',
    text: 'Confirm that name, unit and settings are right. Nobody is told "done" before the tests have passed.',
    spoken: 'Is everything right? Confirm to finish.',
    honours: ['S0-27', 'S1-28'],
    atStake: stakesOf(about).untried,
    evidence: 'E0',
    unattended: 'skip_with_residual',
  });
}
