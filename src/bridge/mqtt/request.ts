// The words of a request to the bridge: what it is made from and how one is written down.
import { z } from 'zod';
import type { Access, TokenAccess } from '../../access/access.ts';
import type { Clock } from '../../base/clock.ts';
import type { Pairing, Unpairing } from '../../flow/flow.ts';
import type { Flows } from '../../flow/words.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import type { MatterControl } from '../../lock/matter-port.ts';
import type { Health, Restarts } from '../../lock/upkeep.ts';
import { checked } from './envelope.ts';
import { refuseUnknown } from './known-keys.ts';

export interface RequestParts {
  locks: Locks;
  pairing: Pairing;
  unpairing: Unpairing;
  access: Access;
  /** Cards and fingerprints. */
  tokens?: TokenAccess;
  /** What is asked of the lock itself. */
  workbench?: Workbench;
  /** Without it there are no requests about flows. */
  flows?: Flows;
  /** The signed record of a flow, as it was signed. */
  record?: (flow: string) => string | undefined;
  matter?: MatterControl;
  /** Without it the bridge is not restarted over MQTT. */
  restarts?: Restarts;
  health: () => Health;
  /** Whether a wipe may be confirmed over MQTT at all. */
  demo: boolean;
  /** The lock of that id or name, if MQTT shows it; throws `not_found`. */
  lock: (lock: string) => LockView;
  /** Any lock, shown or not. */
  find: (lock: string) => LockView | undefined;
  /** Says on `bridge/event` how a long request goes on. */
  tell: (type: string, data: Readonly<Record<string, unknown>>) => void;
  /** Aborts when the bridge stops. */
  ended: AbortSignal;
  clock: Clock;
}
export type Request = (body: unknown, asker: Asker) => unknown;

/** A lock's id or name. */
export const lockText = z.string().min(1).max(64);

/** A request: its body's shape and what it does. Keys that are not in the shape are refused. */
export function request<T>(schema: z.ZodType<T>, run: (body: T, asker: Asker) => unknown): Request {
  return (body, asker) => {
    refuseUnknown(schema, body);
    return run(checked(schema, body), asker);
  };
}
