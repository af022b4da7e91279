// Several radios: which of them connects, and what the others do meanwhile.
import { beforeEach, describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { choose } from '../../src/radio/choose.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock, watch } from './fake-radio.ts';

const free = { connecting: false, failures: 0, freeSlots: 5 };

describe('the choice', () => {
  it('is nobody among none', () => {
    expect(choose([])).toBe(-1);
  });

  it('falls on who hears the lock best', () => {
    expect(
      choose([
        { ...free, rssi: -80 },
        { ...free, rssi: -60 },
      ]),
    ).toBe(1);
  });

  it('avoids a radio that is connecting, whatever its lead', () => {
    expect(
      choose([
        { ...free, rssi: -40, connecting: true },
        { ...free, rssi: -90 },
      ]),
    ).toBe(1);
  });

  it('stands after one failure and turns after two', () => {
    const far = { ...free, rssi: -90 };
    const first = choose([{ ...free, rssi: -40, failures: 1 }, far]);
    expect([first, choose([{ ...free, rssi: -40, failures: 2 }, far])]).toEqual([0, 1]);
  });

  it('gives the last slot away only for a lead', () => {
    expect(
      choose([
        { ...free, rssi: -60, freeSlots: 1 },
        { ...free, rssi: -60 },
      ]),
    ).toBe(1);
    expect(
      choose([
        { ...free, rssi: -50, freeSlots: 1 },
        { ...free, rssi: -80 },
      ]),
    ).toBe(0);
  });
});

describe('two radios', () => {
  let clock: VirtualClock;
  let near: FakeRadio;
  let far: FakeRadio;
  let shared: SharedRadios;
  const never = new AbortController().signal;
  const ask = (n: number): ReturnType<SharedRadios['connect']> =>
    shared.connect(lock(n), { urgency: 'person', signal: never });
  const say = (n: number): void => {
    near.say(lock(n), { rssi: -50 });
    far.say(lock(n), { rssi: -80 });
  };

  beforeEach(async () => {
    clock = new VirtualClock();
    near = new FakeRadio(clock, { id: 'hci0' });
    far = new FakeRadio(clock, { id: 'hci1' });
    shared = shareRadios([far, near], { clock, log: silent });
    shared.start();
    await clock.settle();
  });

  it('the nearer one connects', async () => {
    say(1);
    void ask(1);
    await clock.settle();
    expect([near.asked, far.asked]).toEqual([[lock(1)], []]);
  });

  it('only one that heard the lock connects', async () => {
    far.say(lock(1));
    void ask(1);
    await clock.settle();
    expect([near.asked, far.asked]).toEqual([[], [lock(1)]]);
  });

  it('connect to two locks at the same time', async () => {
    say(1);
    say(2);
    void ask(1);
    void ask(2);
    await clock.settle();
    expect([near.asked, far.asked]).toEqual([[lock(1)], [lock(2)]]);
  });

  it('never connect to the same lock at the same time', async () => {
    say(1);
    void ask(1);
    void ask(1);
    await clock.settle();
    expect([...near.asked, ...far.asked]).toEqual([lock(1)]);
  });

  it('the other one is tried after two failures', async () => {
    for (let i = 0; i < 3; i++) {
      say(1);
      const seen = watch(ask(1));
      await clock.settle();
      for (const attempt of [...near.attempts, ...far.attempts]) attempt.fail(new LockError('unreachable', 'no'));
      await clock.settle();
      expect(seen.error?.code).toBe('unreachable');
    }
    expect([near.asked.length, far.asked.length]).toEqual([2, 1]);
  });

  it('the loss of one leaves the other at work', async () => {
    near.become({ ready: false, reason: 'gone', fix: 'plug it in' });
    say(1);
    void ask(1);
    await clock.settle();
    expect([shared.state().ready, far.asked]).toEqual([true, [lock(1)]]);
  });

  it('the reset of one leaves the other alone', async () => {
    for (let i = 0; i < 300; i++) {
      await clock.advance(1_000);
      near.say(lock(1));
    }
    expect([near.resets, far.resets]).toEqual([0, 1]);
  });

  it('no more than two connect at once, even with three', async () => {
    const third = new FakeRadio(clock, { id: 'hci2' });
    const three = shareRadios([near, far, third], { clock, log: silent });
    await clock.run(shared.stop());
    three.start();
    await clock.settle();
    for (const radio of [near, far, third]) for (const n of [1, 2, 3]) radio.say(lock(n));
    for (const n of [1, 2, 3]) void three.connect(lock(n), { urgency: 'person', signal: never });
    await clock.settle();
    expect(near.attempts.length + far.attempts.length + third.attempts.length).toBe(2);
  });
});
