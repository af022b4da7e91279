// What the parts behind one lock's endpoint share.
import './switches.ts';
import { Status, StatusResponseError } from '@matter/main/types';
import type { Access, AccessUpkeep, CredentialView, TokenAccess } from '../../access/access.ts';
import type { Holder, Holders } from '../../access/holders.ts';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Zone } from '../../base/zone.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import type { Guard } from './guard.ts';
import type { DoorEvent, From } from './happenings.ts';
import type { LockNotes } from './lock-note.ts';
import type { MatterLockChoice } from './matter.ts';
import type { Shape } from './shape.ts';

/** A controller gives up after 11 s and has been told nothing then. */
export const ANSWER_MS = 8000;

/** The same for all locks. */
export interface Surroundings {
  locks: Locks;
  access: Access & Pick<AccessUpkeep, 'setTimes'>;
  tokens: TokenAccess;
  workbench: Workbench;
  holders: Holders;
  guard: Guard;
  lockNotes: LockNotes;
  clock: Clock;
  zone: Zone;
  random: (bytes: number) => Uint8Array;
  log: Log;
}

/** One lock on the bridge. */
export interface Place {
  readonly lock: string;
  readonly around: Surroundings;
  readonly shape: Shape;
  readonly choice: MatterLockChoice;
  view(): LockView;
  people(): Holder[];
  /** In order, before whatever changes next. */
  tell(events: readonly DoorEvent[]): Promise<void>;
  /** Changes who may open: what has changed by it is told as this controller's doing. Answers in time or fails. */
  change<T>(from: From, act: () => Promise<T>): Promise<T>;
}

/** An automation like any other: it may move the bolt and keep codes. */
export function askerOf({ fabric }: From): Asker {
  return { via: 'matter', who: `fabric:${fabric}`, role: 'automation' };
}

export function kindsOf({ features }: Shape): CredentialView['kind'][] {
  return [
    ...(features.includes('PinCredential') ? ['code' as const] : []),
    ...(features.includes('RfidCredential') ? ['card' as const] : []),
    ...(features.includes('FingerCredentials') ? ['finger' as const] : []),
  ];
}

export function invalid(text: string): StatusResponseError {
  return new StatusResponseError(text, Status.InvalidCommand);
}

export function failed(text: string): StatusResponseError {
  return new StatusResponseError(text, Status.Failure);
}

/** What went wrong at the lock or on the way to it, for a controller. */
export function refusal(thrown: unknown): StatusResponseError {
  if (thrown instanceof StatusResponseError) return thrown;
  return failed(thrown instanceof LockError ? thrown.message : 'This failed for a reason that nobody foresaw.');
}
