// The demo's own Matter controller as bridges show it: locks by their names, in place of an app on a phone.
import type { Secret } from '../base/log.ts';

export interface RemoteLock {
  name: string;
  endpoint: number;
  reachable: boolean;
  /** As Matter tells it; null when unknown. */
  state: 'locked' | 'unlocked' | 'unlatched' | 'not_fully_locked' | null;
  battery: number | null;
}

export interface RemoteUser {
  user: number;
  name: string | null;
  /** Indexes of PINs. */
  pins: readonly number[];
}

/** What the controller hears: an attribute's new value, or an event of the lock. */
export interface RemoteNews {
  /** Numbered from 1. */
  number: number;
  at: number;
  lock: string;
  /** `lockState`, `lockOperation`, `doorLockAlarm`, … */
  name: string;
  /** Its value or fields, for people and programs. */
  value: unknown;
}

/** `name` is that of the lock; `not_found` for another. The bridge's refusals are `rejected`. */
export interface MatterRemote {
  locks(): RemoteLock[];
  operate(name: string, verb: 'lock' | 'unlock' | 'unbolt', pin?: Secret<string>): Promise<void>;
  users(name: string): Promise<RemoteUser[]>;
  /** A new user, or another PIN for one that exists. Gives its number. */
  setPin(name: string, wish: { user?: number; person?: string; pin: Secret<string> }): Promise<number>;
  clearUser(name: string, user: number): Promise<void>;
  /** What was heard after the number `after`, of that lock or of all. */
  events(after: number, name?: string): RemoteNews[];
}
