// What the engine needs of the disk: flows, their journal and their records. store/flows.ts fulfils it.
import type { Asker } from '../lock/lock.ts';
import type { Json } from '../lock/driver.ts';
import type { Plan } from './plan.ts';
import type { FlowState, FlowType } from './words.ts';

export type LineKind =
  | 'planned'
  | 'go'
  | 'step'
  | 'preflight'
  | 'clearance'
  | 'intent'
  | 'outcome'
  | 'evidence'
  | 'residual'
  | 'asked'
  | 'answered'
  | 'remembered'
  | 'said'
  | 'timer'
  | 'exposed'
  | 'covered'
  | 'compensated'
  | 'parked'
  | 'resumed'
  | 'state'
  | 'handed_over'
  | 'work_order'
  | 'notice'
  | 'adopted'
  | 'closed';

/** `elapsed` is the budget used when it was written: ms that the flow has run, over restarts, not the wall clock. */
export interface JournalLine {
  number: number;
  at: number;
  elapsed: number;
  kind: LineKind;
  step?: string;
  data: Readonly<Record<string, Json>>;
  /** SHA-256 over the line and the hash of the one before, hex. */
  hash: string;
}

export interface KeptFlow {
  id: string;
  type: FlowType;
  lock?: string;
  plan: Plan;
  starter: Asker;
  state: FlowState;
  startedAt: number;
  endedAt?: number;
}

/** Every call is synced when it returns; throws LockError `disk`. Lines hold no secrets: those are in the vault, by name. */
export interface FlowShelf {
  /** With its first line, in one transaction. */
  add(flow: KeptFlow, first: Omit<JournalLine, 'number' | 'hash'>): JournalLine;
  append(flow: string, line: Omit<JournalLine, 'number' | 'hash'>): JournalLine;
  /** State, lock and end of the row itself. */
  save(flow: string, changes: { state?: FlowState; lock?: string; endedAt?: number }): void;
  get(flow: string): KeptFlow | undefined;
  /** Open ones first, then the newest. */
  all(query?: { lock?: string; open?: boolean; most?: number }): KeptFlow[];
  lines(flow: string): JournalLine[];
  /** Whether the chain of hashes holds; the number of the first line that does not fit. */
  check(flow: string): { ok: true } | { ok: false; number: number };
  /** Signed records, as the exact text that was signed. */
  keepRecord(record: { id: string; flow: string; lock?: string; at: number; text: string }): void;
  records(query?: {
    lock?: string;
    flow?: string;
    most?: number;
  }): { id: string; flow: string; lock?: string; at: number; text: string }[];
}
