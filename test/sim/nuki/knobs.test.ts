// How unkind a virtual Nuki lock can be: each knob by itself.
import { describe, expect, test } from 'vitest';
import type { Knobs } from '../../../src/sim/nuki/knobs.ts';
import { type Client, said, u32 } from './client.ts';
import { World } from './world.ts';

async function paired(knobs: Partial<Knobs>): Promise<{ world: World; client: Client }> {
  const world = new World({ knobs: { hangsUpIdle: 0 } });
  const client = await world.pair();
  Object.assign(world.lock.knobs, knobs);
  return { world, client };
}

/** All that is told of an order to unlock, and when, in tenths of a second after it. */
async function unlocked(client: Client): Promise<string[]> {
  const nonce = await client.nonce();
  const [from, began] = [client.heard.length, client.clock.elapsed()];
  await client.ask(0x0d, `010000000000${nonce}`);
  await client.clock.advance(10_000);
  return client.heard
    .slice(from)
    .map(
      each =>
        `${Math.round((each.at - began) / 1000)} ${each.command === 0x0c ? each.payload.slice(2, 4) : said([each])}`,
    );
}

describe('an action', () => {
  test('as it usually is', async () => {
    const { client } = await paired({});
    expect(await unlocked(client)).toEqual(['0 0e 01', '0 02', '3 03', '3 0e 00']);
  });

  test('that is not accepted in words', async () => {
    const { client } = await paired({ acceptedMissing: true });
    expect(await unlocked(client)).toEqual(['0 02', '3 03', '3 0e 00']);
  });

  test('whose end is told late', async () => {
    const { client } = await paired({ completeDelay: 4_000 });
    expect((await unlocked(client)).at(-1)).toBe('7 0e 00');
  });

  test('whose end is never told', async () => {
    const { client } = await paired({ completeMissing: true });
    expect((await unlocked(client)).at(-1)).toBe('3 03');
  });

  test('whose states come twice', async () => {
    const { client } = await paired({ statesRepeated: true });
    expect(await unlocked(client)).toEqual(['0 0e 01', '0 02', '0 02', '3 03', '3 03', '3 0e 00']);
  });

  test('whose states come late', async () => {
    const { client } = await paired({ statesDelay: 2_000 });
    expect(await unlocked(client)).toEqual(['0 0e 01', '2 02', '5 03', '5 0e 00']);
  });

  test('is refused as busy, so many times', async () => {
    const { client } = await paired({ busy: 1 });
    expect(await client.challenged(0x0d, '010000000000')).toBe('12 450d00');
    expect((await unlocked(client)).at(-1)).toBe('3 0e 00');
  });

  test('is done in words alone', async () => {
    const { world, client } = await paired({ jam: 'lie' });
    expect((await unlocked(client)).at(-1)).toBe('3 0e 00');
    expect([world.lock.bolt, (await client.state()).slice(2, 4)]).toEqual(['locked', '03']);
  });
});

describe('what others do', () => {
  test('is not told to who is connected', async () => {
    const { world, client } = await paired({});
    const before = client.heard.length;
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(1_000);
    expect(client.heard.length).toBe(before);
  });

  test('is told, where it is so minded', async () => {
    const { world, client } = await paired({ statesOfOthers: true });
    await client.state();
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(1_000);
    expect(client.heard.at(-1)?.payload.slice(0, 6)).toBe('020301');
  });
});

describe('an answer', () => {
  test('has a state in front of it', async () => {
    const { client } = await paired({ inside: 'state' });
    expect(await client.ask(0x01, '0400')).toMatch(/^0c 0201\w+, 04 \w{64}$/);
  });

  test('has an entry of the log in front of it', async () => {
    const { client } = await paired({ inside: 'entry' });
    expect(await client.ask(0x01, '0400')).toMatch(/^32 \w+, 04 \w{64}$/);
  });

  test.each(['wrongCrc', 'wrongSeal', 'wrongAuthId'] as const)(
    'is not to be believed, so many times: %s',
    async knob => {
      const { client } = await paired({ [knob]: 1 });
      expect(await client.state()).toBe('?');
      expect((await client.state()).slice(0, 4)).toBe('0201');
    },
  );

  test('has the checksum 0', async () => {
    const { client } = await paired({ zeroCrc: true });
    await client.state();
    expect(client.heard.at(-1)?.payload.slice(-4)).toBe('0000');
  });

  test('is never given', async () => {
    const { client } = await paired({ deaf: true });
    expect(await client.state()).toBe('');
  });

  test('is an error, for commands that are named', async () => {
    const { client } = await paired({ refuse: { 0x14: 0x4d } });
    expect(await client.challenged(0x14)).toBe('12 4d1400');
  });

  test('finds no challenge good, so many times', async () => {
    const { client } = await paired({ staleChallenges: 1 });
    expect(await client.challenged(0x14)).toBe('12 221400');
    expect(await client.challenged(0x14)).toMatch(/^15 /);
  });
});

