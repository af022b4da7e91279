// Config and advanced config of a virtual Nuki lock, by generation; its clock, its PIN, its maintenance.
import { describe, expect, test } from 'vitest';
import { type Client, textHex, u32 } from './client.ts';
import { type Options, World } from './world.ts';

const CONFIG = 0x14;
const ADVANCED = 0x36;

async function paired(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World({ ...options, knobs: { hangsUpIdle: 0, ...options.knobs } });
  return { world, client: await world.pair() };
}

async function read(client: Client, command: number): Promise<string> {
  return (await client.challenged(command)).slice(3);
}

/** Name, place, five switches, offset, daylight saving, fob, single lock, advertising, zone. */
const SET = `${textHex('back', 32)}66483c42310877410001010105000001010203${'00'}012a00`;

describe.each([
  ['smart_lock_1', 72, 28, 15],
  ['smart_lock_2', 74, 31, 21],
  ['smart_lock_3', 77, 31, 26],
  ['smart_lock_4', 78, 31, 27],
  ['ultra', 78, 33, 27],
] as const)('%s', (variant, config, advanced, state) => {
  test('says as much as its generation does', async () => {
    const { client } = await paired({ variant });
    const sizes = [await read(client, CONFIG), await read(client, ADVANCED), await client.state()];
    expect(sizes.map(each => each.length / 2)).toEqual([config, advanced, state]);
  });

  test('takes back what it said of its advanced config, without the first two bytes', async () => {
    const { world, client } = await paired({ variant });
    const before = await read(client, ADVANCED);
    expect(await client.owned(0x35, before.slice(4), world.pin)).toBe('0e 00');
    expect(await read(client, ADVANCED)).toBe(before);
  });

  test('takes a config as a whole', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(0x13, SET, world.pin)).toBe('0e 00');
    const after = await read(client, CONFIG);
    expect(after.slice(8, 98)).toBe(`${textHex('back', 32)}66483c42310877410001010105`);
  });
});

describe('config', () => {
  test('tells the number of the lock as its advert does', async () => {
    const { world, client } = await paired();
    const config = await read(client, CONFIG);
    await client.link.close();
    expect(config.slice(0, 8)).toBe(u32(world.lock.nukiId));
    expect(world.lock.advert()?.name).toBe(`Nuki_${world.lock.nukiId.toString(16).toUpperCase()}`);
  });

  test('counts its changes in the state', async () => {
    const { world, client } = await paired();
    await client.owned(0x13, SET, world.pin);
    await client.owned(0x13, SET, world.pin);
    expect((await client.state()).slice(26, 28)).toBe('02');
  });

  test.each([
    ['a switch', SET.replace('0001010105', '0201010105')],
    ['a brightness', SET.replace('0001010105', '0001010106')],
    ['a zone', `${SET.slice(0, -4)}6300`],
  ])('refuses %s that there is not', async (_, set) => {
    const { world, client } = await paired();
    expect(await client.owned(0x13, set, world.pin)).toBe('12 231300');
  });

  test('cuts a name between two characters', async () => {
    const { world, client } = await paired({ name: `${'a'.repeat(31)}ü` });
    expect((await read(client, CONFIG)).slice(8, 72)).toBe(textHex('a'.repeat(31), 32));
    world.lock.stop();
  });

  test('of the fourth and fifth generation differs in kind', async () => {
    const kinds = [];
    for (const variant of ['smart_lock_4', 'ultra'] as const) {
      kinds.push((await read((await paired({ variant })).client, CONFIG)).slice(148, 150));
    }
    expect(kinds).toEqual(['04', '05']);
  });
});

describe('advanced config', () => {
  test.each([
    ['an offset', 0, 'c8ff', false],
    ['an offset too far', 0, '0001', true],
    ['a lock and go of 4 s', 8, '04', true],
    ['a press that there is not', 9, '07', true],
    ['an unlatching of 31 s', 14, '1f', true],
    ['an auto lock of 1 s', 15, '0100', true],
    ['an hour that there is not', 19, '18', true],
    ['what it cannot do, as it said itself', 27, 'ff', false],
  ])('of %s', async (_, at, value, refused) => {
    const { world, client } = await paired();
    const before = (await read(client, ADVANCED)).slice(4);
    const set = before.slice(0, at * 2) + value + before.slice(at * 2 + value.length);
    expect(await client.owned(0x35, set, world.pin)).toBe(refused ? '12 233500' : '0e 00');
  });

  test('of the other generation is of a wrong length', async () => {
    const { world, client } = await paired();
    const before = (await read(client, ADVANCED)).slice(4);
    expect(await client.owned(0x35, `${before}0000`, world.pin)).toBe('12 fe3500');
  });

  test('sets how long the latch is held', async () => {
    const { world, client } = await paired();
    const before = (await read(client, ADVANCED)).slice(4);
    await client.owned(0x35, `${before.slice(0, 28)}0a${before.slice(30)}`, world.pin);
    await client.challenged(0x0d, '030000000000');
    await client.clock.advance(11_000);
    expect(world.lock.bolt).toBe('unlatched');
    await client.clock.advance(2_000);
    expect(world.lock.bolt).toBe('unlocked');
  });
});

