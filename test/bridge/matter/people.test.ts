// Users, codes and schedules set from a controller: they reach the lock, and nothing of them is kept where it should not be.
import '../../../src/bridge/matter/switches.ts';
import { Bytes } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { Status } from '@matter/main/types';
import { afterEach, describe, expect, test } from 'vitest';
import { makeLog } from '../../../src/base/log.ts';
import { OWNER } from '../../support/fake-family.ts';
import { Rig, type RigOptions } from './rig.ts';

const { DataOperationType, LockDataType, LockOperationType, OperationError, OperationSource } = DoorLock;
const { AlarmCode, StatusCode, UserStatus, UserType } = DoorLock;
const FAILURE = { code: Status.Failure };
const PIN = '481516';
const HOUR = 3600;

let rig: Rig;
afterEach(async () => rig.stop());
async function make(options?: RigOptions): Promise<Rig> {
  rig = await Rig.make(options);
  return rig;
}

describe('a code from a controller', () => {
  test('makes its user where none is named, and opens at the keypad', async () => {
    const { place } = await make();
    expect(await rig.setPin(PIN)).toEqual({ status: 0, userIndex: 1, nextCredentialIndex: 2 });
    expect(await rig.commands.getUser({ userIndex: 1 })).toMatchObject({
      userStatus: UserStatus.OccupiedEnabled,
      credentials: [{ credentialType: 1, credentialIndex: 1 }],
      creatorFabricIndex: 1,
      nextUserIndex: null,
    });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('unlocked');
    const typed = {
      lockOperationType: LockOperationType.Unlock,
      operationSource: OperationSource.Keypad,
      userIndex: 1,
    };
    await expect.poll(() => rig.of('lockOperation')[1], { timeout: 8000 }).toMatchObject(typed);
    expect(rig.of('lockOperation')[1]).toMatchObject({ fabricIndex: null, credentials: [{ credentialIndex: 1 }] });
    expect(rig.of('lockUserChange')).toMatchObject([
      { lockDataType: LockDataType.UserIndex, dataOperationType: DataOperationType.Add, fabricIndex: 1 },
      { lockDataType: LockDataType.Pin, dataOperationType: DataOperationType.Add, dataIndex: 1, fabricIndex: 1 },
    ]);
  });

  test('goes to the user that was made before it, under another number', async () => {
    await make();
    await rig.setUser(4, { userName: 'Ann', userUniqueId: 77 });
    expect(await rig.setPin(PIN, { user: 4, slot: 2 })).toEqual({ status: 0, userIndex: null, nextCredentialIndex: 3 });
    expect(await rig.commands.getUser({ userIndex: 1 })).toMatchObject({ userStatus: null, nextUserIndex: 4 });
    expect(await rig.commands.getUser({ userIndex: 4 })).toMatchObject({ userName: 'Ann', userUniqueId: 77 });
    expect(rig.house.access.credentials('front_door')).toMatchObject([{ slot: 2, person: { name: 'Ann' } }]);
    const at = { credential: { credentialType: 1, credentialIndex: 2 } };
    expect(await rig.commands.getCredentialStatus(at)).toMatchObject({ credentialExists: true, userIndex: 4 });
  });

  test('is refused when another has it, when its place is taken, and when it is no code', async () => {
    await make();
    await rig.setPin(PIN);
    expect(await rig.setPin(PIN, { slot: 2 })).toMatchObject({ status: StatusCode.Duplicate, nextCredentialIndex: 3 });
    expect(await rig.setPin('2342')).toMatchObject({ status: StatusCode.Occupied });
    expect(await rig.setPin('12ab', { slot: 2 })).toMatchObject({ status: Status.InvalidCommand });
    expect(await rig.setPin('2342', { slot: 500 })).toMatchObject({ status: Status.InvalidCommand });
    expect(await rig.setPin('2342', { slot: 2, user: 9 })).toMatchObject({ status: Status.InvalidCommand });
    expect(rig.house.access.credentials('front_door')).toHaveLength(1);
  });

  test('takes the place of the one before it', async () => {
    const { place } = await make();
    await rig.setPin(PIN);
    expect(await rig.setPin('2342', { user: 1, modify: true })).toMatchObject({ status: 0 });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('locked');
    rig.type('2342');
    expect(place.lock.bolt).toBe('unlocked');
  });

  test('answers failure while the lock cannot be reached', async () => {
    const { place } = await make();
    place.lock.hands.act('batteries_out');
    const asked = rig.setPin(PIN);
    await rig.pass(8000);
    expect(await asked).toMatchObject({ status: Status.Failure });
    expect((await rig.commands.getUser({ userIndex: 1 })).userStatus).toBeNull();
  });

  test('takes its user with it when it is cleared, and goes with its user', async () => {
    const { place } = await make();
    await rig.setPin(PIN);
    await rig.setPin('2342', { slot: 2 });
    await rig.commands.clearCredential({ credential: { credentialType: 1, credentialIndex: 1 } });
    expect((await rig.commands.getUser({ userIndex: 1 })).userStatus).toBeNull();
    await rig.commands.clearUser({ userIndex: 2 });
    expect(rig.house.access.credentials('front_door')).toEqual([]);
    await rig.commands.lockDoor({});
    rig.type(PIN);
    rig.type('2342');
    expect(place.lock.bolt).toBe('locked');
    await expect
      .poll(() => rig.of('lockUserChange').filter(each => each['dataOperationType'] === DataOperationType.Clear).length)
      .toBe(4);
  });

  test('is all gone when all are cleared', async () => {
    await make();
    await rig.setPin(PIN);
    await rig.setPin('2342', { slot: 2 });
    await rig.commands.clearUser({ userIndex: 0xfffe });
    expect(rig.house.access.credentials('front_door')).toEqual([]);
  });

  test('that the lock cannot have is refused with a number, and the log says why in one line', async () => {
    const lines: string[] = [];
    await make({ log: makeLog('warn', { write: (line: string) => void lines.push(line) }) });
    expect(await rig.setPin('48151')).toMatchObject({ status: 0 });
    expect(await rig.setPin('815162342442', { slot: 2 })).toMatchObject({ status: Status.InvalidCommand });
    const said = lines.map(line => (JSON.parse(line) as { msg: string }).msg);
    expect(said.filter(text => text.includes('was not set'))).toEqual([
      'Matter: code 2 of front_door was not set: A code of front_door has 4 to 9 digits.',
    ]);
  });

  test('is in no log at any level, and in nothing that the library keeps', async () => {
    const lines: string[] = [];
    const log = makeLog('trace', { write: (line: string) => void lines.push(line) });
    await make({ log });
    await rig.setPin(PIN);
    await rig.unlock(PIN);
    await rig.unlock('99887766').catch(() => undefined);
    const said = lines.join('\n');
    const kept = rig.store.places('').flatMap(place => rig.store.keys(place).map(key => rig.store.get(place, key)));
    for (const secret of [PIN, '99887766']) {
      const hex = Buffer.from(secret).toString('hex');
      for (const form of [secret, hex, hex.toUpperCase(), Buffer.from(secret).toString('base64')]) {
        expect(said).not.toContain(form);
        expect(kept.join('\n')).not.toContain(form);
      }
    }
    expect(lines.length).toBeGreaterThan(20);
    expect(said).not.toContain(String((rig.notes.get('matter.node.bridge') as { passcode: number }).passcode));
  });
});

