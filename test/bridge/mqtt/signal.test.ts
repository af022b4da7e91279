// How often a signal is told that changes with every advert.
import { describe, expect, test } from 'vitest';
import { makeCounter } from './counter.ts';
import { makeView } from './fakes.ts';
import { LOCK } from './house.ts';

describe('a signal that changes', () => {
  test('is told within a minute, though nobody says so', async () => {
    const counter = makeCounter();
    counter.locks.views.set(LOCK, makeView(LOCK, 'front', { rssi: -80 }));
    await counter.clock.advance(60_000);
    expect(counter.json('latchbridge/front').at(-1)).toMatchObject({ rssi: -80 });
  });

  test('is told once a minute, a bolt that moves at once', async () => {
    const counter = makeCounter();
    const { locks, clock } = counter;
    const states = (): number => counter.json('latchbridge/front').length;
    const before = states();
    const signal = (rssi: number): void => {
      const view = { ...(locks.find(LOCK) as ReturnType<typeof makeView>), rssi };
      locks.views.set(LOCK, view);
      locks.emit({ kind: 'changed', view });
    };
    for (let i = 0; i < 119; i++) {
      signal(-60 - (i % 7));
      await clock.advance(1000);
    }
    expect(states() - before).toBeLessThanOrEqual(2);
    const quiet = states();
    locks.say(LOCK, 'unlocked');
    expect(states() - quiet).toBe(1);
  });

  test('and so is a held lock that says again and again what it said', async () => {
    const counter = makeCounter();
    const { locks, clock } = counter;
    const before = counter.json('latchbridge/front').length;
    for (let i = 0; i < 59; i++) {
      const view = locks.find(LOCK) as ReturnType<typeof makeView>;
      const again = { ...view, state: { ...view.state, at: clock.now() } };
      locks.views.set(LOCK, again);
      locks.emit({ kind: 'state', view: again });
      await clock.advance(2000);
    }
    expect(counter.json('latchbridge/front').length - before).toBeLessThanOrEqual(2);
  });
});
