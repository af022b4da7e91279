// What the daemon's routes take and give, by the names that the daemon uses. Shapes only: no value comes from here.

export type Role = 'owner' | 'manager' | 'technician' | 'automation' | 'voice';
export type Via = 'mqtt' | 'matter' | 'web' | 'cli' | 'flow' | 'daemon';

/** GET api/session; also the answer to setup, login and link. */
export interface Session {
  version: string;
  demo: boolean;
  way: 'login' | 'ingress' | 'none';
  state: 'setup' | 'login' | 'in';
  who?: { id: string; name: string; role: Role };
  csrf?: string;
  proved?: boolean;
  scope?: { flow: string };
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  reason: string;
  detail: string;
  acted: 'no' | 'maybe';
}

export type Bolt = 'locked' | 'unlocked' | 'unlatched' | 'locking' | 'unlocking' | 'jammed' | 'unknown';
export type Door = 'open' | 'closed';
export type Trust = 'proven' | 'told' | 'guessed';
export type Verb = 'lock' | 'unlock' | 'unlatch';
export type CodeKind = 'permanent' | 'once' | 'period' | 'cyclic';
export type SessionMode = 'on_demand' | 'held';
export type Exposure = 'mqtt' | 'matter';
export type LockKind = 'deadbolt' | 'lever' | 'cylinder' | 'padlock' | 'key_box' | 'glass_door' | 'safe' | 'lock';
export type Lifecycle =
  | 'factory'
  | 'provisioning'
  | 'managed'
  | 'suspended'
  | 'limbo'
  | 'orphaned'
  | 'foreign'
  | 'retired';

export interface LockState {
  bolt: Bolt;
  door?: Door;
  battery?: number;
  reachable: boolean;
  trust: Trust;
  at: number;
}

export type SettingValue = boolean | number | string;
export type SettingAbility = { name: string; label: string } & (
  | { kind: 'switch' }
  | { kind: 'number'; min: number; max: number; unit?: string }
  | { kind: 'select'; options: readonly string[] }
);
export type ShownSetting = SettingAbility & { value?: SettingValue };

export interface Abilities {
  kind: LockKind;
  verbs: readonly Verb[];
  battery: boolean;
  door: boolean;
  pushes: boolean;
  clock: boolean;
  log: boolean;
  codes?: { kinds: readonly CodeKind[]; minDigits: number; maxDigits: number; capacity: number; readable: boolean };
  cards?: { capacity: number; weekly?: boolean };
  fingers?: { capacity: number; weekly?: boolean };
  settings: readonly SettingAbility[];
  orientation: 'settable' | 'itself' | 'mechanical' | 'none';
  holdEveryMs: number;
}

export interface Facts {
  model?: string;
  manufacturer?: string;
  hardware?: string;
  firmware?: string;
  serial?: string;
  raw?: Readonly<Record<string, string>>;
}
export interface SessionStats {
  open: boolean;
  since: number;
  opens: number;
  losses: number;
  lossReasons: Readonly<Record<string, number>>;
  connectedMs: number;
  roundTrips: number;
  lastError?: string;
}
export interface SessionCost {
  mode: SessionMode;
  questionsPerDay: number;
  connectedMinutesPerDay: number;
  batteryDays: number;
}
export interface LockView {
  id: string;
  name: string;
  unit: { id: string; name: string };
  family: string;
  address: string;
  endpoint: number;
  lifecycle: Lifecycle;
  generation: number;
  settings: { session: SessionMode; exposed: readonly Exposure[] };
  abilities?: Abilities;
  facts: Facts;
  state: LockState;
  rssi?: number;
  lastHeard?: number;
  stats: SessionStats;
  trouble?: { reason: string; text: string };
  costs?: readonly SessionCost[];
}

export interface Happening {
  type: string;
  source: string;
  ok: boolean;
  at: number;
  record?: number;
  battery?: number;
  raw?: string;
  slot?: number;
  person?: string;
}

export interface Candidate {
  address: string;
  family: string;
  model: string;
  kind: LockKind;
  name?: string;
  rssi: number;
  heardAt: number;
  state: 'ours' | 'pairable' | 'taken' | 'refused';
  advice?: string;
  lock?: string;
}
/** GET api/nearby, and the event `nearby` of its stream. */
export interface Nearby {
  nearby: readonly Candidate[];
  open: boolean;
  until?: number;
}
export type PairingEvent =
  | { kind: 'window'; open: boolean; until?: number }
  | { kind: 'candidate'; candidate: Candidate }
  | { kind: 'started'; address: string; lock?: string }
  | { kind: 'paired'; view: LockView }
  | { kind: 'failed'; address?: string; reason: string; text: string };

