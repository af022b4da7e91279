// UNPAIR: the lock forgets everything, and so does this computer (flows.md 5.2).
import { LockError } from '../../base/errors.ts';
import { leftOn } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import type { Draft } from '../plan.ts';
import { batterySteps, needsBatteries, planBatteries } from '../steps/batteries.ts';
import { emptyingSteps, planEnd, planHost, planProofs, planWipe, FORGOTTEN } from '../steps/emptying.ts';
import { openingSteps, planOf, planOpening, planRemote } from '../steps/opening.ts';
import { mustKnowItsCode } from '../steps/untold.ts';
import { exposureOf, isPortable, isShared, planned, STAKES } from '../steps/planned.ts';
import { DEVICE_NOTES, NO_BATTERY_PULL, notesOf, procedureOf } from '../steps/notes.ts';
import { joiningSteps } from '../steps/joining.ts';
import { planJoining } from '../steps/plan-joining.ts';
import { verifyingSteps } from '../steps/verifying.ts';

/** Steps that need nobody take seconds; a person some minutes. */
const MINUTES = 3;

export const unpair: Recipe = {
  type: 'unpair',
  draft(about) {
    const keeper = about.lock && about.tools.registry.keeper(about.lock.id);
    if (!keeper || !about.lock) {
      throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    }
    if (keeper.record.lifecycle === 'factory') {
      const text = `"${about.lock.name}" is not paired. To forget its name and topics here, remove it.`;
      throw new LockError('forbidden', text, { reason: 'not_paired' });
    }
    if (about.request.forget_only) return forgetting(about);
    // Refuses with the words for a lock without a key.
    about.tools.wiper.key(keeper);
    mustKnowItsCode(about.lock);
    return isShared(about) ? leaving(about) : wiping(about);
  },
  steps: [...openingSteps, ...batterySteps, ...emptyingSteps, ...joiningSteps, ...verifyingSteps],
};

function wiping(about: Planning): Draft {
  const { request } = about;
  const again = request.then === 'repair' && !request.remove;
  const secured = again
    ? 'Somebody stays at the lock until it is paired again.'
    : 'Until it is paired again the door is watched, or secured another way.';
  const batteries = needsBatteries(about) ? planBatteries(about) : [];
  const steps: PlannedStep[] = [
    ...planOpening(about, { key: true, promises: [secured] }, batteries),
    planWipe(about),
    ...planProofs(about),
    planHost(about),
    ...(again ? planJoining(about, { after: 'pivot' }) : [planEnd(about)]),
  ];
  return {
    goal: `Unpair it: the lock forgets everything, and ${request.remove ? 'it is removed here' : 'its name is kept here'}.`,
    rung: 'factory_reset',
    whyNotLess:
      'To belong to nobody, the lock has to forget its owner; taking off codes and cards alone would leave our key on it.',
    lost: lostBy(about),
    bring: batteries.length > 0 ? ['fresh batteries'] : [],
    minutes: MINUTES + (again ? MINUTES : 0),
    notes: [...notesOf(about), ...(batteries.length > 0 ? [] : [NO_BATTERY_PULL]), ...DEVICE_NOTES],
    procedure: procedureOf(about),
    restore: request.reason === 'revoke_person' || request.reason === 'tenant_left' ? 'forbidden' : 'allowed',
    exposure: exposureOf(about),
    steps,
  };
}

/** The lock takes many clients: only our own key goes, which nobody has to be there for. */
function leaving(about: Planning): Draft {
  const { request } = about;
  const again = request.then === 'repair' && !request.remove;
  const key = { key: true };
  return {
    goal: `Unpair it: the lock forgets us, and ${request.remove ? 'it is removed here' : 'its name is kept here'}.`,
    rung: 'own_key',
    whyNotLess: 'Nothing less makes the lock refuse this program.',
    lost: ['our right to command the lock'],
    bring: [],
    minutes: again ? MINUTES : 1,
    notes: [OTHERS_STAY, ...notesOf(about), ...DEVICE_NOTES],
    procedure: procedureOf(about),
    restore: 'allowed',
    exposure: { what: 'it opens as before, to every code, phone and key but ours', limitSeconds: 0 },
    steps: [
      ...planRemote(about, key),
      planWipe(about),
      ...planProofs(about),
      planHost(about),
      ...(again ? planJoining(about, { after: 'pivot' }) : [planEnd(about)]),
    ],
  };
}

const OTHERS_STAY = {
  text: 'Codes of its keypad, phones, fobs and other programs that were paired with it stay on the lock: a turnover takes off what should go.',
  honours: ['S1-36', 'S1-37'],
};

/** By name and count, never "everything" (S1-36). */
export function lostBy(about: Planning): string[] {
  const { tools, lock } = about;
  const there = tools.access.credentials(lock?.id ?? '');
  const portable = isPortable(lock);
  const words = { code: 'code', card: 'card', finger: 'fingerprint' } as const;
  const counted = (['code', 'card', 'finger'] as const).flatMap(kind => {
    const mine = there.filter(one => one.kind === kind);
    if (mine.length === 0) return [];
    const whose = mine.flatMap(one => one.person?.name ?? []).join(', ');
    const plural = mine.length === 1 ? words[kind] : `${words[kind]}s`;
    return [`${mine.length} ${plural}${whose === '' ? '' : ` (${whose})`}`];
  });
  if (isShared(about)) {
    const others = `every code and fingerprint in the lock that is not ${counted.length === 0 ? 'known' : 'listed'} here`;
    return [...counted, others, 'every phone, bridge and fob that was paired with it, and our own key', 'its settings'];
  }
  return [
    ...counted,
    `every code, card and fingerprint in the lock that is not ${counted.length === 0 ? 'known' : 'listed'} here`,
    'every app key and our own key',
    `its settings${portable ? '' : ', such as the side to which it opens'}`,
  ];
}

function forgetting(about: Planning): Draft {
  const { request, lock } = about;
  const left = leftOn(about.tools.registry, lock);
  return {
    goal: `Only forget it here: nothing is sent to the lock. ${FORGOTTEN}`,
    rung: 'look',
    whyNotLess: 'Nothing less than this takes it out of use here.',
    lost: ['our right to command the lock'],
    bring: [],
    minutes: 1,
    notes: [...notesOf(about), ...DEVICE_NOTES],
    procedure: procedureOf(about),
    restore: 'allowed',
    exposure: { what: 'it opens as before, to whatever opened it', limitSeconds: 0 },
    steps: [
      planOf(about),
      planned({
        id: 'unpair.confirm_forget',
        kind: 'human_confirm',
        title: 'Confirm',
        text: `Forget the keys of "${lock?.name ?? ''}" here? ${FORGOTTEN} ${left}`,
        spoken: 'Confirm that the lock is only forgotten here.',
        honours: ['S0-14'],
        evidence: 'E1',
        hard: 900,
        unattended: 'park',
      }),
      planned({
        id: 'unpair.forget_here',
        kind: 'auto_sys',
        segment: 'retriable',
        title: 'Forget its keys here',
        text: 'The keys are marked as retired; nothing is sent to the lock.',
        atStake: STAKES.forgotten,
        evidence: 'E3',
      }),
      ...(request.remove ? [planEnd(about)] : []),
    ],
  };
}
