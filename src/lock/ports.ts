// What lock/ needs of the disk, and the records that cross that border. store/ implements these.
import type { Credential } from './driver.ts';
import type { Abilities, Facts, Lifecycle, LockSettings, LockState, SessionStats, Unit, Via } from './lock.ts';
import type { SettingValues } from './survey.ts';

/** A lock as it is kept. `endpoint` is the Matter endpoint number, from 2, never reused. */
export interface LockRecord {
  id: string;
  name: string;
  unit: Unit;
  family: string;
  address: string;
  addressType: 'public' | 'random';
  /** Recognised.hardware: what stays when the address rotates. */
  hardware: string;
  endpoint: number;
  lifecycle: Lifecycle;
  generation: number;
  /** Named before it was ever paired (by a person or the configuration): it is shown and survives a failed pairing. */
  prepared?: boolean;
  /** Only what somebody chose; the rest follows from the abilities. */
  settings: Partial<LockSettings>;
  facts: Facts;
  abilities?: Abilities;
  /** The last thing the lock said, for `guessed` after a restart. */
  lastState?: LockState;
  stats?: SessionStats;
  /** Where reading the lock's own log goes on. */
  logCursor?: number;
  addedAt: number;
}

/** Every call is synced when it returns; throws LockError `disk` when it could not be. */
export interface LockShelf {
  all(): LockRecord[];
  /** Allots id-independent things: the endpoint number. `invalid` when the name or id is taken. */
  add(record: Omit<LockRecord, 'endpoint'>): LockRecord;
  save(record: LockRecord): void;
  /** Like save, for what may be lost in a crash (state, statistics). */
  note(record: LockRecord): void;
  remove(id: string): void;
  units(): Unit[];
  /** The unit of that name, made when there is none. */
  unit(name: string): Unit;
}

/** The last values of what is set on each lock itself, by its id; what is damaged counts as never read. */
export interface ValueShelf {
  get(lock: string): SettingValues;
  set(lock: string, values: SettingValues): void;
  remove(lock: string): void;
}

/**
 * provisional: written before the lock could know it. live: the lock accepted it. leaving: a wipe was sent, outcome
 * unknown. retired: replaced, kept until proven dead. dead: the lock proved that it forgot it.
 */
export type CredentialStatus = 'provisional' | 'live' | 'leaving' | 'retired' | 'dead';

export interface KeptCredential {
  id: string;
  lock: string;
  generation: number;
  status: CredentialStatus;
  credential: Credential;
  madeAt: number;
  changedAt: number;
}

/** Keys at rest. Every call is synced when it returns. Throws `unauthenticated` (reason `sealed`) when the key is not there. */
export interface Vault {
  /** At most one provisional a lock: an older provisional one becomes retired in the same transaction. */
  keep(lock: string, credential: Credential, generation: number): KeptCredential;
  /** Other bytes for the same credential (a learned header, a finished pairing). */
  replace(id: string, credential: Credential): void;
  /** This one is live and every other live or leaving one of the lock is retired, in one transaction. */
  promote(id: string): void;
  mark(id: string, status: CredentialStatus): void;
  /** Newest first. */
  of(lock: string): KeptCredential[];
}

export interface AuditEntry {
  lock?: string;
  /** asked, admitted, refused, done, failed, event, … */
  what: string;
  via: Via;
  who: string;
  /** Short words without secrets. */
  detail?: string;
}

export interface Audit {
  /** Never throws: when the disk is full it counts a gap instead, since locking a door matters more. */
  write(entry: AuditEntry): void;
}
