// Whom a virtual Nuki lock does not believe, and why: seals, challenges, PINs, limits.
import { describe, expect, test } from 'vitest';
import { type Client, E201, E202, hex, textHex, u32 } from './client.ts';
import { type Options, World } from './world.ts';

const VERIFY = 0x20;
const CONFIG = 0x14;

async function paired(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  return { world, client: await world.pair() };
}

/** As the page prints it. */
const PLAIN_REFUSAL = { where: 'plain', command: 0x12, payload: '200000' };

describe.each(['smart_lock_4', 'ultra'] as const)('%s answers in the clear on e201', variant => {
  test.each<[string, (client: Client) => string]>([
    ['an id that nobody has', client => client.sealed(0x01, '0c00', { authId: 1 })],
    ['another key', client => client.sealed(0x01, '0c00', { shared: new Uint8Array(32).fill(1) })],
    ['another id inside', client => client.sealed(0x01, '0c00', { authId: 99, outside: client.keys?.authId ?? 0 })],
    ['a length that cannot be', client => `${'00'.repeat(24)}${u32(client.keys?.authId ?? 0)}0100${'00'.repeat(24)}`],
    ['more than the length says', client => `${client.sealed(0x01, '0c00')}00`],
  ])('%s', async (_, frame) => {
    const { client } = await paired({ variant });
    await client.write(E202, frame(client));
    expect(client.heard.at(-1)).toMatchObject(PLAIN_REFUSAL);
  });
});

test('a lock that does not say so stays silent', async () => {
  const { client } = await paired({ knobs: { plainErrors: false } });
  const before = client.heard.length;
  await client.write(E202, client.sealed(0x01, '0c00', { authId: 1 }));
  expect(client.heard.length).toBe(before);
});

test('nothing is to be written to e201', async () => {
  const { client } = await paired();
  await client.write(E201, client.plain(0x01, '0c00'));
  expect(client.heard.at(-1)).toMatchObject({ where: 'plain', payload: '200100' });
});

test('an accessory has no key of ours', async () => {
  const { world, client } = await paired();
  const keypad = (client.keys?.authId ?? 0) - 1;
  expect(world.lock.secrets.keys.has(keypad)).toBe(false);
  await client.write(E202, client.sealed(0x01, '0c00', { authId: keypad, shared: new Uint8Array(32) }));
  expect(client.heard.at(-1)).toMatchObject(PLAIN_REFUSAL);
});

describe('sealed refusals', () => {
  test('a wrong checksum inside', async () => {
    const { client } = await paired();
    await client.write(E202, client.sealed(0x01, '0c00', { crc: '0000' }));
    expect(client.heard.at(-1)).toMatchObject({ where: 'sealed', command: 0x12, payload: 'fd0100' });
  });

  test('a command that there is not', async () => {
    const { client } = await paired();
    expect(await client.ask(0x77, '')).toBe('12 ff7700');
  });

  test('data that there is not', async () => {
    const { client } = await paired();
    expect(await client.ask(0x01, '7700')).toBe('12 230100');
  });

  test('a request that is too short', async () => {
    const { client } = await paired();
    expect(await client.ask(0x01, '0c')).toBe('12 fe0100');
  });

  test('a payload that is too long', async () => {
    const { client } = await paired();
    expect(await client.challenged(CONFIG, '00')).toBe('12 fe1400');
  });
});

describe('a challenge', () => {
  test('is another one each time', async () => {
    const { client } = await paired();
    expect(await client.nonce()).not.toBe(await client.nonce());
  });

  test('has to be asked for', async () => {
    const { client } = await paired();
    expect(await client.ask(CONFIG, '00'.repeat(32))).toBe('12 221400');
  });

  test('is good for one command', async () => {
    const { client } = await paired();
    const nonce = await client.nonce();
    await client.ask(CONFIG, nonce);
    expect(await client.ask(CONFIG, nonce)).toBe('12 221400');
  });

  test('is used up by a command of a wrong length, too', async () => {
    const { client } = await paired();
    const nonce = await client.nonce();
    await client.ask(CONFIG, `00${nonce}`);
    expect(await client.ask(CONFIG, nonce)).toBe('12 221400');
  });

  test('is used up by a wrong PIN, too', async () => {
    const { client, world } = await paired();
    const nonce = await client.nonce();
    await client.ask(VERIFY, `${nonce}ffff`);
    expect(await client.ask(VERIFY, nonce + world.pin)).toBe('12 222000');
  });

  test('is overtaken by the next', async () => {
    const { client } = await paired();
    const nonce = await client.nonce();
    await client.nonce();
    expect(await client.ask(CONFIG, nonce)).toBe('12 221400');
  });

  test('is good for ten seconds', async () => {
    const { client } = await paired();
    const nonce = await client.nonce();
    await client.clock.advance(10_000);
    expect(await client.ask(CONFIG, nonce)).toBe('12 221400');
  });

  test('dies with the connection', async () => {
    const { world, client } = await paired();
    const nonce = await client.nonce();
    await client.link.close();
    const again = await world.connect(client.keys);
    expect(await again.ask(CONFIG, nonce)).toBe('12 221400');
  });
});

