// What the JSON columns of a lock must look like when they are read back.
import type { CodeKind, Lifecycle, LockKind, Verb } from '../lock/lock.ts';
import type { Json } from '../lock/driver.ts';
import type { SettingValues } from '../lock/survey.ts';
import { aFlag, aNumber, aText, listOf, objectOf, oneOf, recordOf } from './rows.ts';

export const LIFECYCLES = {
  factory: true,
  provisioning: true,
  managed: true,
  suspended: true,
  limbo: true,
  orphaned: true,
  foreign: true,
  retired: true,
} satisfies Record<Lifecycle, true>;

export const ADDRESS_TYPES = { public: true, random: true } as const;

export const CODE_KINDS = { permanent: true, once: true, period: true, cyclic: true } satisfies Record<CodeKind, true>;

const VERBS = { lock: true, unlock: true, unlatch: true } satisfies Record<Verb, true>;

const LOCK_KINDS = {
  deadbolt: true,
  lever: true,
  cylinder: true,
  padlock: true,
  key_box: true,
  glass_door: true,
  safe: true,
  lock: true,
} satisfies Record<LockKind, true>;

export const settings = objectOf(
  {},
  { session: oneOf({ on_demand: true, held: true }), exposed: listOf(oneOf({ mqtt: true, matter: true })) },
);

export const facts = objectOf(
  {},
  {
    model: aText,
    manufacturer: aText,
    hardware: aText,
    firmware: aText,
    serial: aText,
    raw: recordOf(aText),
  },
);

const capacity = objectOf({ capacity: aNumber });

export const abilities = objectOf(
  {
    kind: oneOf(LOCK_KINDS),
    verbs: listOf(oneOf(VERBS)),
    battery: aFlag,
    door: aFlag,
    pushes: aFlag,
    clock: aFlag,
    log: aFlag,
    settings: listOf(objectOf({ name: aText, label: aText, kind: aText })),
    orientation: oneOf({ settable: true, itself: true, mechanical: true, none: true }),
    holdEveryMs: aNumber,
  },
  {
    codes: objectOf({
      kinds: listOf(oneOf(CODE_KINDS)),
      minDigits: aNumber,
      maxDigits: aNumber,
      capacity: aNumber,
      readable: aFlag,
    }),
    cards: capacity,
    fingers: capacity,
  },
);

export const state = objectOf(
  {
    bolt: oneOf({
      locked: true,
      unlocked: true,
      unlatched: true,
      locking: true,
      unlocking: true,
      jammed: true,
      unknown: true,
    }),
    reachable: aFlag,
    trust: oneOf({ proven: true, told: true, guessed: true }),
    at: aNumber,
  },
  { door: oneOf({ open: true, closed: true }), battery: aNumber },
);

export const stats = objectOf(
  {
    open: aFlag,
    since: aNumber,
    opens: aNumber,
    losses: aNumber,
    lossReasons: recordOf(aNumber),
    connectedMs: aNumber,
    roundTrips: aNumber,
  },
  { lastError: aText },
);

export const weeklyWindows = listOf(objectOf({ day: aNumber, startMinute: aNumber, endMinute: aNumber }));

const settingValues = recordOf(value => aFlag(value) || aNumber(value) || aText(value));

export function isSettingValues(kept: Json | undefined): kept is SettingValues {
  return settingValues(kept);
}
