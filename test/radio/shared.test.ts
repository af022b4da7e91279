// The shared radio towards its ears: adverts, state, stop.
import { beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { RadioState } from '../../src/radio/radio.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock, watch } from './fake-radio.ts';

let clock: VirtualClock;
let radio: FakeRadio;
let shared: SharedRadios;
const never = new AbortController().signal;

beforeEach(async () => {
  clock = new VirtualClock();
  radio = new FakeRadio(clock);
  shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
});

describe('adverts', () => {
  it('reach every ear', () => {
    const heard: string[] = [];
    shared.hear(advert => heard.push(`first ${advert.address}`));
    shared.hear(advert => heard.push(`second ${advert.address}`));
    radio.say(lock(1));
    expect(heard).toEqual([`first ${lock(1)}`, `second ${lock(1)}`]);
  });

  it('reach the other ears when one of them throws', () => {
    let heard = 0;
    shared.hear(() => {
      throw new RangeError('an ear');
    });
    shared.hear(() => void heard++);
    radio.say(lock(1));
    expect(heard).toBe(1);
  });

  it('no longer reach an ear that has stopped hearing', () => {
    let heard = 0;
    const stop = shared.hear(() => void heard++);
    stop();
    radio.say(lock(1));
    expect(heard).toBe(0);
  });

  it('are heard from every radio', async () => {
    const second = new FakeRadio(clock, { id: 'hci1' });
    const both = shareRadios([new FakeRadio(clock), second], { clock, log: silent });
    both.start();
    await clock.settle();
    const heard: string[] = [];
    both.hear(advert => heard.push(advert.address));
    second.say(lock(7));
    expect(heard).toEqual([lock(7)]);
  });
});

describe('the state', () => {
  const off: RadioState = { ready: false, reason: 'It is off.', fix: 'Switch it on.' };
  const absent: RadioState = { ready: false, reason: 'It is gone.', fix: 'Plug it in.' };

  it('is ready when any radio is', () => {
    const broken = new FakeRadio(clock);
    broken.become(absent);
    expect(shareRadios([broken, radio], { clock, log: silent }).state()).toEqual({ ready: true });
  });

  it('is the first reason when none is ready', () => {
    const second = new FakeRadio(clock);
    const both = shareRadios([radio, second], { clock, log: silent });
    second.become(absent);
    radio.become(off);
    expect(both.state()).toEqual(off);
  });

  it('says that no adapter is configured when there is none', () => {
    expect(shareRadios([], { clock, log: silent }).state()).toMatchObject({ ready: false });
  });

  it('is told once for each change', () => {
    const told: boolean[] = [];
    shared.hearState(state => told.push(state.ready));
    radio.become(off);
    radio.become(off);
    radio.become({ ready: true });
    expect(told).toEqual([false, true]);
  });
});

describe('after stop', () => {
  it('nothing is scanned, connected or armed any more', async () => {
    await clock.run(shared.stop());
    radio.become({ ready: true });
    const asked = watch(shared.connect(lock(1), { urgency: 'person', signal: never }));
    await clock.advance(3600_000);
    expect(asked.error?.code).toBe('stopped');
    expect({ scanning: radio.scanning, asked: radio.asked, armed: clock.armed, ears: radio.listeners }).toEqual({
      scanning: false,
      asked: [],
      armed: 0,
      ears: 0,
    });
  });

  it('the radios are stopped', async () => {
    await clock.run(shared.stop());
    expect(radio.stopped).toBe(true);
  });

  it('waiting and running connects have failed, and links are closed', async () => {
    radio.opensAfter = 10;
    radio.say(lock(1));
    const link = await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
    radio.opensAfter = undefined;
    radio.say(lock(2));
    const running = watch(shared.connect(lock(2), { urgency: 'person', signal: never }));
    const waiting = watch(shared.connect(lock(3), { urgency: 'person', signal: never }));
    await clock.settle();
    await clock.run(shared.stop());
    await clock.run(link.closed);
    expect([running.error?.code, waiting.error?.code]).toEqual(['stopped', 'stopped']);
  });

  it('a scan that does not end holds up nothing', async () => {
    radio.clings = true;
    const begun = clock.elapsed();
    await clock.run(shared.stop());
    expect(clock.elapsed() - begun).toBeLessThan(10_000);
  });
});

it('counts what happened, for a health page', async () => {
  radio.opensAfter = 100;
  radio.say(lock(1));
  await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
  expect(shared.status()).toMatchObject([
    { id: 'hci0', state: { ready: true }, links: 1, mostLinks: 5, adverts: 1, addresses: 1, connects: 1, failures: 0 },
  ]);
});
