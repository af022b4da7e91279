// An adapter that hears nothing: a new scan after 90 s, a reset later, and not too many of them.
import { beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { shareRadios, type SharedRadios } from '../../src/radio/shared.ts';
import { FakeRadio, lock, watch } from './fake-radio.ts';

let clock: VirtualClock;
let radio: FakeRadio;
let shared: SharedRadios;
const never = new AbortController().signal;
const MINUTE = 60_000;

beforeEach(async () => {
  clock = new VirtualClock();
  radio = new FakeRadio(clock);
  shared = shareRadios([radio], { clock, log: silent });
  shared.start();
  await clock.settle();
});

describe('silence', () => {
  it('of 90 s begins a new scan', async () => {
    await clock.advance(89_000);
    const before = radio.scans;
    await clock.advance(2_000);
    expect([before, radio.scans, radio.scanning]).toEqual([1, 2, true]);
  });

  it('of another 120 s and more resets the adapter', async () => {
    await clock.advance(90_000 + 120_000);
    const before = radio.resets;
    await clock.advance(30_000);
    expect([before, radio.resets]).toEqual([0, 1]);
  });

  it('is broken by an advert: nothing happens as long as one comes every minute', async () => {
    for (let i = 0; i < 60; i++) {
      await clock.advance(MINUTE);
      radio.say(lock(1));
    }
    expect([radio.scans, radio.resets]).toEqual([1, 0]);
  });

  it('is not broken by adverts without content', async () => {
    const empty = (): void => {
      radio.say(lock(1), { name: undefined as never, services: [] });
      clock.after(1_000, empty);
    };
    empty();
    await clock.advance(4 * MINUTE);
    expect(radio.resets).toBe(1);
  });

  it('of an adapter that is not ready is none', async () => {
    radio.become({ ready: false, reason: 'gone', fix: 'plug it in' });
    await clock.advance(60 * MINUTE);
    expect([radio.resets, shared.status()[0]?.scanRestarts]).toEqual([0, 0]);
  });
});

describe('resets', () => {
  it('come at least 5 min apart and at most three in an hour', async () => {
    const at: number[] = [];
    for (let before = 0; clock.elapsed() < 120 * MINUTE; before = radio.resets) {
      await clock.advance(10_000);
      if (radio.resets > before) at.push(clock.elapsed());
    }
    const gaps = at.slice(1).map((time, i) => time - (at[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * MINUTE);
    for (const from of at) expect(at.filter(time => time >= from && time < from + 60 * MINUTE).length).toBeLessThan(4);
    expect(at.length).toBe(6);
  });

  it('that do not help are said so, and the state is well again with the first advert', async () => {
    await clock.advance(50 * MINUTE);
    const state = shared.state();
    radio.say(lock(1));
    expect([state.ready, shared.state().ready]).toEqual([false, true]);
  });

  it('wait for a connect that is under way', async () => {
    await clock.advance(200_000);
    radio.say(lock(1), { name: undefined as never });
    const seen = watch(shared.connect(lock(1), { urgency: 'person', signal: never }));
    await clock.advance(50_000);
    const during = radio.resets;
    radio.attempts[0]?.fail(new Error('gone') as never);
    await clock.advance(31_000);
    expect([seen.settled, during, radio.resets]).toEqual([true, 0, 1]);
  });

  it('wait for a link that still carries something', async () => {
    radio.opensAfter = 100;
    radio.say(lock(1));
    const link = await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
    for (let i = 0; i < 30; i++) {
      await clock.advance(20_000);
      await link.write('fff2', Uint8Array.of(1));
    }
    expect(radio.resets).toBe(0);
  });

  it('are not thought of, nor is it a fault, while the only locks are connected; the scan is begun anew now and then', async () => {
    radio.opensAfter = 100;
    radio.say(lock(1));
    const link = await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
    const before = radio.scans;
    for (let i = 0; i < 90; i++) {
      await clock.advance(20_000);
      await link.write('fff2', Uint8Array.of(1));
    }
    expect([shared.state().ready, radio.resets, shared.status()[0]?.scanRestarts]).toEqual([true, 0, 0]);
    expect(radio.scans - before).toBeGreaterThanOrEqual(4);
    expect(radio.scans - before).toBeLessThanOrEqual(7);
  });

  it('come for all that when the link carries nothing for two minutes', async () => {
    radio.opensAfter = 100;
    radio.say(lock(1));
    const link = await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
    await clock.advance(5 * MINUTE);
    await clock.run(link.closed);
    expect(radio.resets).toBe(1);
  });

  it('that hang are given up, and the scan goes on', async () => {
    radio.resetHangs = true;
    await clock.advance(5 * MINUTE);
    expect([radio.resets, radio.scanning, shared.status()[0]?.state.ready]).toEqual([1, true, true]);
  });

  it('end every link, and a lock is reached again within a minute', async () => {
    radio.opensAfter = 100;
    radio.say(lock(1));
    const link = await clock.run(shared.connect(lock(1), { urgency: 'person', signal: never }));
    await clock.advance(4 * MINUTE + 31_000);
    await clock.run(link.closed);
    const begun = clock.elapsed();
    const again = watch(shared.connect(lock(1), { urgency: 'person', signal: never }));
    await clock.advance(1_000);
    radio.say(lock(1));
    await clock.advance(1_000);
    expect([again.value !== undefined, clock.elapsed() - begun < MINUTE]).toEqual([true, true]);
  });
});
