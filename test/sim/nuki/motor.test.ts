// What a virtual Nuki lock does and tells when it is ordered to move.
import { describe, expect, test } from 'vitest';
import type { Client } from './client.ts';
import { said } from './client.ts';
import { type Options, World } from './world.ts';

/** An order, and everything that is told until it is over. */
async function order(client: Client, action: string, ms = 60_000): Promise<string[]> {
  const before = client.heard.length + 1;
  await client.challenged(0x0d, `${action}0000000000`);
  await client.clock.advance(ms);
  return short(client, before);
}

/** States by their lock state alone: `0c:02`. */
function short(client: Client, from: number): string[] {
  return client.heard
    .slice(from)
    .map(each => (each.command === 0x0c ? `state ${each.payload.slice(2, 4)}` : said([each])));
}

const ACCEPTED = '0e 01';
const COMPLETE = '0e 00';
const patient: Options = { knobs: { hangsUpIdle: 0 } };

async function paired(options: Options = patient): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  return { world, client: await world.pair() };
}

describe.each(['smart_lock_4', 'ultra'] as const)('%s', variant => {
  test('unlocks: accepted, unlocking, unlocked, complete', async () => {
    const { world, client } = await paired({ ...patient, variant });
    expect(await order(client, '01')).toEqual([ACCEPTED, 'state 02', 'state 03', COMPLETE]);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['unlocked', 1]);
  });

  test('locks again', async () => {
    const { world, client } = await paired({ ...patient, variant });
    await order(client, '01');
    expect(await order(client, '02')).toEqual([ACCEPTED, 'state 04', 'state 01', COMPLETE]);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['locked', 2]);
  });

  test('unlatches, holds the latch and lets it go', async () => {
    const { world, client } = await paired({ ...patient, variant });
    const places: string[] = [];
    world.lock.onMove = bolt => void places.push(bolt);
    expect(await order(client, '03')).toEqual([ACCEPTED, 'state 07', 'state 05', 'state 03', COMPLETE]);
    expect(places).toEqual(['unlatched', 'unlocked']);
  });
});

describe('lock and go', () => {
  test('unlocks, waits, locks', async () => {
    const { world, client } = await paired();
    expect(await order(client, '04')).toEqual([ACCEPTED, 'state 02', 'state 06', 'state 04', 'state 01', COMPLETE]);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['locked', 2]);
  });

  test('has nothing to unlock where it is unlocked', async () => {
    const { client } = await paired();
    await order(client, '01');
    expect(await order(client, '04')).toEqual([ACCEPTED, 'state 06', 'state 04', 'state 01', COMPLETE]);
  });

  test('counts down in its state', async () => {
    const { client } = await paired();
    await client.challenged(0x0d, '040000000000');
    await client.clock.advance(7_000);
    const first = Number.parseInt((await client.state()).slice(28, 30), 16);
    await client.clock.advance(5_000);
    const second = Number.parseInt((await client.state()).slice(28, 30), 16);
    expect([first > 10 && first < 20, first - second]).toEqual([true, 5]);
  });

  test('pulls the latch first, if so asked', async () => {
    const { client } = await paired();
    const told = await order(client, '05');
    expect(told).toEqual([ACCEPTED, 'state 07', 'state 05', 'state 06', 'state 04', 'state 01', COMPLETE]);
  });
});

