// The common opening of flows that destroy something (flows.md 5.1): what is planned of it, and in which order.
import { lowerFirst, natureOf } from '../nature.ts';
import type { PlannedHint, PlannedStep } from '../plan.ts';
import type { Planning, StepCode } from '../step.ts';
import { clearanceStep } from './confirming.ts';
import { doorStep, presenceStep, signalStep, unlockStep } from './at-the-door.ts';
import { accountStep, backUpStep, waysStep } from './ways-back.ts';
import { healthStep, itemsStep, planStep, snapshotStep, suspendStep } from './preparing.ts';
import { STAKES, isPortable, isShared, planned, thing } from './planned.ts';

export const openingSteps: readonly StepCode[] = [
  planStep,
  itemsStep,
  healthStep,
  suspendStep,
  presenceStep,
  signalStep,
  unlockStep,
  doorStep,
  snapshotStep,
  accountStep,
  waysStep,
  backUpStep,
  clearanceStep,
];

export interface OpeningNeeds {
  /** There is a key that opens a session. */
  key: boolean;
  /** A person will hold its reset button. */
  button?: boolean;
  /** What a person must have in the hand. */
  items?: readonly string[];
  /** Added to the clearance, such as how the door is secured afterwards. */
  promises?: readonly string[];
}

/** Up to and with the clearance. Steps of the caller's own go between with `before`. */
export function planOpening(about: Planning, needs: OpeningNeeds, before: readonly PlannedStep[] = []): PlannedStep[] {
  return [
    planOf(about),
    ...(needs.items ? [itemsOf(needs.items)] : []),
    health(),
    suspend(),
    ...(needs.key ? [presence(about)] : []),
    signal(),
    unlock(about, needs),
    ...(isPortable(about.lock, about.procedure.form) ? [] : [door()]),
    ...(needs.key ? [snapshot()] : []),
    ...before,
    account(about, needs),
    ways(needs),
    backUp(),
    clearance(about, needs),
  ];
}

/** Where nothing about the door changes: nobody has to be there, and it may be locked. */
export function planRemote(about: Planning, needs: OpeningNeeds): PlannedStep[] {
  return [planOf(about), health(), suspend(), snapshot(), ways(needs), backUp(), clearance(about, needs)];
}

export function planOf({ request, procedure }: Planning): PlannedStep {
  return planned({
    id: 'opening.plan',
    kind: 'info',
    title: 'What will happen',
    text: `Reason: ${request.reason.replaceAll('_', ' ')}. The steps come one at a time, in this order; take your time with each. The manual in short: ${procedure.title}. Where it differs from what you hold, the manual and the maker’s site are right.`,
    honours: ['S0-02', 'S1-02', 'S1-03', 'S1-04', 'S1-09', 'S1-17', 'S1-21', 'S1-27', 'S1-29', 'S2-10', 'S2-61'],
  });
}

function itemsOf(items: readonly string[]): PlannedStep {
  return planned({
    id: 'opening.items',
    kind: 'human_confirm',
    title: 'Have everything at hand',
    text: `Have at hand: ${items.join('; ')}. Nothing is begun without it; with the right tool and all of it collected you are ready.`,
    spoken: 'Have the tool, the manual and fresh batteries at hand.',
    honours: ['S1-04', 'S1-05', 'S1-22', 'S1-26', 'S1-30', 'S2-07', 'S2-59'],
    evidence: 'E1',
    unattended: 'work_order',
    with: { items: [...items] },
  });
}

export function health(): PlannedStep {
  return planned({
    id: 'opening.health',
    kind: 'auto_sys',
    title: 'Look at this computer',
    text: 'The Bluetooth adapter, the disk, the clock, the vault, the broker and the network are looked at. Only what the flow needs stops it.',
    honours: ['S0-46'],
    evidence: 'E3',
    unattended: 'run',
  });
}

export function suspend(): PlannedStep {
  return planned({
    id: 'opening.suspend',
    kind: 'auto_sys',
    segment: 'compensatable',
    title: 'Keep the lock for this flow',
    text: 'From here on orders of others to the lock are refused and dropped, never queued. The inside handle and the thumb-turn work as ever.',
    atStake: STAKES.set,
    evidence: 'E3',
  });
}

function presence({ lock, tools }: Planning): PlannedStep {
  const nature = natureOf(tools.registry, lock);
  const act = nature.wake === undefined ? 'says so' : `does this: ${lowerFirst(nature.wake)}`;
  return planned({
    id: 'opening.presence',
    kind: 'human_do',
    segment: 'compensatable',
    title: 'Who is at the door',
    text: `If it is locked: somebody stands at it and ${act}, so that ${thing(lock)} is not opened for an empty place. What can be seen over the radio is.`,
    spoken:
      nature.wake === undefined ? 'Say that you are at the lock.' : `${nature.wake}, so that I know you are there.`,
    honours: ['S0-04', 'S0-21', 'S0-35'],
    atStake: STAKES.set,
    evidence: 'E0',
    soft: 15,
    hard: 600,
    unattended: 'work_order',
  });
}

