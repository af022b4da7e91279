// Links of the real noble over a virtual controller.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Radio } from '../../src/radio/radio.ts';
import {
  ECHO,
  EchoPeripheral,
  hear,
  installSeam,
  never,
  PLAIN,
  radioOn,
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
  radio = radioOn();
  await untilReady(radio);
});

afterEach(async () => {
  await radio.stop();
  controller.stop();
});

describe('a link', () => {
  it('carries a write and its notification', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    const link = await radio.connect(LOCK, never);
    const heard = new Promise<Uint8Array>(
      resolve => void link.subscribe(ECHO, resolve).then(() => link.write(ECHO, Uint8Array.of(5, 6))),
    );
    expect(await heard).toEqual(Uint8Array.of(5, 6));
    await link.close();
  });

  it('reads back what was written with response', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    const link = await radio.connect(LOCK, never);
    await link.write(PLAIN, Uint8Array.of(9, 8, 7), { response: true });
    expect(await link.read(PLAIN)).toEqual(Uint8Array.of(9, 8, 7));
    await link.close();
  });
});