describe.each([
  ['smart_lock_4', '5704'],
  ['ultra', '07b20100'],
] as const)('the PIN of %s', (variant, wrong) => {
  test('is told when it is right', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(VERIFY, '', world.pin)).toBe('0e 00');
  });

  test('is told when it is wrong', async () => {
    const { client } = await paired({ variant });
    expect(await client.owned(VERIFY, '', wrong)).toBe('12 212000');
  });

  test('is not taken for a while after too many wrong ones', async () => {
    const { world, client } = await paired({ variant, knobs: { hangsUpIdle: 0 } });
    for (let i = 0; i < 5; i++) await client.owned(VERIFY, '', wrong);
    expect(await client.owned(VERIFY, '', world.pin)).toBe('12 282000');
    await world.clock.advance(5 * 60_000);
    expect(await client.owned(VERIFY, '', world.pin)).toBe('0e 00');
  });

  test('counts wrong ones anew after a right one', async () => {
    const { world, client } = await paired({ variant });
    for (let i = 0; i < 4; i++) await client.owned(VERIFY, '', wrong);
    await client.owned(VERIFY, '', world.pin);
    for (let i = 0; i < 4; i++) await client.owned(VERIFY, '', wrong);
    expect(await client.owned(VERIFY, '', world.pin)).toBe('0e 00');
  });

  test('of another length is refused as such', async () => {
    const { world, client } = await paired({ variant });
    expect(await client.owned(VERIFY, '', `${world.pin}00`)).toBe('12 fe2000');
  });
});

test('a fourth-generation lock without a PIN takes 0', async () => {
  const { client } = await paired({ pin: null });
  expect(await client.owned(VERIFY, '', '0000')).toBe('0e 00');
});

describe('an authorization', () => {
  /** Changes the other's entry with the client that stays. */
  async function restricted(rest: string): Promise<{ world: World; client: Client }> {
    const world = new World();
    const other = await world.other({ appId: 9, name: 'other' });
    const owner = await world.pair();
    const entry = u32(other.authId) + textHex('other', 32) + rest;
    expect(await owner.owned(0x25, entry, world.pin)).toBe('0e 00');
    await owner.link.close();
    return { world, client: await world.connect(other) };
  }

  const LIMIT = 'ea0701010000'.padEnd(14, '0') + 'ea070c1f173b3b';

  test('that is disabled may do nothing', async () => {
    const { client } = await restricted(`0000${'00'.repeat(20)}`);
    expect(await client.ask(0x01, '0c00')).toBe('12 250100');
  });

  test('may do things within its days and hours', async () => {
    // 20:30 UTC is 21:30 in Berlin.
    const { client } = await restricted(`010001${LIMIT}7f14001700`);
    expect((await client.state()).slice(0, 4)).toBe('0201');
  });

  test('may do nothing outside its hours', async () => {
    const { client } = await restricted(`010001${LIMIT}0008001500`);
    expect(await client.ask(0x01, '0c00')).toBe('12 270100');
  });

  test('may do nothing on other days', async () => {
    // The day is a Thursday, bit 3; all but that.
    const { client } = await restricted(`010001${LIMIT}7700001700`);
    expect(await client.ask(0x01, '0c00')).toBe('12 270100');
  });

  test('may do nothing when it is over', async () => {
    const { client } = await restricted(`010001ea0701010000${'00'}ea07010e00000000${'00000000'}`);
    expect(await client.ask(0x01, '0c00')).toBe('12 270100');
  });
});

test('what was sealed is sealed anew each time', async () => {
  const { client } = await paired();
  const nonces = new Set<string>();
  await client.link.subscribe(E202, piece => void nonces.add(hex(piece.subarray(0, 24))));
  for (let i = 0; i < 3; i++) {
    await client.link.write(E202, Uint8Array.from(Buffer.from(client.sealed(0x01, '0c00'), 'hex')), { response: true });
    await client.clock.advance(200);
  }
  expect(nonces.size).toBe(3);
});
