// Who connects when: one at a time, persons first, slots, patience, and aborts at every point.
import { beforeEach, describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Link, Urgency } from '../../src/radio/radio.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock, watch } from './fake-radio.ts';

let clock: VirtualClock;
let radio: FakeRadio;
let shared: SharedRadios;
const never = new AbortController().signal;

async function begin(options: ConstructorParameters<typeof FakeRadio>[1] = {}): Promise<void> {
  clock = new VirtualClock();
  radio = new FakeRadio(clock, options);
  shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
}

beforeEach(() => begin());

/** Every lock advertises once a second, when the radio listens. */
function everySecond(...locks: number[]): void {
  for (const n of locks) radio.say(lock(n));
  clock.after(1_000, () => everySecond(...locks));
}

const ask = (n: number, urgency: Urgency = 'person', signal = never): Promise<Link> =>
  shared.connect(lock(n), { urgency, signal });

describe('a connect', () => {
  it('begins at once for a lock that was just heard', async () => {
    radio.say(lock(1));
    void ask(1);
    await clock.settle();
    expect(radio.asked).toEqual([lock(1)]);
  });

  it('waits for the next advert of a lock that was not, without keeping the adapter from others', async () => {
    void ask(1);
    radio.say(lock(2));
    void ask(2);
    await clock.settle();
    radio.attempts[0]?.open();
    await clock.advance(100);
    radio.say(lock(1));
    await clock.settle();
    expect(radio.asked).toEqual([lock(2), lock(1)]);
  });

  it('gives up on a lock that stays unheard, in words for a person', async () => {
    const seen = watch(ask(1));
    await clock.advance(12_100);
    expect(seen.error).toMatchObject({ code: 'unreachable', reason: 'not_heard', acted: 'no' });
  });

  it('tries blindly when the scan itself fails', async () => {
    radio.scanError = new LockError('unreachable', 'no scan');
    radio.endScan(new LockError('unreachable', 'no scan'));
    await clock.settle();
    void ask(1);
    await clock.settle();
    expect(radio.asked).toEqual([lock(1)]);
  });

  it('never runs beside another one on the same adapter', async () => {
    everySecond(1, 2);
    void ask(1);
    void ask(2);
    await clock.advance(5_000);
    expect(radio.asked).toEqual([lock(1)]);
  });

  it('comes for persons before routine, each in order of asking', async () => {
    everySecond(1, 2, 3, 4, 5);
    void ask(1, 'routine');
    void ask(2, 'routine');
    void ask(3, 'person');
    void ask(4, 'routine');
    void ask(5, 'person');
    for (let i = 0; i < 5; i++) {
      await clock.advance(1_500);
      radio.attempts[0]?.open().drop();
    }
    await clock.advance(1_500);
    expect(radio.asked).toEqual([1, 3, 5, 2, 4].map(lock));
  });

  it('to a lock that has a link waits until that link is closed', async () => {
    everySecond(1);
    radio.opensAfter = 100;
    const first = await clock.run(ask(1));
    const second = watch(ask(1));
    await clock.advance(2_000);
    await first.close();
    await clock.advance(2_000);
    expect([second.settled, radio.asked.length]).toEqual([true, 2]);
  });

  it('fails with the reason of the adapter when that does not become ready', async () => {
    radio.become({ ready: false, reason: 'It is off.', fix: 'Switch it on.' });
    const seen = watch(ask(1));
    await clock.advance(5_100);
    expect(seen.error?.message).toBe('It is off. Switch it on.');
  });

  it('waits for an adapter that is ready again soon', async () => {
    radio.become({ ready: false, reason: 'It is reset.', fix: 'Wait.' });
    void ask(1);
    await clock.advance(2_000);
    radio.become({ ready: true });
    await clock.settle();
    radio.say(lock(1));
    await clock.settle();
    expect(radio.asked).toEqual([lock(1)]);
  });
});

