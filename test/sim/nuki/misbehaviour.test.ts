// The ways in which a virtual Nuki lock goes wrong by name, and that it gets well again.
import { describe, expect, test } from 'vitest';
import { usualKnobs } from '../../../src/sim/nuki/knobs.ts';
import { MISBEHAVIOURS, misbehave } from '../../../src/sim/nuki/misbehaviour.ts';
import { u32 } from './client.ts';
import { World } from './world.ts';

test.each(MISBEHAVIOURS)('%s is another lock than a good one, and can be made well', how => {
  const knobs = usualKnobs();
  misbehave(knobs, how);
  expect(knobs).not.toEqual(usualKnobs());
  misbehave(knobs, 'none');
  expect(knobs).toEqual(usualKnobs());
});

test('only one at a time', () => {
  const knobs = usualKnobs();
  misbehave(knobs, 'jams');
  misbehave(knobs, 'full');
  expect(knobs).toEqual({ ...usualKnobs(), users: 0 });
});

test('a hand makes it so', async () => {
  const world = new World();
  world.lock.hands.act('misbehave', { how: 'button_dead' });
  expect(world.lock.hands.act('hold_button', { seconds: 9 }).done).toBe(false);
  world.lock.hands.act('misbehave', { how: 'none' });
  expect(world.lock.hands.act('hold_button', { seconds: 9 }).done).toBe(true);
});

describe('in a pairing', () => {
  test('the older generations lose their last word: they know the client, who does not know it', async () => {
    const world = new World();
    world.lock.hands.act('misbehave', { how: 'loses_commit' });
    await expect(world.pair()).rejects.toThrow('The lock said ""');
    expect(world.lock.secrets.keys.size).toBe(1);
  });

  test('the fifth generation loses the id: it knows the client, who does not know under which', async () => {
    const world = new World({ variant: 'ultra' });
    world.lock.hands.act('misbehave', { how: 'loses_id' });
    await expect(world.pair()).rejects.toThrow('The lock said ""');
    expect(world.lock.secrets.keys.size).toBe(1);
  });

  test.each(['smart_lock_4', 'ultra'] as const)('%s drops at the fourth message, once', async variant => {
    const world = new World({ variant });
    world.lock.hands.act('misbehave', { how: 'drops_at_4' });
    await expect(world.pair()).rejects.toThrow('The lock said ""');
    expect(world.lock.paired).toBe(false);
    await world.pair();
    expect(world.lock.paired).toBe(true);
  });

  test('a full one takes nobody', async () => {
    const world = new World();
    world.lock.hands.act('misbehave', { how: 'full' });
    await expect(world.pair()).rejects.toThrow('12 130600');
  });
});

test('an answer to a removal gets lost, and the removal is done', async () => {
  const world = new World();
  const client = await world.pair();
  world.lock.hands.act('misbehave', { how: 'loses_removal' });
  expect(await client.owned(0x08, u32(client.keys?.authId ?? 0), world.pin)).toBe('');
  expect([world.lock.paired, client.link.open]).toEqual([false, false]);
});

test('the link is lost while it turns', async () => {
  const world = new World();
  const client = await world.pair();
  world.lock.hands.act('misbehave', { how: 'drops_while_turning' });
  await client.challenged(0x0d, '010000000000');
  await world.clock.advance(5_000);
  expect([client.link.open, world.lock.bolt]).toEqual([false, 'unlocked']);
});

test('every action is told that another one runs', async () => {
  const world = new World();
  const client = await world.pair();
  world.lock.hands.act('misbehave', { how: 'busy' });
  expect(await client.challenged(0x0d, '010000000000')).toBe('12 450d00');
});
