// A plan: frozen data that a person can read before anything happens, and that a restart goes on with.
import type { Json } from '../lock/driver.ts';
import type { FlowRequest, FlowType, Grade, Segment, StepKind } from './words.ts';

/** The erasure ladder (flows.md 4.9), smallest first. own_key: our right to command goes, and all others stay. */
export type Rung =
  | 'look'
  | 'own_key'
  | 'one_person'
  | 'all_guests'
  | 'settings'
  | 'factory_reset'
  | 'metal'
  | 'replace';

export interface PlannedStep {
  /** Names the code that carries it out, e.g. `reset.hold_button`. */
  readonly id: string;
  readonly kind: StepKind;
  readonly segment: Segment;
  /** A few words. */
  readonly title: string;
  /** What happens or what to do, for this very lock. Sentences without secrets. */
  readonly text: string;
  /** At most 20 words, where a person is asked. */
  readonly spoken?: string;
  /** Ids of the guides that this step honours: S0-01 … S2-64. */
  readonly honours: readonly string[];
  /** What is true if it stops exactly here. */
  readonly atStake: string;
  /** The least that must be known for the flow to go on. */
  readonly evidence: Grade;
  /** Seconds: after `soft` the hints begin, after `hard` it ends. Absent: no limit of its own. */
  readonly soft?: number;
  readonly hard?: number;
  readonly skippable?: boolean;
  /** What happens to it with nobody there. */
  readonly unattended: 'run' | 'skip_with_residual' | 'work_order' | 'park';
  readonly hints?: readonly PlannedHint[];
  /** What the code needs to know, no secrets. */
  readonly with?: Readonly<Record<string, Json>>;
}

/** Advice for when a step takes long; `check` names a look that is taken automatically first. */
export interface PlannedHint {
  readonly text: string;
  readonly check?: string;
  readonly honours: readonly string[];
}

export interface Plan {
  readonly type: FlowType;
  readonly lock?: string;
  readonly request: FlowRequest;
  /** One sentence each. */
  readonly goal: string;
  readonly rung: Rung;
  readonly whyNotLess: string;
  /** What will be lost, by name and count (S1-36). */
  readonly lost: readonly string[];
  /** What a person must have at hand (S1-26). */
  readonly bring: readonly string[];
  /** Honest estimate for the lot, and steps for a person (S1-03). */
  readonly minutes: number;
  readonly humanSteps: number;
  /** Sentences that must be known before starting: misleading advice corrected, limits of the catalogue. */
  readonly notes: readonly { text: string; honours: readonly string[] }[];
  /** Id of the catalogue's entry and how sure it is. */
  readonly procedure: { id: string; title: string; sure: boolean; sources: readonly string[] };
  /** After a wipe to revoke somebody, old codes are never put back. */
  readonly restore: 'allowed' | 'forbidden';
  /** Seconds that the door may open to the public after the pivot. */
  readonly exposure: { what: string; limitSeconds: number };
  readonly steps: readonly PlannedStep[];
  /** SHA-256 of the canonical JSON of all of the above, hex. A clearance is for this hash. */
  readonly hash: string;
}
/** What a recipe writes; the planner adds the rest. */
export type Draft = Omit<Plan, 'hash' | 'type' | 'request' | 'lock' | 'humanSteps'>;
