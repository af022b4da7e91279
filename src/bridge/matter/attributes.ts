// A lock as attributes. Pure: what the lock said, and nothing where it has said nothing that counts.
import './switches.ts';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { PowerSource } from '@matter/main/clusters/power-source';
import type { LockView, SettingValue } from '../../lock/lock.ts';
import type { LockNote } from './lock-note.ts';
import type { MatterLockChoice } from './matter.ts';
import {
  AUTO_LOCK,
  CARD_BYTES,
  DISABLED_S,
  type Feature,
  MOST_CREDENTIALS,
  MOST_WEEKLY,
  PASSAGE,
  type Shape,
  WRONG_CODES,
  capacityOf,
  lockTypeOf,
} from './shape.ts';

const { DoorState, LockState, OperatingMode } = DoorLock;

/** Percent from which on batteries should be looked at, and changed. */
const WARNING = 30;
const CRITICAL = 15;
/** The most that a label or a name may have. */
const LONGEST_LABEL = 32;

export interface Seen {
  view: LockView;
  shape: Shape;
  choice: MatterLockChoice;
  note: LockNote;
  values: Readonly<Record<string, SettingValue>>;
}

/** What may change at any time. Undefined for a lock state: on its way, which the cluster has no word for. */
export function doorLockState({ view, shape, choice, note, values }: Seen) {
  const lockState = lockStateOf(view, shape);
  const has = (feature: Feature): boolean => shape.features.includes(feature);
  const seconds = values[AUTO_LOCK];
  return {
    ...(lockState !== undefined && { lockState }),
    actuatorEnabled: isOurs(view),
    operatingMode: modeOf(values, note, shape),
    ...(shape.relocks && { autoRelockTime: typeof seconds === 'number' ? seconds : 0 }),
    ...(has('DoorPositionSensor') && { doorState: doorStateOf(view) }),
    ...(has('CredentialOverTheAirAccess') && {
      requirePinForRemoteOperation: choice.remotePin || note.requirePin === true,
    }),
  };
}

/** What stays as long as the endpoint does. */
export function doorLockFacts({ view, shape }: Seen) {
  const { abilities } = view;
  const has = (feature: Feature): boolean => shape.features.includes(feature);
  return {
    lockType: lockTypeOf(abilities?.kind ?? 'lock'),
    // Set means that it is not there; the eleven bits behind are always set.
    supportedOperatingModes: {
      normal: false,
      vacation: true,
      privacy: true,
      noRemoteLockUnlock: false,
      passage: !shape.passage,
      alwaysSet: 2047,
    },
    ...(has('User') && {
      numberOfTotalUsersSupported: capacityOf(view, shape),
      credentialRulesSupport: { single: true },
      numberOfCredentialsSupportedPerUser: MOST_CREDENTIALS,
    }),
    ...(has('PinCredential') && {
      numberOfPinUsersSupported: abilities?.codes?.capacity ?? 0,
      minPinCodeLength: abilities?.codes?.minDigits ?? 0,
      maxPinCodeLength: abilities?.codes?.maxDigits ?? 0,
    }),
    ...(has('RfidCredential') && {
      numberOfRfidUsersSupported: abilities?.cards?.capacity ?? 0,
      minRfidCodeLength: CARD_BYTES.least,
      maxRfidCodeLength: CARD_BYTES.most,
    }),
    ...((has('PinCredential') || has('RfidCredential')) && {
      wrongCodeEntryLimit: WRONG_CODES,
      userCodeTemporaryDisableTime: DISABLED_S,
    }),
    ...(has('WeekDayAccessSchedules') && { numberOfWeekDaySchedulesSupportedPerUser: MOST_WEEKLY }),
    ...(has('YearDayAccessSchedules') && { numberOfYearDaySchedulesSupportedPerUser: 1 }),
  };
}

export function powerState({ state }: LockView) {
  const { battery } = state;
  const { BatChargeLevel } = PowerSource;
  const level = (percent: number): PowerSource.BatChargeLevel =>
    percent <= CRITICAL ? BatChargeLevel.Critical : percent <= WARNING ? BatChargeLevel.Warning : BatChargeLevel.Ok;
  return {
    // In half percent.
    batPercentRemaining: battery === undefined ? null : Math.round(battery * 2),
    batChargeLevel: level(battery ?? 100),
    batReplacementNeeded: battery !== undefined && battery <= CRITICAL,
  };
}

export const POWER_FACTS = {
  status: PowerSource.PowerSourceStatus.Active,
  order: 0,
  description: 'Battery',
  // How many, and of what kind, no lock says.
  batReplaceability: PowerSource.BatReplaceability.Unspecified,
};

export function nameOf({ view, note }: Pick<Seen, 'view' | 'note'>): string {
  return (note.labelOf === view.name ? (note.label ?? view.name) : view.name).slice(0, LONGEST_LABEL);
}

export function isReachable(view: LockView): boolean {
  return view.state.reachable && isOurs(view);
}

/** The makers' words about the hardware, as far as it has said them. */
export function deviceFacts({ view, note }: Pick<Seen, 'view' | 'note'>) {
  const { facts, family } = view;
  const cut = (text: string): string => text.slice(0, LONGEST_LABEL);
  return {
    vendorName: cut(facts.manufacturer ?? family),
    productName: cut(facts.model ?? view.abilities?.kind.replace('_', ' ') ?? 'lock'),
    ...(facts.serial !== undefined && { serialNumber: cut(facts.serial) }),
    ...(facts.hardware !== undefined && { hardwareVersionString: facts.hardware.slice(0, 64) }),
    ...(facts.firmware !== undefined && { softwareVersionString: facts.firmware.slice(0, 64) }),
    configurationVersion: note.version,
  };
}

/** We hold a key that works. */
function isOurs({ lifecycle }: LockView): boolean {
  return lifecycle === 'managed' || lifecycle === 'suspended';
}

function lockStateOf(view: LockView, { features }: Shape): DoorLock.LockState | null | undefined {
  const { bolt, trust } = view.state;
  if (trust === 'guessed' || view.lifecycle !== 'managed') return null;
  if (bolt === 'locking' || bolt === 'unlocking') return undefined;
  if (bolt === 'unlatched') return features.includes('Unbolting') ? LockState.Unlatched : LockState.Unlocked;
  return { locked: LockState.Locked, unlocked: LockState.Unlocked, jammed: LockState.NotFullyLocked, unknown: null }[
    bolt
  ];
}

function doorStateOf({ state, lifecycle }: LockView): DoorLock.DoorState | null {
  if (state.door === undefined || state.trust === 'guessed' || lifecycle !== 'managed') return null;
  return state.door === 'open' ? DoorState.DoorOpen : DoorState.DoorClosed;
}

function modeOf(values: Seen['values'], note: LockNote, { passage }: Shape): DoorLock.OperatingMode {
  if (passage && values[PASSAGE] === true) return OperatingMode.Passage;
  return note.noRemote === true ? OperatingMode.NoRemoteLockUnlock : OperatingMode.Normal;
}
