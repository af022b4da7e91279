// The door lock cluster of one lock: hands each command to the desk behind it and answers what came of it. Written on the bare cluster
// and not on the library's own server: that one moves no bolt, keeps codes beside their key, and mixes up unbolt and unlatch.
import './switches.ts';
import { Bytes, type Endpoint, Supervision } from '@matter/main';
import { DoorLockBehavior } from '@matter/main/behaviors/door-lock';
import type { DoorLock } from '@matter/main/clusters/door-lock';
import { Status, StatusResponseError } from '@matter/main/types';
import { Secret } from '../../base/log.ts';
import type { Credentials } from './credentials.ts';
import { invalid, refusal } from './desk.ts';
import type { From } from './happenings.ts';
import type { Operations } from './operations.ts';
import type { People } from './people.ts';
import type { Schedules } from './schedules.ts';
import { FEATURES } from './shape.ts';

/** What stands behind an endpoint. Everything rejects with a StatusResponseError. */
export interface Desk {
  operations: Operations;
  users: People;
  credentials: Credentials;
  schedules: Schedules;
  /** A controller writes an attribute; resolves when the lock has it. */
  written(from: From, name: Written, value: unknown): Promise<void>;
}
const WRITTEN = ['operatingMode', 'autoRelockTime', 'requirePinForRemoteOperation'] as const;
export type Written = (typeof WRITTEN)[number];

/** Of the endpoints of locks. */
export const DESKS = new WeakMap<Endpoint, Desk>();

const EveryFeature = DoorLockBehavior.with(...FEATURES);

export class LockServer extends EveryFeature {
  /** Else a notice of the lock during a command, which writes here too, would wait for the command, and it for the notice. */
  static override lockOnInvoke = false;

  override initialize(): void {
    const { events } = this;
    // Before the change is taken, and waited for: a lock that says no leaves the attribute as it was.
    for (const name of WRITTEN) {
      const event = events[`${name}$Changing`] as (typeof events)['operatingMode$Changing'] | undefined;
      if (!event) continue;
      event.isAsync = true;
      this.reactTo(event, function (this: LockServer, value: unknown) {
        return this.#written(name, value);
      });
    }
  }

  override async lockDoor({ pinCode }: DoorLock.LockDoorRequest): Promise<void> {
    await answered(this.#desk.operations.operate('lock', { from: this.#from, pin: secret(pinCode) }));
  }

  /** Pulls the latch where there is one that can be pulled. */
  override async unlockDoor({ pinCode }: DoorLock.UnlockDoorRequest): Promise<void> {
    await answered(this.#desk.operations.operate('open', { from: this.#from, pin: secret(pinCode) }));
  }

  /** Leaves the latch alone. */
  override async unboltDoor({ pinCode }: DoorLock.UnboltDoorRequest): Promise<void> {
    await answered(this.#desk.operations.operate('unlock', { from: this.#from, pin: secret(pinCode) }));
  }

  override async setUser(request: DoorLock.SetUserRequest): Promise<void> {
    await answered(this.#desk.users.setUser(this.#from, request));
  }

  override getUser(request: DoorLock.GetUserRequest): DoorLock.GetUserResponse {
    return this.#desk.users.getUser(request);
  }

  override async clearUser({ userIndex }: DoorLock.ClearUserRequest): Promise<void> {
    await answered(this.#desk.users.clearUser(this.#from, userIndex));
  }

  override setCredential(request: DoorLock.SetCredentialRequest): Promise<DoorLock.SetCredentialResponse> {
    return this.#desk.credentials.set(this.#from, request);
  }

  override getCredentialStatus(request: DoorLock.GetCredentialStatusRequest): DoorLock.GetCredentialStatusResponse {
    return this.#desk.credentials.status(request);
  }

  override async clearCredential({ credential }: DoorLock.ClearCredentialRequest): Promise<void> {
    await this.#desk.credentials.clear(this.#from, credential);
  }

  override async setWeekDaySchedule(request: DoorLock.SetWeekDayScheduleRequest): Promise<void> {
    await answered(this.#desk.schedules.setWeekDay(this.#from, request));
  }

  override getWeekDaySchedule(request: DoorLock.GetWeekDayScheduleRequest): DoorLock.GetWeekDayScheduleResponse {
    return this.#desk.schedules.getWeekDay(request);
  }

  override async clearWeekDaySchedule(request: DoorLock.ClearWeekDayScheduleRequest): Promise<void> {
    await answered(this.#desk.schedules.clearWeekDay(this.#from, request));
  }

  override async setYearDaySchedule(request: DoorLock.SetYearDayScheduleRequest): Promise<void> {
    await answered(this.#desk.schedules.setYearDay(this.#from, request));
  }

  override getYearDaySchedule(request: DoorLock.GetYearDayScheduleRequest): DoorLock.GetYearDayScheduleResponse {
    return this.#desk.schedules.getYearDay(request);
  }

  override async clearYearDaySchedule(request: DoorLock.ClearYearDayScheduleRequest): Promise<void> {
    await answered(this.#desk.schedules.clearYearDay(this.#from, request));
  }

  #written(name: Written, value: unknown): Promise<void> | undefined {
    return this.context.fabric === undefined ? undefined : answered(this.#desk.written(this.#from, name, value));
  }

  get #desk(): Desk {
    const desk = DESKS.get(this.endpoint);
    if (desk) return desk;
    throw new StatusResponseError('This lock is being taken off.', Status.Failure);
  }

  get #from(): From {
    const { context } = this;
    if (context.fabric === undefined)
      throw new StatusResponseError('Only controllers may ask.', Status.UnsupportedAccess);
    const subject = 'subject' in context ? context.subject : undefined;
    return { fabric: context.fabric, node: subject?.kind === 'node' ? subject.id : null };
  }
}

/** What goes wrong is told in the cluster's words. */
async function answered(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    throw refusal(thrown);
  }
}

/** Digits; anything else is a code that fits nothing. */
function secret(pin: DoorLock.LockDoorRequest['pinCode']): Secret<string> | undefined {
  return pin === undefined || pin.byteLength === 0
    ? undefined
    : new Secret(Buffer.from(Bytes.of(pin)).toString('latin1'));
}

// What is out of range is an invalid command in this cluster, or a status in the answer.
for (const command of [
  'setUser',
  'getUser',
  'clearUser',
  'setCredential',
  'setWeekDaySchedule',
  'setYearDaySchedule',
]) {
  Supervision(LockServer, command).onValidationError = () => {
    throw invalid('A field has a value that it cannot have.');
  };
}
for (const [command, index] of [
  ['getWeekDaySchedule', 'weekDayIndex'],
  ['getYearDaySchedule', 'yearDayIndex'],
] as const) {
  for (const field of [index, 'userIndex']) Supervision(LockServer, command, field).constraint = false;
}
