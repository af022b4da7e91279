// The bridge and a controller of the same project on the simulated network, with a virtual lock behind them.
import '../../../src/bridge/matter/switches.ts';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/log.ts';
import { isLibrarys } from '../../../src/bridge/matter/faults.ts';
import { doorLockState } from '../../../src/bridge/matter/attributes.ts';
import type { Abilities, Bolt, Lifecycle, Trust } from '../../../src/lock/lock.ts';
import type { LockRecord } from '../../../src/lock/ports.ts';
import { OWNER } from '../../support/fake-family.ts';
import { Rig, type RigOptions } from './rig.ts';

const { LockState, OperationSource, LockOperationType, OperationError, AlarmCode } = DoorLock;
const FAILURE = { code: 1 };

let rig: Rig;
afterEach(async () => rig.stop());
async function make(options?: RigOptions): Promise<Rig> {
  rig = await Rig.make(options);
  return rig;
}

describe('a lock on the bridge', () => {
  test('has its own endpoint number, its name and its state', async () => {
    const { lock, device, state } = await make();
    expect(lock.number).toBe(2);
    expect(device).toMatchObject({ nodeLabel: 'front_door', reachable: true });
    expect(state.lockState).toBe(LockState.Unlocked);
  });

  test('moves for a controller, which is told who did it', async () => {
    const { commands, place } = await make();
    await commands.lockDoor({});
    expect(place.lock.bolt).toBe('locked');
    await expect.poll(() => rig.state.lockState).toBe(LockState.Locked);
    const { Remote } = OperationSource;
    expect(rig.of('lockOperation')).toMatchObject([
      { lockOperationType: LockOperationType.Lock, operationSource: Remote, fabricIndex: 1, userIndex: null },
    ]);
    expect(rig.of('lockOperation')[0]?.['sourceNode']).not.toBeNull();
  });

  test('turned at its thumb-turn, shows it and says that it was by hand', async () => {
    const { place } = await make();
    await rig.commands.lockDoor({});
    place.lock.hands.act('thumb', { to: 'unlock' });
    await expect.poll(() => rig.state.lockState).toBe(LockState.Unlocked);
    const byUs = { operationSource: OperationSource.Remote };
    const byHand = {
      lockOperationType: LockOperationType.Unlock,
      operationSource: OperationSource.Manual,
      fabricIndex: null,
    };
    await expect.poll(() => rig.of('lockOperation'), { timeout: 8000 }).toMatchObject([byUs, byHand]);
  });

  test('that moves without a word says at least that it did', async () => {
    const { place } = await make();
    place.lock.hands.act('thumb', { to: 'lock' });
    await expect.poll(() => rig.state.lockState).toBe(LockState.Locked);
    await rig.pass(5000);
    const unknown = { lockOperationType: LockOperationType.Lock, operationSource: OperationSource.Unspecified };
    await expect.poll(() => rig.of('lockOperation'), { timeout: 8000 }).toMatchObject([unknown]);
  });

  test('that jams answers failure and raises the alarm', async () => {
    const { place } = await make();
    place.lock.knobs.jam = 'refuse';
    await expect(rig.commands.lockDoor({})).rejects.toMatchObject(FAILURE);
    await expect.poll(() => rig.of('doorLockAlarm')).toMatchObject([{ alarmCode: AlarmCode.LockJammed }]);
    expect(rig.of('lockOperationError')).toMatchObject([
      { operationError: OperationError.Unspecified, fabricIndex: 1 },
    ]);
    expect(rig.of('lockOperation')).toEqual([]);
  });

  test('that cannot lock by command answers failure', async () => {
    await make({ variant: 'key_box' });
    await expect(rig.commands.lockDoor({})).rejects.toMatchObject(FAILURE);
  });

  test('keeps its endpoint, unreachable and without a state, when it is unpaired, and comes back as the same', async () => {
    await make();
    await rig.setPin('481516');
    rig.unpair();
    await expect.poll(() => rig.device.reachable).toBe(false);
    expect(rig.state.lockState).toBeNull();
    await expect(rig.commands.lockDoor({})).rejects.toMatchObject(FAILURE);
    await rig.pairAgain();
    await expect.poll(() => rig.device.reachable, { timeout: 8000 }).toBe(true);
    await expect.poll(() => rig.state.lockState).not.toBeNull();
    expect(rig.lock.number).toBe(2);
    expect((await rig.commands.getUser({ userIndex: 1 })).userStatus).toBeNull();
    await rig.commands.lockDoor({});
    expect(rig.place.lock.bolt).toBe('locked');
  });

  test('goes when it is not to be shown, and comes back under the same number', async () => {
    const { house } = await make();
    house.registry.setOptions('front_door', { exposed: ['mqtt'] }, OWNER);
    await expect.poll(() => rig.lock).toBeUndefined();
    house.registry.setOptions('front_door', { exposed: ['mqtt', 'matter'] }, OWNER);
    await expect.poll(() => rig.lock?.number, { timeout: 8000 }).toBe(2);
    await rig.commands.lockDoor({});
  });

  test('goes for good when it is removed, and nothing of it is kept', async () => {
    const { house } = await make();
    await rig.setPin('481516');
    house.registry.remove('front_door', OWNER, { force: true });
    await expect.poll(() => rig.lock).toBeUndefined();
    await expect
      .poll(() => [...rig.notes.all().keys()].filter(name => /^matter\.(lock|users|tries)/.test(name)))
      .toEqual([]);
    expect(rig.bridge.status().locks).toEqual([]);
  });

  test('has its new name when it is renamed here, and counts the changes of what it is', async () => {
    const { house } = await make();
    const before = rig.device.configurationVersion ?? 0;
    house.registry.rename('front_door', 'back_door', OWNER);
    await expect.poll(() => rig.device.nodeLabel).toBe('back_door');
    expect(rig.device.configurationVersion).toBe(before);
    house.registry.rename('back_door', 'front_door', OWNER);
    rig.unpair();
    await rig.pairAgain();
    await expect.poll(() => rig.device.configurationVersion, { timeout: 8000 }).toBe(before + 1);
  });

  test('is found again after a restart of the bridge, and with what it is now', async () => {
    await make();
    await rig.bridge.stop();
    rig.place.lock.hands.act('thumb', { to: 'lock' });
    await rig.start();
    expect(rig.bridge.status().nodes).toMatchObject([{ commissioned: true, fabrics: 1 }]);
    rig.node.triggerReconnect();
    await expect.poll(() => rig.state.lockState, { timeout: 15_000 }).toBe(LockState.Locked);
    await rig.commands.unlockDoor({});
    expect(rig.place.lock.bolt).toBe('unlocked');
  });

  test('as a node of its own has a code and a port of its own', async () => {
    await make({ choice: { own: true }, alone: true });
    await rig.house.pair();
    await expect.poll(() => rig.bridge.status().nodes.length).toBe(2);
    expect(rig.bridge.status().nodes[1]).toMatchObject({ lock: 'front_door', port: 5541, commissioned: false });
    await rig.commission(1);
    await rig.commands.lockDoor({});
    expect(rig.place.lock.bolt).toBe('locked');
    const { BasicInformationClient } = await import('@matter/main/behaviors/basic-information');
    const own = () => rig.node.node.stateOf(BasicInformationClient);
    expect(own()).toMatchObject({ nodeLabel: 'front_door', reachable: true });
    await rig.commands.unlockDoor({});
    rig.unpair();
    await expect.poll(() => own().reachable).toBe(false);
  });

  test('that was named and never paired is there, unreachable, and gets what it can do when it is', async () => {
    await make({ alone: true, prepared: true });
    await rig.commission();
    expect(rig.device).toMatchObject({ nodeLabel: 'front_door', reachable: false });
    expect(rig.state.lockState).toBeNull();
    await rig.pairAgain();
    await expect.poll(() => rig.lock && rig.device.reachable, { timeout: 8000 }).toBe(true);
    expect(await rig.setPin('481516')).toMatchObject({ status: 0 });
  });
});

