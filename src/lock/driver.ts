// What a family must provide. Adding one is a folder under drivers, a line in drivers/index.ts and a virtual lock.
import type { Clock } from '../base/clock.ts';
import type { Log, Secret } from '../base/log.ts';
import type { Zone } from '../base/zone.ts';
import type { Advert, Link } from '../radio/radio.ts';
import type { Traffic } from '../radio/tap.ts';
import type { Abilities, Bolt, CodeKind, Door, Facts, Happening, LockKind, SettingValue, Verb } from './lock.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Whatever lets us in, in the driver's own shape. The vault seals it as it is; only the driver looks inside. */
export interface Credential {
  readonly family: string;
  readonly data: Secret<Readonly<Record<string, Json>>>;
}

/** What an advert tells. `wake` is a digest of state, log and setting bits: when it changes, connect and ask. */
export interface Recognised {
  /** For people, e.g. "S502" or the advertised name. */
  model: string;
  kind: LockKind;
  /** pairable: may be paired now. taken: somebody owns it (perhaps we). refused: we cannot speak to it, and `why`. */
  state: 'pairable' | 'taken' | 'refused';
  why?: string;
  /** Stable identity of the hardware where the advert has one (MAC in the payload), else the address. */
  hardware: string;
  wake: string;
  /** Somebody is touching it, or did seconds ago. A hint as well. */
  touched?: boolean;
  /** A hint only; a forged advert can say anything. */
  battery?: number;
  /** Pairing takes a secret that only a person knows: it is asked for first and handed over as `PairHint.secret`. */
  asks?: PairSecret;
}

/** A PIN or text printed on the lock or its card, or chosen by its owner, without which it takes no new client. */
export interface PairSecret {
  minDigits: number;
  maxDigits: number;
  /** Capital letters as well as digits. The driver looks at their form before it sends anything. */
  letters?: true;
  /** Where a person finds it, one sentence. */
  text: string;
}

/** What the driver is given to work on. Everything that time, chance or the outside may change comes from here. */
export interface Ground {
  clock: Clock;
  zone: Zone;
  /** Cryptographically secure; seeded in tests. */
  random: (bytes: number) => Uint8Array;
  /** What the lock said, asked or not. Must not throw. */
  report(report: Report): void;
  /** Aborts everything: the reason is the LockError to fail with. */
  signal: AbortSignal;
  log: Log;
}

export type Report =
  | { kind: 'state'; bolt?: Bolt; door?: Door; battery?: number; trust: 'proven' | 'told' }
  | { kind: 'happened'; happening: Happening }
  /** The lock wrote something into its own log just now. */
  | { kind: 'recorded' }
  | { kind: 'roundTrip'; ms: number };

export interface PairHint {
  advert: Advert;
  /** Family options of this lock from configuration, e.g. `vendorToken`. */
  options?: Readonly<Record<string, string>>;
  /** What `Recognised.asks` asked for. */
  secret?: Secret<string>;
  /** What an earlier pairing kept that broke off: a family whose locks list their clients takes its place in the list. */
  unfinished?: Credential;
}

/** A pairing that succeeded. */
export interface Paired {
  credential: Credential;
  facts: Facts;
  abilities: Abilities;
}

/** What holds for every lock of a family: plans and sentences are made of it, so that nobody has to know the family. */
export interface Nature {
  /** The family's name for people. */
  title: string;
  /**
   * one: whoever pairs it owns it, only a lock that nobody owns offers itself, and `forget` empties it. many: it takes further
   * clients whenever somebody at it allows that, and `forget` takes our own right away and leaves everything else.
   */
  owners: 'one' | 'many';
  /** What makes a sleeping lock speak, an instruction without a full stop: "Touch its keypad". Absent: it is always heard. */
  wake?: string;
  /** What makes it offer itself for pairing, likewise. */
  offer: string;
  /** What some of its models want besides, of which an advert in daily use does not tell: one sentence. */
  wants?: string;
}

