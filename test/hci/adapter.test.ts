// What can be wrong with an adapter, and what becomes of it: the real noble over the seam.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { probeNoble } from '../../src/radio/noble.ts';
import type { Radio } from '../../src/radio/radio.ts';
import {
  EchoPeripheral,
  hasty,
  hear,
  installSeam,
  never,
  radioOn,
  until,
  untilReady,
  VirtualController,
} from './bench.ts';

const LOCK = 'e0:12:34:56:78:9a';
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let radios: Radio[] = [];

function open(options: Parameters<typeof radioOn>[0] = {}): Radio {
  const radio = radioOn({ clock: hasty, ...options });
  radios.push(radio);
  return radio;
}

const probe = (device?: number | string): ReturnType<typeof probeNoble> =>
  probeNoble({ clock: hasty, log: silent, ...(device !== undefined && { device }) });

function failure(code: string, text: string): Error {
  return Object.assign(new Error(text), { code });
}

beforeEach(() => {
  controller = new VirtualController({ address: '00:1a:7d:da:71:13' });
  seam.controllers.set(0, controller);
});

afterEach(async () => {
  await Promise.all(radios.map(radio => radio.stop()));
  radios = [];
  for (const each of seam.controllers.values()) each.stop();
  seam.controllers.clear();
  Object.assign(seam, {
    loadError: undefined,
    socketError: undefined,
    writeError: undefined,
    management: true,
    looks: 0,
    sockets: 0,
  });
});

describe('a probe tells apart', () => {
  const missing = failure('MODULE_NOT_FOUND', "Cannot find module '../build/Release/bluetooth_hci_socket.node'");
  const stale = failure('ERR_DLOPEN_FAILED', 'was compiled against a different Node.js version');

  it('a socket module that was not built', async () => {
    seam.loadError = missing;
    expect(await probe()).toMatchObject({ code: 'not_built', fix: expect.stringContaining('npm run radio') });
  });

  it('one that was built for another Node', async () => {
    seam.loadError = stale;
    expect((await probe()).code).toBe('wrong_node');
  });

  it('either, at once, for a radio that is made all the same', () => {
    seam.loadError = missing;
    expect(open().state()).toMatchObject({ ready: false, reason: 'The Bluetooth socket module has not been built.' });
  });

  it('a kernel without Bluetooth', async () => {
    seam.socketError = failure('EAFNOSUPPORT', 'Address family not supported by protocol, socket');
    expect((await probe()).code).toBe('no_bluetooth');
  });

  it('an adapter that is not there', async () => {
    expect((await probe(3)).code).toBe('absent');
  });

  it('an adapter that is switched off', async () => {
    controller.power(false);
    expect((await probe()).code).toBe('off');
  });

  it('missing rights', async () => {
    seam.writeError = failure('EPERM', 'Operation not permitted');
    expect((await probe()).code).toBe('no_permission');
  });

  it('an adapter that does not answer', async () => {
    controller.deaf = true;
    expect((await probe()).code).toBe('hung');
  });

  it('a healthy adapter', async () => {
    expect(await probe(0)).toEqual({ code: 'ready', id: '00:1a:7d:da:71:13', reason: '', fix: '' });
  });
});