describe('a lock with a latch', () => {
  test('draws the bolt alone when asked for that, and is built anew when it turns out to have one', async () => {
    const { house, place } = await make();
    await rig.commands.lockDoor({});
    const record = house.registry.keeper('front_door')?.record as LockRecord;
    const abilities = { ...(record.abilities as Abilities), verbs: ['lock', 'unlock', 'unlatch'] as const };
    house.registry.save({ ...record, abilities });
    const has = (): boolean => rig.bridge.status().locks[0]?.features.includes('Unbolting') === true;
    await expect.poll(has, { timeout: 8000 }).toBe(true);
    await expect.poll(() => rig.lock?.number, { timeout: 8000 }).toBe(2);
    await rig.commands.unboltDoor({});
    expect(place.lock.bolt).toBe('unlocked');
    // No lock of this family pulls a latch: what it says no to is an unlatch.
    await expect(rig.unlock()).rejects.toMatchObject(FAILURE);
    const unlatch = { lockOperationType: LockOperationType.Unlatch, operationSource: OperationSource.Remote };
    await expect.poll(() => rig.of('lockOperationError')).toMatchObject([unlatch]);
  });
});

test('what is only guessed, or not said, is not shown', async () => {
  const { view } = await make({ alone: true, prepared: true });
  const shape = { features: ['DoorPositionSensor' as const], relocks: false, passage: false, battery: true };
  const seen = { shape, choice: rig.choice, note: { uniqueId: '', version: 1 }, values: {} };
  const state = (lifecycle: Lifecycle, bolt: Bolt, trust: Trust) => {
    const said = { bolt, door: 'open', reachable: true, trust, at: 0 } as const;
    const { lockState, doorState } = doorLockState({ ...seen, view: { ...view, lifecycle, state: said } });
    return [lockState, doorState];
  };
  const { DoorOpen } = DoorLock.DoorState;
  expect(state('managed', 'locked', 'told')).toEqual([LockState.Locked, DoorOpen]);
  expect(state('managed', 'locked', 'guessed')).toEqual([null, null]);
  expect(state('managed', 'unknown', 'told')).toEqual([null, DoorOpen]);
  expect(state('managed', 'jammed', 'told')).toEqual([LockState.NotFullyLocked, DoorOpen]);
  expect(state('managed', 'unlatched', 'proven')).toEqual([LockState.Unlocked, DoorOpen]);
  expect(state('managed', 'locking', 'told')).toEqual([undefined, DoorOpen]);
  expect(state('limbo', 'locked', 'told')).toEqual([null, null]);
});

