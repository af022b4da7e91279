// The words of flows: pairing and unpairing as people and bridges see them.
import type { Secret } from '../base/log.ts';
import type { PairSecret } from '../lock/driver.ts';
import type { Asker, LockKind, LockView } from '../lock/lock.ts';

/** Something nearby that a driver recognised. */
export interface Candidate {
  address: string;
  family: string;
  model: string;
  kind: LockKind;
  name?: string;
  rssi: number;
  /** Wall clock of the last advert. */
  heardAt: number;
  /** ours: we hold its key. pairable: may be paired now. taken: somebody else owns it. refused: we cannot speak to it. */
  state: 'ours' | 'pairable' | 'taken' | 'refused';
  /** What to do, for people, when it is not pairable. */
  advice?: string;
  /** Our lock's id, when it is ours or was. */
  lock?: string;
  /** Pairing it takes a code that a person has to give. */
  asks?: PairSecret;
}

export interface PairRequest {
  /** An existing lock (id or name) to pair again: it keeps its identity. */
  lock?: string;
  /** Which candidate; without it there must be exactly one. */
  address?: string;
  name?: string;
  unit?: string;
  /** How long to wait for the lock to become pairable, default 120. */
  seconds?: number;
  /** What the lock asks of whoever pairs it (`Recognised.asks`). Kept in memory alone. */
  secret?: Secret<string>;
}

export type PairingEvent =
  | { kind: 'window'; open: boolean; until?: number }
  | { kind: 'candidate'; candidate: Candidate }
  | { kind: 'started'; address: string; lock?: string }
  | { kind: 'paired'; view: LockView }
  | { kind: 'failed'; address?: string; reason: string; text: string };

/** Brings locks in. Default keys are used only here, only while somebody asked for it, at most 120 s a time. */
export interface Pairing {
  /** z2m's permit_join: while open, a single pairable candidate is paired by itself. 0 closes. */
  permitJoin(seconds: number, asker: Asker): { open: boolean; until?: number };
  /** Wall clock when the window closes. */
  readonly openUntil: number | undefined;
  candidates(): Candidate[];
  /** Ends with the paired lock or a LockError; `busy` when a pairing runs. */
  pair(request: PairRequest, asker: Asker): Promise<LockView>;
  hear(ear: (event: PairingEvent) => void): () => void;
  stop(): Promise<void>;
}

export interface WipePlan {
  lock: string;
  name: string;
  /** What will be done, in order, for people. */
  steps: readonly string[];
  /** What is lost for good. */
  erases: readonly string[];
  /** What could go wrong, and what then. */
  warnings: readonly string[];
  confirm_token: string;
  expires_in_s: number;
  /** The flow that the token lets go and confirms. */
  flow: string;
}

export interface UnpairRequest {
  lock: string;
  /** Also forget the lock's name, topics and history here. */
  remove?: boolean;
  /** The lock cannot be reached for good: forget it here only; it keeps its old keys and codes, which is said. */
  forget_only?: boolean;
}

/** Two steps: a plan with a token, then the act with that token. Nothing wipes by one message. */
export interface Unpairing {
  plan(request: UnpairRequest, asker: Asker): Promise<WipePlan>;
  /** `forbidden` when the token is unknown, used, expired or for another lock, or when the asker may not confirm a wipe. */
  confirm(lock: string, token: string, asker: Asker): Promise<Unpaired>;
}

export interface Unpaired {
  view: LockView;
  /** The lock itself said that it forgot everything. */
  proven: boolean;
  removed: boolean;
  text: string;
  flow: string;
}
