// Cards and fingerprints of a virtual TTLock: enrolled by a person, listed in pages, valid for a time.
import { describe, expect, test } from 'vitest';
import type { HandResult } from '../../../src/sim/hands.ts';
import { Client, World } from './world.ts';

const SHORT = 'deadbeef';
const LONG = '0123456789abcdef';
const LONG_NUMBER = '81985529216486895';
const ALWAYS = '0001010000630c1f173b';
const OVER = '00010100001a050a0e17';

async function setUp(options: ConstructorParameters<typeof World>[0] = {}): Promise<[World, Client]> {
  const world = new World(options);
  return [world, await world.admin()];
}
const present = (world: World, card: string): HandResult => world.lock.hands.act('present_card', { card });
const press = (world: World, finger = 'thumb'): HandResult => world.lock.hands.act('present_finger', { finger });

async function enrolFinger(world: World, client: Client, finger = 'thumb'): Promise<string[]> {
  await client.get(0x06, '02');
  const before = client.heard.length;
  for (let n = 0; n < 4; n++) {
    press(world, finger);
    await world.clock.advance(1000);
  }
  return client.heard.slice(before);
}

describe('a card', () => {
  test('is enrolled by a person while the lock waits', async () => {
    const [world, client] = await setUp();
    expect(await client.get(0x05, '02')).toBe('640202');
    await world.clock.advance(8000);
    present(world, '3735928559');
    await world.clock.advance(200);
    expect(client.heard.at(-1)).toBe(`0501640201${SHORT}`);
    expect(present(world, '3735928559').opened).toBe(true);
  });

  test('of 4 bytes can come in 8, filled up', async () => {
    const [world, client] = await setUp({ knobs: { paddedCards: true } });
    await client.get(0x05, '02');
    present(world, '3735928559');
    await world.clock.advance(200);
    expect(client.heard.at(-1)).toBe(`0501640201${SHORT}ffffffff`);
  });

  test('that nobody presents is given up after 20 s, aloud', async () => {
    const [world, client] = await setUp();
    await client.get(0x05, '02');
    await world.clock.advance(19_500);
    const before = client.heard.at(-1);
    await world.clock.advance(500);
    expect([before, client.heard.at(-1)]).toEqual(['0501640202', '050013']);
  });

  test('that is known can be added by its number', async () => {
    const [world, client] = await setUp();
    expect(await client.get(0x05, `02${SHORT}${ALWAYS}`)).toBe(`640201${SHORT}`);
    expect(present(world, '3735928559').opened).toBe(true);
  });

  test('opens only in its time', async () => {
    const [world, client] = await setUp();
    await client.get(0x05, `02${LONG}${ALWAYS}`);
    const now = present(world, LONG_NUMBER).opened;
    expect(await client.get(0x05, `05${LONG}${OVER}`)).toBe('6405');
    expect([now, present(world, LONG_NUMBER).opened]).toEqual([true, false]);
  });

  test('that was taken away opens no more', async () => {
    const [world, client] = await setUp();
    await client.get(0x05, `02${SHORT}${ALWAYS}`);
    expect(await client.get(0x05, `03${SHORT}`)).toBe('6403');
    expect([present(world, '3735928559').opened, (await client.ask(0x05, `03${SHORT}`)).said]).toEqual([false, '18']);
  });

  test('list can be cleared', async () => {
    const [, client] = await setUp();
    await client.get(0x05, `02${SHORT}${ALWAYS}`);
    await client.get(0x05, '04');
    expect(await client.get(0x05, '010000')).toBe('6401ffff');
  });

  test('list gives two short ones a page', async () => {
    const [, client] = await setUp();
    for (const card of ['00000001', '00000002', '00000003']) await client.get(0x05, `02${card}${ALWAYS}`);
    expect(await client.get(0x05, '010000')).toBe(`64010002${'00000001'}${ALWAYS}${'00000002'}${ALWAYS}`);
    expect(await client.get(0x05, '010002')).toBe(`6401ffff${'00000003'}${ALWAYS}`);
  });

  test('list gives one long one a page, never mixed with short ones', async () => {
    const [, client] = await setUp();
    for (const card of ['00000001', LONG, '00000003']) await client.get(0x05, `02${card}${ALWAYS}`);
    const pages = [];
    for (const at of ['0000', '0001', '0002']) pages.push((await client.get(0x05, `01${at}`)).slice(8));
    expect(pages).toEqual([`00000001${ALWAYS}`, LONG + ALWAYS, `00000003${ALWAYS}`]);
  });

  test('is refused where there is no reader', async () => {
    const [world, client] = await setUp({ variant: 'key_box' });
    expect([(await client.ask(0x05, '010000')).said, present(world, '1').done]).toEqual(['1b', false]);
  });
});