describe('a door with a sensor', () => {
  test('shows that it is open', async () => {
    const { place } = await make({ variant: 'lever' });
    place.lock.hands.act('door', { to: 'open' });
    await expect.poll(() => rig.state.doorState, { timeout: 8000 }).toBe(DoorLock.DoorState.DoorOpen);
    expect(rig.of('doorStateChange')).toMatchObject([{ doorState: DoorLock.DoorState.DoorOpen }]);
  });
});

describe('what is set in the cluster', () => {
  test('reaches the lock: the seconds after which it locks again', async () => {
    const { place, house } = await make();
    await rig.lock.setStateOf('doorLock', { autoRelockTime: 30 });
    expect(await house.workbench.readSettings('front_door', OWNER)).toMatchObject({ auto_lock_seconds: 30 });
    expect(place.lock.paired).toBe(true);
  });

  test('is refused where the lock refuses it, and stays as it was', async () => {
    await make();
    await expect(rig.lock.setStateOf('doorLock', { autoRelockTime: 100_000 })).rejects.toMatchObject({});
    expect(rig.state.autoRelockTime).toBe(0);
  });

  test('passage mode keeps it open, and another mode keeps controllers off', async () => {
    await make();
    const { Passage, NoRemoteLockUnlock, Normal, Vacation } = DoorLock.OperatingMode;
    await rig.lock.setStateOf('doorLock', { operatingMode: Passage });
    expect(rig.house.workbench.known('front_door')).toMatchObject({ passage_mode: true });
    await rig.lock.setStateOf('doorLock', { operatingMode: NoRemoteLockUnlock });
    expect(rig.house.workbench.known('front_door')).toMatchObject({ passage_mode: false });
    await expect(rig.commands.lockDoor({})).rejects.toMatchObject(FAILURE);
    await expect(rig.lock.setStateOf('doorLock', { operatingMode: Vacation })).rejects.toMatchObject({});
    await rig.lock.setStateOf('doorLock', { operatingMode: Normal });
    await rig.commands.lockDoor({});
  });
});

