// The words of the project: what a lock is, what it is asked, what it says. Read this file first.
import type { Secret } from '../base/log.ts';

export type Bolt = 'locked' | 'unlocked' | 'unlatched' | 'locking' | 'unlocking' | 'jammed' | 'unknown';
export type Door = 'open' | 'closed';

/** proven: said in a sealed session. told: in a session without a seal. guessed: from before a restart. */
export type Trust = 'proven' | 'told' | 'guessed';

/** `battery` in percent; `at` is the wall clock when the lock said it. */
export interface LockState {
  bolt: Bolt;
  door?: Door;
  battery?: number;
  reachable: boolean;
  trust: Trust;
  at: number;
}

/** What is true about a lock, whatever flows run (flows.md 4.2). */
export type Lifecycle =
  | 'factory'
  | 'provisioning'
  | 'managed'
  | 'suspended'
  | 'limbo'
  | 'orphaned'
  | 'foreign'
  | 'retired';

export type LockKind = 'deadbolt' | 'lever' | 'cylinder' | 'padlock' | 'key_box' | 'glass_door' | 'safe' | 'lock';

/** Locking is always allowed to who may command; opening is guarded. */
export type Verb = 'lock' | 'unlock' | 'unlatch';

export type CodeKind = 'permanent' | 'once' | 'period' | 'cyclic';

/** A thing on the lock that can be set: what bridges build a switch, number or select from. */
export type SettingAbility = { name: string; label: string } & (
  | { kind: 'switch' }
  | { kind: 'number'; min: number; max: number; unit?: string }
  | { kind: 'select'; options: readonly string[] }
);
export type SettingValue = boolean | number | string;

/** What a lock can do, as data; bridges show only what is here. */
export interface Abilities {
  kind: LockKind;
  /** A lock that cannot lock by command (key box) lacks 'lock': it is closed by hand. */
  verbs: readonly Verb[];
  battery: boolean;
  door: boolean;
  /** It says when it was turned by hand while a session is open. */
  pushes: boolean;
  clock: boolean;
  log: boolean;
  codes?: {
    kinds: readonly CodeKind[];
    minDigits: number;
    maxDigits: number;
    capacity: number;
    readable: boolean;
    /** They can be limited to hours of the week. */
    weekly?: boolean;
    /** What the lock refuses besides; `text` says it to people. */
    rule?: { digits: string; notStarting: readonly string[]; text: string };
  };
  /** `weekly`: they can be limited to hours of the week. */
  cards?: { capacity: number; weekly?: boolean };
  fingers?: { capacity: number; weekly?: boolean };
  settings: readonly SettingAbility[];
  /** More that it does on command than the verbs, e.g. `lock_n_go`, `calibrate`. `moves`: the bolt moves. */
  actions?: readonly { name: string; label: string; moves: boolean }[];
  /** It lists who else was paired with it, and can forget one of them. */
  authorisations?: { capacity?: number };
  /** It locks or unlocks by itself at times of day. */
  timers?: { capacity?: number };
  /** A code of its owner guards its settings, codes and log; `known`: we have been told it. */
  adminCode?: { minDigits: number; maxDigits: number; known: boolean };
  /** What else opens it that can neither be listed nor taken off from here, and where it can: one sentence. */
  unlisted?: string;
  /** settable: asked by us; itself: the lock finds out; mechanical: set at the lock; none: has no handedness. */
  orientation: 'settable' | 'itself' | 'mechanical' | 'none';
  /** A held session costs one question each so many ms. */
  holdEveryMs: number;
  /** Its adverts do not tell of every change: heard again after so many ms without a visit, it is asked. */
  askEveryMs?: number;
}

/** What is known about the hardware; from adverts until the lock itself has spoken. */
export interface Facts {
  model?: string;
  manufacturer?: string;
  hardware?: string;
  firmware?: string;
  serial?: string;
  /** The family's own raw words (feature value, scene, header), for people who debug. Never a secret. */
  raw?: Readonly<Record<string, string>>;
}

export interface Unit {
  id: string;
  name: string;
}

export type SessionMode = 'on_demand' | 'held';

/** What people may choose for a lock. `exposed`: the bridges that show it. */
export interface LockSettings {
  session: SessionMode;
  exposed: readonly ('mqtt' | 'matter')[];
}