export interface LockDriver {
  readonly family: string;
  readonly nature: Nature;
  /** Undefined: not of this family. Never throws, whatever the bytes. */
  recognise(advert: Advert): Recognised | undefined;
  /**
   * Calls `keep` with the credential BEFORE the lock can have learnt it, and again whenever it changes; waits for it.
   * Rejects `rejected` with reason `not_pairable` when the lock says that it is owned.
   */
  pair(link: Link, ground: Ground, hint: PairHint, keep: (credential: Credential) => Promise<void>): Promise<Paired>;
  /**
   * Proves to each other who we are. `advert` is the newest one heard, if any. Rejects `unauthenticated` (reason
   * `key_refused`) when the lock does not know the credential; then nothing that depends on a secret is repeated.
   */
  open(link: Link, ground: Ground, credential: Credential, advert?: Advert): Promise<LockSession>;
  /**
   * Asks the lock to forget this credential (or everything); says whether it proved that it did. After 'unproven' or an
   * error with acted 'maybe' the caller probes: an advert that says pairable, or an `open` that is refused.
   */
  forget(link: Link, ground: Ground, credential: Credential, advert?: Advert): Promise<'proven' | 'unproven'>;
  /** Reads a credential of another program; undefined when it is not of this family. Throws `invalid` when broken. */
  importCredential?(foreign: Json): ImportedCredential[] | undefined;
  /**
   * What went over the air, in order, as test vectors of this family in which no secret is left: none of the credentials',
   * and no code, card or account number either. Never throws for what a lock sent.
   */
  mask?(
    traffic: readonly Traffic[],
    how: { credentials: readonly Credential[]; random: (bytes: number) => Uint8Array },
  ): { meta: { readonly [key: string]: Json }; vectors: readonly Json[] };
}

export interface ImportedCredential {
  credential: Credential;
  address: string;
  name?: string;
  /** Why the keys should be changed, if they should. */
  weak?: string;
}

/**
 * A link on which the lock and we have proved who we are. One question at a time; the keeper sees to it. Anything but
 * the lock's own "no" (`rejected`) has closed the link when it rejects.
 */
export interface LockSession {
  readonly facts: Facts;
  readonly abilities: Abilities;
  readonly closed: Promise<void>;
  /** The credential changed (learned header, feature value): the keeper stores it. */
  readonly updated?: Credential;
  /** Asks the lock; resolves after the report. */
  readState(): Promise<void>;
  /** Resolves only on the lock's own yes. */
  act(verb: Verb): Promise<void>;
  /** The cheapest question that keeps the link. Its answer is reported when it says something about the state. */
  keepAlive(): Promise<void>;
  close(): Promise<void>;
  /** Fills facts and abilities from the lock, optional reads tolerated. */
  inspect?(): Promise<{ facts: Facts; abilities: Abilities }>;
  readonly clock?: LockClock;
  readonly codes?: Codes;
  readonly cards?: Tokens;
  readonly fingers?: Tokens;
  readonly settings?: Settings;
  readonly records?: Records;
  readonly adminCode?: AdminCode;
  readonly authorisations?: Authorisations;
  readonly timers?: Timers;
  /** One of `abilities.actions`. Resolves only on the lock's own yes. */
  perform?(action: string): Promise<void>;
  /**
   * Every key that an app was given stops working; ours goes on. `keep` gets our key as it will be BEFORE the lock can know
   * it, and must have it on the disk when it resolves; after the lock's own no it gets the old one back.
   */
  revokeAppKeys?(keep: (credential: Credential) => Promise<void>): Promise<void>;
  /**
   * Makes a new key of ours beside the old one, with nobody at the door. `keep` gets it BEFORE the lock can know it and
   * again when it is complete; the old one stays live meanwhile. Then a session is opened with the new key, which proves
   * it; from there on it is the live one, and `retireKey` takes the old one off the lock.
   */
  renewKey?(keep: (credential: Credential) => Promise<void>): Promise<Credential>;
  /** In a session of another key of ours: the lock forgets this one. The proof is an `open` with it that is refused. */
  retireKey?(old: Credential): Promise<void>;
}

export interface LockClock {
  /** ms since the epoch, by the lock's wall clock in the ground's zone. */
  read(): Promise<number>;
  set(at: number): Promise<void>;
}

