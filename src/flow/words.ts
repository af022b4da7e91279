// The words of flows: types, states, grades, prompts, and the port that bridges talk to. Source: specs in docs/design.md, "Flows".
import type { LockError } from '../base/errors.ts';
import type { Asker, Role } from '../lock/lock.ts';
import type { Plan } from './plan.ts';

/** 'repair' is RE-PAIR: it also brings in a lock that was never here. */
export type FlowType = 'unpair' | 'repair' | 'reset' | 'rekey' | 'turnover' | 'diagnose';
export const FLOW_TYPES: readonly FlowType[] = ['unpair', 'repair', 'reset', 'rekey', 'turnover', 'diagnose'];
/** They destroy something: leases, clearance, notices and a signed record. */
export const DESTRUCTIVE: readonly FlowType[] = ['unpair', 'reset', 'rekey', 'turnover'];

/** Why somebody starts it: it selects the rung of the erasure ladder and stands in the record (S0-02, S1-01, S1-02, S2-61). */
export type Reason =
  | 'tenant_left'
  | 'lost_admin'
  | 'revoke_person'
  | 'replacing'
  | 'moving'
  | 'was_reset'
  | 'not_responding'
  | 'disconnects'
  | 'wrong_data'
  | 'lost_key'
  | 'new_lock'
  | 'clean_slate'
  | 'other';

/** Where a step stands: before the pivot it can be undone, after it there is only forward. */
export type Segment = 'reversible' | 'compensatable' | 'pivot' | 'retriable';

export type StepKind =
  | 'check'
  | 'auto_ble'
  | 'auto_sys'
  | 'human_do'
  | 'human_confirm'
  | 'human_input'
  | 'human_choice'
  | 'observe'
  | 'wait'
  | 'decide'
  | 'verify_pos'
  | 'verify_neg'
  | 'publish'
  | 'info';

/** E3 the lock itself said so; E2 what was heard fits; E1 a person said so; E0 skipped or unknown. */
export type Grade = 'E0' | 'E1' | 'E2' | 'E3';

export type FlowState =
  | 'planned'
  | 'awaiting_clearance'
  | 'running'
  | 'waiting_human'
  | 'waiting_radio'
  | 'waiting_window'
  | 'paused'
  | 'verifying'
  | 'compensating'
  | 'recovering'
  | 'needs_attention'
  | 'succeeded'
  | 'succeeded_with_residuals'
  | 'aborted_clean'
  /** Stopped before the pivot, but what was set up could not be undone or read back. */
  | 'aborted';
export const CLOSED: readonly FlowState[] = ['succeeded', 'succeeded_with_residuals', 'aborted_clean', 'aborted'];

/** Stable codes of why a flow stopped, parked or refused (LockError.reason carries them). `vendor_error:<n>` also occurs. */
export const STOP_CODES = [
  'not_heard',
  'too_weak',
  'asleep',
  'wrong_lock',
  'secret_needed',
  'wrong_code',
  'admin_code_unknown',
  'ambiguous_lock',
  'door_not_open',
  'not_unlocked',
  'battery_low',
  'battery_unknown',
  'not_authorised',
  'clearance_expired',
  'precondition_changed',
  'account_bound',
  'reset_disabled_on_lock',
  'person_absent',
  'rebooted_not_reset',
  'held_too_long',
  'key_refused',
  'half_paired',
  'foreign_owner',
  'low_security',
  'calibration_failed',
  'jammed',
  'no_space',
  'duplicate_code',
  'code_rules',
  'lockout_active',
  'clock_unsynced',
  'still_opens',
  'adapter_down',
  'host_restart',
  'busy',
  'tenancy_active',
  'catalogue_uncertain',
  'no_way_back',
  'cancelled',
  'emergency',
  'disk',
] as const;

/** One thing that is known, how well, and from whom. `what` is a sentence without secrets. */
export interface Evidence {
  grade: Grade;
  what: string;
  by: 'radio' | 'system' | 'person';
  /** The person or channel, for E1. */
  who?: string;
  at: number;
}

/** Something that could still open the door, or was not tried, when the flow ended. Never a code or a key. */
export interface Residual {
  /** untested, kept_credential, metal_keys, unmanaged_credential, algorithmic_codes, vendor_account, lock_kept_keys, … */
  kind: string;
  text: string;
  until?: number;
}

