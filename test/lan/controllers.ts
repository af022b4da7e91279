// Two Matter controllers of the library on the cable's far end, behind one interface: the one that it has had for long, and
// its new one.
import '../../src/bridge/matter/switches.ts';
import { ControllerBehavior, type Endpoint, Environment, LogLevel, Logger, Seconds, ServerNode } from '@matter/main';
import { DoorLockClient } from '@matter/main/behaviors/door-lock';
import { systemClock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import { openController } from '../../src/bridge/matter/controller-client.ts';
import * as door from '../../src/bridge/matter/controller-lock.ts';
import type { ControllerNews, MatterController } from '../../src/bridge/matter/controller.ts';
import { keepIn } from '../../src/bridge/matter/drawer.ts';
import type { MatterStore } from '../../src/lock/matter-port.ts';

export type Open = (store: MatterStore) => Promise<MatterController>;

let made = 0;

/** Its mDNS belongs to the default environment, which is told which end of the cable is its own. */
function environment(): Environment {
  const { LATCHBRIDGE_LAN: chosen } = process.env;
  if (chosen === undefined) throw new RangeError('start these tests with test/lan/run.sh');
  Logger.level = LogLevel('fatal');
  Environment.default.vars.set('mdns.networkInterface', chosen);
  Environment.default.vars.set('mdns.ipv4', false);
  made += 1;
  return new Environment(`controller-${made}`, Environment.default);
}

export const openOld: Open = async store =>
  openController({ environment: environment(), store, label: 'old', clock: systemClock });

export const openNew: Open = async store => {
  const own = environment();
  keepIn(own, store);
  const server = await ServerNode.create(ServerNode.RootEndpoint.with(ControllerBehavior), {
    environment: own,
    id: 'controller',
    commissioning: { enabled: false },
    controller: { adminFabricLabel: 'new' },
    network: { port: 0, ipv4: false },
  });
  await server.start();
  return controllerOf(server);
};

function controllerOf(server: ServerNode<typeof Root>): MatterController {
  const ears = new Set<(news: ControllerNews) => void>();
  const peer = () => {
    const [first] = [...server.peers];
    if (first) return first;
    throw new LockError('not_found', 'nothing is commissioned');
  };
  const locks = (): Endpoint[] => [...peer().endpoints].filter(door.isLock);
  const at = (number: number): Endpoint => {
    const found = locks().find(each => each.number === number);
    if (found) return found;
    throw new LockError('not_found', `no lock at ${number}`);
  };
  const listen = (): void => {
    const tell = (news: ControllerNews): void => ears.forEach(ear => ear(news));
    for (const lock of locks()) {
      const events = lock.eventsOf(DoorLockClient) as unknown as Record<string, Heard | undefined>;
      for (const name of [
        'lockOperation',
        'lockOperationError',
        'doorLockAlarm',
        'doorStateChange',
        'lockUserChange',
      ]) {
        const heard = (data: object) => tell({ kind: 'event', endpoint: lock.number, name, data: { ...data } });
        events[name]?.on(heard as (value: never) => void);
      }
      events['lockState$Changed']?.on(((value: unknown) =>
        tell({ kind: 'attribute', endpoint: lock.number, name: 'doorLock.lockState', value })) as (
        value: never,
      ) => void);
    }
  };
  return {
    async commission(code) {
      await server.peers.commission({ pairingCode: code.reveal(), timeout: Seconds(30) });
      listen();
    },
    async resume() {
      if (server.peers.size === 0) return false;
      await peer().start();
      listen();
      return true;
    },
    locks: () => locks().map(door.seen),
    operate: (endpoint, verb, pin) => door.operate(at(endpoint), verb, pin),
    users: endpoint => door.users(at(endpoint)),
    setUser: (endpoint, user, name) => door.setUser(at(endpoint), user, name),
    setPin: (endpoint, wish) => door.setPin(at(endpoint), wish),
    clearUser: (endpoint, user) => door.clearUser(at(endpoint), user),
    write: (endpoint, attributes) => door.write(at(endpoint), attributes),
    hear(ear) {
      ears.add(ear);
      return () => void ears.delete(ear);
    },
    remove: () => peer().decommission(),
    close: () => server.close(),
  };
}

const Root = ServerNode.RootEndpoint.with(ControllerBehavior);

interface Heard {
  on(heard: (value: never) => void): void;
}