/** Validity: ms since the epoch; absent is without limit. */
export interface Validity {
  from?: number;
  until?: number;
}
/** Weekly windows. `day` 1..7 is Monday..Sunday; minutes since midnight. */
export interface WeeklyWindow {
  day: number;
  startMinute: number;
  endMinute: number;
}

export interface Code {
  digits: Secret<string>;
  kind: CodeKind;
  validity: Validity;
  /** Only where `abilities.codes.weekly` says so; such a code is of the kind `cyclic`. */
  weekly?: readonly WeeklyWindow[];
}
export interface Codes {
  list(): Promise<Code[]>;
  /** `rejected` with reason `duplicate_code`, `code_rules` or `no_space`. */
  add(code: Code): Promise<void>;
  /** `rejected` with reason `not_there` when the lock has no such code. */
  remove(code: Code): Promise<void>;
  change?(code: Code, next: Code): Promise<void>;
  clear(): Promise<void>;
}

/** A card (its number) or a fingerprint (its id in the lock), as a decimal string. */
export interface Token {
  id: string;
  validity: Validity;
  weekly?: readonly WeeklyWindow[];
}
export interface EnrolStep {
  say: 'present' | 'again' | 'done';
  step?: number;
  of?: number;
}
export interface Tokens {
  list(): Promise<Token[]>;
  /** Waits for a person; `progress` hears each step. An abort ends the wait and the session. */
  enrol(progress: (step: EnrolStep) => void): Promise<Token>;
  /** Adds one whose number is known; not every kind can. */
  add?(token: Token): Promise<void>;
  setValidity(token: Token): Promise<void>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

export interface Settings {
  read(name: string): Promise<SettingValue>;
  /** Reads back; `rejected` with reason `not_taken` when the lock kept the old value. */
  write(name: string, value: SettingValue): Promise<void>;
}

export interface Records {
  /** Records after `cursor` (undefined: those the lock calls new), oldest first, at most `most`, and the next cursor. */
  read(cursor: number | undefined, most: number): Promise<RecordPage>;
  /** Records from `back` before the cursor on, oldest first, at most `most`. What the lock calls new stays as it is. */
  look?(at: { cursor: number | undefined; back: number }, most: number): Promise<RecordPage>;
}
export interface RecordPage {
  records: Happening[];
  cursor: number;
  more: boolean;
}

/** The code that opens the lock's own menu at the keypad. */
export interface AdminCode {
  /** Undefined when there is none, or the lock does not tell and we did not set it. */
  read(): Promise<Secret<string> | undefined>;
  /**
   * `invalid` for digits that no lock of the family takes, `rejected` for what this one refuses. Where the lock does not
   * tell its code, `keep` gets our key with the new one BEFORE the lock can know it.
   */
  set(code: Secret<string>, keep?: (credential: Credential) => Promise<void>): Promise<void>;
  /**
   * A person tells us the code that the lock has already: it is tried at the lock, and kept in the credential
   * (`LockSession.updated`). `rejected` with reason `wrong_code` when it is another one.
   */
  tell?(code: Secret<string>): Promise<void>;
}

/** Who else the lock takes: phones, bridges, fobs and keypads that were paired with it, by the lock's own number. */
export interface Authorisation {
  id: string;
  kind: 'app' | 'bridge' | 'fob' | 'keypad' | 'other';
  name: string;
  /** It is the one that we use. */
  ours: boolean;
  enabled: boolean;
  createdAt?: number;
  lastUsedAt?: number;
  validity: Validity;
}
export interface Authorisations {
  list(): Promise<Authorisation[]>;
  /** `rejected` with reason `not_there` when the lock has no such one; never our own. */
  remove(id: string): Promise<void>;
}

/** What the lock does by itself at a time of day. `days` are 1..7, Monday..Sunday. */
export interface Timer {
  id: string;
  enabled: boolean;
  days: readonly number[];
  minute: number;
  /** A verb or one of `abilities.actions`. */
  action: string;
}
export interface Timers {
  list(): Promise<Timer[]>;
  /** Gives the timer as the lock keeps it, with its id. */
  add(timer: Omit<Timer, 'id'>): Promise<Timer>;
  change(timer: Timer): Promise<void>;
  remove(id: string): Promise<void>;
}
