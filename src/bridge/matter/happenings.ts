// What happened at a lock, as events of the Matter door lock. Pure; who did it is filled in from the view of its people.
import './switches.ts';
import { FabricIndex, NodeId } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import type { Holder } from '../../access/holders.ts';
import type { Happening, Verb } from '../../lock/lock.ts';

const { AlarmCode, CredentialType, LockOperationType, OperationError, OperationSource } = DoorLock;

/** A controller that asks. */
export interface From {
  fabric: number;
  node: bigint | null;
}
export type DoorEvent =
  | { name: 'lockOperation'; payload: DoorLock.LockOperationEvent }
  | { name: 'lockOperationError'; payload: DoorLock.LockOperationErrorEvent }
  | { name: 'doorLockAlarm'; payload: DoorLock.DoorLockAlarmEvent }
  | { name: 'doorStateChange'; payload: DoorLock.DoorStateChangeEvent }
  | { name: 'lockUserChange'; payload: DoorLock.LockUserChangeEvent };

export const OPERATION: Readonly<Record<Verb, DoorLock.LockOperationType>> = {
  lock: LockOperationType.Lock,
  unlock: LockOperationType.Unlock,
  unlatch: LockOperationType.Unlatch,
};
export const CREDENTIAL = {
  code: CredentialType.Pin,
  card: CredentialType.Rfid,
  finger: CredentialType.Fingerprint,
} as const;

const DONE: Partial<Record<Happening['type'], DoorLock.LockOperationType>> = {
  locked: LockOperationType.Lock,
  auto_locked: LockOperationType.Lock,
  unlocked: LockOperationType.Unlock,
  opened: LockOperationType.Unlatch,
};
const FAILED: Partial<Record<Happening['type'], DoorLock.OperationError>> = {
  wrong_code: OperationError.InvalidCredential,
  refused: OperationError.Restricted,
  operation_failed: OperationError.Unspecified,
};
const ALARM: Partial<Record<Happening['type'], DoorLock.AlarmCode>> = {
  jammed: AlarmCode.LockJammed,
  tamper: AlarmCode.FrontEsceutcheonRemoved,
  restarted: AlarmCode.LockRadioPowerCycled,
};
/** Only what came over Matter is Remote; an app or another bridge is a remote of its own. */
const SOURCE: Readonly<Record<Happening['source'], DoorLock.OperationSource>> = {
  keypad: OperationSource.Keypad,
  card: OperationSource.Rfid,
  finger: OperationSource.Biometric,
  app: OperationSource.ProprietaryRemote,
  remote: OperationSource.ProprietaryRemote,
  manual: OperationSource.Manual,
  key: OperationSource.Manual,
  auto: OperationSource.Auto,
  sensor: OperationSource.Unspecified,
  lock: OperationSource.Unspecified,
  unknown: OperationSource.Unspecified,
};

/** `people`: those that the endpoint shows; with none, it says nothing of users. */
export function eventOf(happening: Happening, people: readonly Holder[]): DoorEvent | undefined {
  const { type, ok } = happening;
  const alarm = ALARM[type];
  if (alarm !== undefined) return { name: 'doorLockAlarm', payload: { alarmCode: alarm } };
  const who = {
    operationSource: sourceOf(happening),
    ...whoOf(happening, people),
    fabricIndex: null,
    sourceNode: null,
  };
  const done = ok ? DONE[type] : undefined;
  if (done !== undefined) return { name: 'lockOperation', payload: { lockOperationType: done, ...who } };
  const error = FAILED[type];
  if (error === undefined) return undefined;
  const payload = { lockOperationType: LockOperationType.Unlock, operationError: error, ...who };
  return { name: 'lockOperationError', payload };
}

/** What a controller did itself. */
export function operationBy(
  from: From,
  type: DoorLock.LockOperationType,
  known: { user?: number; slot: number } | undefined,
) {
  return {
    lockOperationType: type,
    operationSource: OperationSource.Remote,
    userIndex: known?.user ?? null,
    fabricIndex: FabricIndex(from.fabric),
    sourceNode: from.node === null ? null : NodeId(from.node),
    credentials: known ? [{ credentialType: CredentialType.Pin, credentialIndex: known.slot }] : null,
  };
}

function sourceOf({ type, source }: Happening): DoorLock.OperationSource {
  return type === 'auto_locked' ? OperationSource.Auto : SOURCE[source];
}

function whoOf({ credential, slot }: Happening, people: readonly Holder[]) {
  const nobody = { userIndex: null, credentials: null };
  const kind = credential?.kind;
  if (slot === undefined || (kind !== 'code' && kind !== 'card' && kind !== 'finger')) return nobody;
  const holds = (one: Holder): boolean => one.credentials.some(({ view }) => view.kind === kind && view.slot === slot);
  const holder = people.find(holds);
  if (!holder) return nobody;
  return { userIndex: holder.index, credentials: [{ credentialType: CREDENTIAL[kind], credentialIndex: slot }] };
}
