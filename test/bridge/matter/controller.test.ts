// Our controller over the simulated network, against a bridge that is the library's own.
import '../../../src/bridge/matter/switches.ts';
import { Endpoint, type Environment, LogLevel, Logger, ServerNode } from '@matter/main';
import { BridgedDeviceBasicInformationServer } from '@matter/main/behaviors/bridged-device-basic-information';
import { DoorLockServer } from '@matter/main/behaviors/door-lock';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { DoorLockDevice } from '@matter/main/devices/door-lock';
import { AggregatorEndpoint } from '@matter/main/endpoints/aggregator';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/log.ts';
import type { ControllerNews, MatterController } from '../../../src/bridge/matter/controller.ts';
import { openController } from '../../../src/bridge/matter/controller-client.ts';
import { keepIn } from '../../../src/bridge/matter/drawer.ts';
import { Simulation, closeRealNetwork } from '../../../src/bridge/matter/simulation.ts';
import { openMatterStore } from '../../../src/store/matter.ts';

Logger.level = LogLevel('fatal');
const Lock = DoorLockDevice.with(BridgedDeviceBasicInformationServer, DoorLockServer.with('PinCredential', 'User'));
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function bridge(environment: Environment) {
  keepIn(environment, openMatterStore());
  const server = await ServerNode.create({
    id: 'bridge',
    environment,
    commissioning: { passcode: 34_567_891, discriminator: 0x321 },
  });
  const aggregator = new Endpoint(AggregatorEndpoint, { id: 'aggregator' });
  await server.add(aggregator);
  const door = new Endpoint(Lock, {
    id: 'door',
    bridgedDeviceBasicInformation: { nodeLabel: 'front', uniqueId: 'u1', reachable: true },
    doorLock: {
      lockState: DoorLock.LockState.Locked,
      lockType: DoorLock.LockType.DeadBolt,
      actuatorEnabled: true,
      operatingMode: DoorLock.OperatingMode.Normal,
      supportedOperatingModes: {
        normal: false,
        vacation: true,
        privacy: true,
        noRemoteLockUnlock: true,
        passage: true,
        alwaysSet: 2047,
      },
      numberOfTotalUsersSupported: 5,
      credentialRulesSupport: { single: true },
      numberOfCredentialsSupportedPerUser: 1,
      numberOfPinUsersSupported: 5,
      minPinCodeLength: 4,
      maxPinCodeLength: 8,
      wrongCodeEntryLimit: 3,
      userCodeTemporaryDisableTime: 10,
      autoRelockTime: 0,
    },
  });
  await aggregator.add(door);
  await server.start();
  ends.push(() => server.close());
  return { server, door, code: () => new Secret(server.state.commissioning.pairingCodes.qrPairingCode) };
}

async function controller(environment: Environment): Promise<MatterController> {
  const opened = await openController({ environment, store: openMatterStore(), label: 'test', clock: systemClock });
  ends.push(() => opened.close());
  return opened;
}

interface House {
  us: MatterController;
  at: number;
  door: Endpoint<typeof Lock>;
  server: ServerNode;
  news: ControllerNews[];
}

async function house(): Promise<House> {
  closeRealNetwork();
  const air = new Simulation();
  const { code, door, server } = await bridge(air.host('bridge'));
  const us = await controller(air.host('controller'));
  const news: ControllerNews[] = [];
  us.hear(each => news.push(each));
  await us.commission(code());
  return { us, door, server, news, at: us.locks()[0]?.endpoint ?? 0 };
}

describe('the controller', () => {
  test('sees the lock with its name, features and state', async () => {
    const { us } = await house();
    expect(us.locks()).toMatchObject([
      { name: 'front', uniqueId: 'u1', reachable: true, lockState: 'locked', features: ['pinCredential', 'user'] },
    ]);
  });

  test('unlocks, and hears of it as an event and as an attribute', async () => {
    const { us, at, news } = await house();
    await us.operate(at, 'unlock');
    await expect.poll(() => news.find(each => each.name === 'lockOperation')).toMatchObject({ endpoint: at });
    await expect.poll(() => us.locks()[0]?.lockState).toBe('unlocked');
  });

  test('sets a user and a PIN and reads them back', async () => {
    const { us, at } = await house();
    await us.setUser(at, 1, 'Ann');
    expect(await us.setPin(at, { user: 1, credential: 1, pin: new Secret('123456') })).toBe(1);
    expect(await us.users(at)).toEqual([{ user: 1, name: 'Ann', status: 1, credentials: [{ type: 1, index: 1 }] }]);
  });

  test('is told no when the PIN is wrong', async () => {
    const { us, at } = await house();
    await us.setUser(at, 1, 'Ann');
    await us.setPin(at, { user: 1, credential: 1, pin: new Secret('123456') });
    await expect(us.operate(at, 'unlock', new Secret('111111'))).rejects.toMatchObject({ code: 'rejected' });
  });

  test('takes its own fabric off the bridge', async () => {
    const { us, server } = await house();
    await us.remove();
    await expect.poll(() => server.lifecycle.isCommissioned).toBe(false);
  });

  test('refuses a code that is not one', async () => {
    const us = await controller(new Simulation().host('controller'));
    await expect(us.commission(new Secret('12'))).rejects.toMatchObject({ code: 'invalid' });
  });
});