export interface FlowRequest {
  type: FlowType;
  /** Id or name; only a 'repair' may lack it. */
  lock?: string;
  reason: Reason;
  /** Free words of the person. */
  note?: string;
  /** When it must be finished, ms since the epoch: before it, less the reserve, a work order is raised. */
  deadline?: number;
  /** TURNOVER: when the tenant leaves (default: has left) and when the next one comes. ms since the epoch. */
  checkout?: number;
  next_checkin?: number;
  /** TURNOVER: codes that stay, by slot; they stand in the record as kept. */
  keep?: readonly number[];
  /** TURNOVER, REKEY: phones that were paired with the lock itself: all go, all stay, or somebody is asked (the default). */
  phones?: 'remove' | 'keep';
  /** Only the plan: nothing runs until somebody with the right says `go`. */
  plan_only?: boolean;
  /** guided: one instruction at a time. brief: what a person must state is stated with the confirmation, in one go. */
  mode?: 'guided' | 'brief';
  /** UNPAIR: also forget name and topics. */
  remove?: boolean;
  /** UNPAIR: the lock is dead or gone; it forgets nothing, and that is said. */
  forget_only?: boolean;
  /** REPAIR: which candidate, and what it shall be. */
  address?: string;
  name?: string;
  unit?: string;
  /** REPAIR: how long to wait for the lock to offer itself. */
  seconds?: number;
  /** UNPAIR, RESET: pair again in the same flow lineage. RESET always does. */
  then?: 'repair' | 'nothing';
  /** An owner's override of a rule, with a typed sentence (R04, R16). */
  overrides?: readonly { rule: string; sentence: string }[];
  /** The flow that this one goes on from: old name, unit, settings and settings snapshot are taken over. */
  lineage?: string;
}

/** What is asked of a person. Survives restarts under the same id. No secret is in it. */
export interface Prompt {
  /** `p-1`, counted within the flow. */
  id: string;
  flow: string;
  step: string;
  kind: 'human_do' | 'human_confirm' | 'human_input' | 'human_choice' | 'clearance' | 'plan';
  text: string;
  /** At most 20 words, for a voice. */
  spoken: string;
  /** `yes` among `means` is what done, yes, ok and confirm answer. A human_input has none. */
  options: readonly PromptOption[];
  /** To be sent back with the answer: one time, four digits. Clearances and choices that destroy something have one. */
  challenge?: string;
  /** What is typed is secret: it may not be answered over MQTT. */
  secret?: boolean;
  /** Who may answer. */
  roles: readonly Role[];
  /** The step that honours these asks. */
  honours: readonly string[];
  askedAt: number;
  expiresInS?: number;
  /** A button is held from the answer on, for so many seconds; the count is in the flow's `progress`. */
  hold?: { least: number; most: number; letGo: number };
  /** What a yes also says, one sentence each: with a clearance. */
  says?: readonly string[];
  /** What is true while this is asked, where that is not what is true of its step. */
  atStake?: string;
}
export interface PromptOption {
  value: string;
  label: string;
  means?: 'yes' | 'no' | 'skip' | 'help';
}
export interface AnswerRequest {
  prompt: string;
  answer: string;
  challenge?: string;
}

export interface FlowView {
  id: string;
  type: FlowType;
  reason: Reason;
  lock?: string;
  lockName?: string;
  state: FlowState;
  step?: { id: string; title: string; kind: StepKind; segment: Segment; number: number; of: number; startedAt: number };
  /** What is true if it stops exactly here (flows.md 6.4), one sentence. */
  atStake: string;
  prompts: readonly Prompt[];
  /** A step's own words of how it goes, newest last, at most 5: "That was only a restart: hold longer." */
  progress: readonly string[];
  /** Why it is parked or ended as it did. */
  stop?: { code: string; text: string; next?: string };
  /** Seconds until the step gives up, where it does. */
  expiresInS?: number;
  /** While the door opens to a public code or to anyone. */
  exposure?: { what: string; seconds: number; limitSeconds: number };
  workOrder?: WorkOrder;
  residuals: readonly Residual[];
  starter: string;
  confirmer?: string;
  /** Whose hands it is in now (hand over). */
  holder: string;
  startedAt: number;
  pivotAt?: number;
  endedAt?: number;
  lineage?: string;
  plan: Plan;
  /** Id of the signed record, when there is one. */
  record?: string;
}

