// One door lock as a controller of the Matter library sees it: reads, commands and users, in our words.
import { Bytes, type Endpoint } from '@matter/main';
import { BridgedDeviceBasicInformationClient } from '@matter/main/behaviors/bridged-device-basic-information';
import { DoorLockClient } from '@matter/main/behaviors/door-lock';
import { PowerSourceClient } from '@matter/main/behaviors/power-source';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { StatusResponseError, Status } from '@matter/main/types';
import { LockError } from '../../base/errors.ts';
import type { Secret } from '../../base/log.ts';
import type { ControllerVerb, PinWish, SeenLock, SeenUser } from './controller.ts';

/** The cluster's numbers for the state of the bolt. */
const STATES: readonly NonNullable<SeenLock['lockState']>[] = ['not_fully_locked', 'locked', 'unlocked', 'unlatched'];

export function isLock(endpoint: Endpoint): boolean {
  return endpoint.behaviors.has(DoorLockClient);
}

export function seen(endpoint: Endpoint): SeenLock {
  const lock = endpoint.stateOf(DoorLockClient);
  const told = endpoint.maybeStateOf(BridgedDeviceBasicInformationClient);
  const power = endpoint.maybeStateOf(PowerSourceClient);
  const half = power?.batPercentRemaining ?? null;
  const { featureMap = {} } = lock as { featureMap?: Readonly<Record<string, boolean>> };
  return {
    endpoint: endpoint.number,
    name: told?.nodeLabel ?? '',
    uniqueId: told?.uniqueId ?? '',
    reachable: told?.reachable ?? true,
    lockState: lock.lockState === null ? null : (STATES[lock.lockState] ?? null),
    battery: half === null ? null : half / 2,
    features: Object.keys(featureMap).filter(name => featureMap[name]),
    attributes: { ...lock } as Readonly<Record<string, unknown>>,
  };
}

export async function operate(endpoint: Endpoint, verb: ControllerVerb, pin?: Secret<string>): Promise<void> {
  const commands = endpoint.commandsOf(DoorLockClient);
  const request = pin === undefined ? {} : { pinCode: Bytes.fromString(pin.reveal()) };
  await asked(`${verb} the lock`, () => {
    if (verb === 'lock') return commands.lockDoor(request);
    return verb === 'unlock' ? commands.unlockDoor(request) : commands.unboltDoor(request);
  });
}

export async function users(endpoint: Endpoint): Promise<SeenUser[]> {
  const commands = endpoint.commandsOf(DoorLockClient);
  const found: SeenUser[] = [];
  // Each answer names the next user that exists.
  for (let user: number | null = 1; user !== null;) {
    const index: number = user;
    const answer = await asked('read the users', () => commands.getUser({ userIndex: index }));
    if (answer.userStatus !== null && answer.userStatus !== DoorLock.UserStatus.Available) {
      const credentials = answer.credentials ?? [];
      found.push({
        user: answer.userIndex,
        name: answer.userName,
        status: answer.userStatus,
        credentials: [...credentials].map(it => ({ type: it.credentialType, index: it.credentialIndex })),
      });
    }
    user =
      answer.nextUserIndex !== undefined && answer.nextUserIndex !== null && answer.nextUserIndex > index
        ? answer.nextUserIndex
        : null;
  }
  return found;
}

export async function setUser(endpoint: Endpoint, user: number, name: string): Promise<void> {
  const commands = endpoint.commandsOf(DoorLockClient);
  const known = await asked('read the user', () => commands.getUser({ userIndex: user }));
  const isNew = known.userStatus === null || known.userStatus === DoorLock.UserStatus.Available;
  await asked('set the user', () =>
    commands.setUser({
      operationType: isNew ? DoorLock.DataOperationType.Add : DoorLock.DataOperationType.Modify,
      userIndex: user,
      userName: name,
      userUniqueId: null,
      userStatus: isNew ? DoorLock.UserStatus.OccupiedEnabled : null,
      userType: isNew ? DoorLock.UserType.UnrestrictedUser : null,
      credentialRule: isNew ? DoorLock.CredentialRule.Single : null,
    }),
  );
}

export async function setPin(endpoint: Endpoint, wish: PinWish): Promise<number> {
  const commands = endpoint.commandsOf(DoorLockClient);
  const answer = await asked('set the PIN', () =>
    commands.setCredential({
      operationType: wish.replace === true ? DoorLock.DataOperationType.Modify : DoorLock.DataOperationType.Add,
      credential: { credentialType: DoorLock.CredentialType.Pin, credentialIndex: wish.credential },
      credentialData: Bytes.fromString(wish.pin.reveal()),
      userIndex: wish.user,
      userStatus: null,
      userType: null,
    }),
  );
  if (answer.status !== Status.Success) throw refused('set the PIN', Number(answer.status));
  return answer.userIndex ?? wish.user ?? 0;
}

export async function clearUser(endpoint: Endpoint, user: number): Promise<void> {
  await asked('clear the user', () => endpoint.commandsOf(DoorLockClient).clearUser({ userIndex: user }));
}

export async function write(endpoint: Endpoint, attributes: Readonly<Record<string, unknown>>): Promise<void> {
  await asked('write to the lock', () => endpoint.setStateOf('doorLock', { ...attributes }));
}

/** The bridge's own no, and everything else, as our error. */
export async function asked<T>(what: string, ask: () => Promise<T> | T): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof LockError) throw thrown;
    if (thrown instanceof StatusResponseError) throw refused(what, thrown.code, thrown);
    const name = thrown instanceof Error ? thrown.constructor.name : 'unknown';
    if (/Validation|Schema|Datatype/.test(name))
      throw new LockError('invalid', `The controller could not ${what}: the values do not fit.`, { cause: thrown });
    throw new LockError('unreachable', `The bridge did not answer when the controller wanted to ${what}.`, {
      reason: 'matter_no_answer',
      acted: 'maybe',
      cause: thrown,
    });
  }
}

function refused(what: string, status: number, cause?: unknown): LockError {
  const text = `The bridge refused to ${what} (Matter status ${status}). A status is all that Matter tells; the log of the bridge says why.`;
  return new LockError('rejected', text, { reason: `matter_status_${status}`, cause });
}
