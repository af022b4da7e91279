// The words of access: people, their credentials and the stable slots that bridges call users.
import type { Secret } from '../base/log.ts';
import type { EnrolStep, WeeklyWindow } from '../lock/driver.ts';
import type { Asker, CodeKind } from '../lock/lock.ts';

export interface Person {
  id: string;
  name: string;
}

/**
 * wanted: kept here, not yet on the lock. on_lock: read back or confirmed by the lock. disabled: kept here, off the lock.
 * removing: must leave the lock. unknown_value: found on the lock, its value was not set by us.
 */
export type CredentialState = 'wanted' | 'on_lock' | 'disabled' | 'removing';

/** The slot is stable, 1..capacity per lock and kind: what zigbee2mqtt calls user and Matter calls credential index. */
export interface CredentialView {
  id: string;
  lock: string;
  kind: 'code' | 'card' | 'finger';
  slot: number;
  state: CredentialState;
  codeKind?: CodeKind;
  /** ms since the epoch. */
  from?: number;
  until?: number;
  /** The only hours of the week: of cards, fingerprints and codes of the kind `cyclic`. */
  weekly?: readonly WeeklyWindow[];
  person?: Person;
  /** Whether we know the PIN's value (only in the vault). */
  known: boolean;
}

export interface CodeTimes {
  kind?: CodeKind;
  from?: number;
  until?: number;
}
export interface CodeRequest extends CodeTimes {
  digits: Secret<string>;
  /** Makes it one of the kind `cyclic`. */
  weekly?: readonly WeeklyWindow[];
  person?: string;
  enabled?: boolean;
}

export interface Access {
  /** Occupied slots only. */
  credentials(lock: string): CredentialView[];
  capacity(lock: string): number;
  /** Resolves when the lock has confirmed it. `invalid` for digits or slots out of range, `unsupported` without keypad. */
  setCode(lock: string, slot: number, code: CodeRequest, asker: Asker): Promise<CredentialView>;
  clearCode(lock: string, slot: number, asker: Asker): Promise<void>;
  setEnabled(lock: string, slot: number, enabled: boolean, asker: Asker): Promise<CredentialView>;
  /** Reads what is on the lock and brings our list in line; foreign codes get free slots. */
  reconcile(lock: string, asker: Asker): Promise<CredentialView[]>;
  /** The slot and person behind a value that the lock reported. */
  match(
    lock: string,
    kind: 'code' | 'card' | 'finger',
    value: Secret<string>,
  ): { slot: number; person?: string } | undefined;
  /** `kind`: slots of codes, cards and fingerprints are numbered apart. */
  hear(ear: (lock: string, slot: number, kind: CredentialView['kind']) => void): () => void;
}

/** One credential on a lock, as the lock itself lists it. Never its value. */
export interface Sighting {
  kind: CredentialView['kind'];
  /** It was not put there from here: no slot of ours has it. */
  stranger: boolean;
  id?: string;
  slot?: number;
  state?: CredentialState;
  codeKind?: CodeKind;
  from?: number;
  until?: number;
  /** Name of the person. */
  person?: string;
}
/** `listed` false: the lock does not tell what it holds, so `there` is only what our list says. */
export interface CensusOfKind {
  kind: CredentialView['kind'];
  listed: boolean;
  there: readonly Sighting[];
}
/** What an erasure did to one kind. `readBack` false: the lock does not list them, so nobody saw that they are gone. */
export interface Erased {
  kind: CredentialView['kind'];
  method: 'nothing' | 'cleared' | 'one_by_one';
  readBack: boolean;
  /** How many were to go. */
  before: number;
  /** Still there although they were to go. */
  left: readonly Sighting[];
}

/** What flows and Matter tell and ask access beyond that. */
export interface AccessUpkeep {
  /** The lock was wiped or took a new owner: what was on it is gone and must not come back by itself. */
  wiped(lock: string): void;
  /** Other times for the digits of a slot, which are in force then; `unsupported` (reason `unknown_value`) for unknown ones. */
  setTimes(lock: string, slot: number, times: CodeTimes, asker: Asker): Promise<CredentialView>;
  /** Reads what is on the lock, of each kind that it has. Changes neither the lock nor our list. */
  census(lock: string, asker: Asker): Promise<CensusOfKind[]>;
  /**
   * Takes everything of one kind off but the credentials in `keep` (ids) and those that are not on the lock yet, then reads
   * back. Undefined: the lock has nothing of this kind. Repeatable.
   */
  erase(
    what: { lock: string; kind: CredentialView['kind']; keep: readonly string[] },
    asker: Asker,
  ): Promise<Erased | undefined>;
}

export interface TokenRequest {
  person?: string;
  /** ms since the epoch. */
  from?: number;
  until?: number;
  weekly?: readonly WeeklyWindow[];
}

/** Cards and fingerprints. `kind` decides which; slots are their own per kind. Ids of cards are secrets like PINs. */
export interface TokenAccess {
  capacity(lock: string, kind: 'card' | 'finger'): number;
  /** Waits until somebody presents it; `step` hears what they are to do. An abort ends the wait. */
  enrol(
    what: { lock: string; kind: 'card' | 'finger'; slot: number; request: TokenRequest },
    how: { step: (step: EnrolStep) => void; signal: AbortSignal },
    asker: Asker,
  ): Promise<CredentialView>;
  /** A card whose number is known. */
  addCard(
    lock: string,
    slot: number,
    card: TokenRequest & { number: Secret<string> },
    asker: Asker,
  ): Promise<CredentialView>;
  setValidity(
    lock: string,
    kind: 'card' | 'finger',
    slot: number,
    request: TokenRequest,
    asker: Asker,
  ): Promise<CredentialView>;
  remove(lock: string, kind: 'card' | 'finger', slot: number, asker: Asker): Promise<void>;
}