/** A job for a person with a time: what to bring, how long it takes, what happens otherwise. */
export interface WorkOrder {
  flow: string;
  lock: string;
  unit: string;
  text: string;
  bring: readonly string[];
  minutes: number;
  latest?: number;
  fallback: string;
  raisedAt: number;
}

/** What bridges hear; `view` is the newest. */
export type FlowEvent =
  | { kind: 'started' | 'changed' | 'ended'; view: FlowView }
  | { kind: 'prompt'; view: FlowView; prompt: Prompt }
  | { kind: 'answered'; view: FlowView; prompt: string; by: string }
  /** A line of the journal without secrets. */
  | { kind: 'line'; view: FlowView; line: PublicLine }
  /** R15: all administrators are told. `urgent` for alarms (exposure, still_opens, parked too long). */
  | { kind: 'notice'; view: FlowView; text: string; urgent: boolean }
  | { kind: 'work_order'; view: FlowView; order: WorkOrder };

export interface PublicLine {
  number: number;
  at: number;
  kind: string;
  step?: string;
  text: string;
  grade?: Grade;
  /** Who said so, where it rests on that. */
  by?: string;
}

/** A telemetry rule noticed something: it suggests a flow and never starts one (S0-28..S0-32). */
export interface Suggestion {
  id: string;
  lock: string;
  /** The rule's name. */
  rule: string;
  text: string;
  suggests: readonly FlowType[];
  evidence: readonly string[];
  since: number;
}

/** All flows: what bridges, the command line and the page talk to. Every call checks the asker's role (flows.md 6.2). */
export interface Flows {
  /**
   * Makes the plan and, unless it is plan_only, begins. Rejects with the LockError that refuses it: `busy` (the flow that
   * holds the lock is in the text), `forbidden` with the rule in `reason`, `not_found`, `unsupported`, `invalid`.
   */
  start(request: FlowRequest, asker: Asker): Promise<FlowView>;
  /** The plan alone; nothing is kept. */
  preview(request: FlowRequest, asker: Asker): Promise<Plan>;
  get(flow: string): FlowView | undefined;
  /** Open ones first, newest first. */
  all(query?: { lock?: string; open?: boolean; most?: number }): FlowView[];
  /** `not_found`, `forbidden`, `invalid` (wrong challenge or option), `rejected` reason `expired`. */
  answer(flow: string, answer: AnswerRequest, asker: Asker): Promise<FlowView>;
  /** Before the pivot: undone and closed. After it: parks, with the words of what state the door is in. */
  cancel(flow: string, asker: Asker): Promise<FlowView>;
  pause(flow: string, asker: Asker): Promise<FlowView>;
  /** Goes on with a planned (`go`), paused or parked flow at its step. */
  resume(flow: string, asker: Asker): Promise<FlowView>;
  handOver(flow: string, to: string, asker: Asker): Promise<FlowView>;
  /** What somebody has to say of a step, such as that it is wrong for this lock (S2-62): kept, and in the support bundle. */
  comment(flow: string, text: string, asker: Asker): Promise<FlowView>;
  /** R18: cancels all flows before their pivot, and releases nothing. */
  emergency(asker: Asker): Promise<FlowView[]>;
  /** Resolves when the flow is closed or parked. */
  settled(flow: string): Promise<FlowView>;
  /** Why it stopped, as it was thrown, while this process remembers. */
  failure?(flow: string): LockError | undefined;
  /** The transcript without secrets. */
  lines(flow: string): PublicLine[];
  suggestions(): readonly Suggestion[];
  hear(ear: (event: FlowEvent) => void): () => void;
}

/** What a lock's owner allows (latchbridge.yaml `policy.flows`, per lock). */
export interface FlowPolicy {
  /** How far an automation may go by itself. */
  unattended: 'plan_only' | 'soft_wipe';
  /** Whether an owner's or manager's token may confirm a pivot over MQTT. The demo only. */
  confirmByMqtt: boolean;
  /** Starter and confirmer must be two people. */
  twoPersons: boolean;
  /** R03, per cent. */
  leastBattery: number;
  /** R09. */
  pivotsPerHour: number;
  minutesBetweenPivots: number;
  /** R20: how long replaced secrets stay in escrow. */
  escrowDays: number;
  /** Taken from the deadline for travel and the remaining steps. */
  reserveMinutes: number;
  /** How long the tenant may still be busy leaving after `checkout`. */
  graceMinutes: number;
}
