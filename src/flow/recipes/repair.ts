// RE-PAIR: brings a lock in, again or for the first time (flows.md 5.3).
import type { Draft } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import { joiningSteps } from '../steps/joining.ts';
import { planJoining } from '../steps/plan-joining.ts';
import { DEVICE_NOTES, notesOf, procedureOf } from '../steps/notes.ts';
import { health, openingSteps, planOf, suspend } from '../steps/opening.ts';
import { exposureOf, isShared } from '../steps/planned.ts';
import { verifyingSteps } from '../steps/verifying.ts';

const MINUTES = 3;

export const repair: Recipe = {
  type: 'repair',
  draft(about) {
    about.tools.pairer.joiner.check(wish(about), { patient: true });
    return draft(about);
  },
  steps: [...openingSteps, ...joiningSteps, ...verifyingSteps],
};

function wish({ request, lock }: Planning): { lock?: string; name?: string } {
  const name = request.name === undefined ? {} : { name: request.name };
  return lock ? { lock: lock.id, ...name } : name;
}

function draft(about: Planning): Draft {
  const { lock, request } = about;
  const goal = lock
    ? `Pair "${lock.name}"${lock.generation === 0 ? '' : ' again'}: it keeps its name, unit and topics.`
    : `Pair a lock that offers itself${request.name === undefined ? '' : `, as "${request.name}"`}.`;
  return {
    goal,
    rung: 'look',
    whyNotLess: 'Without a key of ours the lock obeys nobody here.',
    lost: [],
    bring: ['fresh batteries, should it not wake'],
    minutes: MINUTES,
    notes: [WHEN, ...notesOf(about), ...DEVICE_NOTES],
    procedure: procedureOf(about),
    restore: 'allowed',
    exposure: isShared(about) ? AS_BEFORE : exposureOf(about),
    steps: [
      planOf(about),
      health(),
      // What was never here is kept for the flow as soon as it is ours.
      ...(lock ? [suspend()] : []),
      ...planJoining(about, { after: 'nothing' }),
    ],
  };
}

const AS_BEFORE = { what: 'it opens as before, to every code, phone and key that it knows', limitSeconds: 0 };

const WHEN = {
  text: 'When a lock does not respond, was moved to another unit, was reset, disconnects often or shows wrong data: let it be diagnosed first; pairing it again is not always the answer.',
  honours: ['S0-28', 'S0-29', 'S0-30', 'S0-31', 'S0-32'],
};
