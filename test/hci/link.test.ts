// Links of the real noble over a virtual controller: GATT, losses, cancellations.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import type { Link, Radio } from '../../src/radio/radio.ts';
import {
  ECHO,
  EchoPeripheral,
  HASTY,
  hasty,
  hear,
  installSeam,
  MUTE,
  never,
  PLAIN,
  radioOn,
  until,
  untilReady,
  VirtualController,
} from './bench.ts';

const LOCK = 'e0:12:34:56:78:9a';
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let lock: EchoPeripheral;
let radio: Radio;

beforeEach(async () => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  lock = new EchoPeripheral(LOCK);
  radio = radioOn({ clock: hasty, links: 8 });
  await untilReady(radio);
});

afterEach(async () => {
  controller.deaf = false;
  await radio.stop();
  controller.stop();
});

async function connected(mtu = 185): Promise<Link> {
  controller.add(lock, { mtu });
  await hear(radio, LOCK);
  return radio.connect(LOCK, never);
}

describe('a link', () => {
  it('carries a write and the notification that answers it', async () => {
    const link = await connected();
    const heard: Uint8Array[] = [];
    await link.subscribe(ECHO, bytes => heard.push(bytes));
    await link.write(ECHO, Uint8Array.of(5, 6));
    await until('the echo came', () => heard.length > 0);
    expect(heard).toEqual([Uint8Array.of(5, 6)]);
  });

  it('reads back what was written with response', async () => {
    const link = await connected();
    await link.write(PLAIN, Uint8Array.of(9, 8, 7), { response: true });
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(9, 8, 7));
  });

  it('writes in the way that the characteristic knows, whatever was wished', async () => {
    const link = await connected();
    await link.write(PLAIN, Uint8Array.of(1));
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1));
    await link.write(HASTY, Uint8Array.of(2), { response: true });
    expect(await link.read(HASTY)).toEqual(Uint8Array.of(2));
  });

  it('knows characteristics with leading zeros', async () => {
    const link = await connected();
    expect(await link.read('00cd')).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('says that a characteristic is not there', async () => {
    const link = await connected();
    await expect(link.read('1234')).rejects.toMatchObject({ code: 'unsupported', reason: 'no_characteristic' });
  });

  it('says at once that a read was refused', async () => {
    const link = await connected();
    await expect(link.read(MUTE)).rejects.toMatchObject({ reason: 'gatt_refused' });
  });

  it('goes on after a refusal', async () => {
    const link = await connected();
    await link.read(MUTE).catch(() => undefined);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('keeps the order of writes that were not waited for', async () => {
    const link = await connected();
    await Promise.all(Array.from({ length: 30 }, (_, i) => link.write(ECHO, Uint8Array.of(i))));
    await until('all arrived', () => lock.heard.length === 30);
    expect(lock.heard.map(([byte]) => byte)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('survives an ear that throws', async () => {
    const link = await connected();
    await link.subscribe(ECHO, () => {
      throw new RangeError('an ear');
    });
    await link.write(ECHO, Uint8Array.of(1));
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('with an MTU of 23 carries 20 bytes', async () => {
    const link = await connected(23);
    const heard: Uint8Array[] = [];
    await link.subscribe(ECHO, bytes => heard.push(bytes));
    await link.write(ECHO, new Uint8Array(20).fill(7));
    await until('the echo came', () => heard.length > 0);
    expect([link.mtu, heard[0]?.length]).toEqual([23, 20]);
  });

  it('with an MTU of 185 carries 182 bytes in fragments of 27', async () => {
    const link = await connected(185);
    const heard: Uint8Array[] = [];
    const bytes = Uint8Array.from({ length: 182 }, (_, i) => i);
    await link.subscribe(ECHO, piece => heard.push(piece));
    await link.write(ECHO, bytes);
    await until('the echo came', () => heard.length > 0);
    expect([link.mtu, heard[0]]).toEqual([185, bytes]);
  });

  it('writes more than an MTU with response as one value', async () => {
    const link = await connected(23);
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
    await link.write(PLAIN, bytes, { response: true });
    expect(await link.read(PLAIN)).toEqual(bytes);
  });

  it('reaches a lock with a random address', async () => {
    const random = new EchoPeripheral('fe:12:34:56:78:9a', 'random');
    controller.add(random);
    await hear(radio, random.address);
    const link = await radio.connect(random.address, never);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('to a lock that was not heard uses the type that was kept', async () => {
    const random = new EchoPeripheral('c0:12:34:56:78:9a', 'random');
    controller.add(random);
    const link = await radio.connect(random.address, never, 'random');
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('when the lock goes', () => {
  it('a question that waits fails at once', async () => {
    const link = await connected();
    controller.onPacket = (_address, way) => (way === 'in' ? 'lose' : undefined);
    const began = performance.now();
    await expect(link.read(PLAIN)).rejects.toMatchObject({ code: 'unreachable' });
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('the link says so, and everything later fails at once', async () => {
    const link = await connected();
    controller.lose(LOCK);
    await link.closed;
    await expect(link.write(ECHO, Uint8Array.of(1))).rejects.toMatchObject({ code: 'unreachable' });
    await expect(link.read(PLAIN)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(link.subscribe(ECHO, () => undefined)).rejects.toMatchObject({ code: 'unreachable' });
    await link.close();
  });

  it('while its services are asked for, connecting fails', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    let packets = 0;
    controller.onPacket = () => (++packets === 5 ? 'lose' : undefined);
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('because it refuses the connection, connecting fails and the next attempt is free', async () => {
    lock.refuses = true;
    controller.add(lock);
    await hear(radio, LOCK);
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ reason: 'not_established' });
    lock.refuses = false;
    expect(await (await radio.connect(LOCK, never)).read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('the next connection works', async () => {
    const link = await connected();
    controller.lose(LOCK);
    await link.closed;
    await until('it advertises', () => lock.central === undefined);
    const next = await radio.connect(LOCK, never);
    expect(await next.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('a lock that stays silent', () => {
  it('to a read is given up at the deadline, and the link ends', async () => {
    const link = await connected();
    controller.onPacket = (_address, way) => (way === 'in' ? 'drop' : undefined);
    await expect(link.read(PLAIN)).rejects.toMatchObject({ code: 'timeout', reason: 'gatt_silent' });
    await link.closed;
    expect(controller.connected).toEqual([]);
  });

  it('to a connect is given up after 20 s, in words for a person', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    lock.awake = false;
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ code: 'unreachable', reason: 'connect_timeout' });
  });
});

describe('a connect', () => {
  it('to a lock that left can be aborted, and the next one works', async () => {
    controller.add(lock)();
    const other = new EchoPeripheral('e0:12:34:56:78:9b');
    controller.add(other);
    await hear(radio, other.address);
    const stop = new AbortController();
    const attempt = radio.connect(LOCK, stop.signal);
    stop.abort(new LockError('timeout', 'The deadline has passed.'));
    await expect(attempt).rejects.toMatchObject({ code: 'timeout' });
    const link = await radio.connect(other.address, never);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('aborted at any moment leaves no connection behind', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    for (let ms = 0; ms < 40; ms += 2) {
      const stop = new AbortController();
      const attempt = radio.connect(LOCK, stop.signal);
      attempt.catch(() => undefined);
      await new Promise<void>(resolve => void systemClock.after(ms, resolve));
      stop.abort();
      await attempt.then(
        link => link.close(),
        () => undefined,
      );
      await until('the connection is over', () => controller.connected.length === 0);
    }
    const link = await radio.connect(LOCK, never);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('whose cancellation is never confirmed does not block the next one', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    lock.awake = false;
    const stop = new AbortController();
    const attempt = radio.connect(LOCK, stop.signal);
    controller.deaf = true;
    stop.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'stopped' });
    controller.deaf = false;
    controller.power(true);
    const other = new EchoPeripheral('e0:12:34:56:78:9b');
    controller.add(other);
    // The controller still wants the first one, and says so.
    await expect(radio.connect(other.address, never, 'public')).rejects.toMatchObject({ reason: 'connect_failed' });
    lock.awake = true;
    await until('the orphan came and was ended', () => lock.disconnections > 0);
    expect(await (await radio.connect(other.address, never, 'public')).read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('beside a running one is refused', async () => {
    const stop = new AbortController();
    const first = radio.connect(LOCK, stop.signal);
    await expect(radio.connect('e0:12:34:56:78:9b', never)).rejects.toMatchObject({ code: 'busy' });
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'stopped' });
  });

  it('to a lock that has a link already is refused', async () => {
    await connected();
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ code: 'busy', reason: 'connected' });
  });

  it('says that the adapter has no connection left', async () => {
    controller.links = 1;
    await connected();
    const other = new EchoPeripheral('e0:12:34:56:78:9b');
    controller.add(other);
    await expect(radio.connect(other.address, never)).rejects.toMatchObject({ code: 'busy', reason: 'no_slot' });
  });

  it('does not end connections that others on this computer make', async () => {
    const foreign = Buffer.from('043e1301004f0000000a0b0c0d0e0f180000002a0000', 'hex');
    const link = await connected();
    controller.inject(foreign);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
    expect(controller.commands.filter(opcode => opcode === 0x0406)).toEqual([]);
  });
});

it('eight links at the same time each get their own answers', async () => {
  const locks = Array.from({ length: 8 }, (_, i) => new EchoPeripheral(`e0:12:34:56:78:0${i}`));
  const links: Link[] = [];
  for (const [i, each] of locks.entries()) {
    each.value = Uint8Array.of(i);
    controller.add(each);
    links.push(await radio.connect(each.address, never, 'public'));
  }
  const heard: number[][] = locks.map(() => []);
  await Promise.all(links.map((link, i) => link.subscribe(ECHO, bytes => heard[i]?.push(bytes[0] as number))));
  for (let round = 0; round < 20; round++) {
    await Promise.all(links.map((link, i) => link.write(ECHO, Uint8Array.of(i * 20 + round))));
  }
  await until('all echoes came', () => heard.every(each => each.length === 20));
  expect(heard).toEqual(locks.map((_, i) => Array.from({ length: 20 }, (_v, round) => i * 20 + round)));
  expect(await Promise.all(links.map(link => link.read(PLAIN)))).toEqual(locks.map((_, i) => Uint8Array.of(i)));
});
