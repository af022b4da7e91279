// A lock in words: how its bolt stands, who says so, what it is, what is wrong. Each look has a word, an icon and a tone.
import type { Bolt, FlowView, Happening, Lifecycle, LockKind, LockState, LockView, Trust, Verb } from '../api.d.ts';

export interface Look {
  word: string;
  icon: 'locked' | 'unlocked' | 'unlatched' | 'moving' | 'jammed' | 'unknown';
  tone: 'good' | 'warn' | 'bad' | 'plain';
}

const BOLTS: Readonly<Record<Bolt, Look>> = {
  locked: { word: 'Locked', icon: 'locked', tone: 'good' },
  unlocked: { word: 'Unlocked', icon: 'unlocked', tone: 'warn' },
  unlatched: { word: 'Open', icon: 'unlatched', tone: 'warn' },
  locking: { word: 'Locking …', icon: 'moving', tone: 'plain' },
  unlocking: { word: 'Unlocking …', icon: 'moving', tone: 'plain' },
  jammed: { word: 'Jammed', icon: 'jammed', tone: 'bad' },
  unknown: { word: 'Not known', icon: 'unknown', tone: 'plain' },
};

export function boltLook({ bolt }: LockState, pending?: Verb): Look {
  if (pending === undefined) return BOLTS[bolt];
  const word = { lock: 'Locking …', unlock: 'Unlocking …', unlatch: 'Opening …' }[pending];
  return { word, icon: 'moving', tone: 'plain' };
}

/** Who says so; the time stands beside it. */
export function trustText(lock: LockView): string {
  const { bolt, trust } = lock.state;
  if (isNew(lock)) return 'It tells nobody before it is paired';
  if (bolt === 'unknown') return 'The lock has not said it yet';
  return TRUST[trust];
}
const TRUST: Readonly<Record<Trust, string>> = {
  proven: 'Says the lock',
  told: 'Says the lock',
  guessed: 'As of before the restart',
};

export const KINDS: Readonly<Record<LockKind, string>> = {
  deadbolt: 'Deadbolt',
  lever: 'Lever lock',
  cylinder: 'Cylinder',
  padlock: 'Padlock',
  key_box: 'Key box',
  glass_door: 'Glass door lock',
  safe: 'Safe',
  lock: 'Lock',
};

export const VERBS: Readonly<Record<Verb, string>> = { lock: 'Lock', unlock: 'Unlock', unlatch: 'Open the door' };
/** After a lock's yes. */
export const DONE: Readonly<Record<Verb, string>> = { lock: 'locked', unlock: 'unlocked', unlatch: 'opened' };

const LIFECYCLES: Readonly<Record<Lifecycle, { text: string; todo: string } | undefined>> = {
  managed: undefined,
  factory: { text: 'It is not paired with Latchbridge.', todo: 'Pair it again to use it.' },
  provisioning: { text: 'It is being paired.', todo: 'Wait until that is done.' },
  suspended: { text: 'A flow is at work on it.', todo: 'Until it is done nothing else opens it from here.' },
  limbo: { text: 'Nobody knows whose keys it has.', todo: 'Stand at the lock and pair it again.' },
  orphaned: { text: 'It no longer takes our key.', todo: 'Somebody reset it or took it over. Let it be diagnosed.' },
  foreign: { text: 'Somebody else owns it.', todo: 'Reset it at the lock, then pair it again.' },
  retired: { text: 'It is out of use.', todo: 'Pair it again, or remove it.' },
};

/** Of a lock that was entered here and never paired: nothing is wrong with it. */
const WAITS = { text: 'It waits to be paired.', todo: 'Stand at the lock and pair it.' };

const TONES: Partial<Record<Lifecycle, Trouble['tone']>> = { provisioning: 'warn', factory: 'accent' };

/** Known by its name, and never paired with us. */
export function isNew({ lifecycle, generation }: LockView): boolean {
  return lifecycle === 'factory' && generation === 0;
}

