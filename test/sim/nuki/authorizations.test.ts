// The list of who may open a virtual Nuki lock: read, invited to, changed, shortened.
import { describe, expect, test } from 'vitest';
import { type Client, E202, hex, textHex, u16, u32 } from './client.ts';
import { type Options, World } from './world.ts';

const LIST = 0x09;
const INVITE = 0x0b;
const REMOVE = 0x08;
const NO_LIMIT = '00'.repeat(20);
const KEY = '5a'.repeat(32);

async function paired(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  return { world, client: await world.pair() };
}

/** Ids and types of the list, and how it begins and ends. */
async function listed(world: World, client: Client, rest = ''): Promise<string[]> {
  const answer = await client.owned(LIST, `0000ff00${rest}`, world.pin);
  return answer.split(', ').map(each => (each.startsWith('0a ') ? `${each.slice(3, 11)} ${each.slice(11, 13)}` : each));
}

describe.each(['smart_lock_4', 'ultra'] as const)('%s', variant => {
  test('lists the caller first, then all others, between count and COMPLETE', async () => {
    const world = new World({ variant });
    const other = await world.other({ appId: 9 });
    const client = await world.pair();
    const keypad = u32(other.authId - 1);
    const own = u32(client.keys?.authId ?? 0);
    expect(await listed(world, client)).toEqual([
      '27 0300',
      `${own} 00`,
      `${keypad} 05`,
      `${u32(other.authId)} 00`,
      '0e 00',
    ]);
  });

  test('lets somebody in by invitation', async () => {
    const { world, client } = await paired({ variant });
    const answer = await client.owned(INVITE, `${textHex('guest', 32)}00${KEY}00${NO_LIMIT}`, world.pin);
    const authId = Buffer.from(answer.slice(3, 11), 'hex').readUInt32LE(0);
    expect(answer).toBe(`1f ${u32(authId)}ea07010f141e${answer.slice(23, 25)}, 0e 00`);
    await client.link.close();
    const guest = await world.connect({ authId, shared: Buffer.from(KEY, 'hex'), uuid: '' });
    expect((await guest.state()).slice(0, 4)).toBe('0201');
  });

  test('forgets another', async () => {
    const world = new World({ variant });
    const other = await world.other({ appId: 9 });
    const client = await world.pair();
    expect(await client.owned(REMOVE, u32(other.authId), world.pin)).toBe('0e 00');
    expect(world.lock.secrets.keys.has(other.authId)).toBe(false);
  });

  test('forgets the caller himself: COMPLETE, and from then on he is a stranger', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(REMOVE, u32(client.keys?.authId ?? 0), world.pin)).toBe('0e 00');
    await client.write(E202, client.sealed(0x01, '0c00'));
    expect(client.heard.at(-1)).toMatchObject({ where: 'plain', command: 0x12, payload: '200000' });
    expect(world.lock.paired).toBe(false);
  });
});

test('a removal needs the PIN', async () => {
  const { world, client } = await paired();
  expect(await client.owned(REMOVE, u32(client.keys?.authId ?? 0), '0000')).toBe('12 210800');
  expect(world.lock.paired).toBe(true);
});

test('nobody is removed who is not there', async () => {
  const { world, client } = await paired();
  expect(await client.owned(REMOVE, u32(12), world.pin)).toBe('12 240800');
});

test('an entry tells type, name, flags and times', async () => {
  const { world, client } = await paired();
  const answer = await client.owned(LIST, '00000100', world.pin);
  const entry = answer.split(', ')[1]?.slice(3) ?? '';
  expect(entry.slice(8, 78)).toBe(`00${textHex('test', 32)}0101`);
  expect(entry.slice(78, 88)).toBe('ea07010f14');
  expect([entry.length / 2, entry.slice(-2)]).toEqual([56, '00']);
});

test('a limited entry is longer by its limit', async () => {
  const { world, client } = await paired();
  const limit = `ea0701010000${'00'}ea070c1f173b3b7c08001400`;
  await client.owned(INVITE, `${textHex('guest', 32)}00${KEY}0101${limit}`, world.pin);
  const answer = await client.owned(LIST, `${u16(2)}${u16(1)}`, world.pin);
  const entry = answer.split(', ')[1]?.slice(3) ?? '';
  expect([entry.length / 2, entry.slice(-40)]).toEqual([75, `01${limit}`]);
});

test('a page of the list is cut out of it', async () => {
  const world = new World();
  for (const appId of [1, 2, 3]) await world.other({ appId });
  const client = await world.pair();
  const answer = await client.owned(LIST, `${u16(1)}${u16(2)}`, world.pin);
  expect(answer.split(', ').map(each => each.slice(0, 2))).toEqual(['27', '0a', '0a', '0e']);
});

test('a filter leaves one kind', async () => {
  const { world, client } = await paired();
  expect((await listed(world, client, '05')).length).toBe(3);
});

test('an action counts for whoever ordered it', async () => {
  const { world, client } = await paired();
  await client.challenged(0x0d, '010000000000');
  await client.clock.advance(3_000);
  const answer = await client.owned(LIST, '00000100', world.pin);
  expect(answer.split(', ')[1]?.slice(-6, -2)).toBe('0100');
});

describe('an invitation is refused', () => {
  test('of a kind that there is not', async () => {
    const { world, client } = await paired();
    const invite = `${textHex('guest', 32)}07${KEY}00${NO_LIMIT}`;
    expect(await client.owned(INVITE, invite, world.pin)).toBe('12 230b00');
  });

  test('with a limit that is none', async () => {
    const { world, client } = await paired();
    const invite = `${textHex('guest', 32)}00${KEY}0001${'00'.repeat(19)}`;
    expect(await client.owned(INVITE, invite, world.pin)).toBe('12 230b00');
  });

  test('when the table is full', async () => {
    const { world, client } = await paired();
    world.lock.knobs.users = 2;
    const invite = `${textHex('guest', 32)}00${KEY}00${NO_LIMIT}`;
    expect(await client.owned(INVITE, invite, world.pin)).toBe('12 290b00');
  });
});

describe('a change', () => {
  test('renames', async () => {
    const { world, client } = await paired();
    const id = u32(client.keys?.authId ?? 0);
    expect(await client.owned(0x25, `${id}${textHex('häuslich', 32)}0100${NO_LIMIT}`, world.pin)).toBe('0e 00');
    const answer = await client.owned(LIST, '00000100', world.pin);
    expect(answer).toContain(textHex('häuslich', 32));
  });

  test('of somebody who is not there is refused', async () => {
    const { world, client } = await paired();
    expect(await client.owned(0x25, `${u32(1)}${textHex('x', 32)}0100${NO_LIMIT}`, world.pin)).toBe('12 242500');
  });

  test('with a flag that is none is refused', async () => {
    const { world, client } = await paired();
    const id = u32(client.keys?.authId ?? 0);
    expect(await client.owned(0x25, `${id}${textHex('x', 32)}0200${NO_LIMIT}`, world.pin)).toBe('12 232500');
  });
});

test('a key that was invited is kept as it was given', async () => {
  const { world, client } = await paired();
  await client.owned(INVITE, `${textHex('guest', 32)}00${KEY}00${NO_LIMIT}`, world.pin);
  expect([...world.lock.secrets.keys.values()]).toContain(hex(Buffer.from(KEY, 'hex')));
});
