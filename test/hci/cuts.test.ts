// The link is cut, or the adapter reset, at each of many packets: every call settles, and the next try works.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import type { Link, Radio } from '../../src/radio/radio.ts';
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
/** More than one whole use has (discovery, subscription, two writes, a read: about 30): the rest strikes nothing. */
const PACKETS = 60;
const EVERY = process.env['LATCHBRIDGE_NIGHTLY'] ? 1 : 4;
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let lock: EchoPeripheral;
let radio: Radio;

beforeEach(async () => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  lock = new EchoPeripheral(LOCK);
  controller.add(lock);
  radio = radioOn({ clock: hasty });
  await untilReady(radio);
  await hear(radio, LOCK);
});

afterEach(async () => {
  await radio.stop();
  controller.stop();
});

async function use(): Promise<void> {
  const link = await radio.connect(LOCK, never);
  try {
    await useLink(link);
  } finally {
    await link.close();
  }
}

async function useLink(link: Link): Promise<void> {
  const heard = new Promise<void>((resolve, reject) => {
    void link.closed.then(() => reject(new LockError('unreachable', 'closed before the answer')));
    link.subscribe(ECHO, () => resolve()).catch(reject);
  });
  heard.catch(() => undefined);
  await link.write(PLAIN, Uint8Array.of(4), { response: true });
  await link.write(ECHO, new Uint8Array(60).fill(1));
  await heard;
  await link.read(PLAIN);
}

/** How a use ended: an error's name and code, or nothing. */
async function outcome(): Promise<string[]> {
  try {
    await use();
    return [];
  } catch (thrown) {
    const { name, code } = thrown as LockError;
    return [`${name} ${code}`];
  }
}

async function afterwards(): Promise<void> {
  controller.onPacket = undefined;
  await untilReady(radio);
  await until('the lock is free', () => lock.central === undefined);
  await use();
}

it('a link that is lost at any packet fails what waits, and the next one works', async () => {
  const errors: string[] = [];
  for (let cut = 1; cut <= PACKETS; cut += EVERY) {
    let packets = 0;
    controller.onPacket = () => (++packets === cut ? 'lose' : undefined);
    errors.push(...(await outcome()));
    await afterwards();
  }
  expect(errors.length).toBeGreaterThan((PACKETS / EVERY) * 0.4);
  expect(new Set(errors)).toEqual(new Set(['LockError unreachable']));
});

it('an adapter that is reset at any packet fails what waits, and the next link works', async () => {
  const errors: string[] = [];
  for (let cut = 1; cut <= PACKETS; cut += EVERY * 2) {
    let packets = 0;
    let reset: Promise<void> | undefined;
    controller.onPacket = () => {
      if (++packets === cut) reset = radio.reset();
      return undefined;
    };
    errors.push(...(await outcome()));
    await reset;
    await afterwards();
  }
  expect(errors.length).toBeGreaterThan((PACKETS / EVERY / 2) * 0.4);
  expect(new Set(errors)).toEqual(new Set(['LockError unreachable']));
});

it('a packet that disappears ends in a deadline, never in silence', async () => {
  const errors: string[] = [];
  for (const cut of [3, 12, 20, 30]) {
    let packets = 0;
    controller.onPacket = () => (++packets === cut ? 'drop' : undefined);
    errors.push(...(await outcome()));
    await afterwards();
  }
  expect(errors.filter(error => !error.startsWith('LockError '))).toEqual([]);
});