describe('a user', () => {
  test('that is disabled does not open, and does again when enabled', async () => {
    const { place } = await make();
    await rig.setPin(PIN);
    const modify = { operationType: DataOperationType.Modify };
    await rig.setUser(1, { ...modify, userStatus: UserStatus.OccupiedDisabled });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('locked');
    expect(await rig.commands.getUser({ userIndex: 1 })).toMatchObject({ userStatus: UserStatus.OccupiedDisabled });
    await rig.setUser(1, { ...modify, userStatus: UserStatus.OccupiedEnabled });
    rig.type(PIN);
    expect(place.lock.bolt).toBe('unlocked');
  });

  test('for remote use only opens from afar and not at the keypad', async () => {
    const { place } = await make({ choice: { remotePin: true } });
    await rig.setUser(1, { userType: UserType.RemoteOnlyUser });
    expect(await rig.setPin(PIN, { user: 1 })).toMatchObject({ status: 0 });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('locked');
    await rig.unlock(PIN);
    expect(place.lock.bolt).toBe('unlocked');
    expect(await rig.commands.getUser({ userIndex: 1 })).toMatchObject({ userType: UserType.RemoteOnlyUser });
  });

  test('of a type that the lock cannot keep to is refused', async () => {
    await make();
    const wish = rig.setUser(1, { userType: UserType.WeekDayScheduleUser });
    await expect(wish).rejects.toMatchObject({ code: Status.InvalidCommand });
    await expect(rig.setUser(151)).rejects.toMatchObject({ code: Status.InvalidCommand });
    await expect(rig.setUser(1, { operationType: DataOperationType.Modify })).rejects.toMatchObject({
      code: Status.InvalidCommand,
    });
    await rig.setUser(1);
    await expect(rig.setUser(1)).rejects.toMatchObject({ clusterCode: StatusCode.Occupied });
  });

  test('opens in its period only', async () => {
    const { place, house } = await make();
    const now = Math.floor(house.clock.now() / 1000);
    await rig.setUser(1, { userType: UserType.YearDayScheduleUser });
    await rig.setPin(PIN, { user: 1 });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('locked');
    const times = { localStartTime: now - HOUR, localEndTime: now + HOUR };
    await rig.commands.setYearDaySchedule({ yearDayIndex: 1, userIndex: 1, ...times });
    const read = await rig.commands.getYearDaySchedule({ yearDayIndex: 1, userIndex: 1 });
    expect(read.status).toBe(Status.Success);
    expect(Math.abs((read.localEndTime ?? 0) - times.localEndTime)).toBeLessThanOrEqual(60);
    rig.type(PIN);
    expect(place.lock.bolt).toBe('unlocked');
    await rig.commands.clearYearDaySchedule({ yearDayIndex: 1, userIndex: 1 });
    expect(await rig.commands.getYearDaySchedule({ yearDayIndex: 1, userIndex: 1 })).toMatchObject({
      status: Status.NotFound,
    });
    await rig.commands.lockDoor({});
    rig.type(PIN);
    expect(place.lock.bolt).toBe('locked');
  });

  test('has a card with hours of the week, where cards are shown', async () => {
    const { house } = await make({ choice: { tokens: true } });
    await rig.setUser(1, { userName: 'Ann' });
    const card = { credentialType: DoorLock.CredentialType.Rfid, credentialIndex: 1 };
    const put = await rig.commands.setCredential({
      operationType: DataOperationType.Add,
      credential: card,
      credentialData: Bytes.fromHex('01020304'),
      userIndex: 1,
      userStatus: null,
      userType: null,
    });
    expect(put).toMatchObject({ status: 0 });
    const hours = { startHour: 8, startMinute: 0, endHour: 17, endMinute: 30 };
    const daysMask = { monday: true, friday: true };
    await rig.commands.setWeekDaySchedule({ weekDayIndex: 2, userIndex: 1, daysMask, ...hours });
    expect(house.access.credentials('front_door')[0]).toMatchObject({
      kind: 'card',
      weekly: [
        { day: 1, startMinute: 480, endMinute: 1050 },
        { day: 5, startMinute: 480, endMinute: 1050 },
      ],
    });
    const read = await rig.commands.getWeekDaySchedule({ weekDayIndex: 2, userIndex: 1 });
    expect(read).toMatchObject({ status: Status.Success, daysMask, ...hours });
    await rig.commands.clearUser({ userIndex: 1 });
    expect(house.access.credentials('front_door')).toEqual([]);
  });

  test('of a controller that has left belongs to nobody', async () => {
    const { bridge } = await make();
    await rig.setPin(PIN);
    const first = rig.controller;
    await bridge.openWindow(180, OWNER);
    await rig.commission();
    await bridge.removeFabric(1, OWNER);
    await first.close();
    expect(await rig.commands.getUser({ userIndex: 1 })).toMatchObject({ creatorFabricIndex: 0 });
  });
});

