// What a step of a flow is in code, and what it is given to work with.
import type { Access, AccessUpkeep, TokenAccess } from '../access/access.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Json } from '../lock/driver.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Workbench } from '../lock/locks.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Vault } from '../lock/ports.ts';
import type { Registry } from '../lock/registry.ts';
import type { Secrets } from '../store/vault.ts';
import type { Health } from '../lock/upkeep.ts';
import type { Nearby } from './nearby.ts';
import type { Clearance } from './clearance.ts';
import type { Pairer } from './pairing.ts';
import type { Draft, Plan, PlannedStep } from './plan.ts';
import type { Procedure, Procedures } from './procedures.ts';
import type { Settler } from './settle.ts';
import type { Evidence, FlowPolicy, FlowRequest, FlowType, Grade, Prompt, PromptOption, Residual } from './words.ts';
import type { Wiper } from './wiping.ts';

/** One kind of flow: how its plan is made, and the code of its steps. */
export interface Recipe {
  readonly type: FlowType;
  /** Throws the LockError that says why this lock cannot have it at all. Asks no lock and changes nothing. */
  draft(about: Planning): Draft;
  readonly steps: readonly StepCode[];
}

export interface Planning {
  request: FlowRequest;
  asker: Asker;
  /** Nobody is there to answer: an automation started it. */
  unattended: boolean;
  lock?: LockView;
  procedure: Procedure;
  policy: FlowPolicy;
  tools: Tools;
}

export interface StepCode {
  readonly id: string;
  /** Does it, or throws a LockError whose reason is one of the stop codes. Called again after a restart. */
  run(scene: Scene): Promise<StepResult>;
  /**
   * After a restart or an unclear end inside an act: what became of it. `done` and `not_done` need proof; else `unknown`, and
   * the flow waits and asks again. Without it the step is simply run again, so it must be repeatable.
   */
  probe?(scene: Scene, intent: Intent): Promise<'done' | 'not_done' | 'unknown'>;
  /** Takes back what it did, for compensatable steps; run backwards on cancel. Repeatable. */
  undo?(scene: Scene): Promise<void>;
  /** Tries after a failure of the radio, ms between them. Refusals are never tried again. */
  readonly retryPausesMs?: readonly number[];
}

export interface StepResult {
  /** ok, or skipped (by a person or because nobody is there): then `residual` says what is not known. */
  outcome: 'ok' | 'skipped';
  evidence: readonly Omit<Evidence, 'at'>[];
  residuals?: readonly Residual[];
  /** Steps (ids) of the plan that are not needed any more. */
  unneeded?: readonly string[];
}

/** Written before something is done that changes the lock; `data` has ids and digests, never a secret. */
export interface Intent {
  number: number;
  step: string;
  what: string;
  data: Readonly<Record<string, Json>>;
}

export interface Ask {
  kind: Prompt['kind'];
  text: string;
  spoken: string;
  options?: readonly PromptOption[];
  secret?: boolean;
  /** A one-time number must come back with the answer. */
  challenge?: boolean;
  roles?: Prompt['roles'];
  hold?: Prompt['hold'];
  says?: Prompt['says'];
  atStake?: Prompt['atStake'];
  /** The radio was faster, or it is not worth asking any more: the prompt is withdrawn and `ask` rejects. */
  signal?: AbortSignal;
}
export interface Answer {
  value: string;
  means?: PromptOption['means'];
  by: Asker;
}

/** What a step is given. Everything said here is in the journal before it is acted upon. */
export interface Scene {
  readonly flow: string;
  readonly plan: Plan;
  readonly step: PlannedStep;
  readonly request: FlowRequest;
  readonly starter: Asker;
  readonly unattended: boolean;
  readonly tools: Tools;
  /** Aborts on cancel, stop and the step's hard limit; its reason is the LockError. */
  readonly signal: AbortSignal;
  /** The act that was begun and whose outcome nobody knows, when the step is run again after a restart. */
  readonly interrupted?: Intent;
  /** The keeper of the flow's lock; throws `not_found` when there is none. */
  keeper(): Keeper;
  view(): LockView;
  /** The lock that this flow is about from now on (REPAIR of a new lock). */
  adopt(lock: string): void;
  /** Values that outlive a restart, no secrets (secrets go to the vault and are named here). */
  recall(name: string): Json | undefined;
  remember(name: string, value: Json): void;
  /** What the flow remembered that this one goes on from (`request.lineage`), or else the last destructive one of this lock. */
  inherited(name: string): Json | undefined;
  /** How a person finds out how it goes: "That was only a restart: hold longer." */
  say(text: string): void;
  /** Waits for the answer, over restarts; a prompt of the same step and text that is open already is joined. */
  ask(ask: Ask): Promise<Answer>;
  /** Noted at once, besides what the result carries. */
  note(evidence: Omit<Evidence, 'at'>): void;
  residual(residual: Residual): void;
  /**
   * Intent on disk, then `run`, then the outcome on disk. An error with acted 'maybe' leaves the intent open: the engine probes
   * before anything is sent again.
   */
  act<T>(what: string, data: Readonly<Record<string, Json>>, run: () => Promise<T>): Promise<T>;
  /**
   * Lease and lifecycle 'suspended' from here until the engine gives the lock back; orders of others by segment (flows.md
   * 4.11). Repeatable. Throws `busy`.
   */
  suspend(): void;
  /** Gives it back before the end: for undoing. */
  release(): void;
  /**
   * The clearance of this flow's pivot; only for pivot steps, once. Made by pre-flight from the findings (findings.ts) and the
   * yes to the prompt of kind `clearance`. Throws `clearance_expired`, or the rule's LockError.
   */
  clearance(): Clearance;
  /** The door opens to the public from now on, until `covered`. Counted over restarts. */
  exposed(): void;
  covered(): void;
  /** All administrators hear it (R15). */
  notify(text: string, urgent?: boolean): void;
  /** The state shown meanwhile: waiting for the radio or a time, not for a person. */
  waiting<T>(forWhat: 'radio' | 'window', work: Promise<T>): Promise<T>;
}

/** The parts that steps use. */
export interface Tools {
  registry: Registry;
  nearby: Nearby;
  pairer: Pairer;
  wiper: Wiper;
  settler: Settler;
  vault: Vault;
  /** Small secrets by name, such as `admin_code:<lock>:<generation>`. */
  secrets: Secrets;
  access: Access & AccessUpkeep;
  tokens: TokenAccess;
  workbench: Workbench;
  procedures: Procedures;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  health(): Health;
  /** A copy of everything, now; rejects when it could not be made. Says whether a second copy off the card was made. */
  backUp(): Promise<{ second: boolean }>;
}

/** Acts for a step as the owner, inside the lease. */
export const FLOW_ASKER: Asker = { via: 'flow', who: 'flow', role: 'owner' };

const ORDER: readonly Grade[] = ['E0', 'E1', 'E2', 'E3'];
export function atLeast(grade: Grade, least: Grade): boolean {
  return ORDER.indexOf(grade) >= ORDER.indexOf(least);
}
