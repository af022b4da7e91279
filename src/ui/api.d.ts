// Made from the description of the API by `npm run api-types`; a test says when it is not current. Each name is a component
// of /api/openapi.json and, where the daemon has such a type, that of the daemon. Times are milliseconds since 1970, UTC.

export interface Abilities {
  kind: LockKind;
  verbs: readonly Verb[];
  battery: boolean;
  door: boolean;
  pushes: boolean;
  clock: boolean;
  log: boolean;
  codes?: {
    kinds: readonly CodeKind[];
    minDigits: number;
    maxDigits: number;
    capacity: number;
    readable: boolean;
    weekly?: boolean;
    /** What the lock refuses besides; `text` says it to people. */
    rule?: { digits: string; notStarting: readonly string[]; text: string };
  };
  cards?: { capacity: number; weekly?: boolean };
  fingers?: { capacity: number; weekly?: boolean };
  settings: readonly SettingAbility[];
  /** More that it does on command than the verbs. */
  actions?: readonly { name: string; label: string; moves: boolean }[];
  authorisations?: { capacity?: number };
  timers?: { capacity?: number };
  /** A code of its owner guards its settings, codes and log. */
  adminCode?: { minDigits: number; maxDigits: number; known: boolean };
  /** What else opens it and is neither listed nor taken off from here. */
  unlisted?: string;
  orientation: 'settable' | 'itself' | 'mechanical' | 'none';
  holdEveryMs: number;
  askEveryMs?: number;
}

export type ApiEvent =
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'added' | 'changed' | 'state' | 'renamed' | 'removed' | 'happened';
    lock: LockView;
    /** The name before, of `renamed`. */
    from?: string;
    happening?: Happening;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'pairing';
    pairing: PairingEvent;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'codes';
    lock: { id: string; name: string };
    slot: number;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'tokens';
    lock: { id: string; name: string };
    token: 'card' | 'finger';
    slot: number;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'settings';
    lock: { id: string; name: string };
    values: Readonly<Record<string, SettingValue>>;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'enrol';
    lock: { id: string; name: string };
    enrol: EnrolNews;
  }
  | {
    /** For the header Last-Event-ID. */
    id: string;
    at: number;
    kind: 'flow';
    lock?: { id: string; name: string };
    flow: FlowEvent;
  };

export interface ApiTokenView {
  id: string;
  name: string;
  role: TokenRole;
  /** Looks and changes nothing. */
  looks: boolean;
  /** Ids of the locks that it reaches; absent: all. */
  locks?: readonly string[];
  made: number;
  made_by: string;
  used?: number;
  until?: number;
}