describe('a code that comes with a command', () => {
  test('is looked at even where none is asked for', async () => {
    const { place } = await make();
    await rig.setPin(PIN);
    await rig.commands.lockDoor({});
    await expect(rig.unlock('111111')).rejects.toMatchObject(FAILURE);
    expect(place.lock.bolt).toBe('locked');
    await expect
      .poll(() => rig.of('lockOperationError'))
      .toMatchObject([
        { operationError: OperationError.InvalidCredential, operationSource: OperationSource.Remote, fabricIndex: 1 },
      ]);
    await rig.unlock(PIN);
    expect(place.lock.bolt).toBe('unlocked');
  });

  test('is asked for when a controller has asked for that', async () => {
    const { place } = await make();
    await rig.setPin(PIN);
    await rig.lock.setStateOf('doorLock', { requirePinForRemoteOperation: true });
    await rig.commands.lockDoor({});
    await expect(rig.unlock()).rejects.toMatchObject(FAILURE);
    expect(place.lock.bolt).toBe('locked');
    await rig.unlock(PIN);
    expect(place.lock.bolt).toBe('unlocked');
  });

  test('and is wrong five times is not looked at for a while, not even after a restart', async () => {
    await make();
    await rig.setPin(PIN);
    await rig.commands.lockDoor({});
    for (let n = 0; n < 5; n++) await expect(rig.unlock('111111')).rejects.toMatchObject(FAILURE);
    await expect.poll(() => rig.of('doorLockAlarm')).toEqual([{ alarmCode: AlarmCode.WrongCodeEntryLimit }]);
    await rig.bridge.stop();
    await rig.start();
    rig.node.triggerReconnect();
    await expect.poll(() => rig.node.isConnected, { timeout: 8000 }).toBe(true);
    await expect(rig.unlock(PIN)).rejects.toMatchObject(FAILURE);
    await rig.pass(180_000);
    await rig.unlock(PIN);
    expect(rig.place.lock.bolt).toBe('unlocked');
  });
});

test('a wrong code at the keypad is told as one', async () => {
  await make();
  rig.type('999999');
  await rig.pass(60_000);
  await expect
    .poll(() => rig.of('lockOperationError'), { timeout: 8000 })
    .toMatchObject([
      { operationError: OperationError.InvalidCredential, operationSource: OperationSource.Keypad, fabricIndex: null },
    ]);
});