describe('who may control it', () => {
  test('is asked in a window with a fresh code that closes by itself', async () => {
    const { bridge, house } = await make();
    const before = bridge.status().nodes[0];
    expect(before?.codes).toBeUndefined();
    const node = await bridge.openWindow(180, OWNER);
    expect(node).toMatchObject({ windowUntil: house.clock.now() + 180_000 });
    const first = rig.controller;
    await rig.commission();
    expect(bridge.fabrics().map(each => each.index)).toEqual([1, 2]);
    await first.close();
    await bridge.openWindow(200, OWNER);
    await rig.pass(200_000);
    await expect.poll(() => bridge.status().nodes[0]?.codes).toBeUndefined();
  });

  test('is listed, and can be taken off', async () => {
    const { bridge } = await make();
    expect(bridge.fabrics()).toMatchObject([{ index: 1, label: 'test', vendor: 'test vendor', node: 'bridge' }]);
    await bridge.removeFabric(1, OWNER);
    await expect.poll(() => bridge.status().nodes[0]?.commissioned).toBe(false);
    await expect.poll(() => bridge.status().nodes[0]?.codes).toBeDefined();
  });

  test('starts anew after a reset, with other codes and the same locks', async () => {
    const { bridge, notes } = await make();
    await rig.setPin('481516');
    const before = notes.get('matter.node.bridge');
    await rig.controller.close();
    await bridge.factoryReset(OWNER);
    expect(bridge.status().nodes).toMatchObject([{ commissioned: false, fabrics: 0 }]);
    expect(notes.get('matter.node.bridge')).not.toEqual(before);
    await rig.commission();
    expect(rig.lock.number).toBe(2);
    const user = await rig.commands.getUser({ userIndex: 1 });
    expect(user).toMatchObject({ creatorFabricIndex: 0, credentials: [{ credentialIndex: 1 }] });
  });

  test('is not for an automation to say', async () => {
    const { bridge } = await make();
    const automation = { via: 'mqtt', who: 'mqtt', role: 'automation' } as const;
    await expect(bridge.openWindow(180, automation)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(bridge.factoryReset({ ...automation, role: 'manager' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('a code that was set by another way appears, and opens from afar where a code is asked for', async () => {
  const { house } = await make({ choice: { remotePin: true } });
  const wish = { digits: new Secret('90210'), person: 'Ann' };
  await house.access.setCode('front_door', 7, wish, OWNER);
  const user = await rig.commands.getUser({ userIndex: 7 });
  expect(user).toMatchObject({ userName: 'Ann', creatorFabricIndex: null });
  const { LockDataType, DataOperationType } = DoorLock;
  await expect
    .poll(() => rig.of('lockUserChange').map(each => each['lockDataType']))
    .toEqual([LockDataType.UserIndex, LockDataType.Pin]);
  expect(rig.of('lockUserChange')).toMatchObject([
    { dataOperationType: DataOperationType.Add, userIndex: 7, fabricIndex: null, dataIndex: null },
    { dataOperationType: DataOperationType.Add, userIndex: 7, fabricIndex: null, dataIndex: 7 },
  ]);
  await expect(rig.unlock()).rejects.toMatchObject(FAILURE);
  await rig.unlock('90210');
  await expect.poll(() => rig.of('lockOperation')).toMatchObject([{ userIndex: 7, fabricIndex: 1 }]);
});

describe('what goes wrong where nobody waits for it', () => {
  const failure = (...lines: string[]): Error => {
    const error = new Error('broken');
    error.stack = ['Error: broken', ...lines.map(line => `    at ${line}`)].join('\n');
    return error;
  };
  test.each([
    [
      'the library’s',
      true,
      ['Session.send (file:///app/node_modules/@matter/protocol/dist/esm/a.js:1:1)', 'x (/app/dist/main.js:1:1)'],
    ],
    [
      'ours',
      false,
      ['Keeper.open (file:///app/dist/lock/keeper.js:1:1)', 'y (/app/node_modules/@matter/node/dist/esm/b.js:2:2)'],
    ],
    ['another library’s', false, ['z (file:///app/node_modules/mqtt/build/c.js:1:1)']],
  ])('is known to be %s', async (_whose, expected, lines) => {
    await make({ alone: true });
    expect(isLibrarys(failure(...lines))).toBe(expected);
  });

  test('keeps Matter from starting, is told, and is tried again', async () => {
    await make({ alone: true });
    const { bridge, store } = rig;
    await bridge.stop();
    const full = vi.spyOn(store, 'set').mockImplementation(() => {
      throw new LockError('disk', 'The disk is full.');
    });
    await rig.start();
    expect(rig.bridge.status()).toMatchObject({ state: 'failed', reason: 'The disk is full.' });
    expect(rig.bridge.health()).toMatchObject({ ok: false, text: 'The disk is full.' });
    await expect(rig.bridge.openWindow(180, OWNER)).rejects.toMatchObject({ reason: 'matter_off' });
    full.mockRestore();
    await rig.pass(30_000);
    await expect.poll(() => rig.bridge.status().state, { timeout: 8000 }).toBe('running');
  });
});