/** Who asks, and with what right (flows.md 6.2). A viewer looks and does nothing. */
export type Role = 'owner' | 'manager' | 'technician' | 'automation' | 'voice' | 'viewer';
export type Via = 'mqtt' | 'matter' | 'web' | 'cli' | 'flow' | 'daemon';
export interface Asker {
  via: Via;
  /** A stable name for audit and rate limits, e.g. `mqtt`, `cli`, `token:ab12`, `fabric:1`. */
  who: string;
  role: Role;
}

/** `deadline` is Clock.elapsed(); after it nothing may be sent any more. */
export interface Command {
  id: string;
  lock: string;
  verb: Verb;
  asker: Asker;
  deadline: number;
  pin?: Secret<string>;
}

/** The lock's own yes. Everything else is a LockError. `moved` is false when it already stood there. */
export interface Outcome {
  command: string;
  verb: Verb;
  tookMs: number;
}

/** Counted since the lock was added; kept over restarts. ms, counts. */
export interface SessionStats {
  open: boolean;
  /** Wall clock since when the session is open or closed. */
  since: number;
  opens: number;
  losses: number;
  lossReasons: Readonly<Record<string, number>>;
  connectedMs: number;
  roundTrips: number;
  lastError?: string;
}

/** Something that happened at a lock, from a push or from its operation log. */
export interface Happening {
  /** zigbee2mqtt-like verb: what happened. */
  type:
    | 'locked'
    | 'unlocked'
    | 'opened'
    | 'jammed'
    | 'auto_locked'
    | 'wrong_code'
    | 'code_added'
    | 'code_changed'
    | 'code_deleted'
    | 'card_added'
    | 'card_deleted'
    | 'finger_added'
    | 'finger_deleted'
    | 'door_opened'
    | 'door_closed'
    | 'refused'
    | 'tamper'
    | 'restarted'
    | 'operation_failed'
    | 'other';
  source: 'keypad' | 'card' | 'finger' | 'app' | 'remote' | 'manual' | 'key' | 'auto' | 'sensor' | 'lock' | 'unknown';
  ok: boolean;
  /** Wall clock of the lock, as ms since the epoch. */
  at: number;
  /** The number in the lock's own log, when it has one. */
  record?: number;
  /** Which credential: never shown, only matched against what we know. */
  credential?: { kind: 'code' | 'card' | 'finger' | 'fob' | 'app'; value: Secret<string> };
  battery?: number;
  /** The family's own number for it, for people who debug. */
  raw?: string;
  /** Filled in by access: the slot of the credential, and whose it is. */
  slot?: number;
  person?: string;
}

/** A lock as bridges see it. No secrets. */
export interface LockView {
  id: string;
  name: string;
  unit: Unit;
  family: string;
  address: string;
  endpoint: number;
  lifecycle: Lifecycle;
  /** Counts pairings; a repair in the same lineage goes on counting. */
  generation: number;
  settings: LockSettings;
  abilities?: Abilities;
  facts: Facts;
  state: LockState;
  /** The signal of the last advert, dBm. */
  rssi?: number;
  lastHeard?: number;
  stats: SessionStats;
  /** Why it is not reachable or not usable, for people. */
  trouble?: { reason: string; text: string };
}

/** What bridges hear. `view` is always the newest. */
export type LockEvent =
  | { kind: 'added' | 'changed' | 'state'; view: LockView }
  | { kind: 'renamed'; view: LockView; from: string }
  | { kind: 'removed'; view: LockView }
  | { kind: 'happened'; view: LockView; happening: Happening };
export type LockEar = (event: LockEvent) => void;

/** 12 random hex digits, for ever. */
export const LOCK_ID = /^[0-9a-f]{12}$/;
/** A topic segment: lower case words joined by `_` or `-`, and not one of the segments that mean something else. */
export const LOCK_NAME = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;
export const RESERVED_NAMES: readonly string[] = ['bridge', 'flow', 'demo'];

/** Any text as a lock name: what the topic segment becomes. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 64)
    .replace(/[_-]+$/g, '');
  return plain === '' || RESERVED_NAMES.includes(plain) ? `lock_${plain}`.replace(/_$/, '') : plain;
}