describe('a finger', () => {
  test('is enrolled press by press', async () => {
    const [world, client] = await setUp();
    const heard = await enrolFinger(world, client);
    expect(heard).toEqual(['06016402030104', '06016402030204', '06016402030304', '0601640201010000000000']);
    expect(press(world).opened).toBe(true);
  });

  test('begins with the number of presses', async () => {
    const [, client] = await setUp();
    expect(await client.get(0x06, '02')).toBe('64020204');
  });

  test('of somebody else in between does not count', async () => {
    const [world, client] = await setUp();
    await client.get(0x06, '02');
    press(world, 'thumb');
    expect(press(world, 'other')).toMatchObject({ done: false });
  });

  test('that is stored already fails', async () => {
    const [world, client] = await setUp();
    await enrolFinger(world, client);
    await client.get(0x06, '02');
    press(world);
    await world.clock.advance(200);
    expect(client.heard.at(-1)).toBe('060019');
  });

  test('that does not come again is given up after 10 s', async () => {
    const [world, client] = await setUp();
    await client.get(0x06, '02');
    await world.clock.advance(9000);
    press(world);
    await world.clock.advance(9900);
    const before = client.heard.at(-1);
    await world.clock.advance(400);
    expect([before, client.heard.at(-1)]).toEqual(['06016402030104', '060013']);
  });

  test('is listed, given a time and taken away by its id', async () => {
    const [world, client] = await setUp();
    await enrolFinger(world, client);
    await client.get(0x06, `05010000000000${OVER}`);
    expect(await client.get(0x06, '060000')).toBe(`6406ffff010000000000${OVER}`);
    expect(press(world).opened).toBe(false);
    await client.get(0x06, '03010000000000');
    expect(await client.ask(0x06, '03010000000000')).toMatchObject({ said: '1a' });
  });

  test('list is paged and can be cleared', async () => {
    const [world, client] = await setUp();
    for (const finger of ['a', 'b', 'c']) await enrolFinger(world, client, finger);
    expect((await client.get(0x06, '060000')).slice(0, 8)).toBe('64060002');
    expect((await client.get(0x06, '060002')).slice(0, 20)).toBe('6406ffff030000000000');
    await client.get(0x06, '04');
    expect(await client.get(0x06, '060000')).toBe('6406ffff');
  });
});

describe('weekly windows', () => {
  /** The clock of the world stands on a Monday, 14:23. */
  test('let a card in on that day and in those hours only', async () => {
    const [world, client] = await setUp();
    await client.get(0x05, `02${SHORT}${ALWAYS}`);
    await client.get(0x70, `020204${SHORT}0101000e001200000000 00`.replaceAll(' ', ''));
    const monday = present(world, '3735928559').opened;
    world.lock.wall += 86_400_000;
    const tuesday = present(world, '3735928559').opened;
    await client.get(0x70, `040204${SHORT}`);
    expect([monday, tuesday, present(world, '3735928559').opened]).toEqual([true, false, true]);
  });

  test('of nobody are refused', async () => {
    const [, client] = await setUp();
    expect(await client.ask(0x70, `040204${SHORT}`)).toMatchObject({ said: '18' });
    expect(await client.ask(0x70, '040106010000000000')).toMatchObject({ said: '1a' });
  });
});