describe('an order', () => {
  test('to do what is done already is complete at once, and leaves no trace', async () => {
    const { world, client } = await paired();
    const before = await client.state();
    expect(await order(client, '02')).toEqual([COMPLETE]);
    expect([world.lock.moves, (await client.state()).slice(30)]).toEqual([0, before.slice(30)]);
  });

  test('to lock fully is one to lock', async () => {
    const { client } = await paired();
    await order(client, '01');
    expect(await order(client, '06')).toEqual([ACCEPTED, 'state 04', 'state 01', COMPLETE]);
  });

  test('that there is not is refused', async () => {
    const { client } = await paired();
    expect(await order(client, '07')).toEqual(['12 230d00']);
  });

  test('while the motor turns is refused', async () => {
    const { client } = await paired();
    await client.challenged(0x0d, '010000000000');
    expect(await client.challenged(0x0d, '020000000000')).toBe('12 450d00');
  });

  test('is refused by a lock that is not calibrated', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('reset_settings');
    expect(await order(client, '01')).toEqual(['12 470d00']);
  });

  test('to unlock by itself is refused right after another', async () => {
    const { client } = await paired();
    await order(client, '01', 3_000);
    expect(await client.challenged(0x0d, '030000000001')).toBe('12 400d00');
  });

  test('by a button of a fob does what that button is set to', async () => {
    const { client } = await paired();
    expect(await order(client, '81')).toEqual([ACCEPTED, 'state 02', 'state 03', COMPLETE]);
    expect(await order(client, '82')).toEqual([ACCEPTED, 'state 04', 'state 01', COMPLETE]);
  });

  test('with a suffix is noted under the longer name', async () => {
    const { world, client } = await paired();
    await client.challenged(0x0d, `010000000000${Buffer.from('alice').toString('hex').padEnd(40, '0')}`);
    await client.clock.advance(5_000);
    await client.owned(0x31, '000000000100'.concat('0100'), world.pin);
    const entry = client.heard.find(each => each.command === 0x32)?.payload ?? '';
    expect(Buffer.from(entry.slice(30, 94), 'hex').toString().replaceAll('\0', '')).toBe('test alice');
  });

  test('in the simple form does the same', async () => {
    const { world, client } = await paired();
    expect(await client.challenged(0x100, '01')).toMatch(/^0e 01, 0c 0202/);
    await client.clock.advance(5_000);
    expect([world.lock.bolt, await client.challenged(0x100, '03')]).toEqual(['unlocked', '12 230001']);
  });

  test('goes on when the link is lost', async () => {
    const { world, client } = await paired();
    await client.challenged(0x0d, '010000000000');
    await client.link.close();
    await world.clock.advance(5_000);
    expect([world.lock.bolt, (await (await world.connect(client.keys)).state()).slice(2, 4)]).toEqual([
      'unlocked',
      '03',
    ]);
  });

  test('leaves action, trigger and outcome in the state', async () => {
    const { client } = await paired();
    await order(client, '03');
    expect((await client.state()).slice(30, 36)).toBe('030000');
  });
});

describe('a bolt that is stuck', () => {
  test('is told, and stays', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('jam', { to: 'on' });
    expect(await order(client, '01')).toEqual([ACCEPTED, 'state 02', 'state fe', '12 420d00']);
    expect([world.lock.bolt, world.lock.moves, (await client.state()).slice(34, 36)]).toEqual(['locked', 0, '01']);
  });

  test('can be tried again', async () => {
    const { world, client } = await paired();
    world.lock.hands.act('jam', { to: 'on' });
    await order(client, '02');
    await order(client, '01');
    world.lock.hands.act('jam', { to: 'off' });
    expect(await order(client, '01')).toEqual([ACCEPTED, 'state 02', 'state 03', COMPLETE]);
  });
});

test('a motor that is too weak gives up', async () => {
  const { world, client } = await paired({ knobs: { hangsUpIdle: 0, lowVoltage: true } });
  expect(await order(client, '01')).toEqual([ACCEPTED, 'state 02', 'state 01', '12 490d00']);
  expect(world.lock.bolt).toBe('locked');
});

test('a press of the button stops it', async () => {
  const { world, client } = await paired();
  const before = client.heard.length + 1;
  await client.challenged(0x0d, '010000000000');
  world.lock.hands.act('press_button');
  await world.clock.advance(5_000);
  expect(short(client, before)).toEqual([ACCEPTED, 'state 02', 'state 01', '12 460d00']);
});

describe('the beacon', () => {
  const changed = (world: World): number | undefined => (world.lock.advert()?.manufacturer?.[24] ?? 0) & 1;

  test.each([
    ['smart_lock_4', 0, 1],
    ['smart_lock_4', 1, 0],
    ['ultra', 0, 0],
  ] as const)('of %s, after a read by a client of type %i, says %i', async (variant, type, bit) => {
    const world = new World({ ...patient, variant });
    const client = await world.pair({ type });
    await order(client, '01');
    await client.state();
    await client.link.close();
    expect(changed(world)).toBe(bit);
  });
});
