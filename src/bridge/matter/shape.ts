// What a lock can do, as features of the Matter door lock: only what it really has. Pure.
import './switches.ts';
import { DoorLock } from '@matter/main/clusters/door-lock';
import type { Abilities, LockKind, LockView, SettingAbility } from '../../lock/lock.ts';
import type { MatterLockChoice } from './matter.ts';

export type Feature = (typeof FEATURES)[number];
export const FEATURES = [
  'PinCredential',
  'RfidCredential',
  'FingerCredentials',
  'WeekDayAccessSchedules',
  'DoorPositionSensor',
  'CredentialOverTheAirAccess',
  'User',
  'YearDayAccessSchedules',
  'Unbolting',
] as const;

/** Of one lock, as it stands on the bridge until it is rebuilt. */
export interface Shape {
  features: readonly Feature[];
  /** Relocking by itself can be set. */
  relocks: boolean;
  /** It can be told to stay open. */
  passage: boolean;
  battery: boolean;
}

/** Of one person. */
export const MOST_CREDENTIALS = 5;
/** Hours of one person; each may be for several days. */
export const MOST_WEEKLY = 7;
/** Wrong codes from one controller, and for how long it is then not listened to. */
export const WRONG_CODES = 5;
export const DISABLED_S = 180;
/** The number on a card: its identifier of 4 to 8 bytes. */
export const CARD_BYTES = { least: 1, most: 8 };

export const AUTO_LOCK = 'auto_lock_seconds';
export const PASSAGE = 'passage_mode';

/** Of a lock that was named and never paired: what it can do it says when it is. */
const BARE: Shape = { features: [], relocks: false, passage: false, battery: false };

export function shapeOf(abilities: Abilities | undefined, choice: MatterLockChoice): Shape {
  if (!abilities) return BARE;
  const { codes, settings, verbs } = abilities;
  const cards = choice.tokens ? abilities.cards : undefined;
  const fingers = choice.tokens ? abilities.fingers : undefined;
  const people = codes !== undefined || cards !== undefined || fingers !== undefined;
  const has: Record<Feature, boolean> = {
    PinCredential: codes !== undefined,
    RfidCredential: cards !== undefined,
    FingerCredentials: fingers !== undefined,
    WeekDayAccessSchedules: cards?.weekly === true || fingers?.weekly === true,
    DoorPositionSensor: abilities.door,
    CredentialOverTheAirAccess: codes !== undefined,
    User: people,
    YearDayAccessSchedules: codes?.kinds.includes('period') === true || cards !== undefined || fingers !== undefined,
    Unbolting: verbs.includes('unlatch') && choice.latch,
  };
  return {
    features: FEATURES.filter(feature => has[feature]),
    relocks: offered(settings, AUTO_LOCK, 'number'),
    passage: offered(settings, PASSAGE, 'switch'),
    battery: abilities.battery,
  };
}

/** How many people a lock can tell apart: one for each code, card and finger. */
export function capacityOf({ abilities }: LockView, { features }: Shape): number {
  const of = (feature: Feature, one: { capacity: number } | undefined): number =>
    features.includes(feature) ? (one?.capacity ?? 0) : 0;
  return (
    of('PinCredential', abilities?.codes) +
    of('RfidCredential', abilities?.cards) +
    of('FingerCredentials', abilities?.fingers)
  );
}

/** Whether one endpoint can stand for both. */
export function sameShape(a: Shape, b: Shape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const TYPES: Partial<Record<LockKind, DoorLock.LockType>> = {
  deadbolt: DoorLock.LockType.DeadBolt,
  lever: DoorLock.LockType.LatchBolt,
  cylinder: DoorLock.LockType.Eurocylinder,
};

export function lockTypeOf(kind: LockKind): DoorLock.LockType {
  return TYPES[kind] ?? DoorLock.LockType.Other;
}

function offered(settings: readonly SettingAbility[], name: string, kind: SettingAbility['kind']): boolean {
  return settings.some(one => one.name === name && one.kind === kind);
}