describe('auto lock', () => {
  async function set(seconds: string, more = '0000'): Promise<{ world: World; client: Client }> {
    const { world, client } = await paired();
    const before = (await read(client, ADVANCED)).slice(4);
    const timed = `${before.slice(0, 30)}${seconds}${before.slice(34, 52)}01${more}`;
    expect(await client.owned(0x35, timed, world.pin)).toBe('0e 00');
    return { world, client };
  }

  test('locks after its time, with the trigger of its own', async () => {
    const { world, client } = await set('1e00');
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(29_000);
    expect(world.lock.bolt).toBe('unlocked');
    await world.clock.advance(5_000);
    expect([world.lock.bolt, (await client.state()).slice(2, 6)]).toEqual(['locked', '0106']);
  });

  test('waits for the door', async () => {
    const { world } = await set('1e00');
    world.lock.hands.act('thumb', { to: 'unlock' });
    world.lock.hands.act('door', { to: 'open' });
    await world.clock.advance(600_000);
    expect(world.lock.bolt).toBe('unlocked');
  });

  test('locks when the door closes, if so set', async () => {
    const { world } = await set('0807', '0100');
    world.lock.hands.act('thumb', { to: 'unlock' });
    world.lock.hands.act('door', { to: 'open' });
    world.lock.hands.act('door', { to: 'closed' });
    await world.clock.advance(3_000);
    expect(world.lock.bolt).toBe('locked');
  });
});

describe('its clock', () => {
  test('is in the state, in UTC', async () => {
    const { client } = await paired();
    expect((await client.state()).slice(6, 18)).toBe('ea07010f141e');
  });

  test('is set', async () => {
    const { world, client } = await paired();
    expect(await client.owned(0x21, 'eb070203040506', world.pin)).toBe('0e 00');
    expect(new Date(world.lock.wall).toISOString()).toMatch(/^2027-02-03T04:05:0[67]/);
  });

  test('is not set to what is no time', async () => {
    const { world, client } = await paired();
    expect(await client.owned(0x21, 'eb070d03040506', world.pin)).toBe('12 232100');
  });
});

describe.each([
  ['smart_lock_4', 'e110', '1027'],
  ['ultra', 'f1fb0900', '40420f00'],
] as const)('the PIN of %s', (variant, fresh, tooLarge) => {
  test('is set with the old one, and is the new one from then on', async () => {
    const { world, client } = await paired({ variant });
    const old = world.pin;
    expect(await client.owned(0x19, fresh, old)).toBe('0e 00');
    expect([await client.owned(0x20, '', old), await client.owned(0x20, '', fresh)]).toEqual(['12 212000', '0e 00']);
  });

  test('has no more digits than it may', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(0x19, tooLarge, world.pin)).toBe('12 231900');
  });
});

describe('maintenance', () => {
  test('a calibration goes to both ends and stops unlocked', async () => {
    const { world, client } = await paired();
    const before = client.heard.length + 1;
    await client.owned(0x1a, '', world.pin);
    await client.clock.advance(15_000);
    const told = client.heard.slice(before).map(each => each.payload.slice(0, 4));
    expect([told, world.lock.bolt]).toEqual([['01', '02fc', '0203', '00'], 'unlocked']);
  });

  test('a calibration gives a reset lock its position back', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('reset_settings');
    expect((await client.state()).slice(2, 4)).toBe('00');
    await client.owned(0x1a, '', '0000');
    await client.clock.advance(15_000);
    expect((await client.state()).slice(2, 4)).toBe('03');
  });

  test('a weak battery is not enough to calibrate', async () => {
    const { world, client } = await paired({ knobs: { lowVoltage: true } });
    expect(await client.owned(0x1a, '', world.pin)).toBe('12 4c1a00');
  });

  test('a restart hangs up, and the lock feels for its bolt', async () => {
    const { world, client } = await paired();
    expect(await client.owned(0x1d, '', world.pin)).toMatch(/^0e 00/);
    await world.clock.advance(300);
    expect(client.link.open).toBe(false);
    const again = await world.connect(client.keys);
    expect((await again.state()).slice(2, 4)).toBe('fd');
    await world.clock.advance(5_000);
    expect((await again.state()).slice(2, 4)).toBe('01');
  });

  test('its battery is reported', async () => {
    const { client } = await paired();
    expect((await client.ask(0x01, '1100')).slice(0, 15)).toMatch(/^11 [0-9a-f]{8}0000/);
  });

  test('only the first generation tells its last command and its openings', async () => {
    const first = await paired({ variant: 'smart_lock_1' });
    expect([await first.client.ask(0x01, '0f00'), await first.client.ask(0x01, '1000')]).toEqual([
      '0f 0000',
      `10 ${'00'.repeat(8)}`,
    ]);
    const later = await paired();
    expect(await later.client.ask(0x01, '0f00')).toBe('12 230100');
  });
});
