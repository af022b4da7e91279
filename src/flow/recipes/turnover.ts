// TURNOVER: everything that the last guest could open the lock with goes, by radio, and the next one's code comes. flows.md 5.6.
import type { Draft, PlannedStep } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import { counts, log, motor, newKey, oldKey, shown, verifySteps, wayBack } from '../steps/verify.ts';
import { eraseCards, eraseCodes, eraseFingers, eraseSteps, passageOff } from '../steps/erase.ts';
import { adminCode, appKeys } from '../steps/secrets.ts';
import { choosePhones, planChoosing, removePhones } from '../steps/phones.ts';
import { activate, close, countAndChoose, mark, stays } from '../steps/next-guest.ts';
import { reach, rehearsal, rehearseEarly, tenancy, waitForCheckout } from '../steps/tenancy.ts';
import { health, planOf, suspend } from '../steps/opening.ts';
import { clearanceStep } from '../steps/confirming.ts';
import { healthStep, planStep, snapshotStep, suspendStep } from '../steps/preparing.ts';
import { backUpStep, waysStep } from '../steps/ways-back.ts';
import { STAKES, planned } from '../steps/planned.ts';
import {
  backUpOf,
  clearanceOf,
  lostKeys,
  markOf,
  mustBeErasable,
  procedureOf,
  reachOf,
  rotationOf,
  snapshotOf,
  tenancyOf,
  waysOf,
} from './shared.ts';
import { kindsOf, named, plural } from '../steps/words.ts';

/** Tried dry so long before the guest leaves: time for one visit (flows.md 5.6). */
const EARLY_MS = 72 * 3600_000;
const LATE_MS = 24 * 3600_000;
const MINUTE_MS = 60_000;

export const turnover: Recipe = {
  type: 'turnover',
  draft,
  steps: [
    planStep,
    rehearseEarly,
    rehearsal,
    waitForCheckout,
    reach,
    tenancy,
    healthStep,
    suspendStep,
    snapshotStep,
    countAndChoose,
    choosePhones,
    waysStep,
    backUpStep,
    clearanceStep,
    eraseCodes,
    eraseCards,
    eraseFingers,
    passageOff,
    removePhones,
    appKeys,
    adminCode,
    mark,
    newKey,
    oldKey,
    counts,
    log,
    motor,
    wayBack,
    shown,
    activate,
    close,
  ],
};

function draft(about: Planning): Draft {
  const { lock, request } = about;
  mustBeErasable(lock, 'turned over');
  const { rekeys, notes } = told(about);
  return {
    goal: `Nobody of the last stay can open "${lock.name}" any more, and it is ready for the next.`,
    rung: 'all_guests',
    whyNotLess:
      'Taking one person’s codes off would leave what that person handed on: other codes, cards, fingerprints and keys of phones.',
    lost: lost(about),
    bring: [],
    minutes: 2,
    notes: [...notes, ...rekeys],
    procedure: procedureOf(about),
    restore: 'forbidden',
    exposure: { what: 'it opens for nobody but those who stay on it', limitSeconds: 600 },
    steps: stepsOf(about, request.checkout),
  };
}

/** By name and count, as our list has them; the lock itself is counted in the flow. */
function lost({ lock, tools, request }: Planning): string[] {
  if (!lock) return [];
  const now = tools.clock.now();
  const going = tools.access
    .credentials(lock.id)
    .filter(one => (one.state === 'on_lock' || one.state === 'removing') && !stays(one, request, now));
  return [
    ...kindsOf(lock).map(kind => {
      const those = going
        .filter(one => one.kind === kind)
        .map(({ slot, person }) => ({ slot, ...(person && { person: person.name }) }));
      const many = plural(kind);
      return those.length === 0
        ? `${many} that somebody else put on it`
        : `${named(those, kind)}, and ${many} that somebody else put on it`;
    }),
    ...lostKeys(lock, 'turnover'),
  ];
}

