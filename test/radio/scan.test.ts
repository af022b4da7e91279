// The scan that survives: connects, failures, losses.
import { beforeEach, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock, watch } from './fake-radio.ts';

let clock: VirtualClock;
let radio: FakeRadio;
let shared: SharedRadios;
const never = new AbortController().signal;
const failure = new LockError('unreachable', 'no scan');

async function begin(options: ConstructorParameters<typeof FakeRadio>[1] = {}): Promise<void> {
  clock = new VirtualClock();
  radio = new FakeRadio(clock, options);
  shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
}

beforeEach(() => begin());

it('the scan pauses while a link is opened and goes on afterwards', async () => {
  radio.say(lock(1));
  void shared.connect(lock(1), { urgency: 'person', signal: never });
  await clock.settle();
  const during = radio.scanning;
  radio.attempts[0]?.open();
  await clock.settle();
  expect([during, radio.overlaps, radio.scanning]).toEqual([false, 0, true]);
});

it('the scan goes on after a connect that failed', async () => {
  radio.say(lock(1));
  const seen = watch(shared.connect(lock(1), { urgency: 'person', signal: never }));
  await clock.settle();
  radio.attempts[0]?.fail(new LockError('unreachable', 'gone'));
  await clock.settle();
  expect([seen.error?.code, radio.scanning]).toEqual(['unreachable', true]);
});

it('the scan goes on after a connect that was aborted', async () => {
  radio.say(lock(1));
  const stop = new AbortController();
  const seen = watch(shared.connect(lock(1), { urgency: 'person', signal: stop.signal }));
  await clock.settle();
  stop.abort();
  await clock.settle();
  expect([seen.settled, radio.scanning]).toEqual([true, true]);
});

it('the scan does not pause where the adapter hears while it connects', async () => {
  await begin({ scansWhileConnecting: true });
  radio.say(lock(1));
  void shared.connect(lock(1), { urgency: 'person', signal: never });
  await clock.settle();
  expect([radio.asked.length, radio.scanning]).toEqual([1, true]);
});

it('a scan that does not end when told to delays a connect by 3 s, not for ever', async () => {
  radio.clings = true;
  radio.say(lock(1));
  void shared.connect(lock(1), { urgency: 'person', signal: never });
  await clock.advance(2_900);
  const before = radio.asked.length;
  await clock.advance(200);
  expect([before, radio.asked.length]).toEqual([0, 1]);
});

it('the scan is begun again when it ends by itself', async () => {
  radio.endScan();
  await clock.advance(1_500);
  expect(radio.scanning).toBe(true);
});

it('the scan is begun again after 1, 2, 4, … s when it fails, at most every minute', async () => {
  radio.scanError = failure;
  radio.endScan(failure);
  const begun: number[] = [];
  for (let before = radio.scans; clock.elapsed() < 300_000; before = radio.scans) {
    await clock.advance(1_000);
    if (radio.scans > before) begun.push(clock.elapsed() / 1000);
  }
  // After 90 s without an advert the watchdog begins one at once.
  expect(begun).toEqual([1, 3, 7, 15, 31, 63, 90, 150, 210, 270]);
});

it('the pauses are short again once an advert was heard', async () => {
  radio.scanError = failure;
  radio.endScan(failure);
  await clock.advance(20_000);
  radio.scanError = undefined;
  await clock.advance(15_000);
  radio.say(lock(1));
  radio.endScan(failure);
  await clock.advance(1_100);
  expect(radio.scanning).toBe(true);
});

it('the scan is begun at once when the adapter comes back', async () => {
  radio.become({ ready: false, reason: 'gone', fix: 'plug it in' });
  await clock.advance(60_000);
  const away = radio.scanning;
  radio.become({ ready: true });
  await clock.settle();
  expect([away, radio.scanning]).toEqual([false, true]);
});

it('an adapter that was away is not taken for one that fails', async () => {
  for (let i = 0; i < 20; i++) {
    radio.become({ ready: false, reason: 'gone', fix: 'plug it in' });
    radio.become({ ready: true });
    await clock.settle();
    expect(radio.scanning).toBe(true);
  }
});

it('survives 200 connects with ends of every kind', async () => {
  for (let i = 0; i < 200; i++) {
    radio.say(lock(1));
    const stop = new AbortController();
    const seen = watch(shared.connect(lock(1), { urgency: 'routine', signal: stop.signal }));
    await clock.advance(10);
    if (i % 3 === 0) stop.abort();
    else if (i % 3 === 1) radio.attempts[0]?.fail(failure);
    else radio.attempts[0]?.open().drop();
    await clock.advance(10);
    expect(seen.settled).toBe(true);
  }
  expect([radio.scanning, shared.status()[0]?.links]).toEqual([true, 0]);
});