export interface WeeklyWindow {
  day: number;
  startMinute: number;
  endMinute: number;
}
export interface CredentialView {
  id: string;
  lock: string;
  kind: 'code' | 'card' | 'finger';
  slot: number;
  state: 'wanted' | 'on_lock' | 'disabled' | 'removing';
  codeKind?: CodeKind;
  from?: number;
  until?: number;
  weekly?: readonly WeeklyWindow[];
  person?: { id: string; name: string };
  known: boolean;
}
export interface EnrolNews {
  kind: 'card' | 'finger';
  slot: number;
  say: 'present' | 'again' | 'done';
  step?: number;
  of?: number;
  text: string;
}

// Flows

export type FlowType = 'unpair' | 'repair' | 'reset' | 'rekey' | 'turnover' | 'diagnose';
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
  | 'aborted';
export interface Residual {
  kind: string;
  text: string;
  until?: number;
}
export interface FlowRequest {
  type: FlowType;
  reason: Reason;
  lock?: string;
  note?: string;
  deadline?: number;
  checkout?: number;
  next_checkin?: number;
  keep?: readonly number[];
  plan_only?: boolean;
  mode?: 'guided' | 'brief';
  remove?: boolean;
  forget_only?: boolean;
  address?: string;
  name?: string;
  unit?: string;
  seconds?: number;
  then?: 'repair' | 'nothing';
  overrides?: readonly { rule: string; sentence: string }[];
  lineage?: string;
}
export interface PromptOption {
  value: string;
  label: string;
  means?: 'yes' | 'no' | 'skip' | 'help';
}
export interface Prompt {
  id: string;
  flow: string;
  step: string;
  kind: 'human_do' | 'human_confirm' | 'human_input' | 'human_choice' | 'clearance' | 'plan';
  text: string;
  spoken: string;
  options: readonly PromptOption[];
  challenge?: string;
  secret?: boolean;
  roles: readonly Role[];
  honours: readonly string[];
  askedAt: number;
  expiresInS?: number;
  hold?: { least: number; most: number; letGo: number };
  says?: readonly string[];
  atStake?: string;
}
export interface PlannedStep {
  id: string;
  kind: StepKind;
  segment: Segment;
  title: string;
  text: string;
  spoken?: string;
  honours: readonly string[];
  atStake: string;
  evidence: Grade;
  soft?: number;
  hard?: number;
  skippable?: boolean;
  unattended: 'run' | 'skip_with_residual' | 'work_order' | 'park';
  hints?: readonly { text: string; check?: string; honours: readonly string[] }[];
  with?: Readonly<Record<string, unknown>>;
}
export interface Plan {
  type: FlowType;
  lock?: string;
  request: FlowRequest;
  goal: string;
  rung: 'look' | 'one_person' | 'all_guests' | 'settings' | 'factory_reset' | 'metal' | 'replace';
  whyNotLess: string;
  lost: readonly string[];
  bring: readonly string[];
  minutes: number;
  humanSteps: number;
  notes: readonly { text: string; honours: readonly string[] }[];
  procedure: { id: string; title: string; sure: boolean; sources: readonly string[] };
  restore: 'allowed' | 'forbidden';
  exposure: { what: string; limitSeconds: number };
  steps: readonly PlannedStep[];
  hash: string;
}
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
export interface FlowView {
  id: string;
  type: FlowType;
  reason: Reason;
  lock?: string;
  lockName?: string;
  state: FlowState;
  step?: { id: string; title: string; kind: StepKind; segment: Segment; number: number; of: number; startedAt: number };
  atStake: string;
  prompts: readonly Prompt[];
  progress: readonly string[];
  stop?: { code: string; text: string; next?: string };
  expiresInS?: number;
  exposure?: { what: string; seconds: number; limitSeconds: number };
  workOrder?: WorkOrder;
  residuals: readonly Residual[];
  starter: string;
  confirmer?: string;
  holder: string;
  startedAt: number;
  pivotAt?: number;
  endedAt?: number;
  lineage?: string;
  plan: Plan;
  record?: string;
}
export interface PublicLine {
  number: number;
  at: number;
  kind: string;
  step?: string;
  text: string;
  grade?: Grade;
  by?: string;
}
export type FlowEvent =
  | { kind: 'started' | 'changed' | 'ended'; view: FlowView }
  | { kind: 'prompt'; view: FlowView; prompt: Prompt }
  | { kind: 'answered'; view: FlowView; prompt: string; by: string }
  | { kind: 'line'; view: FlowView; line: PublicLine }
  | { kind: 'notice'; view: FlowView; text: string; urgent: boolean }
  | { kind: 'work_order'; view: FlowView; order: WorkOrder };