export interface AuditFound {
  ok: boolean;
  lines: number;
  head: string;
  text: string;
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

export interface Authorisation {
  id: string;
  kind: 'app' | 'bridge' | 'fob' | 'keypad' | 'other';
  name: string;
  /** It is the one that we use. */
  ours: boolean;
  enabled: boolean;
  createdAt?: number;
  lastUsedAt?: number;
  validity: { from?: number; until?: number };
}

export type Bolt = 'locked' | 'unlocked' | 'unlatched' | 'locking' | 'unlocking' | 'jammed' | 'unknown';

export interface Candidate {
  address: string;
  family: string;
  model: string;
  kind: LockKind;
  name?: string;
  rssi: number;
  heardAt: number;
  /** ours: we hold its key. taken: it is somebody else's. refused: we cannot speak to it. */
  state: 'ours' | 'pairable' | 'taken' | 'refused';
  /** What to do when it cannot be paired, for people. */
  advice?: string;
  lock?: string;
  /** Pairing it takes a code that a person has to give. */
  asks?: {
    minDigits: number;
    maxDigits: number;
    /** Capital letters as well as digits. */
    letters?: true;
    text: string;
  };
}

export interface CarriedLock {
  id: string;
  name: string;
  family: string;
  outcome: 'added' | 'renewed' | 'kept';
  /** Why its keys should be changed. */
  weak?: string;
}

export interface Check {
  name: string;
  verdict: 'good' | 'warning' | 'bad';
  text: string;
  fix?: string;
}

export type CodeKind = 'permanent' | 'once' | 'period' | 'cyclic';

export interface ConfigSetting {
  key: string;
  value: string;
  /** The line of the file, the variable or the option that it comes from, or `page`. */
  from: string;
  /** Over the API. */
  changeable: boolean;
  kind: 'boolean' | 'number' | 'string' | 'enum' | 'list' | 'secret';
  /** What it can be, where that is one of a few words. */
  words?: readonly string[];
  /** What counts from the next start, where that is something else. */
  next?: string;
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
  /** Whether its value is kept here. */
  known: boolean;
}

export interface DemoLock {
  name: string;
  family: string;
  variant: string;
  acts: readonly StagedAct[];
  looks: {
    bolt: 'locked' | 'unlocked' | 'unlatched';
    door: 'open' | 'closed';
    battery: number;
    powered: boolean;
    paired: boolean;
  };
}

export type Door = 'open' | 'closed';

export interface EnrolNews {
  kind: 'card' | 'finger';
  slot: number;
  say: 'present' | 'again' | 'done';
  step?: number;
  of?: number;
  text: string;
}

export interface Examination {
  checks: readonly Check[];
  settings: readonly SettingOrigin[];
}

export type Exposure = 'mqtt' | 'matter';

export interface Facts {
  model?: string;
  manufacturer?: string;
  hardware?: string;
  firmware?: string;
  serial?: string;
  /** The family's own words, for people who debug. */
  raw?: Readonly<Record<string, string>>;
}

export type FlowEvent =
  | { kind: 'started' | 'changed' | 'ended'; view: FlowView }
  | { kind: 'prompt'; view: FlowView; prompt: Prompt }
  | { kind: 'answered'; view: FlowView; prompt: string; by: string }
  | { kind: 'line'; view: FlowView; line: PublicLine }
  | { kind: 'notice'; view: FlowView; text: string; urgent: boolean }
  | { kind: 'work_order'; view: FlowView; order: WorkOrder };

export interface FlowLink {
  /** Shown this once. */
  token: string;
  expires: number;
  /** The link under each address of the page. */
  urls: readonly string[];
}

export interface FlowRequest {
  type: FlowType;
  lock?: string;
  reason: Reason;
  note?: string;
  deadline?: number;
  checkout?: number;
  next_checkin?: number;
  keep?: readonly number[];
  phones?: 'remove' | 'keep';
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

export type FlowType = 'unpair' | 'repair' | 'reset' | 'rekey' | 'turnover' | 'diagnose';

export interface FlowView {
  id: string;
  type: FlowType;
  reason: Reason;
  lock?: string;
  lockName?: string;
  state: FlowState;
  step?: {
    id: string;
    title: string;
    kind: StepKind;
    segment: Segment;
    number: number;
    of: number;
    startedAt: number;
  };
  /** What is true if it stops exactly here. */
  atStake: string;
  prompts: readonly Prompt[];
  progress: readonly string[];
  stop?: { code: string; text: string; next?: string };
  expiresInS?: number;
  /** While the door opens to a public code or to anyone. */
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

export type Grade = 'E0' | 'E1' | 'E2' | 'E3';

export interface Happening {
  type: 'locked' | 'unlocked' | 'opened' | 'jammed' | 'auto_locked' | 'wrong_code' | 'code_added' | 'code_changed' | 'code_deleted' | 'card_added' | 'card_deleted' | 'finger_added' | 'finger_deleted' | 'door_opened' | 'door_closed' | 'refused' | 'tamper' | 'restarted' | 'operation_failed' | 'other';
  source: 'keypad' | 'card' | 'finger' | 'app' | 'remote' | 'manual' | 'key' | 'auto' | 'sensor' | 'lock' | 'unknown';
  ok: boolean;
  at: number;
  /** Its number in the lock's own log. */
  record?: number;
  battery?: number;
  raw?: string;
  slot?: number;
  person?: string;
}

export interface Health {
  /** Commands are taken. */
  ready: boolean;
  version: string;
  startedAt: number;
  parts: readonly HealthPart[];
}

export interface HealthPart {
  name: string;
  ok: boolean;
  text: string;
  /** What a person can do about it. */
  fix?: string;
}

export type Json = string | number | boolean | null | readonly Json[] | Readonly<Record<string, Json>>;

export type Lifecycle =
  | 'factory'
  | 'provisioning'
  | 'managed'
  | 'suspended'
  | 'limbo'
  | 'orphaned'
  | 'foreign'
  | 'retired';

export type LockKind = 'deadbolt' | 'lever' | 'cylinder' | 'padlock' | 'key_box' | 'glass_door' | 'safe' | 'lock';

export interface LockSettings {
  session: SessionMode;
  exposed: readonly Exposure[];
}

export interface LockState {
  bolt: Bolt;
  door?: Door;
  /** Per cent. */
  battery?: number;
  reachable: boolean;
  trust: Trust;
  at: number;
}

export interface LockView {
  /** 12 hex digits, for ever. */
  id: string;
  name: string;
  unit: Unit;
  family: string;
  address: string;
  /** In Matter. */
  endpoint: number;
  lifecycle: Lifecycle;
  /** How often it was paired. */
  generation: number;
  settings: LockSettings;
  abilities?: Abilities;
  facts: Facts;
  state: LockState;
  /** Of the last advert, dBm. */
  rssi?: number;
  lastHeard?: number;
  stats: SessionStats;
  /** Why it is not reachable or not usable, for people. */
  trouble?: { reason: string; text: string };
}

export interface LogLine {
  number: number;
  at: number;
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  part?: string;
  text: string;
}

export type LoginRole = 'owner' | 'manager' | 'technician' | 'viewer';

export interface LoginView {
  id: string;
  name: string;
  role: LoginRole;
  /** Whether there is one. */
  password: boolean;
  /** The id of the user of Home Assistant that this is. */
  home_assistant?: string;
  /** Of a technician. */
  units?: readonly string[];
  from?: number;
  until?: number;
  made: number;
  /** When a browser of theirs was here last. */
  seen?: number;
}

export interface MatterFabric {
  node: string;
  index: number;
  label: string;
  vendor: string;
  fabricId: string;
  nodeId: string;
}

export interface MatterLock {
  id: string;
  name: string;
  node: string;
  endpoint: number;
  reachable: boolean;
  features: readonly string[];
}

export interface MatterNode {
  id: string;
  lock?: string;
  port: number;
  commissioned: boolean;
  fabrics: number;
  /** Only while it can be commissioned. */
  codes?: { qr: string; manual: string };
  windowUntil?: number;
}

export interface MatterStatus {
  state: 'off' | 'starting' | 'running' | 'failed' | 'stopped';
  reason?: string;
  fix?: string;
  interface?: string;
  nodes: readonly MatterNode[];
  locks: readonly MatterLock[];
}

export interface MqttView {
  /** A broker is set up, or was found. */
  used: boolean;
  connected: boolean;
  protocol?: string;
  reason?: string;
  /** The broker asks for no login. */
  anonymous: boolean;
  broker?: string;
  baseTopic: string;
  discoveryPrefix: string;
}

export interface Nearby {
  nearby: readonly Candidate[];
  open: boolean;
  until?: number;
}

export interface Opener {
  kind: 'our_key' | 'old_key' | 'code' | 'card' | 'finger' | 'stranger' | 'app_keys' | 'clients' | 'matter' | 'mqtt' | 'public_code' | 'anybody' | 'residual' | 'metal_key';
  text: string;
  who?: string;
  since?: number;
  until?: number;
  /** We know of this very one; else there may be such. */
  known: boolean;
  /** From here, without a tool. */
  revocable: boolean;
}

export interface Outcome {
  command: string;
  verb: Verb;
  tookMs: number;
  /** As it came in. */
  transaction?: unknown;
}

export interface OwnSession {
  id: string;
  device: string;
  made: number;
  seen: number;
  ends: number;
  /** The one that asks. */
  this: boolean;
}

export type PairingEvent =
  | { kind: 'window'; open: boolean; until?: number }
  | { kind: 'candidate'; candidate: Candidate }
  | { kind: 'started'; address: string; lock?: string }
  | { kind: 'paired'; view: LockView }
  | { kind: 'failed'; address?: string; reason: string; text: string };

export interface Plan {
  type: FlowType;
  lock?: string;
  request: FlowRequest;
  goal: string;
  rung: 'look' | 'own_key' | 'one_person' | 'all_guests' | 'settings' | 'factory_reset' | 'metal' | 'replace';
  whyNotLess: string;
  lost: readonly string[];
  bring: readonly string[];
  minutes: number;
  humanSteps: number;
  notes: readonly {
    text: string;
    /** Ids of the guides that this honours. */
    honours: readonly string[];
  }[];
  procedure: { id: string; title: string; sure: boolean; sources: readonly string[] };
  restore: 'allowed' | 'forbidden';
  exposure: { what: string; limitSeconds: number };
  steps: readonly PlannedStep[];
  hash: string;
}

export interface PlannedStep {
  id: string;
  kind: StepKind;
  segment: Segment;
  title: string;
  text: string;
  spoken?: string;
  /** Ids of the guides that this honours. */
  honours: readonly string[];
  atStake: string;
  evidence: Grade;
  /** Seconds until the hints begin. */
  soft?: number;
  /** Seconds until it ends. */
  hard?: number;
  skippable?: boolean;
  unattended: 'run' | 'skip_with_residual' | 'work_order' | 'park';
  hints?: readonly {
    text: string;
    check?: string;
    /** Ids of the guides that this honours. */
    honours: readonly string[];
  }[];
  with?: Readonly<Record<string, Json>>;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: 'unreachable' | 'timeout' | 'rejected' | 'unauthenticated' | 'malformed' | 'forbidden' | 'unsupported' | 'busy' | 'not_found' | 'invalid' | 'disk' | 'stopped' | 'internal';
  /** Finer than the code. */
  reason: string;
  /** To be shown: what happened and what to do. */
  detail: string;
  /** Whether the lock may have acted before this went wrong. */
  acted: 'no' | 'maybe';
}

export interface Prompt {
  id: string;
  flow: string;
  step: string;
  kind: 'human_do' | 'human_confirm' | 'human_input' | 'human_choice' | 'clearance' | 'plan';
  text: string;
  /** At most 20 words, for a voice. */
  spoken: string;
  options: readonly PromptOption[];
  /** To be sent back with the answer: one time, four digits. */
  challenge?: string;
  /** What is typed is secret. */
  secret?: boolean;
  roles: readonly Role[];
  honours: readonly string[];
  askedAt: number;
  expiresInS?: number;
  /** A button is held from the answer on, for so many seconds. */
  hold?: { least: number; most: number; letGo: number };
  /** What a yes also says, one sentence each. */
  says?: readonly string[];
  /** What is true while this is asked. */
  atStake?: string;
}

export interface PromptOption {
  value: string;
  label: string;
  means?: 'yes' | 'no' | 'skip' | 'help';
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

export interface RadioView {
  id: string;
  ok: boolean;
  text: string;
  fix?: string;
  scanning: boolean;
  links: number;
  mostLinks: number;
  /** The address it connects to now. */
  connecting?: string;
  adverts: number;
  addresses: number;
  connects: number;
  failures: number;
  scans: number;
  scanRestarts: number;
  resets: number;
  silentMs: number;
}

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

export interface RemoteLock {
  name: string;
  endpoint: number;
  reachable: boolean;
  state: 'locked' | 'unlocked' | 'unlatched' | 'not_fully_locked' | null;
  battery: number | null;
}

export interface RemoteNews {
  number: number;
  at: number;
  lock: string;
  name: string;
  value: unknown;
}

export interface RemoteUser {
  user: number;
  name: string | null;
  pins: readonly number[];
}

export interface Residual {
  kind: string;
  text: string;
  until?: number;
}

export interface RestartView {
  /** Who starts it again. */
  kept_by: 'home_assistant' | 'systemd' | 'container' | 'demo' | 'nobody';
  /** Somebody is seen who starts it again. */
  again: boolean;
  text: string;
  /** What comes of it for doors and flows, a sentence each. */
  effects: readonly string[];
}

export interface RestoreCheck {
  /** To be said back with the yes. */
  restore: string;
  made?: number;
  /** The format of its database. */
  version: number;
  locks: readonly string[];
  differences: readonly string[];
  needs_recovery_code: boolean;
  ok: boolean;
  text: string;
}

export type Role = 'owner' | 'manager' | 'technician' | 'automation' | 'voice' | 'viewer';

export type Segment = 'reversible' | 'compensatable' | 'pivot' | 'retriable';

export interface Session {
  version: string;
  demo: boolean;
  /** How somebody comes in here. */
  way: 'login' | 'ingress' | 'none';
  /** setup: there is no owner yet. login: nobody is logged in. */
  state: 'setup' | 'login' | 'in';
  who?: { id: string; name: string; role: Role };
  /** To be sent back as x-latchbridge-csrf with everything but GET. */
  csrf?: string;
  /** No password is asked for now. */
  proved?: boolean;
  /** What a link was for. */
  scope?: { flow: string };
}

export interface SessionCost {
  mode: SessionMode;
  questionsPerDay: number;
  connectedMinutesPerDay: number;
  /** A rough figure. */
  batteryDays: number;
}

export type SessionMode = 'on_demand' | 'held';

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

export type SettingAbility =
  | { name: string; label: string; kind: 'switch' }
  | {
    name: string;
    label: string;
    kind: 'number';
    min: number;
    max: number;
    unit?: string;
  }
  | { name: string; label: string; kind: 'select'; options: readonly string[] };

export interface SettingOrigin {
  key: string;
  value: string;
  from: string;
}

export type SettingValue = boolean | number | string;

export type ShownSetting =
  | {
    name: string;
    label: string;
    kind: 'switch';
    /** What the lock gave last. */
    value?: SettingValue;
  }
  | {
    name: string;
    label: string;
    kind: 'number';
    min: number;
    max: number;
    unit?: string;
    /** What the lock gave last. */
    value?: SettingValue;
  }
  | {
    name: string;
    label: string;
    kind: 'select';
    options: readonly string[];
    /** What the lock gave last. */
    value?: SettingValue;
  };

export interface StagedAct {
  act: string;
  label: string;
  /** To be sent with it, as `value`. */
  value?: string;
  /** What is to be typed first, and then sent as `value`. */
  typed?: { label: string; digits: boolean; optional: boolean };
}

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

export interface Suggestion {
  id: string;
  lock: string;
  rule: string;
  text: string;
  suggests: readonly FlowType[];
  evidence: readonly string[];
  since: number;
}

export interface Timer {
  id: string;
  enabled: boolean;
  /** 1 is Monday. */
  days: readonly number[];
  /** Since midnight. */
  minute: number;
  /** A verb, or one of abilities.actions. */
  action: string;
}

export type TokenRole = 'owner' | 'manager' | 'automation' | 'viewer';

export interface Trace {
  meta: { family: string } & Readonly<Record<string, Json>>;
  vectors: readonly Json[];
}

export type Trust = 'proven' | 'told' | 'guessed';

export interface Unit {
  id: string;
  name: string;
}

export interface UnitView {
  id: string;
  name: string;
  /** Ids. */
  locks: readonly string[];
}

export interface Unpaired {
  view: LockView;
  /** The lock itself said that it forgot everything. */
  proven: boolean;
  removed: boolean;
  text: string;
  flow: string;
}

export type Verb = 'lock' | 'unlock' | 'unlatch';

export type Via = 'mqtt' | 'matter' | 'web' | 'cli' | 'flow' | 'daemon';

export interface WaysBack {
  ways: readonly {
    kind: 'admin_secret' | 'physical_reset' | 'keypad_master' | 'metal_key' | 'thumb_turn' | 'label_code' | 'vendor_account' | 'person';
    text: string;
    /** As good as known; else somebody has to make sure at the lock. */
    ok: boolean;
  }[];
  /** Enough to erase anything. */
  enough: boolean;
  text: string;
}

export interface WeeklyWindow {
  day: number;
  startMinute: number;
  endMinute: number;
}

export interface WholeLock {
  /** 12 hex digits, for ever. */
  id: string;
  name: string;
  unit: Unit;
  family: string;
  address: string;
  /** In Matter. */
  endpoint: number;
  lifecycle: Lifecycle;
  /** How often it was paired. */
  generation: number;
  settings: LockSettings;
  abilities?: Abilities;
  facts: Facts;
  state: LockState;
  /** Of the last advert, dBm. */
  rssi?: number;
  lastHeard?: number;
  stats: SessionStats;
  /** Why it is not reachable or not usable, for people. */
  trouble?: { reason: string; text: string };
  costs?: readonly SessionCost[];
}

export interface WipePlan {
  lock: string;
  name: string;
  steps: readonly string[];
  erases: readonly string[];
  warnings: readonly string[];
  confirm_token: string;
  expires_in_s: number;
  flow: string;
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