describe('slots', () => {
  beforeEach(async () => {
    await begin({ links: 3 });
    radio.opensAfter = 100;
    everySecond(1, 2, 3, 4);
  });

  it('routine never takes the last one', async () => {
    await clock.run(ask(1, 'routine'));
    await clock.run(ask(2, 'routine'));
    const third = watch(ask(3, 'routine'));
    await clock.advance(30_100);
    expect([radio.asked.length, third.error?.reason]).toEqual([2, 'no_slot']);
  });

  it('a person takes the last one', async () => {
    await clock.run(ask(1, 'routine'));
    await clock.run(ask(2, 'routine'));
    await clock.run(ask(3, 'person'));
    expect(radio.links).toHaveLength(3);
  });

  it('a person hears within 7 s that none is free', async () => {
    for (const n of [1, 2, 3]) await clock.run(ask(n));
    const fourth = watch(ask(4));
    await clock.advance(7_100);
    expect(fourth.error).toMatchObject({ code: 'busy', reason: 'no_slot' });
  });

  it('a link that ends frees its slot for who waits', async () => {
    for (const n of [1, 2, 3]) await clock.run(ask(n));
    const fourth = watch(ask(4));
    await clock.advance(1_000);
    radio.links[0]?.drop();
    await clock.advance(2_000);
    expect(fourth.value).toBeDefined();
  });

  it('a failed attempt frees its slot', async () => {
    radio.opensAfter = undefined;
    for (let i = 0; i < 5; i++) {
      const seen = watch(ask(1));
      await clock.advance(1_100);
      radio.attempts[0]?.fail(new LockError('unreachable', 'not there'));
      await clock.settle();
      expect(seen.error?.code).toBe('unreachable');
    }
    expect(shared.status()[0]).toMatchObject({ links: 0, failures: 5 });
  });

  it('an adapter with one link lets routine have it', async () => {
    await begin({ links: 1 });
    radio.opensAfter = 100;
    everySecond(1);
    expect(await clock.run(ask(1, 'routine'))).toBeDefined();
  });

  it('an adapter that says it has none left is let rest for 4 s', async () => {
    radio.opensAfter = undefined;
    const seen = watch(ask(1));
    await clock.settle();
    radio.attempts[0]?.fail(new LockError('busy', 'full', { reason: 'no_slot' }));
    await clock.settle();
    const second = watch(ask(2));
    await clock.advance(3_900);
    const before = radio.asked.length;
    await clock.advance(1_200);
    expect([seen.error?.reason, second.settled, before, radio.asked.length]).toEqual(['no_slot', false, 1, 2]);
  });
});

describe('an abort', () => {
  it('ends a connect that waits for its turn, with the reason given', async () => {
    everySecond(1, 2);
    void ask(1);
    const stop = new AbortController();
    const waiting = watch(ask(2, 'person', stop.signal));
    await clock.advance(1_000);
    stop.abort(new LockError('timeout', 'The deadline has passed.'));
    await clock.settle();
    radio.attempts[0]?.open();
    await clock.advance(3_000);
    expect([waiting.error?.code, radio.asked.length]).toEqual(['timeout', 1]);
  });

  it('ends a running attempt at once for the caller, and the next begins when it is really over', async () => {
    everySecond(1, 2);
    radio.ignoresAborts = true;
    const stop = new AbortController();
    const running = watch(ask(1, 'person', stop.signal));
    const next = watch(ask(2));
    await clock.advance(1_000);
    stop.abort();
    await clock.advance(1_000);
    expect([running.error?.code, radio.asked.length]).toEqual(['stopped', 1]);
    radio.attempts[0]?.fail(new LockError('unreachable', 'cancelled'));
    await clock.advance(1_500);
    expect([radio.asked.length, next.settled]).toEqual([2, false]);
  });

  it('closes a link that comes after it', async () => {
    radio.say(lock(1));
    radio.ignoresAborts = true;
    const stop = new AbortController();
    const running = watch(ask(1, 'person', stop.signal));
    await clock.settle();
    stop.abort();
    const link = radio.attempts[0]?.open();
    await clock.settle();
    expect([running.error?.code, link?.isClosed, shared.status()[0]?.links]).toEqual(['stopped', true, 0]);
  });

  it('before anything began costs nothing', async () => {
    const stop = new AbortController();
    stop.abort();
    const seen = watch(ask(1, 'person', stop.signal));
    await clock.settle();
    expect([seen.error?.code, radio.asked.length]).toEqual(['stopped', 0]);
  });

  it('leaves no timer and no listener behind', async () => {
    const armed = clock.armed;
    for (let i = 0; i < 50; i++) {
      const stop = new AbortController();
      const seen = watch(ask(i, 'person', stop.signal));
      if (i % 2) radio.say(lock(i));
      await clock.settle();
      stop.abort();
      await clock.settle();
      expect(seen.settled).toBe(true);
    }
    expect(clock.armed).toBe(armed);
  });
});

it('an attempt that never ends is left behind, and the adapter is reset', async () => {
  radio.say(lock(1));
  radio.ignoresAborts = true;
  const seen = watch(ask(1));
  await clock.advance(70_500);
  expect([seen.error?.code, radio.resets]).toEqual(['timeout', 1]);
});