export interface Trouble {
  text: string;
  todo?: string;
  tone: 'accent' | 'warn' | 'bad';
}

/** What is wrong with a lock, worst first. A flow that runs explains what looks like trouble. */
export function troubleOf(lock: LockView, flow?: FlowView): Trouble | undefined {
  const stage = isNew(lock) ? WAITS : LIFECYCLES[lock.lifecycle];
  if (lock.state.bolt === 'jammed')
    return { text: 'The bolt is stuck.', todo: 'Push or pull the door, then try again.', tone: 'bad' };
  if (lock.trouble) return { text: lock.trouble.text, tone: lock.lifecycle === 'managed' ? 'warn' : 'bad' };
  if (stage && !flow) return { ...stage, tone: TONES[lock.lifecycle] ?? 'bad' };
  const { battery } = lock.state;
  if (battery !== undefined && battery <= LOW_BATTERY)
    return { text: `The battery is low (${battery} %).`, todo: 'Change the batteries soon.', tone: 'warn' };
  return undefined;
}
const LOW_BATTERY = 20;

/** How Latchbridge is connected to it now. */
export function sessionText(lock: LockView): string {
  const { state, stats, settings } = lock;
  if (isNew(lock)) return 'Not paired yet';
  if (stats.open) return settings.session === 'held' ? 'Connected all the time' : 'Connected';
  if (!state.reachable) return 'Not in reach';
  return settings.session === 'held' ? 'Connecting again' : 'Connects when needed';
}

/** A lock that can be told to do something now. */
export function takesCommands({ lifecycle }: LockView): boolean {
  return lifecycle === 'managed';
}

const TYPES: Readonly<Record<string, string>> = {
  locked: 'Locked',
  unlocked: 'Unlocked',
  opened: 'Opened',
  jammed: 'Bolt stuck',
  auto_locked: 'Locked by itself',
  wrong_code: 'Wrong code tried',
  code_added: 'Code added',
  code_changed: 'Code changed',
  code_deleted: 'Code removed',
  card_added: 'Card added',
  card_deleted: 'Card removed',
  finger_added: 'Fingerprint added',
  finger_deleted: 'Fingerprint removed',
  door_opened: 'Door opened',
  door_closed: 'Door closed',
  refused: 'Refused',
  tamper: 'Tampered with',
  restarted: 'Lock restarted',
  operation_failed: 'Did not work',
  other: 'Something happened',
};
const SOURCES: Readonly<Record<string, string>> = {
  keypad: 'at the keypad',
  card: 'with a card',
  finger: 'with a fingerprint',
  app: 'by an app',
  remote: 'from here',
  web: 'on this page',
  mqtt: 'over MQTT',
  matter: 'over Matter',
  cli: 'on the command line',
  flow: 'by a flow',
  daemon: '',
  manual: 'by hand',
  key: 'with the key',
  auto: '',
  sensor: '',
  lock: '',
  unknown: '',
};

/** "Unlocked at the keypad by Anna". The source may be where an order came from, as the audit has it. */
export function happeningText({
  type,
  source,
  ok,
  slot,
  person,
}: Omit<Happening, 'source'> & { source: string }): string {
  const what = TYPES[type] ?? type.replaceAll('_', ' ');
  const whose =
    person === undefined ? (slot === undefined ? '' : `(slot ${slot})`) : `by ${person.replace(/^(login|token):/, '')}`;
  // A program with a token comes the same way as the page does.
  const where = source === 'web' && person?.startsWith('token:') === true ? 'over the API' : SOURCES[source];
  const failed =
    ok || ['refused', 'wrong_code', 'jammed', 'operation_failed'].includes(type) ? '' : '— it did not work';
  return [what, where ?? source, whose, failed].filter(part => part !== '').join(' ');
}

/** Only those that are not written as their word is. */
const FAMILIES: Readonly<Record<string, string>> = { ttlock: 'TTLock' };
export function familyName(family: string): string {
  return FAMILIES[family] ?? family.charAt(0).toUpperCase() + family.slice(1);
}
