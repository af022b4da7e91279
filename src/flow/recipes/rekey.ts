// REKEY, the electronic one: every secret that the lock can change without a wipe gets a new value. Source: flows.md 5.5.
import type { Draft, PlannedStep } from '../plan.ts';
import type { Planning, Recipe } from '../step.ts';
import { backUpStep, waysStep } from '../steps/ways-back.ts';
import { ERASING, eraseCards, eraseCodes, eraseFingers, eraseSteps, passageOff } from '../steps/erase.ts';
import { adminCode, appKeys } from '../steps/secrets.ts';
import { choosePhones, planChoosing, removePhones } from '../steps/phones.ts';
import { renewKey } from '../steps/own-key.ts';
import { changeCodes, countForRekey, isChangeable, unchanged } from '../steps/rekeying.ts';
import { clearanceStep } from '../steps/confirming.ts';
import { counts, log, motor, newKey, oldKey, shown, verifySteps, wayBack } from '../steps/verify.ts';
import { health, planOf, suspend } from '../steps/opening.ts';
import { healthStep, planStep, snapshotStep, suspendStep } from '../steps/preparing.ts';
import { mark } from '../steps/next-guest.ts';
import { planned } from '../steps/planned.ts';
import { reach, tenancy } from '../steps/tenancy.ts';
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
import { metalRekey } from './cylinder.ts';
import { named } from '../steps/words.ts';

export const rekey: Recipe = {
  type: 'rekey',
  draft,
  steps: [
    planStep,
    reach,
    tenancy,
    healthStep,
    suspendStep,
    snapshotStep,
    countForRekey,
    waysStep,
    backUpStep,
    clearanceStep,
    eraseCodes,
    eraseCards,
    eraseFingers,
    passageOff,
    changeCodes,
    choosePhones,
    removePhones,
    renewKey,
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
    unchanged,
  ],
};

function draft(about: Planning): Draft {
  const { lock } = about;
  mustBeErasable(lock, 'rekeyed');
  return {
    goal: `Every code and key that opened "${lock.name}" so far is replaced, and the old ones are refused.`,
    rung: 'all_guests',
    whyNotLess:
      'Taking one person’s codes off leaves every other secret as it was, and nobody knows which ones got about.',
    lost: lost(about),
    bring: [],
    minutes: 3,
    notes: notes(about),
    procedure: procedureOf(about),
    restore: 'forbidden',
    exposure: { what: 'it opens for nobody but with the new codes', limitSeconds: 600 },
    steps: stepsOf(about),
  };
}

function lost({ lock, tools, request }: Planning): string[] {
  if (!lock) return [];
  const all = tools.access.credentials(lock.id);
  const changing = all.filter(one => isChangeable(one) && !request.keep?.includes(one.slot));
  const { codes, cards, fingers } = lock.abilities ?? {};
  const those = (kind: 'code' | 'card' | 'finger'): { slot: number; person?: string }[] =>
    (kind === 'code' ? changing : all.filter(one => one.kind === kind)).map(({ slot, person }) => ({
      slot,
      ...(person && { person: person.name }),
    }));
  return [
    ...(codes ? [`the digits of ${named(those('code'), 'code')}: each person gets a new code`] : []),
    ...(codes ? ['codes that somebody else put on it'] : []),
    ...(cards ? [`${named(those('card'), 'card')}: a card cannot be changed, so it goes and is read in again`] : []),
    ...(fingers ? [`${named(those('finger'), 'finger')}: each is enrolled again at the lock`] : []),
    ...lostKeys(lock, 'rekey'),
  ];
}

