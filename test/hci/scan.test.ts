// Scanning with the real noble: what is on the air arrives as it is.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import type { Advert, Radio } from '../../src/radio/radio.ts';
import { shareRadios } from '../../src/radio/shared.ts';
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
let lock: EchoPeripheral;
let radio: Radio;

beforeEach(async () => {
  controller = new VirtualController();
  seam.controllers.set(0, controller);
  lock = new EchoPeripheral(LOCK);
  radio = radioOn({ clock: hasty });
  await untilReady(radio);
});

afterEach(async () => {
  await radio.stop();
  controller.stop();
});

describe('an advert', () => {
  it('holds the name, the services and the manufacturer data as on the air', async () => {
    controller.add(lock, { rssi: -71 });
    expect(await hear(radio, LOCK)).toMatchObject({
      address: LOCK,
      addressType: 'public',
      connectable: true,
      name: 'echo 9a',
      services: ['00ab'],
      manufacturer: Uint8Array.of(0x12, 0x19, 7, 8, 9),
      rssi: -71,
    });
  });

  it('keeps the type of a random address', async () => {
    const random = new EchoPeripheral('fe:00:00:00:00:01', 'random');
    controller.add(random);
    expect((await hear(radio, random.address)).addressType).toBe('random');
  });

  it('is heard each time', async () => {
    controller.add(lock);
    const stop = new AbortController();
    let heard = 0;
    await radio.scan(() => void (++heard === 5 && stop.abort()), stop.signal);
    expect(heard).toBe(5);
  });

  it('shows new manufacturer data, and no old ones once they are gone', async () => {
    controller.add(lock);
    await hear(radio, LOCK);
    lock.advert = () => ({ connectable: true, name: 'echo', services: [] });
    const stop = new AbortController();
    const adverts: Advert[] = [];
    await radio.scan(advert => void (adverts.push(advert) === 4 && stop.abort()), stop.signal);
    expect(adverts.at(-1)).not.toHaveProperty('manufacturer');
  });
});

describe('a scan', () => {
  it('ends when told to, and the controller listens no more', async () => {
    const stop = new AbortController();
    const scan = radio.scan(() => undefined, stop.signal);
    await until('it scans', () => controller.scanning);
    stop.abort();
    await scan;
    expect(controller.scanning).toBe(false);
  });

  it('beside another one is refused', async () => {
    const stop = new AbortController();
    const scan = radio.scan(() => undefined, stop.signal);
    await expect(radio.scan(() => undefined, never)).rejects.toMatchObject({ code: 'busy' });
    stop.abort();
    await scan;
  });

  it('that another program ends is noticed', async () => {
    const scan = radio.scan(() => undefined, never);
    await until('it scans', () => controller.scanning);
    controller.inject(Buffer.from('010c20020000', 'hex'));
    await expect(scan).rejects.toMatchObject({ reason: 'scan_ended' });
  });

  it('that the controller does not confirm fails', async () => {
    controller.deaf = true;
    await expect(radio.scan(() => undefined, never)).rejects.toMatchObject({ reason: 'scan_failed' });
    controller.deaf = false;
  });

  it('survives an ear that throws', async () => {
    controller.add(lock);
    const stop = new AbortController();
    let heard = 0;
    await radio.scan(() => {
      if (++heard === 3) stop.abort();
      throw new RangeError('an ear');
    }, stop.signal);
    expect(heard).toBe(3);
  });
});

it('as a shared radio it scans on after connects, an adapter loss and a silence', async () => {
  controller.add(lock);
  const shared = shareRadios([radio], { clock: hasty, log: silent });
  let heard = 0;
  shared.hear(() => void heard++);
  shared.start();
  for (let i = 0; i < 3; i++) {
    const link = await shared.connect(LOCK, { urgency: 'person', signal: never });
    await link.close();
  }
  controller.power(false);
  await until('the loss was noticed', () => !shared.state().ready);
  controller.power(true);
  await until('it is ready again', () => shared.state().ready);
  const before = heard;
  await until('adverts come again', () => heard > before);
  const link = await shared.connect(LOCK, { urgency: 'person', signal: never });
  await shared.stop();
  await link.closed;
  expect([controller.scanning, controller.connected]).toEqual([false, []]);
});
