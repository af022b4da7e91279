// Time control of a virtual Nuki lock: what it does by itself, and when.
import { describe, expect, test } from 'vitest';
import type { Client } from './client.ts';
import { type Options, World } from './world.ts';

const MINUTE_MS = 60_000;

async function paired(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World({ ...options, knobs: { hangsUpIdle: 0, ...options.knobs } });
  return { world, client: await world.pair() };
}

/** Weekdays, hour, minute, action. It is Thursday, 20:30 UTC, 21:30 in Berlin. */
const add = (world: World, client: Client, entry: string): Promise<string> => client.owned(0x39, entry, world.pin);

describe.each(['smart_lock_2', 'ultra'] as const)('%s', variant => {
  test('takes an entry, gives its id, and lists it', async () => {
    const { world, client } = await paired({ variant });
    expect(await add(world, client, '7c160f02')).toBe('3a 00, 0e 00');
    expect(await add(world, client, '00080001')).toBe('3a 01, 0e 00');
    expect(await client.owned(0x3c, '', world.pin)).toBe('3d 02, 3e 00017c160f02, 3e 010100080001, 0e 00');
  });

  test('changes and removes entries', async () => {
    const { world, client } = await paired({ variant });
    await add(world, client, '7c160f02');
    expect(await client.owned(0x3f, '000040060001', world.pin)).toBe('0e 00');
    expect(await client.owned(0x3c, '', world.pin)).toBe('3d 01, 3e 000040060001, 0e 00');
    expect(await client.owned(0x3b, '00', world.pin)).toBe('0e 00');
    expect(await client.owned(0x3c, '', world.pin)).toBe('3d 00, 0e 00');
  });
});

describe('at its time', () => {
  test('an entry is carried out, by the clock at the door', async () => {
    const { world, client } = await paired();
    await add(world, client, '00151f01');
    await world.clock.advance(MINUTE_MS + 3_000);
    expect([world.lock.bolt, (await client.state()).slice(2, 6)]).toEqual(['unlocked', '0303']);
  });

  test('an entry of other days is not', async () => {
    const { world, client } = await paired();
    await add(world, client, '77151f01');
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.lock.bolt).toBe('locked');
  });

  test('an entry of this day comes again in a week', async () => {
    const { world, client } = await paired();
    await add(world, client, '08151f01');
    await world.clock.advance(MINUTE_MS + 3_000);
    world.lock.hands.act('thumb', { to: 'lock' });
    await world.clock.advance(6 * 24 * 60 * MINUTE_MS);
    expect(world.lock.bolt).toBe('locked');
    await world.clock.advance(24 * 60 * MINUTE_MS);
    expect(world.lock.bolt).toBe('unlocked');
  });

  test('an entry that is switched off is not', async () => {
    const { world, client } = await paired();
    await add(world, client, '00151f01');
    await client.owned(0x3f, '000000151f01', world.pin);
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.lock.bolt).toBe('locked');
  });

  test('an entry is carried out after a loss of power, too', async () => {
    const { world, client } = await paired();
    await add(world, client, '00152001');
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in');
    await world.clock.advance(2 * MINUTE_MS + 3_000);
    expect(world.lock.bolt).toBe('unlocked');
  });
});

describe('refused are', () => {
  test.each([
    ['an hour that there is not', 0x39, '00180001', '12 233900'],
    ['days that there are not', 0x39, '80080001', '12 233900'],
    ['an action that there is not', 0x39, '00080009', '12 233900'],
    ['a change of an entry that is not there', 0x3f, '050100080001', '12 233f00'],
    ['a removal of one', 0x3b, '05', '12 233b00'],
  ])('%s', async (_, command, payload, due) => {
    const { world, client } = await paired();
    expect(await client.owned(command, payload, world.pin)).toBe(due);
  });

  test('more entries than there is room for', async () => {
    const { world, client } = await paired();
    for (let i = 0; i < 30; i++) await add(world, client, '00080001');
    expect(await add(world, client, '00080001')).toBe('12 293900');
  });
});