function told({ lock, request }: Planning): { notes: Draft['notes']; rekeys: Draft['notes'] } {
  const keep = request.keep ?? [];
  const kept =
    keep.length === 0
      ? 'Nothing but what waits for the next guest stays on the lock.'
      : `Codes in the slots ${keep.join(', ')} stay; the record says so.`;
  const notes = [
    { text: kept, honours: ['S1-36'] },
    {
      text: 'This takes back what was given to somebody without resetting the lock: pairing, settings, names and automations stay.',
      honours: ['S1-02', 'S2-64', 'S2-57'],
    },
    { text: 'Old codes are never put back after this, also not by a restore.', honours: ['S1-38'] },
    {
      text: 'If a code still opens it afterwards, the lock stays out of use and a reset is proposed; it is never begun by itself.',
      honours: ['S1-19', 'S2-24'],
    },
  ];
  const unlisted = lock?.abilities?.unlisted;
  if (unlisted !== undefined) notes.push({ text: unlisted, honours: ['S1-36'] });
  if (lock?.abilities?.kind === 'padlock') return { notes, rekeys: [] };
  const rekeys = [
    {
      text: 'This does not touch metal: a metal key that was handed out, or copied, still opens its cylinder. Count the keys; with one missing, have the cylinder changed.',
      honours: ['S2-12', 'S2-40', 'S2-41', 'S2-52', 'S2-53'],
    },
  ];
  return { notes, rekeys };
}

function stepsOf(about: Planning, checkout: number | undefined): PlannedStep[] {
  const { lock, unattended, policy } = about;
  const [first, ...rest] = eraseSteps(about);
  const isGuest = first !== undefined && first.id !== passageOff.id;
  const wiping: PlannedStep[] = isGuest
    ? [{ ...first, segment: 'pivot' }, ...rest, ...rotationOf(about, { pivot: false })]
    : [...rotationOf(about, { pivot: true }), ...(first ? [first] : []), ...rest];
  const byPolicy = unattended && policy.unattended === 'soft_wipe';
  return [
    planOf(about),
    ...before(about, checkout),
    reachOf(about),
    tenancyOf(),
    health(),
    suspend(),
    snapshotOf(),
    census(),
    ...planChoosing(about),
    waysOf(),
    backUpOf(),
    ...(byPolicy ? [] : [clearanceOf()]),
    ...wiping,
    ...(lock?.abilities?.log ? [markOf()] : []),
    ...verifySteps(about, { oldKey: !about.lock?.abilities?.authorisations, cycles: 1 }),
    activation(),
    closing(),
  ];
}

/** Only with a time at which the guest leaves: the rehearsals and the wait. */
function before({ tools, policy }: Planning, checkout: number | undefined): PlannedStep[] {
  const now = tools.clock.now();
  if (checkout === undefined || checkout + policy.graceMinutes * MINUTE_MS <= now) return [];
  const known = { leastBattery: policy.leastBattery };
  const late = checkout - LATE_MS;
  const early = checkout - EARLY_MS;
  return [
    ...(late > now ? [rehearse(rehearseEarly.id, { ...known, at: Math.max(now, early) })] : []),
    rehearse(rehearsal.id, { ...known, at: Math.max(now, late) }),
    planned({
      id: waitForCheckout.id,
      kind: 'wait',
      title: 'Wait until the guest has left',
      text: `Waits for the time of leaving and ${policy.graceMinutes} minutes more. Nothing about the lock changes until then, and everybody can use it.`,
      evidence: 'E2',
      with: { until: checkout + policy.graceMinutes * MINUTE_MS },
    }),
  ];
}

function rehearse(id: string, known: { leastBattery: number; at: number }): PlannedStep {
  return planned({
    id,
    kind: 'check',
    title: 'Rehearse',
    text: 'Tries all of it dry, while there is time for a visit: whether the lock answers, whether its batteries last until the next guest, what is on it, and whether its key is safe. Changes nothing.',
    honours: ['S0-46', 'S0-37', 'S2-38'],
    with: known,
  });
}

function census(): PlannedStep {
  return planned({
    id: countAndChoose.id,
    kind: 'auto_ble',
    title: 'Count what opens it',
    text: 'Reads every code, card and fingerprint back from the lock, by kind and slot, flags those that were not put there from here, and settles which of them stay.',
    honours: ['S1-37', 'S1-36'],
    atStake: STAKES.set,
    soft: 20,
  });
}

function activation(): PlannedStep {
  return planned({
    id: activate.id,
    kind: 'auto_ble',
    segment: 'retriable',
    title: 'Let the next guest in',
    text: 'Codes that wait for the next guest go on the lock now and are read back. Without one, it opens for nobody but those who stay.',
    honours: ['S1-38', 'S2-21'],
    atStake: 'The lock is clean and tested; the next guest’s code is not on it yet.',
    soft: 60,
  });
}

function closing(): PlannedStep {
  return planned({
    id: close.id,
    kind: 'info',
    segment: 'retriable',
    title: 'What is left to do',
    text: 'Says what a soft wipe cannot reach: metal keys, and that nobody has typed a code. With the next visit: clean the lock with a dry cloth, look whether the door rubs, and type the new code once.',
    honours: ['S2-03', 'S2-54', 'S2-38'],
    atStake: 'The lock is clean, tested and ready.',
  });
}
