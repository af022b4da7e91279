// DIAGNOSE: rung 0. Looks at everything that can be looked at, changes nothing, and ends with a recommendation. flows.md 5.8.
import { LockError } from '../../base/errors.ts';
import type { Draft, PlannedHint, PlannedStep } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import { ladder, looks, verdict } from '../steps/diagnosing.ts';
import { planOf } from '../steps/opening.ts';
import { planStep } from '../steps/preparing.ts';
import { planned } from '../steps/planned.ts';
import { procedureOf } from './shared.ts';

export const diagnose: Recipe = { type: 'diagnose', draft, steps: [planStep, ...looks, ladder, verdict] };

function draft(about: Planning): Draft {
  const { lock } = about;
  if (!lock) throw new LockError('not_found', 'Say which lock is to be looked at.');
  return {
    goal: `Find out what is wrong with "${lock.name}", and what to do about it.`,
    rung: 'look',
    whyNotLess: 'This is the least: nothing about the lock is changed.',
    lost: [],
    bring: [],
    minutes: 1,
    notes: [
      {
        text: 'Reasons to look: it does not respond, was moved to another unit, was reset, disconnects often, or shows what is not so.',
        honours: ['S0-28', 'S0-29', 'S0-30', 'S0-31', 'S0-32'],
      },
      {
        text: 'Each hint comes with what this program sees of it right now, so that nobody tries what cannot help.',
        honours: ['S0-33', 'S2-03', 'S2-13', 'S1-20'],
      },
    ],
    procedure: procedureOf(about),
    restore: 'allowed',
    exposure: { what: 'it opens for whom it opened before', limitSeconds: 600 },
    steps: stepsOf(about),
  };
}

function stepsOf(about: Planning): PlannedStep[] {
  return [
    planOf(about),
    look(
      'system',
      [
        'Look at this computer',
        'Adapter, broker, Matter, network, clock, disk and vault: a trouble here looks like a trouble of the lock.',
      ],
      ['S0-46'],
    ),
    look(
      'heard',
      [
        'Listen for it',
        'Listens for the lock and for others near it, and how strongly: that tells its batteries from the distance and from the adapter. One that sleeps appears within seconds of being woken, mostly by a touch of its keypad.',
      ],
      ['S0-18', 'S0-19', 'S0-20', 'S0-22', 'S0-34', 'S0-43'],
    ),
    look(
      'standing',
      [
        'Where it belongs',
        'Which unit it belongs to, and what is known about it here: a lock that was moved or reset shows.',
      ],
      ['S0-13', 'S0-29', 'S0-30', 'S0-39'],
    ),
    look(
      'keys',
      [
        'Try our keys',
        'Whether it takes our key, an old one, or none, and whether it offers itself: together this says whether it was reset, half paired, or belongs to somebody else.',
      ],
      ['S0-28', 'S0-30', 'S0-40'],
    ),
    look('state', ['Ask it', 'Asks its state and its batteries in a session.'], ['S0-28', 'S0-37']),
    look(
      'clock',
      ['Compare clocks', 'Compares its clock with ours: with a wrong one, codes open at wrong hours.'],
      ['S0-32'],
    ),
    look(
      'census',
      ['Compare lists', 'Reads its codes, cards and fingerprints and compares them with our list.'],
      ['S0-32'],
    ),
    look(
      'log',
      [
        'Read its log',
        'Looks for a bolt that got stuck, for what was refused, and for openings by something on no list.',
      ],
      ['S0-32', 'S2-49'],
    ),
    look('history', ['Look back', 'How often its connection was lost, and for what.'], ['S0-31']),
    planned({
      id: ladder.id,
      kind: 'check',
      title: 'Go through the hints',
      text: 'The hints of the guide, in their order, each with what is seen of it now.',
      honours: ['S0-33'],
      hints: HINTS,
    }),
    planned({
      id: verdict.id,
      kind: 'decide',
      title: 'Recommend',
      text: 'Says what is most likely wrong and which flow would mend it; none is begun. If it does not help: collect a support bundle (model, firmware, steps tried with results, error messages, no secrets) and send it to support yourself.',
      honours: ['S0-47', 'S0-48', 'S0-49', 'S0-50', 'S0-51', 'S0-41'],
    }),
  ];
}

function look(name: string, [title, text]: readonly [string, string], honours: readonly string[]): PlannedStep {
  return planned({ id: `diagnose.${name}`, kind: 'check', title, text, honours });
}

/** In the guide's own order. */
const HINTS: readonly PlannedHint[] = [
  {
    text: 'bring the adapter close to the lock; a phone that is close does not help.',
    check: 'distance',
    honours: ['S0-34'],
  },
  {
    text: 'wake it before the scan (most do so at a touch of the keypad), and again when it fell asleep.',
    check: 'wake',
    honours: ['S0-35'],
  },
  {
    text: 'close the app or page, open it again, and scan again; the flow goes on where it was.',
    check: 'scanner',
    honours: ['S0-36'],
  },
  { text: 'put fresh batteries in, all of one kind.', check: 'batteries', honours: ['S0-37'] },
  {
    text: 'see that each battery lies the right way round; most locks beep when they do.',
    check: 'batteries',
    honours: ['S0-38'],
  },
  {
    text: 'if something cannot be chosen, see whether this is the right lock; what is disabled says why.',
    check: 'place',
    honours: ['S0-39'],
  },
  {
    text: 'if you lack the right for something, log out and in again, or ask an owner.',
    check: 'role',
    honours: ['S0-40'],
  },
  {
    text: 'if it is still missing, ask support, with the support bundle.',
    check: 'bundle',
    honours: ['S0-41', 'S0-47', 'S0-48'],
  },
  {
    text: 'if it does not pair after a reset, take the batteries out for ten seconds and put them back.',
    check: 'lifecycle',
    honours: ['S0-42'],
  },
  { text: 'move away from other smart locks, or leave them asleep.', check: 'neighbours', honours: ['S0-43'] },
  { text: 'if a screen hangs, close it and open it again: nothing is lost by that.', check: 'key', honours: ['S0-44'] },
  {
    text: 'if all hangs, restart the adapter, then this program, then the computer or phone.',
    check: 'adapter',
    honours: ['S0-45'],
  },
  {
    text: 'see to Wi-Fi or mobile data where a screen needs it; the lock itself needs neither.',
    check: 'network',
    honours: ['S0-46'],
  },
  { text: 'have the time set by the network, so that times of codes are right.', check: 'clock', honours: ['S0-32'] },
];
