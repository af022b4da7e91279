// Codes and fingers of a virtual Nuki lock: managed by radio, used at its keypad.
import { describe, expect, test } from 'vitest';
import { type Client, textHex, u16, u32 } from './client.ts';
import { type Options, World } from './world.ts';

const ADD = 0x41;
const NONE = '00'.repeat(20);
const HOUR_MS = 3_600_000;

async function paired(options: Options = { knobs: { hangsUpIdle: 0 } }): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  return { world, client: await world.pair() };
}

function add(world: World, client: Client, code: number, limit = NONE): Promise<string> {
  return client.owned(ADD, u32(code) + textHex('Alice', 20) + limit, world.pin);
}

const opens = (world: World, digits: number | string): boolean | undefined =>
  world.lock.hands.act('type_code', { digits }).opened;

describe.each(['smart_lock_3', 'ultra'] as const)('%s', variant => {
  test('takes a code, gives its id, and opens with it', async () => {
    const { world, client } = await paired({ variant });
    expect(await add(world, client, 778_899)).toMatch(/^42 0100ea07010f141e.., 0e 00$/);
    expect(opens(world, 778_899)).toBe(true);
    await world.clock.advance(3_000);
    expect([world.lock.bolt, world.lock.secrets.codes]).toEqual(['unlocked', ['778899']]);
  });

  test('lists its codes between count and COMPLETE', async () => {
    const { world, client } = await paired({ variant });
    await add(world, client, 778_899);
    await add(world, client, 589_472, `01ea070201080000ea070c1f173b3b5408000c1e`);
    const [count, first, second, end] = (await client.owned(0x43, '00000a00', world.pin)).split(', ');
    expect([count, end]).toEqual(['44 0200', '0e 00']);
    expect(first).toMatch(new RegExp(`^45 0100${u32(778_899)}${textHex('Alice', 20)}01ea07010f.{20}0000`));
    expect([(first?.length ?? 0) - 3, (second?.length ?? 0) - 3]).toEqual([88, 126]);
    expect(second).toMatch(/01ea070201080000ea070c1f173b3b5408000c1e$/);
  });

  test('changes a code', async () => {
    const { world, client } = await paired({ variant });
    await add(world, client, 778_899);
    const changed = u16(1) + u32(345_678) + textHex('Bob', 20);
    expect(await client.owned(0x46, `${changed}01${NONE}`, world.pin)).toBe('0e 00');
    expect([opens(world, 778_899), opens(world, 345_678)]).toEqual([false, true]);
  });

  test('disables a code', async () => {
    const { world, client } = await paired({ variant });
    await add(world, client, 778_899);
    await client.owned(0x46, `${u16(1)}${u32(778_899)}${textHex('Bob', 20)}00${NONE}`, world.pin);
    expect(opens(world, 778_899)).toBe(false);
  });

  test('removes a code', async () => {
    const { world, client } = await paired({ variant });
    await add(world, client, 778_899);
    expect(await client.owned(0x47, u16(1), world.pin)).toBe('0e 00');
    expect([opens(world, 778_899), world.lock.secrets.codes]).toEqual([false, []]);
  });
});

describe('a code is refused', () => {
  test.each([
    ['of five digits', 77_889],
    ['of seven digits', 7_788_991],
    ['with a 0 in it', 778_809],
    ['that begins with 12', 128_899],
  ])('%s', async (_, code) => {
    const { world, client } = await paired();
    expect(await add(world, client, code)).toBe('12 234100');
  });

  test('that there is already', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    expect(await add(world, client, 778_899)).toBe('12 2a4100');
  });

  test('that another one is changed to', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    await add(world, client, 345_678);
    const changed = `${u16(2)}${u32(778_899)}${textHex('Bob', 20)}01${NONE}`;
    expect(await client.owned(0x46, changed, world.pin)).toBe('12 2a4600');
  });

  test('with a limit that ends before it begins', async () => {
    const { world, client } = await paired();
    expect(await add(world, client, 778_899, `01ea070c1f173b3bea0702010800005408000c1e`)).toBe('12 234100');
  });

  test('when there is room for no more', async () => {
    const { world, client } = await paired({ variant: 'smart_lock_3', knobs: { hangsUpIdle: 0 } });
    let last = '';
    for (let i = 0; i < 100; i++) last = await add(world, client, 311_111 + inNines(i));
    expect(last).toMatch(/^42/);
    expect(await add(world, client, 999_999)).toBe('12 294100');
  });
});

/** A number that has no 0 in it when 111 is added. */
function inNines(i: number): number {
  return (i % 9) + (Math.floor(i / 9) % 9) * 10 + Math.floor(i / 81) * 100;
}

describe.each([
  ['removed', 0x47, '0900', '12 234700'],
  ['changed', 0x46, `0900${u32(345_678)}${textHex('x', 20)}01${NONE}`, '12 234600'],
] as const)('a code that is not there', (what, command, payload, due) => {
  test(`cannot be ${what}`, async () => {
    const { world, client } = await paired();
    expect(await client.owned(command, payload, world.pin)).toBe(due);
  });
});