describe('a list', () => {
  test('has no count', async () => {
    const { world, client } = await paired({ listCounts: false });
    expect(await client.owned(0x3c, '', world.pin)).toBe('0e 00');
  });

  test('has no end', async () => {
    const { world, client } = await paired({ listEnds: false });
    expect(await client.owned(0x3c, '', world.pin)).toBe('3d 00');
  });

  test('is not complete after an id', async () => {
    const { world, client } = await paired({ completeAfterId: false });
    expect(await client.owned(0x39, '00080001', world.pin)).toBe('3a 00');
  });
});

describe('the link drops', () => {
  test.each([
    ['before_acting', '', 'locked'],
    ['before_answering', '', 'unlocked'],
    ['after_answering', '0e 01', 'unlocked'],
  ] as const)('%s', async (moment, heard, bolt) => {
    const { world, client } = await paired({ dropLink: { command: 0x0d, moment, times: 1 } });
    expect(await client.challenged(0x0d, '010000000000')).toBe(heard);
    await world.clock.advance(5_000);
    expect([client.link.open, world.lock.bolt, world.lock.knobs.dropLink]).toEqual([false, bolt, undefined]);
  });

  test('in the middle of an answer', async () => {
    const { world, client } = await paired({ smallPieces: true, dropLink: { command: 0x01, moment: 'mid_answer' } });
    client.pieces.length = 0;
    expect(await client.state()).toBe('');
    expect([client.pieces, world.air.links().length]).toEqual([[20, 20, 20, 20], 0]);
  });

  test('at the nth message', async () => {
    const { client } = await paired({});
    await client.link.close();
    const world = new World({ knobs: { dropLink: { nth: 2, moment: 'before_acting' } } });
    await expect(world.pair()).rejects.toThrow('The lock said ""');
    expect(world.lock.paired).toBe(false);
  });
});

test('a low battery is told whatever its per cent', async () => {
  const { client } = await paired({ lowBattery: true });
  expect(Number.parseInt((await client.state()).slice(24, 26), 16) & 1).toBe(1);
});

test('a battery is told in steps of two per cent', async () => {
  const { world, client } = await paired({});
  world.lock.battery = 87;
  expect((await client.state()).slice(24, 26)).toBe('ac');
});

test('a battery runs low by itself', async () => {
  const { world, client } = await paired({});
  world.lock.battery = 20;
  expect(Number.parseInt((await client.state()).slice(24, 26), 16) & 1).toBe(1);
});

test('a clock that is lost starts again in the year 2000', async () => {
  const { world } = await paired({ losesClock: true });
  world.lock.hands.act('batteries_out');
  world.lock.hands.act('batteries_in');
  expect(new Date(world.lock.wall).getUTCFullYear()).toBe(2000);
});

test('a removal is said and not done', async () => {
  const { world, client } = await paired({ keepsRemoved: true });
  expect(await client.owned(0x08, u32(client.keys?.authId ?? 0), world.pin)).toBe('0e 00');
  expect((await client.state()).slice(0, 4)).toBe('0201');
});

test('keys survive a factory reset', async () => {
  const { world, client } = await paired({ oldKeysSurvive: true });
  world.lock.hands.act('factory_reset');
  expect(world.lock.secrets.keys.has(client.keys?.authId ?? 0)).toBe(true);
});

test('an answer takes as long as it is said to', async () => {
  const { client } = await paired({ replyLatency: { min: 150, max: 150 } });
  const began = client.clock.elapsed();
  await client.state();
  expect((client.heard.at(-1)?.at ?? 0) - began).toBe(150);
});
