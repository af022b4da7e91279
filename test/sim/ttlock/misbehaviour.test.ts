// Locks that go wrong by name, as people rehearse it.
import { describe, expect, test } from 'vitest';
import { MISBEHAVIOURS, misbehave } from '../../../src/sim/ttlock/misbehaviour.ts';
import { usualKnobs } from '../../../src/sim/ttlock/knobs.ts';
import { World } from './world.ts';

describe('a lock that is told to misbehave', () => {
  test.each(MISBEHAVIOURS)('%s: is another lock than before, and well again when told so', how => {
    const knobs = usualKnobs();
    misbehave(knobs, how);
    const changed = JSON.stringify(knobs) !== JSON.stringify(usualKnobs());
    misbehave(knobs, 'none');
    expect([changed, knobs]).toEqual([true, usualKnobs()]);
  });

  test('restarts where it should be reset, by hand', async () => {
    const world = new World();
    await world.pair();
    world.lock.hands.act('misbehave', { how: 'restarts' });
    world.lock.hands.act('hold_reset', { seconds: 5 });
    expect(world.lock.paired).toBe(true);
  });

  test('keeps its codes through a reset, and the public code opens all the same', async () => {
    const world = new World({ knobs: { oldCodesSurvive: true } });
    await world.pair();
    world.lock.hands.act('hold_reset', { seconds: 5 });
    expect(world.lock.hands.act('type_code', { digits: '123456' }).opened).toBe(true);
  });

  test('is refused a name that is none', () => {
    expect(new World().lock.hands.act('misbehave', { how: 'explode' }).done).toBe(false);
  });
});
