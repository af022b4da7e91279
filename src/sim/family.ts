// What every virtual lock is, whatever it speaks, so that demo and tests can put any of them on the air.
import type { Peripheral, SimClock } from './air.ts';
import type { Hands } from './hands.ts';

/** A device on the air, with a person at it and a truth for tests. */
export interface VirtualLock extends Peripheral {
  /** For people and error texts. */
  readonly name: string;
  readonly variant: string;
  /** What a person can do at it. Every lock knows `thumb`, `door` and `batteries_out`, if only to shrug. */
  readonly hands: Hands;
  /** Where the bolt really is, whatever the lock says. */
  readonly bolt: 'locked' | 'unlocked' | 'unlatched';
  readonly door: 'open' | 'closed';
  /** There are batteries in it. */
  readonly powered: boolean;
  /** Somebody has been paired with it and not been forgotten since. */
  readonly paired: boolean;
  /** How often the bolt changed its place. */
  readonly moves: number;
  /** Per cent. */
  battery: number;
  /** What pairing asks for, as its owner chose it or as it is printed on the lock. */
  readonly pin?: string | undefined;
  /** No timer is left behind. */
  stop(): void;
}

/** What a person does at the lock: one of the acts of its hands. */
export interface HandMove {
  act: string;
  value?: string;
}

export interface LockOptions {
  name: string;
  /** Made by `SimFamily.address`. */
  address: string;
  /** One of `SimFamily.variants`. */
  variant?: string;
  clock: SimClock;
  random: (bytes: number) => Uint8Array;
  /** Where it keeps what a real lock keeps without power. Throws SimError `memory` when that file is not its own. */
  memory?: { path: string };
}

export interface VariantWords {
  /** For people: "a deadbolt with a keypad". */
  says: string;
  /** Nobody holds a session to it: it sleeps in between, or hangs up on who has nothing to say and tells news by advert. */
  sleeps?: boolean;
}

/** One family of virtual locks. */
export interface SimFamily {
  /** As the driver's folder is called. */
  readonly name: string;
  readonly variants: Readonly<Record<string, VariantWords>>;
  /** The variant that is meant when nobody says which. */
  readonly usual: string;
  /** What makes a lock of it offer itself for pairing. */
  readonly offer: HandMove;
  /** What makes it say something on the air at once. */
  readonly wake: HandMove;
  /** An address such as its locks have, lower case with colons, of six bytes by chance. */
  address(bytes: Uint8Array): string;
  /** Throws SimError for an unknown variant or an impossible address. */
  make(options: LockOptions): VirtualLock;
}
