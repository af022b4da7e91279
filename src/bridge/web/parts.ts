// What the API is given: the contract of locks, flows and access, and the ports of upkeep.
import type { Access, TokenAccess } from '../../access/access.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Logins } from '../../access/login/logins.ts';
import type { Pairing, Unpairing } from '../../flow/flow.ts';
import type { Recorder } from '../../flow/record/recorder.ts';
import type { Flows } from '../../flow/words.ts';
import type { Asker } from '../../lock/lock.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import type { MatterControl } from '../../lock/matter-port.ts';
import type { MatterRemote } from '../../lock/matter-remote.ts';
import type { CommandTally } from '../../lock/tally.ts';
import type { Traces } from '../../lock/trace.ts';
import type {
  AuditFound,
  AuditReader,
  Backups,
  Choices,
  Examination,
  Hands,
  Health,
  KeyCarrier,
  LogKeeper,
  MqttView,
  Pulse,
  RadioView,
  Restarts,
  Restores,
  RecoveryCode,
  StagedLock,
} from '../../lock/upkeep.ts';
import type { Standing } from './standing-routes.ts';

export interface ApiParts {
  locks: Locks;
  pairing: Pairing;
  unpairing: Unpairing;
  access: Access;
  /** Cards and fingerprints; without it they have no routes. */
  tokens?: TokenAccess;
  /** Settings, log and keys of the lock itself; without it they have no routes. */
  workbench?: Workbench;
  health: () => Health | Promise<Health>;
  examine: () => Promise<Examination>;
  audit: AuditReader;
  /** Whether the chain of all lines that are kept holds. */
  auditCheck: () => AuditFound;
  backups: Backups;
  carrier: KeyCarrier;
  recovery: RecoveryCode;
  traces: Traces;
  /** The newest lines of the log; without it they have no routes. Likewise the next ones. */
  logs?: LogKeeper;
  radios?: () => readonly RadioView[];
  mqtt?: () => MqttView;
  settings?: Choices;
  standing?: Standing;
  restores?: Restores;
  restarts?: Restarts;
  /** How commands ended, for metrics. */
  tally?: CommandTally;
  /** How the process itself is. */
  pulse?: () => Pulse;
  /** Without it flows have no routes. */
  flows?: Flows;
  /** Signed records of flows, and the support bundle; without it they have no routes. */
  records?: { recorder: Recorder; bundle: (lock: string | undefined, asker: Asker) => string };
  /** Commissioning, and the homes that have done it; without it there are no routes for it. */
  matter?: MatterControl;
  /** Only in a demo. */
  hands?: Hands;
  /** Only in a demo: its virtual locks, as somebody sees them who stands there. */
  staged?: () => readonly StagedLock[];
  /** Only in a demo: its own Matter controller; undefined until it is there. */
  remote?: () => MatterRemote | undefined;
  /** Who may use all this over TCP; without it there is only the control socket. */
  logins?: Logins;
  /** Where browsers find the page, as it is now. */
  urls?: () => readonly string[];
  version: string;
  clock: Clock;
  /** Cryptographically secure. */
  random: (bytes: number) => Uint8Array;
  log: Log;
}
