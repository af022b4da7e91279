// Nothing is left behind: by links, by instances, by whole radios.
import { afterEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { makeNobleRadio } from '../../src/radio/noble.ts';
import type { Radio } from '../../src/radio/radio.ts';
import {
  ECHO,
  EchoPeripheral,
  hasty,
  hear,
  installSeam,
  never,
  radioOn,
  traces,
  until,
  untilReady,
  VirtualController,
} from './bench.ts';

const LOCK = 'e0:12:34:56:78:9a';
const seam = installSeam();
let controller: InstanceType<typeof VirtualController>;
let radio: Radio;

async function open(): Promise<Radio> {
  seam.controllers.set(0, controller);
  radio = radioOn({ clock: hasty });
  await untilReady(radio);
  return radio;
}

/** What is open now and was not before; noble's poll ends by itself within a second. */
async function more(before: Record<string, number>): Promise<string[]> {
  const found = (): string[] =>
    Object.entries(traces()).flatMap(([kind, n]) => (n > (before[kind] ?? 0) ? [kind] : []));
  await until('nothing more is open', () => found().length === 0, 2_000).catch(() => undefined);
  return found();
}

afterEach(async () => {
  await radio?.stop();
  controller?.stop();
});

describe('after 20 rounds of connect, use and disconnect', () => {
  it('there are no more listeners, timers or sockets than before', async () => {
    controller = new VirtualController();
    const lock = new EchoPeripheral(LOCK);
    controller.add(lock);
    await open();
    await hear(radio, LOCK);
    const round = async (i: number): Promise<void> => {
      const link = await radio.connect(LOCK, never);
      const heard = new Promise<void>(
        resolve => void link.subscribe(ECHO, () => resolve()).then(() => link.write(ECHO, Uint8Array.of(i))),
      );
      await heard;
      if (i % 2) controller.lose(LOCK);
      else await link.close();
      await link.closed;
      await until('it advertises', () => lock.central === undefined);
    };
    await round(0);
    const before = traces();
    for (let i = 1; i <= 20; i++) await round(i);
    expect(await more(before)).toEqual([]);
    expect([lock.connections, lock.disconnections]).toEqual([21, 21]);
  });
});

describe('after stop', () => {
  it('ten radios one after another leave no timer and no listener', async () => {
    controller = new VirtualController();
    const before = traces();
    for (let i = 0; i < 10; i++) {
      await open();
      await radio.stop();
    }
    expect(await more(before)).toEqual([]);
  });

  it('a radio that was still being opened leaves none either', async () => {
    controller = new VirtualController();
    seam.controllers.set(0, controller);
    const before = traces();
    radio = radioOn({ clock: hasty });
    await radio.stop();
    expect(await more(before)).toEqual([]);
    expect(controller.commands).toEqual([]);
  });

  it('a radio whose adapter is absent stops looking for it', async () => {
    seam.controllers.clear();
    const before = traces();
    radio = radioOn({ clock: hasty });
    await until('it was missed', () => !radio.state().ready);
    await radio.stop();
    expect(await more(before)).toEqual([]);
  });

  it("other people's listeners are still there", async () => {
    controller = new VirtualController();
    const mine = (): void => undefined;
    await open();
    process.on('SIGINT', mine);
    await radio.stop();
    expect(process.listeners('SIGINT')).toContain(mine);
    process.removeListener('SIGINT', mine);
  });

  it('links were closed, and nothing can be asked any more', async () => {
    controller = new VirtualController();
    controller.add(new EchoPeripheral(LOCK));
    await open();
    await hear(radio, LOCK);
    const link = await radio.connect(LOCK, never);
    await radio.stop();
    await link.closed;
    expect(controller.connected).toEqual([]);
    await expect(radio.connect(LOCK, never)).rejects.toMatchObject({ reason: 'radio_stopped' });
    await expect(radio.reset()).rejects.toMatchObject({ reason: 'radio_stopped' });
  });
});

it('a radio that is never asked for loads nothing', () => {
  const { sockets } = seam;
  expect(typeof makeNobleRadio).toBe('function');
  expect([seam.sockets, silent.level]).toEqual([sockets, 'silent']);
});
