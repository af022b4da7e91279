// A peripheral that sends what no honest one would: noble alone loops for ever, throws or hangs on these.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Radio } from '../../src/radio/radio.ts';
import {
  ECHO,
  EchoPeripheral,
  hasty,
  hear,
  installSeam,
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
let radio: Radio;

beforeEach(async () => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  controller.add(new EchoPeripheral(LOCK));
  radio = radioOn({ clock: hasty });
  await untilReady(radio);
  await hear(radio, LOCK);
});

afterEach(async () => {
  await radio.stop();
  controller.stop();
});

/** Answers the n-th question of discovery with these bytes instead of its own. */
function answerInstead(opcode: number, bytes: string): void {
  let done = false;
  controller.onPacket = (_address, way, packet) => {
    if (done || way !== 'in' || packet[9] !== opcode) return undefined;
    done = true;
    controller.forge(LOCK, Buffer.from(bytes, 'hex'));
    return 'drop';
  };
}

describe('an answer during discovery', () => {
  const cases: [string, number, string][] = [
    ['with items of no length', 0x11, '110001000500'],
    ['without items', 0x11, '1106'],
    ['with a cut item', 0x11, '1106010005'],
    ['of characteristics with items of no length', 0x09, '09000200'],
    ['of characteristics too short to hold one', 0x09, '090402000203'],
    ['without any bytes', 0x11, ''],
  ];
  for (const [what, opcode, bytes] of cases) {
    it(`${what} ends the connection, and nothing else`, async () => {
      answerInstead(opcode, bytes);
      await expect(radio.connect(LOCK, never)).rejects.toMatchObject({
        code: expect.stringMatching(/unreachable|timeout/),
      });
      controller.onPacket = undefined;
      await until('it is free again', () => controller.connected.length === 0);
      const link = await radio.connect(LOCK, never);
      expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
    });
  }
});

describe('an MTU', () => {
  const cases: [string, string, number][] = [
    ['of 0 counts as 23', '030000', 23],
    ['of 65,535 counts as ours, 256', '03ffff', 256],
    ['refused as an invalid packet counts as 23', '0102000004', 23],
    ['refused as not supported counts as 23', '0102000006', 23],
  ];
  for (const [what, bytes, mtu] of cases) {
    it(`${what}`, async () => {
      answerInstead(0x03, bytes);
      const link = await radio.connect(LOCK, never);
      expect(link.mtu).toBe(mtu);
      await link.write(PLAIN, new Uint8Array(60).fill(1), { response: true });
    });
  }
});

describe('on an open link', () => {
  const cases: [string, string][] = [
    ['a notification without a handle', '1b01'],
    ['an error without a code', '010a'],
    ['an empty packet', ''],
  ];
  for (const [what, bytes] of cases) {
    it(`${what} ends it`, async () => {
      const link = await radio.connect(LOCK, never);
      controller.forge(LOCK, Buffer.from(bytes, 'hex'));
      await link.closed;
      expect(radio.state()).toEqual({ ready: true });
    });
  }

  it('pieces longer than the message they belong to end it', async () => {
    const link = await radio.connect(LOCK, never);
    controller.inject(Buffer.from('02402005000300040041', 'hex'));
    controller.inject(Buffer.from('0240100400aabbccdd', 'hex'));
    await link.closed;
    expect(radio.state()).toEqual({ ready: true });
  });

  it('answers to other questions than the one that was asked change nothing', async () => {
    const link = await radio.connect(LOCK, never);
    // They arrive while the read waits.
    for (const bytes of ['13', '0d0102', '05010100002a', '1106010005000018', '0112010003']) {
      controller.forge(LOCK, Buffer.from(bytes, 'hex'));
    }
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('a thousand notifications for nobody change nothing', async () => {
    const link = await radio.connect(LOCK, never);
    for (let i = 0; i < 1000; i++) controller.forge(LOCK, Buffer.from('1bff00010203', 'hex'));
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('random packets never do more than end it', async () => {
    for (let round = 0; round < 20; round++) {
      const link = await radio.connect(LOCK, never);
      await link.subscribe(ECHO, () => undefined).catch(() => undefined);
      for (let i = 0; i < 20; i++) {
        const bytes = Array.from(
          { length: (round * 7 + i * 3) % 12 },
          (_, at) => (round * 31 + i * 17 + at * 101) & 0xff,
        );
        controller.forge(LOCK, Buffer.from(bytes));
      }
      await link.read(PLAIN).catch(() => undefined);
      await link.close();
    }
    const link = await radio.connect(LOCK, never);
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

it('adverts of garbage are heard as far as they make sense', async () => {
  const stop = new AbortController();
  const heard: string[] = [];
  const scan = radio.scan(advert => void heard.push(advert.address), stop.signal);
  await until('it scans', () => controller.scanning);
  const report = (data: string): Buffer => {
    const bytes = Buffer.from(data, 'hex');
    const head = [0x04, 0x3e, 12 + bytes.length, 0x02, 1, 0, 0, 1, 2, 3, 4, 5, 6, bytes.length];
    return Buffer.from([...head, ...bytes, 0xc0]);
  };
  for (const data of ['', '00', '0a', 'ff', '010a', '02ff12', '1eff', '0316', '03160000'])
    controller.inject(report(data));
  await until('they were heard', () => heard.filter(address => address === '06:05:04:03:02:01').length === 9);
  stop.abort();
  await scan;
  expect(radio.state()).toEqual({ ready: true });
});
