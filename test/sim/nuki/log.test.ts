// The log of a virtual Nuki lock: what is written down, and how it is read.
import { describe, expect, test } from 'vitest';
import { type Client, textHex, u16, u32 } from './client.ts';
import { type Options, World } from './world.ts';

const READ = 0x31;

async function paired(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World({ ...options, knobs: { hangsUpIdle: 0, ...options.knobs } });
  return { world, client: await world.pair() };
}

/** start, count, order (1: newest first), whether the count comes first. */
async function entries(
  world: World,
  client: Client,
  how: [number, number, 0 | 1, 0 | 1] = [0, 50, 0, 0],
): Promise<string[]> {
  const [start, most, order, total] = how;
  const answer = await client.owned(READ, u32(start) + u16(most) + u16(order + total * 256), world.pin);
  return answer.split(', ');
}

/** Index, and what stands behind the name. */
const short = (entry: string): string =>
  entry.startsWith('32 ') ? `${Buffer.from(entry.slice(3, 11), 'hex').readUInt32LE(0)} ${entry.slice(97)}` : entry;

async function turned(times: number): Promise<{ world: World; client: Client }> {
  const { world, client } = await paired();
  for (let i = 0; i < times; i++) world.lock.hands.act('thumb', { to: i % 2 === 0 ? 'unlock' : 'lock' });
  return { world, client };
}

describe('an entry', () => {
  test('of an order says who, when, what and how it went', async () => {
    const { world, client } = await paired();
    await client.challenged(0x0d, '010000000002');
    await world.clock.advance(3_000);
    const [entry] = await entries(world, client);
    expect(entry).toBe(
      `32 01000000ea07010f141e${entry?.slice(23, 25)}${u32(client.keys?.authId ?? 0)}${textHex('test', 32)}0201000200`,
    );
  });

  test('of a turn by hand says so', async () => {
    const { world, client } = await turned(1);
    expect((await entries(world, client)).map(short)).toEqual(['1 0201010000', '0e 00']);
  });

  test('of a press of the button says how many', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('press_button');
    await world.clock.advance(3_000);
    expect((await entries(world, client)).map(short)).toEqual(['1 0201020100', '0e 00']);
  });

  test('of the door says open or closed', async () => {
    const { world, client } = await turned(1);
    world.lock.hands.act('door', { to: 'open' });
    world.lock.hands.act('door', { to: 'closed' });
    expect((await entries(world, client)).map(short).slice(1, 3)).toEqual(['2 0600', '3 0601']);
  });

  test('of a stuck bolt says so', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('jam', { to: 'on' });
    await client.challenged(0x0d, '010000000000');
    await world.clock.advance(3_000);
    expect((await entries(world, client)).map(short)[0]).toBe('1 0201000001');
  });

  test('of a start says so', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in');
    await world.clock.advance(5_000);
    const again = await world.connect(client.keys);
    expect((await entries(world, again)).map(short)[0]).toBe('1 0400000000');
  });

  test('of a calibration says who asked for it', async () => {
    const { world, client } = await paired();
    await client.owned(0x1a, '', world.pin);
    await world.clock.advance(15_000);
    expect((await entries(world, client)).map(short)[0]).toBe('1 0301000000');
  });

  test('may have bytes of nothing behind it', async () => {
    const { world, client } = await paired({ knobs: { logPadding: 2 } });
    world.lock.hands.act('thumb', { to: 'unlock' });
    expect((await entries(world, client)).map(short)[0]).toBe('1 02010100000000');
  });
});

describe('reading', () => {
  test('begins with the oldest', async () => {
    const { world, client } = await turned(5);
    expect((await entries(world, client, [0, 2, 0, 0])).map(each => short(each).slice(0, 1))).toEqual(['1', '2', '0']);
  });

  test('begins with the newest', async () => {
    const { world, client } = await turned(5);
    expect((await entries(world, client, [0, 2, 1, 0])).map(each => short(each).slice(0, 1))).toEqual(['5', '4', '0']);
  });

  test.each([
    [0, ['4', '5', '0']],
    [1, ['2', '1', '0']],
  ] as const)('goes on strictly behind an index, in order %i', async (order, due) => {
    const { world, client } = await turned(5);
    expect((await entries(world, client, [3, 9, order, 0])).map(each => short(each).slice(0, 1))).toEqual(due);
  });

  test('says how many there are, when asked', async () => {
    const { world, client } = await turned(5);
    expect((await entries(world, client, [0, 1, 1, 1]))[0]).toBe('33 0105000101');
  });

  test('of an order that there is not is refused', async () => {
    const { world, client } = await paired();
    expect(await client.owned(READ, '0000000001000200', world.pin)).toBe('12 233100');
  });

  test('of a long one gives up its oldest entries', async () => {
    const { world, client } = await turned(410);
    const [first, last] = [await entries(world, client, [0, 1, 0, 1]), await entries(world, client, [0, 1, 1, 0])];
    expect([first[0], short(first[1] ?? '').split(' ')[0], short(last[0] ?? '').split(' ')[0]]).toEqual([
      '33 0190010101',
      '11',
      '410',
    ]);
  });
});

describe('logging', () => {
  test('switched off notes that, and nothing more', async () => {
    const { world, client } = await turned(1);
    expect(await client.owned(0x34, '00', world.pin)).toBe('0e 00');
    world.lock.hands.act('thumb', { to: 'lock' });
    expect((await entries(world, client)).map(short)).toEqual(['1 0201010000', '2 0100', '0e 00']);
  });

  test('switched on again notes that', async () => {
    const { world, client } = await turned(1);
    await client.owned(0x34, '00', world.pin);
    await client.owned(0x34, '01', world.pin);
    expect((await entries(world, client)).map(short)[2]).toBe('3 0101');
  });

  test('is either on or off', async () => {
    const { world, client } = await paired();
    expect(await client.owned(0x34, '02', world.pin)).toBe('12 233400');
  });
});
