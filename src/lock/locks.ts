// All locks: what bridges talk to.
import type { Secret } from '../base/log.ts';
import type { Authorisation, Timer } from './driver.ts';
import type {
  Asker,
  Command,
  Happening,
  LockEar,
  LockSettings,
  LockView,
  Outcome,
  SessionMode,
  SettingValue,
} from './lock.ts';

/** `lock` is an id or a name everywhere; `not_found` when there is none. */
export interface Locks {
  all(): LockView[];
  find(lock: string): LockView | undefined;
  hear(ear: LockEar): () => void;
  /** The lock's own yes, or a LockError. State comes by `hear` only. */
  command(command: Command): Promise<Outcome>;
  /** Asks the lock for its state; what it says comes by `hear`. */
  refresh(lock: string, asker: Asker): Promise<void>;
  rename(lock: string, name: string, asker: Asker): LockView;
  assign(lock: string, unit: string, asker: Asker): LockView;
  setOptions(lock: string, options: Partial<LockSettings>, asker: Asker): LockView;
  /** Forgets a lock here. `forbidden` while we hold a working key, unless forced: then the lock keeps it, which is audited. */
  remove(lock: string, asker: Asker, how?: { force?: boolean }): void;
}

/** Battery and reach of a session mode, worked out from what the lock was seen to cost. */
export interface SessionCost {
  mode: SessionMode;
  /** Questions and minutes connected a day, and how long a set of batteries lasts with that, in days; a rough figure. */
  questionsPerDay: number;
  connectedMinutesPerDay: number;
  batteryDays: number;
}

/** What can be read from and set on a lock itself. Everything is asked of the lock in a session, in its turn. */
export interface Workbench {
  /** The last values that the lock gave, by name; empty before the first reading. Does not ask. */
  known(lock: string): Readonly<Record<string, SettingValue>>;
  /** Asks the lock for all its settings (abilities.settings); what it refuses is left out. */
  readSettings(lock: string, asker: Asker): Promise<Readonly<Record<string, SettingValue>>>;
  /** Sets one and gives what the lock says on reading back. `unsupported` for a name it lacks, `invalid` for a value. */
  writeSetting(lock: string, name: string, value: SettingValue, asker: Asker): Promise<SettingValue>;
  /** The newest `most` records of the lock's own log, newest first, credentials as slots and persons. Moves no bookmark. */
  readLog(lock: string, most: number, asker: Asker): Promise<readonly Happening[]>;
  /** Every key of an app that was handed out stops working; ours goes on. Managers and owners only. */
  revokeAppKeys(lock: string, asker: Asker): Promise<void>;
  /** The code that opens the lock's own menu. Owners only; never logged, never on MQTT. */
  adminCode(lock: string, asker: Asker): Promise<Secret<string> | undefined>;
  setAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void>;
  /** A person says which code the lock has already; it is tried there. `rejected` reason `wrong_code`. Owners only, not on MQTT. */
  tellAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void>;
  /** A new key of ours beside the old one, live once it has opened a session; `unsupported` where somebody has to be at the lock. */
  renewKey(lock: string, asker: Asker): Promise<void>;
  /** The lock forgets an older key of ours, by its id in the vault; nothing is done for one that it cannot know any more. */
  retireKey(lock: string, old: string, asker: Asker): Promise<void>;
  /** One of abilities.actions. What moves the bolt passes the gate like an order to unlock; `unsupported` for an unknown one. */
  perform(lock: string, action: string, asker: Asker): Promise<void>;
  /** Who else the lock takes, ours among them. Managers and owners only; `unsupported` where it has no such list. */
  authorisations(lock: string, asker: Asker): Promise<readonly Authorisation[]>;
  /** `not_found` for a number that it does not list, `forbidden` for our own. */
  removeAuthorisation(lock: string, id: string, asker: Asker): Promise<void>;
  /** What the lock does by itself at times of day. */
  timers(lock: string, asker: Asker): Promise<readonly Timer[]>;
  addTimer(lock: string, timer: Omit<Timer, 'id'>, asker: Asker): Promise<Timer>;
  changeTimer(lock: string, timer: Timer, asker: Asker): Promise<void>;
  removeTimer(lock: string, id: string, asker: Asker): Promise<void>;
  /** Lets go of the lock for so many minutes (1..60; 0 ends it), so that the maker's app can connect. */
  letPhoneIn(lock: string, minutes: number, asker: Asker): { until?: number };
  costs(lock: string): readonly SessionCost[];
  hear(ear: (lock: string, values: Readonly<Record<string, SettingValue>>) => void): () => void;
}