export interface Suggestion {
  id: string;
  lock: string;
  rule: string;
  text: string;
  suggests: readonly FlowType[];
  evidence: readonly string[];
  since: number;
}

// The stream

interface Named {
  id: string;
  name: string;
}
export type ApiEvent = { id: string; at: number } & (
  | {
      kind: 'added' | 'changed' | 'state' | 'renamed' | 'removed' | 'happened';
      lock: LockView;
      from?: string;
      happening?: Happening;
    }
  | { kind: 'pairing'; pairing: PairingEvent }
  | { kind: 'codes'; lock: Named; slot: number }
  | { kind: 'tokens'; lock: Named; token: 'card' | 'finger'; slot: number }
  | { kind: 'settings'; lock: Named; values: Readonly<Record<string, SettingValue>> }
  | { kind: 'enrol'; lock: Named; enrol: EnrolNews }
  | { kind: 'flow'; lock?: Named; flow: FlowEvent }
);

// Looking after the daemon

export interface HealthPart {
  name: string;
  ok: boolean;
  text: string;
  fix?: string;
}
export interface Health {
  ready: boolean;
  version: string;
  startedAt: number;
  parts: readonly HealthPart[];
}
export interface Check {
  name: string;
  verdict: 'good' | 'warning' | 'bad';
  text: string;
  fix?: string;
}
export interface Examination {
  checks: readonly Check[];
  settings: readonly { key: string; value: string; from: string }[];
}
export interface AuditRow {
  number: number;
  at: number;
  lock?: string;
  what: string;
  via: Via;
  who: string;
  detail?: string;
}
export interface LogLine {
  number: number;
  at: number;
  level: string;
  part?: string;
  text: string;
}
export interface ConfigSetting {
  key: string;
  value: unknown;
  from: string;
  changeable: boolean;
  kind: string;
}
export interface MatterNode {
  id: string;
  lock?: string;
  port: number;
  commissioned: boolean;
  fabrics: number;
  codes?: { qr: string; manual: string };
  windowUntil?: number;
}
export interface MatterStatus {
  state: 'off' | 'starting' | 'running' | 'failed' | 'stopped';
  reason?: string;
  fix?: string;
  interface?: string;
  nodes: readonly MatterNode[];
  locks: readonly {
    id: string;
    name: string;
    node: string;
    endpoint: number;
    reachable: boolean;
    features: readonly string[];
  }[];
}
export interface MatterFabric {
  node: string;
  index: number;
  label: string;
  vendor: string;
  fabricId: string;
  nodeId: string;
}
export interface RadioView {
  id?: string;
  name?: string;
  ok?: boolean;
  state?: string;
  text?: string;
  fix?: string;
  [key: string]: unknown;
}
export interface LoginView {
  id: string;
  name: string;
  role: Role;
  madeAt?: number;
  lastSeen?: number;
  [key: string]: unknown;
}
export interface ApiTokenView {
  id: string;
  name: string;
  role: Role;
  madeAt?: number;
  lastUsed?: number;
  expires?: number;
  [key: string]: unknown;
}
export interface Opener {
  kind: string;
  text: string;
  who?: string;
  until?: number;
  since?: number;
  known: boolean;
  revocable: boolean;
}
export interface WaysBack {
  ways: readonly { kind: string; text: string; ok: boolean }[];
  enough: boolean;
}
export interface RestoreCheck {
  restore: string;
  made?: number;
  version?: string;
  locks?: number | readonly string[];
  differences: readonly string[];
  needs_recovery_code: boolean;
  ok: boolean;
  text: string;
}
export interface DemoLock {
  name: string;
  family: string;
  variant: string;
  acts: readonly { act: string; label: string; value?: unknown }[];
  looks: Readonly<Record<string, unknown>>;
}