describe.each(['smart_lock_1', 'go_5'] as const)('%s has no keypad', variant => {
  test('and knows no codes', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(0x43, '00000a00', world.pin)).toBe('12 ff4300');
    expect(world.lock.hands.act('type_code', { digits: 778_899 }).done).toBe(false);
  });
});

describe('a limited code', () => {
  /** Thursday, 15 January 2026, 20:30 UTC, 21:30 in Berlin. */
  test.each([
    ['within its time', `01ea070101000000ea070c1f173b3b0000000000`, true],
    ['before its time', `01ea070201000000ea070c1f173b3b0000000000`, false],
    ['after its time', `01ea070101000000ea07010f1400000000000000`, false],
    ['on its days', `01ea070101000000ea070c1f173b3b0800000000`, true],
    ['on other days', `01ea070101000000ea070c1f173b3b1000000000`, false],
    ['in its hours, at the door', `01ea070101000000ea070c1f173b3b0015001600`, true],
    ['in hours that only UTC has', `01ea070101000000ea070c1f173b3b0014001500`, false],
    ['in hours over midnight', `01ea070101000000ea070c1f173b3b0015000600`, true],
  ])('%s', async (_, limit, due) => {
    const { world, client } = await paired();
    await add(world, client, 778_899, limit);
    expect(opens(world, 778_899)).toBe(due);
  });

  test('may be meant in UTC', async () => {
    const { world, client } = await paired({ knobs: { limitHours: 'utc' } });
    await add(world, client, 778_899, `01ea070101000000ea070c1f173b3b0014001500`);
    expect(opens(world, 778_899)).toBe(true);
  });

  test('goes by the clock of the lock', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899, `01ea070101000000ea07010f1600000000000000`);
    world.lock.wall += 2 * HOUR_MS;
    expect(opens(world, 778_899)).toBe(false);
  });
});

describe('at the keypad', () => {
  async function logged(world: World, client: Client): Promise<string[]> {
    const answer = await client.owned(0x31, '0000000014000000', world.pin);
    return answer
      .split(', ')
      .filter(each => each.startsWith('32 '))
      .map(each => each.slice(97));
  }

  test('every try is noted: what, by what, how it ended, with which code', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    opens(world, 222_222);
    opens(world, 778_899);
    await world.clock.advance(3_000);
    world.lock.hands.act('press_arrow');
    await world.clock.advance(3_000);
    expect(await logged(world, client)).toEqual(['050101e00000', '050101000100', '050200000000']);
  });

  test('wrong codes block it, longer each time', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    for (let i = 0; i < 3; i++) opens(world, 222_222);
    expect(opens(world, 778_899)).toBe(false);
    await world.clock.advance(60_000);
    for (let i = 0; i < 3; i++) opens(world, 222_222);
    await world.clock.advance(60_000);
    expect(opens(world, 778_899)).toBe(false);
    await world.clock.advance(240_000);
    expect(opens(world, 778_899)).toBe(true);
  });

  test('a code counts how often it was used', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    opens(world, 778_899);
    await world.clock.advance(3_000);
    const [, code] = (await client.owned(0x43, '00000a00', world.pin)).split(', ');
    expect(code?.slice(-6)).toBe('010000');
  });

  test('a finger opens once it was taught', async () => {
    const { world, client } = await paired();
    const press = (): boolean | undefined => world.lock.hands.act('present_finger', { finger: 'thumb' }).opened;
    expect(press()).toBe(false);
    world.lock.hands.act('teach_finger', { finger: 'thumb' });
    expect(press()).toBe(true);
    await world.clock.advance(3_000);
    expect(await logged(world, client)).toEqual(['050102e10000', '050102000010']);
  });

  test('the older one reads no fingers', async () => {
    const { world } = await paired({ variant: 'smart_lock_3' });
    expect(world.lock.hands.act('teach_finger', { finger: 'thumb' }).done).toBe(false);
  });

  test('a code opens nothing while the bolt is stuck', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    world.lock.hands.act('jam', { to: 'on' });
    expect(opens(world, 778_899)).toBe(false);
  });
});

describe('the keypad by radio', () => {
  test('opens with a code', async () => {
    const { world, client } = await paired();
    await add(world, client, 778_899);
    expect(await client.challenged(0x48, `01${u32(778_899)}01`)).toMatch(/^0e 01, 0c 0202/);
  });

  test('refuses a wrong code', async () => {
    const { client } = await paired();
    expect(await client.challenged(0x48, `01${u32(778_899)}01`)).toBe('12 2b4800');
  });

  test('knows only its own actions', async () => {
    const { client } = await paired();
    expect(await client.challenged(0x48, `01${u32(778_899)}09`)).toBe('12 234800');
  });
});