describe('without an adapter', () => {
  it('scanning and connecting fail with that reason', async () => {
    controller.plug(false);
    const radio = open();
    await until('it is absent', () => !radio.state().ready);
    await expect(radio.scan(() => undefined, never)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('looking for it does not open a socket each time', async () => {
    controller.plug(false);
    open({ device: 0 });
    await until('it was looked for again', () => seam.looks > 1);
    const before = [seam.sockets, seam.looks] as const;
    await until('it was looked for thrice more', () => seam.looks === before[1] + 3);
    expect(seam.sockets).toBe(before[0]);
  });
});

describe('an adapter', () => {
  it('that appears later is found', async () => {
    controller.plug(false);
    const radio = open({ device: 0 });
    await until('it was missed', () => !radio.state().ready);
    controller.plug(true);
    await untilReady(radio);
    expect(radio.id).toBe('00:1a:7d:da:71:13');
  });

  it('that is switched off and on again scans again', async () => {
    const radio = open();
    await untilReady(radio);
    controller.power(false);
    await until('the loss was noticed', () => !radio.state().ready);
    controller.power(true);
    controller.add(new EchoPeripheral(LOCK));
    await untilReady(radio);
    expect(await hear(radio, LOCK)).toMatchObject({ address: LOCK });
  });

  it('that is unplugged and plugged in again is bound anew', async () => {
    const radio = open();
    await untilReady(radio);
    controller.plug(false);
    await until('the loss was noticed', () => !radio.state().ready);
    controller.plug(true);
    controller.add(new EchoPeripheral(LOCK));
    await untilReady(radio);
    expect(await hear(radio, LOCK)).toMatchObject({ address: LOCK });
  });

  it('that is lost ends the scan and every link', async () => {
    const lock = new EchoPeripheral(LOCK);
    controller.add(lock);
    const radio = open();
    await untilReady(radio);
    await hear(radio, LOCK);
    const link = await radio.connect(LOCK, never);
    const scan = radio.scan(() => undefined, never);
    controller.power(false);
    await expect(scan).rejects.toMatchObject({ code: 'unreachable' });
    await link.closed;
    await expect(link.read('fff2')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is found by its address, whatever its number', async () => {
    controller.power(false);
    seam.controllers.set(1, new VirtualController({ address: 'aa:bb:cc:00:00:01' }));
    seam.controllers.set(2, new VirtualController({ address: 'aa:bb:cc:00:00:02' }));
    const radio = open({ device: 'AA:BB:CC:00:00:02' });
    await untilReady(radio);
    expect(radio.id).toBe('aa:bb:cc:00:00:02');
  });

  it('of another address is left alone', async () => {
    const radio = open({ device: 'aa:bb:cc:00:00:09' });
    await until('one round is over', () => !radio.state().ready && seam.sockets > 0);
    expect((await probe('aa:bb:cc:00:00:09')).code).toBe('absent');
  });

  it('the first one that is on is taken when none is named', async () => {
    controller.power(false);
    seam.controllers.set(1, new VirtualController({ address: 'aa:bb:cc:00:00:01' }));
    const radio = open();
    await untilReady(radio);
    expect(radio.id).toBe('aa:bb:cc:00:00:01');
  });
});

describe('a reset', () => {
  for (const management of [true, false]) {
    const way = management ? 'by the kernel' : 'by the controller, where the kernel denies it';

    it(`${way} voids the links and leaves the adapter ready`, async () => {
      seam.management = management;
      controller.add(new EchoPeripheral(LOCK));
      const radio = open();
      await untilReady(radio);
      await hear(radio, LOCK);
      const link = await radio.connect(LOCK, never);
      await radio.reset();
      await link.closed;
      expect([controller.resets, radio.state().ready, controller.connected]).toEqual([1, true, []]);
    });
  }

  it('brings back an adapter that no longer answers', async () => {
    const radio = open();
    await untilReady(radio);
    controller.deaf = true;
    await radio.reset();
    controller.add(new EchoPeripheral(LOCK));
    expect(await hear(radio, LOCK)).toMatchObject({ address: LOCK });
  });

  it('of an adapter that stays away fails, and it is looked for all the same', async () => {
    const radio = open();
    await untilReady(radio);
    controller.plug(false);
    await expect(radio.reset()).rejects.toMatchObject({ code: 'unreachable' });
    controller.plug(true);
    await untilReady(radio);
    expect(radio.state()).toEqual({ ready: true });
  });
});

it('two adapters in one process hear and connect each for itself', async () => {
  const second = new VirtualController({ address: 'aa:bb:cc:00:00:01' });
  seam.controllers.set(1, second);
  const [one, two] = [new EchoPeripheral(LOCK), new EchoPeripheral('e0:12:34:56:78:9b')];
  controller.add(one);
  second.add(two);
  const [first, other] = [open({ device: 0 }), open({ device: 1 })];
  await Promise.all([untilReady(first), untilReady(other)]);
  await Promise.all([hear(first, one.address), hear(other, two.address)]);
  await Promise.all([first.connect(one.address, never), other.connect(two.address, never)]);
  expect([controller.connected, second.connected]).toEqual([[one.address], [two.address]]);
});