function signal(): PlannedStep {
  return planned({
    id: 'opening.signal',
    kind: 'check',
    segment: 'compensatable',
    title: 'Signal and batteries',
    text: 'How strongly the lock is heard, and how full its batteries are. Nothing is erased on weak batteries: put in fresh ones, the right way round, before.',
    honours: ['S0-34', 'S0-37', 'S1-22'],
    atStake: STAKES.set,
    evidence: 'E1',
    unattended: 'work_order',
    hints: [
      {
        text: 'Put fresh batteries in, all of one kind, plus and minus as drawn in the compartment.',
        check: 'batteries',
        honours: ['S0-37', 'S0-38'],
      },
    ],
  });
}

function unlock({ lock, procedure }: Planning, { key }: OpeningNeeds): PlannedStep {
  const portable = isPortable(lock, procedure.form);
  const text = portable
    ? `Open ${thing(lock)} and leave it open: closed by hand, it cannot be looked at from here. A closed one may jam or fail to reset.`
    : `The lock is unlocked${key ? ' and asked whether it is' : ', which you say'}. A locked one may jam or fail to reset.`;
  return planned({
    id: 'opening.unlock',
    kind: key && !portable ? 'auto_ble' : 'human_confirm',
    segment: 'compensatable',
    title: portable ? `Open ${thing(lock)}` : 'Unlock it',
    text,
    spoken: portable ? 'Open it and leave it open. Say done.' : 'Unlock the lock. Say done.',
    honours: ['S0-03', 'S0-05', 'S0-06'],
    atStake: STAKES.unlocked,
    evidence: 'E1',
    hard: 900,
    unattended: 'work_order',
  });
}

export function door(): PlannedStep {
  return planned({
    id: 'opening.door',
    kind: 'human_confirm',
    segment: 'compensatable',
    title: 'Open the door',
    text: 'Open the door and prop it open, so that nobody is shut out or in, whatever happens. (Some pages advise a closed and locked door for a reset: never follow that.)',
    spoken: 'Open the door and prop it open. Say done.',
    honours: ['S0-06'],
    atStake: STAKES.unlocked,
    evidence: 'E1',
    soft: 120,
    hard: 900,
    unattended: 'work_order',
  });
}

function snapshot(): PlannedStep {
  return planned({
    id: 'opening.snapshot',
    kind: 'auto_ble',
    title: 'Note its settings',
    text: 'What is set on the lock, its firmware and what it can do is noted, so that the new pairing can have it again.',
    honours: ['S1-35', 'S1-38', 'S0-48'],
    evidence: 'E3',
  });
}

function account(about: Planning, { key }: OpeningNeeds): PlannedStep {
  const { procedure } = about;
  const ours = key && !isShared(about);
  const known = procedure.facts.account_binding?.text;
  return planned({
    id: 'opening.account',
    kind: 'check',
    title: 'No account keeps the lock',
    text: `Whether the maker’s account would keep the lock after it is wiped, as some do.${known === undefined ? '' : ` Known of this model: ${known}.`}${ours ? ' Our key is that of its owner.' : ''} This program needs no subscription and no Wi-Fi in the lock; a maker’s own remote reset may.`,
    honours: ['S1-34', 'S1-35', 'S1-33'],
    evidence: 'E1',
  });
}

function ways({ key }: OpeningNeeds): PlannedStep {
  return planned({
    id: 'opening.ways',
    kind: 'check',
    title: 'Two ways back',
    text: `Two independent ways back are on record before anything is erased${key ? ': our key in the vault, and' : ', such as'} the reset at the lock, its public code, or a key.`,
    honours: ['S1-24', 'S1-25', 'S1-39'],
    evidence: 'E1',
  });
}

function backUp(): PlannedStep {
  return planned({
    id: 'opening.backup',
    kind: 'auto_sys',
    title: 'Back up the keys',
    text: 'Everything is copied now, the keys sealed; a second copy goes off the card where one is set up (backup.second).',
    honours: ['S1-24', 'S1-39', 'S1-23'],
    evidence: 'E3',
  });
}

function clearance({ lock }: Planning, { promises = [] }: OpeningNeeds): PlannedStep {
  return planned({
    id: 'opening.clearance',
    kind: 'human_confirm',
    title: 'Confirm',
    text: `The last question. It names ${lock ? `"${lock.name}"` : 'the lock'} and all that is lost, and wants a number typed back; it is good for five minutes and for this plan alone.`,
    spoken: 'Confirm on the screen that the lock may be erased.',
    honours: ['S0-14', 'S1-36'],
    evidence: 'E1',
    hard: 900,
    unattended: 'park',
    with: { promises: [...promises] },
  });
}

/** S0-36, S0-44, S0-45: a screen that hangs is not the flow. */
export const SURVIVES: PlannedHint = {
  text: 'Close the app or page and open it again, or restart the phone: the flow is kept here and goes on at the same step. This program and its computer may be restarted too.',
  honours: ['S0-36', 'S0-44', 'S0-45'],
};
