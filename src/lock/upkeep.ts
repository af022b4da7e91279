// Ports of looking after the daemon: health, doctor, audit, backup, carrying keys. main builds them, bridges show them.
import type { KeptBy } from '../base/kept-by.ts';
import type { Secret } from '../base/log.ts';
import type { Asker, Via } from './lock.ts';
import type { Json } from './driver.ts';

/** One part of the daemon as it is now. `fix` is what a person can do about it. */
export interface HealthPart {
  /** radio, mqtt, store, vault, recovery_code, disk, clock, … */
  name: string;
  ok: boolean;
  text: string;
  fix?: string;
}
/** `ready`: commands are taken. A missing broker or adapter is a part that is not ok, and does not unready the daemon. */
export interface Health {
  ready: boolean;
  version: string;
  startedAt: number;
  parts: readonly HealthPart[];
}

/** One thing that the doctor looked at. */
export interface Check {
  /** adapter, permission, native module, broker, clock, disk, data folder, settings, … */
  name: string;
  verdict: 'good' | 'warning' | 'bad';
  text: string;
  fix?: string;
}
/** Where a setting comes from; a secret's value is a mask. */
export interface SettingOrigin {
  key: string;
  value: string;
  from: string;
}
export interface Examination {
  checks: readonly Check[];
  settings: readonly SettingOrigin[];
}

/** A line of the audit, numbered from 1. */
export interface AuditRow {
  number: number;
  at: number;
  lock?: string;
  what: string;
  via: Via;
  who: string;
  detail?: string;
}
export interface AuditReader {
  /** Newest first, at most `most`, those with a number below `before`. `lock` is an id. */
  read(query: { lock?: string; before?: number; most: number }): AuditRow[];
}
/** `head` is the digest of the newest line: whoever writes it down can see later whether the lines up to it are the same. */
export interface AuditFound {
  ok: boolean;
  lines: number;
  head: string;
  /** For people. */
  text: string;
}

export interface Backups {
  /** Makes one now; `second` is the copy elsewhere, where one is configured. */
  backup(asker: Asker): Promise<{ path: string; bytes: number; second?: string }>;
}

/** A lock that came in from a file. `weak`: why its keys should be changed, if they should. */
export interface CarriedLock {
  id: string;
  name: string;
  family: string;
  /** added: new here. renewed: was known, its keys were taken over. kept: was known with the same keys. */
  outcome: 'added' | 'renewed' | 'kept';
  weak?: string;
}
/** What a sealed file says it is, in its key `format`. */
export const EXPORT_FORMAT = 'latchbridge-export';
/** Takes locks and the keys that open them out and in. Files are sealed before they leave and after they arrive. */
export interface KeyCarrier {
  /** Everything about these locks (all without a list) that another daemon needs; `not_found` for an unknown one. */
  pack(locks: readonly string[] | undefined, asker: Asker): Secret<Json>;
  unpack(parcel: Secret<Json>, asker: Asker): CarriedLock[];
  /** Reads another program's file with the drivers; `invalid` (reason `unknown_format`) when none knows it. */
  adopt(foreign: Secret<Json>, asker: Asker): CarriedLock[];
}

/** The code that opens the vault where its key file is lost. */
export interface RecoveryCode {
  show(asker: Asker): Secret<string>;
  /** Somebody typed it back, so it is written down. `invalid` (reason `wrong_code`) when it is another one. */
  confirm(code: Secret<string>, asker: Asker): void;
  /** Opens a vault whose key file is gone. `invalid` (reason `wrong_code`) when it does not fit. */
  enter(code: Secret<string>, asker: Asker): void;
}

/** Hands of virtual locks: press a key, turn the thumb-turn, pull batteries. Only a demo has them. */
export interface Hands {
  /** `act` names it, other keys are its details. `not_found` for a lock without hands, `invalid` for an unknown act. */
  act(name: string, act: { readonly act: string; readonly [detail: string]: Json }): Promise<Json>;
}

/** A line of the log as people read it; what is secret was masked before it was written. */
export interface LogLine {
  /** From 1, since the start. */
  number: number;
  at: number;
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  /** Which part of the daemon said so. */
  part?: string;
  text: string;
}
/** The newest lines as they were written, each one JSON object; numbered from 1 since the start. */
export interface LogKeeper {
  numbered(): readonly { number: number; line: string }[];
  hear(ear: (line: string, number: number) => void): () => void;
}