function notes({ procedure, request, lock }: Planning): Draft['notes'] {
  const metal = metalRekey(procedure);
  return [
    {
      text: 'An electronic rekey never changes a metal cylinder, and neither does the reset button, whatever some guides say.',
      honours: ['S2-12', 'S2-08', 'S2-11'],
    },
    { text: `For the metal: ${metal.text}`, honours: ['S2-12', 'S2-44', 'S2-45', 'S2-55', 'S2-56'] },
    {
      text: 'If you stand outside of a locked door, this does not let you in: use a code, another door or somebody inside; else call a locksmith.',
      honours: ['S2-01'],
    },
    {
      text: 'With metal keys missing, or nobody knowing how many there are, have the cylinder changed; a returned key may have been copied.',
      honours: ['S2-40', 'S2-41', 'S2-52', 'S2-53'],
    },
    {
      text: 'Oil does not belong into a cylinder, whatever some guides say: where a key turns stiffly, use dry PTFE or graphite.',
      honours: ['S2-27', 'S2-31'],
    },
    {
      text: lock?.abilities?.authorisations
        ? 'Our own key is made anew as well, over the radio, and the old one taken off.'
        : 'The radio key made at pairing cannot be changed in place. Where it may have got about, run a reset instead: it is wiped and paired again.',
      honours: ['S1-31', 'S2-55', 'S2-64'],
    },
    {
      text: 'All of it goes over the air and takes a few minutes; nothing is opened, drilled or changed about the lock.',
      honours: ['S2-02', 'S2-47', 'S2-58', 'S2-63'],
    },
    ...(request.reason === 'revoke_person'
      ? [
          {
            text: 'For one person it is enough to take their codes off; nobody else needs a new one then.',
            honours: ['S1-02'],
          },
        ]
      : []),
  ];
}

function stepsOf(about: Planning): PlannedStep[] {
  const { lock, unattended, policy } = about;
  const codes = lock?.abilities?.codes !== undefined;
  const erasing = eraseSteps(about);
  const [first, ...rest] = erasing;
  const isFirst = first !== undefined && first.id !== passageOff.id;
  const changing = codes ? [changeOf()] : [];
  const rotating = isFirst
    ? [{ ...first, segment: 'pivot' as const }, ...rest, ...changing, ...rotationOf(about, { pivot: false })]
    : [...rotationOf(about, { pivot: true }), ...erasing];
  return [
    planOf(about),
    reachOf(about),
    tenancyOf(),
    health(),
    suspend(),
    snapshotOf(),
    censusOf(),
    ...planChoosing(about),
    waysOf(),
    backUpOf(),
    ...(unattended && policy.unattended === 'soft_wipe' ? [] : [clearanceOf()]),
    ...rotating,
    ...(lock?.abilities?.log ? [markOf()] : []),
    ...verifySteps(about, { oldKey: true, cycles: 3 }),
    closeOf(),
  ];
}

function censusOf(): PlannedStep {
  return planned({
    id: countForRekey.id,
    kind: 'auto_ble',
    title: 'Count what opens it',
    text: 'Reads every code, card and fingerprint back from the lock, flags those that were not put there from here, and settles which codes get new digits.',
    honours: ['S1-37', 'S1-36', 'S2-42', 'S2-43'],
    soft: 20,
  });
}

function changeOf(): PlannedStep {
  return planned({
    id: changeCodes.id,
    kind: 'auto_ble',
    segment: 'retriable',
    title: 'Change each code',
    text: 'Gives each code of ours new digits in its slot, with the same times and the same person. The new one is on the disk before the lock hears of it, and the old one is taken off.',
    honours: ['S1-38', 'S1-23', 'S2-61'],
    atStake: ERASING,
    evidence: 'E3',
    soft: 120,
  });
}

function closeOf(): PlannedStep {
  return planned({
    id: unchanged.id,
    kind: 'info',
    segment: 'retriable',
    title: 'What is left to do',
    text: 'Says what could not be changed over the air, and to whom new codes have to be told. Try each remote and each code once, with the door open; keep a second way in; look after the lock as its manual says. It can be rekeyed again as easily, whenever somebody wants to.',
    honours: ['S2-20', 'S2-21', 'S2-36', 'S2-37', 'S2-38', 'S2-54', 'S2-57'],
    atStake: 'All secrets that can be changed are changed and tested by radio.',
  });
}
