// Steps before and after a soft wipe that turnover and rekey plan alike.
import { LockError } from '../../base/errors.ts';
import type { LockView } from '../../lock/lock.ts';
import { natureOf } from '../nature.ts';
import type { Draft, PlannedStep } from '../plan.ts';
import type { Planning } from '../step.ts';
import { ERASING } from '../steps/erase.ts';
import { STAKES, planned } from '../steps/planned.ts';
import { backUpStep, waysStep } from '../steps/ways-back.ts';
import { clearanceStep } from '../steps/confirming.ts';
import { mark } from '../steps/next-guest.ts';
import { planOwnKey } from '../steps/own-key.ts';
import { planRemoval } from '../steps/phones.ts';
import { adminCode as adminCodeStep, secretSteps } from '../steps/secrets.ts';
import { reach, tenancy } from '../steps/tenancy.ts';
import { snapshotStep } from '../steps/preparing.ts';

export function reachOf(about: Planning): PlannedStep {
  const { wake } = natureOf(about.tools.registry, about.lock);
  return planned({
    id: reach.id,
    kind: 'auto_ble',
    title: 'Reach the lock',
    soft: 30,
    text: 'Asks the lock for its state. If it is out of reach this waits, raises a work order in time, and goes on by itself when the lock is heard again.',
    honours: ['S0-34', 'S0-18'],
    evidence: 'E3',
    hints: [
      {
        text: 'Bring the Bluetooth adapter nearer to the door, or a second one: the distance that counts is from there, not from you.',
        check: 'signal',
        honours: ['S0-34'],
      },
      {
        text: wake === undefined ? 'It never sleeps: if it is silent, it has no power.' : `${wake} to wake it.`,
        check: 'heard',
        honours: ['S0-35', 'S0-21'],
      },
      { text: 'Put fresh batteries in, the right way round.', check: 'battery', honours: ['S0-37', 'S0-38'] },
    ],
  });
}

export function tenancyOf(): PlannedStep {
  return planned({
    id: tenancy.id,
    kind: 'check',
    title: 'Nobody lives there now',
    text: 'Looks once more whether a stay is running by the times that were given: codes of somebody who lives there are not taken off.',
    evidence: 'E1',
    unattended: 'park',
  });
}

export function snapshotOf(): PlannedStep {
  return planned({
    id: snapshotStep.id,
    kind: 'auto_ble',
    title: 'Note its settings',
    text: 'What is set on the lock is noted, so that a change can be seen.',
    honours: ['S1-35', 'S2-42'],
  });
}

export function waysOf(): PlannedStep {
  return planned({
    id: waysStep.id,
    kind: 'check',
    title: 'Ways back',
    text: 'Our key stays and opens the lock all the way through; the other ways to get in are on record as well.',
    honours: ['S1-24', 'S1-39'],
    atStake: STAKES.set,
  });
}

export function backUpOf(): PlannedStep {
  return planned({
    id: backUpStep.id,
    kind: 'auto_sys',
    title: 'Back up the keys',
    text: 'Everything is copied now, the keys sealed, before any of them changes.',
    honours: ['S1-24', 'S1-39', 'S1-23'],
    atStake: STAKES.set,
    evidence: 'E3',
  });
}

export function clearanceOf(): PlannedStep {
  return planned({
    id: clearanceStep.id,
    kind: 'human_confirm',
    title: 'Confirm',
    text: 'The one question: it names the lock and all that is lost, and wants a number typed back. It is good for five minutes and for this plan alone.',
    spoken: 'Confirm on the screen that the old codes may go.',
    honours: ['S0-14', 'S1-36'],
    atStake: STAKES.set,
    evidence: 'E1',
    hard: 900,
    unattended: 'park',
  });
}

export function markOf(): PlannedStep {
  return planned({
    id: mark.id,
    kind: 'auto_ble',
    segment: 'retriable',
    title: 'Note where its log stands',
    text: 'Whatever opens the lock from here on by code, card or finger must be on the list.',
    atStake: ERASING,
  });
}

/**
 * Keys and codes of the lock itself. Where it lists whom it takes, phones go by choice, and a rekey makes a new key of ours;
 * else all keys of apps are revoked at one word. The code of an owner is changed by a rekey alone: people have it in use.
 */
export function rotationOf({ lock, request }: Planning, { pivot }: { pivot: boolean }): PlannedStep[] {
  const { codes, adminCode, authorisations } = lock?.abilities ?? {};
  if (!authorisations) return secretSteps({ codes: codes !== undefined, pivot });
  const first = pivot ? ('pivot' as const) : ('retriable' as const);
  if (request.type !== 'rekey') return [planRemoval(first)];
  const own = secretSteps({ codes: adminCode?.known === true, pivot: false }).filter(
    ({ id }) => id === adminCodeStep.id,
  );
  return [planRemoval(first), planOwnKey('retriable'), ...own];
}

/** Phones, codes and keys, in the words of what is lost. */
export function lostKeys({ abilities }: Pick<LockView, 'abilities'>, type: 'turnover' | 'rekey'): string[] {
  const { codes, authorisations, adminCode } = abilities ?? {};
  if (!authorisations) {
    return ['keys that were given to phones', ...(codes ? ['the administrator code of its own menu'] : [])];
  }
  const phones = 'phones and bridges that were paired with it, as far as you choose so before the confirmation';
  if (type === 'turnover') return [phones];
  return [
    phones,
    'our own key: a new one takes its place',
    ...(adminCode ? ['its security code: a new one is drawn'] : []),
  ];
}

/** Throws where nothing of it could be done: the lock is not in use, or our key is not its owner's. */
export function mustBeErasable(lock: LockView | undefined, type: 'turned over' | 'rekeyed'): asserts lock is LockView {
  if (!lock) throw new LockError('not_found', `Say which lock is to be ${type}.`);
  // Suspended: a flow has it, which the engine refuses, or one was given up and its key still works.
  if (lock.lifecycle !== 'managed' && lock.lifecycle !== 'suspended') {
    const next =
      lock.lifecycle === 'factory'
        ? 'it is not paired. Pair it first (flow repair).'
        : `it is ${lock.lifecycle} here. Run a diagnosis; without a working key only a reset at the lock helps.`;
    const text = `"${lock.name}" cannot be ${type} over the air: ${next}`;
    throw new LockError('forbidden', text, { reason: 'not_paired' });
  }
  const { codes, cards, fingers, authorisations, adminCode, settings = [] } = lock.abilities ?? {};
  if (codes || cards || fingers || authorisations || settings.length > 0) return;
  if (adminCode?.known === false) {
    const text = `"${lock.name}" lets nothing be taken off without its security code. Tell it first: admin-code ${lock.name} tell.`;
    throw new LockError('forbidden', text, { reason: 'admin_code_unknown' });
  }
  const text = `Our key of "${lock.name}" may only open it, so nothing can be taken off. Get the key of its owner, or reset it at the lock.`;
  throw new LockError('unsupported', text, { reason: 'not_administrator' });
}

/** Whether the catalogue is sure that this model can be emptied without a reset. */
export function procedureOf({ procedure }: Pick<Planning, 'procedure'>): Draft['procedure'] {
  const { id, title, facts, sourceTitles } = procedure;
  return { id, title, sure: facts.soft_ops?.sure === 'seen', sources: sourceTitles };
}
