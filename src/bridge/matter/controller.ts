// What the demo, the selftest and the tests need of a Matter controller, as an interface of our own: the library's controller
// interfaces come and go with its versions.
import type { Secret } from '../../base/log.ts';

/** `unbolt` leaves the latch alone, `unlock` pulls it where there is one. */
export type ControllerVerb = 'lock' | 'unlock' | 'unbolt';

/** A lock as the controller sees it now. Enums are the numbers of the cluster. */
export interface SeenLock {
  endpoint: number;
  name: string;
  uniqueId: string;
  reachable: boolean;
  lockState: 'locked' | 'unlocked' | 'unlatched' | 'not_fully_locked' | null;
  /** In percent. */
  battery: number | null;
  /** Names of the features that the door lock claims. */
  features: readonly string[];
  /** Every attribute of the door lock that was reported. */
  attributes: Readonly<Record<string, unknown>>;
}

export interface SeenUser {
  user: number;
  name: string | null;
  status: number | null;
  credentials: readonly { type: number; index: number }[];
}

/** `name` is like `doorLock.lockState` and `lockOperation`. */
export type ControllerNews =
  | { kind: 'attribute'; endpoint: number; name: string; value: unknown }
  | { kind: 'event'; endpoint: number; name: string; data: Readonly<Record<string, unknown>> };

export interface PinWish {
  /** Null: a new user. */
  user: number | null;
  credential: number;
  pin: Secret<string>;
  /** Of a user that exists it is left as it is. */
  replace?: boolean;
}

/** Every call rejects with a LockError: `rejected` when the bridge refused, `unreachable` or `timeout` when it did not answer. */
export interface MatterController {
  /** With the QR text or the manual code; resolves when everything is read and subscribed to. */
  commission(code: Secret<string>): Promise<void>;
  /** Goes on with the bridge of an earlier run; false when there is none. */
  resume(): Promise<boolean>;
  locks(): SeenLock[];
  operate(endpoint: number, verb: ControllerVerb, pin?: Secret<string>): Promise<void>;
  users(endpoint: number): Promise<SeenUser[]>;
  /** Makes user `user` under that name, or renames it. */
  setUser(endpoint: number, user: number, name: string): Promise<void>;
  /** The index of the user that has the PIN now. */
  setPin(endpoint: number, wish: PinWish): Promise<number>;
  clearUser(endpoint: number, user: number): Promise<void>;
  write(endpoint: number, attributes: Readonly<Record<string, unknown>>): Promise<void>;
  hear(ear: (news: ControllerNews) => void): () => void;
  /** Takes its own fabric off the bridge. */
  remove(): Promise<void>;
  /** Before the bridge, or that one waits 5 s for an answer. */
  close(): Promise<void>;
}