/** A radio as health pages show it. Counts since the start. */
export interface RadioView {
  id: string;
  ok: boolean;
  text: string;
  fix?: string;
  scanning: boolean;
  links: number;
  mostLinks: number;
  /** The address it connects to now. */
  connecting?: string;
  adverts: number;
  addresses: number;
  connects: number;
  failures: number;
  scans: number;
  scanRestarts: number;
  resets: number;
  silentMs: number;
}

export interface MqttView {
  /** A broker is set up, or was found. */
  used: boolean;
  connected: boolean;
  protocol?: string;
  /** Why it is not connected, for people. */
  reason?: string;
  /** The broker asks for no login. */
  anonymous: boolean;
  /** Without user and password. */
  broker?: string;
  baseTopic: string;
  discoveryPrefix: string;
}

/** A virtual lock of a demo, with what a person can do at it and what is seen there. */
export interface StagedLock {
  name: string;
  family: string;
  variant: string;
  acts: readonly StagedAct[];
  looks: {
    bolt: 'locked' | 'unlocked' | 'unlatched';
    door: 'open' | 'closed';
    /** Per cent. */
    battery: number;
    powered: boolean;
    paired: boolean;
  };
}
/** What takes one of few words stands here once for each of them. */
export interface StagedAct {
  act: string;
  label: string;
  /** To be sent with it, as `value`. */
  value?: string;
  /** What is to be typed first, and then sent as `value`. */
  typed?: { label: string; digits: boolean; optional: boolean };
}

/** How the process itself is. `live`: its timers come in time and its store takes what is written. */
export interface Pulse {
  live: boolean;
  /** How late timers came in the last ten seconds. */
  meanDelayMs: number;
  mostDelayMs: number;
  memoryBytes: number;
  heapBytes: number;
  cpuSeconds: number;
}

/** What going back to a file would do. */
export interface RestoreCheck {
  /** To be said back with the yes. */
  restore: string;
  /** When it was made, or the newest thing that it knows of. */
  made?: number;
  /** The format of its database. */
  version: number;
  /** Names. */
  locks: readonly string[];
  /** One sentence each. */
  differences: readonly string[];
  /** Its keys are sealed with another master key than that of this machine. */
  needs_recovery_code: boolean;
  ok: boolean;
  text: string;
}
export interface Restores {
  /** A fresh backup to be taken away. */
  file(asker: Asker): Promise<{ path: string; name: string }>;
  /** Keeps the file beside and says what it is. `invalid`: `not_a_backup`, `newer`, `too_large`. Changes nothing. */
  check(file: AsyncIterable<Uint8Array>, asker: Asker): Promise<RestoreCheck>;
  /** Goes back to the file that was looked at last; the daemon ends soon and starts again with it. */
  restore(id: string, asker: Asker): { text: string };
}

/** What a restart would do now. */
export interface RestartView {
  kept_by: KeptBy | 'demo';
  /** Somebody is seen who starts it again. */
  again: boolean;
  /** For people: who that is, or what they have to do themselves. */
  text: string;
  /** What comes of it for doors and flows, a sentence each. */
  effects: readonly string[];
}
export interface Restarts {
  look(): RestartView;
  /**
   * Ends soon. Throws `unsupported` (reason `demo`), and `rejected` (reason `nobody_restarts`) where nobody is seen who
   * would start it again, unless `by_hand` says that the asker will.
   */
  begin(how: { by_hand?: boolean }, asker: Asker): { text: string };
}

/** A setting as it counts now. A secret's value is a mask, and empty where nothing is set. */
export interface ConfigSetting {
  key: string;
  value: string;
  from: string;
  /** Over the API. */
  changeable: boolean;
  kind: 'boolean' | 'number' | 'string' | 'enum' | 'list' | 'secret';
  /** What it can be, where that is one of a few words. */
  words?: readonly string[];
  /** What counts from the next start, where that is something else. */
  next?: string;
}
/** What is set, and what an owner sets on the page. */
export interface Choices {
  all(): readonly ConfigSetting[];
  /**
   * By key; null takes back what was set here. All of it or nothing. `restart`: something of it counts from the next
   * start only. Throws `invalid` with every mistake, reason `set_elsewhere` where that counts more.
   */
  change(values: ReadonlyMap<string, unknown>, asker: Asker): { restart: boolean };
}
