// From feature bits, scene and name to what bridges may show (ttlock.md 19, 20).
import type { Abilities, Facts, LockKind, SettingAbility, Verb } from '../../lock/lock.ts';
import { kindOf } from './advert.ts';
import type { Key } from './credential.ts';
import { type Features, feature, featuresText, has } from './features.ts';

/** The lock hangs up after 5 s without a question. */
export const HOLD_EVERY_MS = 2000;
/** The lock cannot say how much it holds, only "full". These are what the makers print for common models. */
const CAPACITY = { codes: 150, cards: 200, fingers: 100 };
/** The longest time that locks have named for relocking; each names its own once asked (36). */
export const AUTO_LOCK_MOST_S = 900;
/** Two bytes on the wire, but a lamp that burns longer only empties the batteries. */
const LAMP_MOST_S = 900;

/** Without known features (the lock did not say) it is taken for a plain lock that can be locked and unlocked. */
export function abilitiesOf(key: Pick<Key, 'features' | 'header' | 'model' | 'adminPs'>): Abilities {
  const { features } = key;
  const can = (bit: number): boolean => features !== undefined && has(features, bit);
  const owner = key.adminPs !== undefined;
  const weekly = can(feature.cyclic) ? { weekly: true } : {};
  const kind = refinedKind(kindOf(key.header?.scene ?? 0, key.model ?? ''), features);
  const verbs: Verb[] = features === undefined || can(feature.lockByCommand) ? ['lock', 'unlock'] : ['unlock'];
  return {
    kind,
    verbs,
    battery: true,
    door: can(feature.doorState),
    pushes: true,
    clock: !can(feature.noClock),
    log: true,
    ...(owner && can(feature.pins) && { codes: codes() }),
    ...(owner && can(feature.cards) && { cards: { capacity: CAPACITY.cards, ...weekly } }),
    ...(owner && can(feature.fingers) && { fingers: { capacity: CAPACITY.fingers, ...weekly } }),
    settings: owner ? settingAbilities.filter(s => can(s.feature)).map(s => s.ability) : [],
    orientation: orientationOf(kind, can),
    holdEveryMs: HOLD_EVERY_MS,
  };
}

/** Never a secret. */
export function factsOf(key: Key, known: Facts = {}): Facts {
  const { header, features } = key;
  return {
    ...(key.model !== undefined && { model: key.model }),
    ...known,
    raw: {
      ...(features !== undefined && { features: featuresText(features) }),
      ...(header && { scene: String(header.scene), header: Object.values(header).join('.') }),
      ...known.raw,
    },
  };
}

function codes(): NonNullable<Abilities['codes']> {
  const kinds = ['permanent', 'once', 'period'] as const;
  return { kinds, minDigits: 4, maxDigits: 9, capacity: CAPACITY.codes, readable: true };
}

/**
 * Door locks do not say whether they are deadbolts or levers. One that turns a motor either way is a deadbolt; one that
 * does not and can stay open in a passage mode is a lever on a spring latch. A safe that can be neither
 * locked by command nor relocks by itself is a key box, closed by hand.
 */
function refinedKind(kind: LockKind, features: Features | undefined): LockKind {
  if (features === undefined) return kind;
  const can = (bit: number): boolean => has(features, bit);
  if (kind === 'lock') {
    const turns = [feature.direction, feature.autoDirection, feature.autoAngle, feature.manualAngle, feature.motorTime];
    if (turns.some(can)) return 'deadbolt';
    return can(feature.passage) ? 'lever' : 'lock';
  }
  return kind === 'safe' && !can(feature.lockByCommand) && !can(feature.autoLock) ? 'key_box' : kind;
}

function orientationOf(kind: LockKind, can: (bit: number) => boolean): Abilities['orientation'] {
  if (can(feature.direction)) return 'settable';
  if (can(feature.autoDirection)) return 'itself';
  return kind === 'padlock' || kind === 'key_box' || kind === 'safe' ? 'none' : 'mechanical';
}

interface Offered {
  feature: number;
  ability: SettingAbility;
}

/** In the order in which pages show them. */
const settingAbilities: readonly Offered[] = [
  number(feature.autoLock, 'auto_lock_seconds', 'Lock again after', { min: 0, max: AUTO_LOCK_MOST_S }),
  toggle(feature.sound, 'sound', 'Sound'),
  { feature: feature.volume, ability: { name: 'volume', label: 'Volume', kind: 'number', min: 1, max: 5 } },
  toggle(feature.showPin, 'show_pin', 'Show the code while it is typed'),
  toggle(feature.remoteUnlock, 'remote_unlock', 'Unlocking through the maker’s gateway'),
  toggle(feature.freeze, 'freeze', 'Frozen: nobody gets in'),
  number(feature.lamp, 'lamp_seconds', 'Lamp stays on for', { min: 0, max: LAMP_MOST_S }),
  toggle(feature.passage, 'passage_mode', 'Passage mode: stays open'),
  toggle(feature.tamperAlarm, 'tamper_alarm', 'Tamper alarm'),
  toggle(feature.resetButton, 'reset_button', 'Reset button works'),
  toggle(feature.privacyLock, 'privacy_lock', 'Privacy lock'),
  {
    feature: feature.direction,
    ability: { name: 'direction', label: 'Opens to the', kind: 'select', options: ['left', 'right'] },
  },
  toggle(feature.passageAutoUnlock, 'passage_auto_unlock', 'Passage mode opens by itself'),
  toggle(feature.wifiPowerSaving, 'wifi_stays', 'Wi-Fi stays connected'),
];

function toggle(bit: number, name: string, label: string): Offered {
  return { feature: bit, ability: { name, label, kind: 'switch' } };
}

function number(bit: number, name: string, label: string, range: { min: number; max: number }): Offered {
  return { feature: bit, ability: { name, label, kind: 'number', ...range, unit: 's' } };
}
