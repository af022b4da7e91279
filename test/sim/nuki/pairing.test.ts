// Becoming known to a virtual Nuki lock, both ways, and all that it refuses.
import { describe, expect, test } from 'vitest';
import { type Client, bytes, crc, hex, mac, textHex, u32 } from './client.ts';
import { type Options, World } from './world.ts';

async function begun(options: Options = {}): Promise<{ world: World; client: Client }> {
  const world = new World(options);
  world.lock.hands.act('hold_button', { seconds: 5 });
  return { world, client: await world.connect() };
}

/** Up to the second challenge of the older generations. */
async function proven(
  options: Options = {},
): Promise<{ world: World; client: Client; shared: Uint8Array; n2: string }> {
  const { world, client } = await begun(options);
  const shared = await client.agree();
  const [, n2 = ''] = (await client.plainAsk(0x05, mac(shared, client.proof))).split(' ');
  return { world, client, shared, n2 };
}

describe.each(['smart_lock_1', 'smart_lock_2', 'smart_lock_3', 'smart_lock_4', 'ultra', 'go_5'] as const)(
  '%s',
  variant => {
    test('pairs, and knows who it is afterwards', async () => {
      const world = new World({ variant });
      const client = await world.pair();
      expect([world.lock.paired, (await client.state()).slice(0, 4)]).toEqual([true, '0201']);
    });

    test('is known by the key that both have agreed on', async () => {
      const world = new World({ variant });
      const { keys } = await world.pair();
      expect(world.lock.secrets.keys).toEqual(new Map([[keys?.authId, hex(keys?.shared ?? bytes(''))]]));
      expect(keys?.uuid).toBe(world.lock.secrets.uuid);
    });

    test('gives its key away only in pairing mode', async () => {
      const client = await new World({ variant }).connect();
      expect(await client.plainAsk(0x01, '0300')).toBe('12 100100');
    });
  },
);

describe('pairing mode', () => {
  test('ends with a success', async () => {
    const world = new World();
    const client = await world.pair();
    expect(await client.plainAsk(0x01, '0300')).toBe('12 100100');
  });

  test('ends by itself', async () => {
    const { world, client } = await begun({ knobs: { hangsUpIdle: 0 } });
    await world.clock.advance(60_000);
    expect(await client.plainAsk(0x01, '0300')).toBe('12 100100');
  });

  test('lets an exchange end that it ends in the middle of', async () => {
    const { world, client } = await begun({ knobs: { pairingMs: 500 } });
    await client.pair4();
    expect(world.lock.paired).toBe(true);
  });

  test('outlives a pairing that failed', async () => {
    const { world, client } = await begun();
    await client.agree();
    await client.plainAsk(0x05, '00'.repeat(32));
    await client.link.close();
    await (await world.connect()).pair4();
    expect(world.lock.paired).toBe(true);
  });
});

describe('generations 1 to 4 refuse', () => {
  test('a wrong checksum', async () => {
    const { client } = await begun();
    await client.write(client.pairingUuid, '01000300a827');
    expect(client.heard.at(-1)).toMatchObject({ command: 0x12, payload: 'fd0100' });
  });

  test('another request', async () => {
    const { client } = await begun();
    expect(await client.plainAsk(0x01, '0400')).toBe('12 120100');
  });

  test('a step out of order', async () => {
    const { client } = await begun();
    expect(await client.plainAsk(0x05, '00'.repeat(32))).toBe('12 120500');
  });

  test('to go on after a step out of order', async () => {
    const { client } = await begun();
    await client.plainAsk(0x01, '0300');
    await client.plainAsk(0x1e, '00'.repeat(36));
    expect(await client.plainAsk(0x03, '09'.padEnd(64, '0'))).toBe('12 120300');
  });

  test('a public key that agrees on nothing', async () => {
    const { client } = await begun();
    await client.plainAsk(0x01, '0300');
    expect(await client.plainAsk(0x03, '00'.repeat(32))).toBe('12 120300');
  });

  test('a wrong authenticator', async () => {
    const { client } = await begun();
    const shared = await client.agree();
    expect(await client.plainAsk(0x05, mac(shared, `${client.proof}00`))).toBe('12 110500');
  });

  test('a wrong seal of who it is', async () => {
    const { client, shared, n2 } = await proven();
    const data = `00${u32(1)}${textHex('x', 32)}${'ab'.repeat(32)}`;
    expect(await client.plainAsk(0x06, mac(shared, `${data}00${n2}`) + data)).toBe('12 110600');
  });

  test('a type of client that there is not', async () => {
    const { client, shared, n2 } = await proven();
    const data = `04${u32(1)}${textHex('x', 32)}${'ab'.repeat(32)}`;
    expect(await client.plainAsk(0x06, mac(shared, data + n2) + data)).toBe('12 120600');
  });

  test('one too many', async () => {
    const { client, shared, n2 } = await proven({ knobs: { users: 1 } });
    const data = `00${u32(1)}${textHex('x', 32)}${'ab'.repeat(32)}`;
    expect(await client.plainAsk(0x06, mac(shared, data + n2) + data)).toBe('12 130600');
  });

  test('a wrong confirmation, and know nobody', async () => {
    const { world, client, shared, n2 } = await proven();
    const data = `00${u32(1)}${textHex('x', 32)}${'ab'.repeat(32)}`;
    await client.plainAsk(0x06, mac(shared, data + n2) + data);
    expect(await client.plainAsk(0x1e, '00'.repeat(36))).toBe('12 111e00');
    expect(world.lock.paired).toBe(false);
  });

  test('whoever leaves before the confirmation', async () => {
    const { world, client, shared, n2 } = await proven();
    const data = `00${u32(1)}${textHex('x', 32)}${'ab'.repeat(32)}`;
    await client.plainAsk(0x06, mac(shared, data + n2) + data);
    await client.link.close();
    expect(world.lock.paired).toBe(false);
  });
});

describe('the fifth generation', () => {
  const variant = 'ultra';

  async function asked(options: Options = {}): Promise<{ world: World; client: Client; info: string }> {
    const { world, client } = await begun({ variant, ...options });
    const shared = await client.agree();
    const info = await client.plainAsk(0x05, mac(shared, client.proof));
    client.keys = { authId: 0x7fff_ffff, shared, uuid: '' };
    return { world, client, info };
  }

  async function offer(client: Client, pin: number, how: { authId?: number } = {}): Promise<string> {
    const before = client.heard.length;
    await client.write(client.pairingUuid, client.sealed(0x06, u32(7) + textHex('x', 32) + u32(pin), how));
    return client.heard
      .slice(before)
      .map(each => `${each.where} ${each.command.toString(16)} ${each.payload.slice(0, 6)}`)
      .join();
  }

  test('says that a PIN is set', async () => {
    expect((await asked()).info).toBe('4c 01');
  });

  test('says that none is set, and takes the first as its own', async () => {
    const { world, client, info } = await asked({ pin: null });
    await offer(client, 987_654);
    expect([info, world.lock.pin]).toEqual(['4c 00', '987654']);
  });

  test('takes no first PIN of seven digits', async () => {
    const { client } = await asked({ pin: null });
    expect(await offer(client, 1_234_567)).toBe('plain 12 210600');
  });

  test('refuses a wrong PIN in the clear', async () => {
    const { world, client } = await asked();
    expect(await offer(client, 111_111)).toBe('plain 12 210600');
    expect(world.lock.paired).toBe(false);
  });

  test('refuses a wrong PIN sealed, where it is so minded', async () => {
    const { client } = await asked({ knobs: { sealedPairingErrors: true } });
    expect(await offer(client, 111_111)).toBe('sealed 12 210600');
  });

  test('takes no PIN at all after too many wrong ones', async () => {
    const { world, client } = await asked({ knobs: { pinTries: 1 } });
    await offer(client, 111_111);
    await client.link.close();
    const again = await world.connect();
    await expect(again.pair5()).rejects.toThrow('12 280600');
  });

  test.each([0x7fff_ffff, 0xffff_ff7f, 0x11223344])('does not look at the id %i of who has none yet', async authId => {
    const { world, client } = await begun({ variant });
    await client.pair5({ authId });
    expect(world.lock.paired).toBe(true);
  });

  test('answers under the id that it gives', async () => {
    const { client } = await begun({ variant });
    const { authId } = await client.pair5();
    expect(client.heard.at(-1)?.payload.slice(0, 8)).toBe(u32(authId));
  });

  test('refuses what is sealed with another key', async () => {
    const { world, client } = await asked();
    if (client.keys) client.keys.shared = new Uint8Array(32);
    expect(await offer(client, 123_456)).toBe('plain 12 110600');
    expect(world.lock.paired).toBe(false);
  });

  test('refuses one too many', async () => {
    const { client } = await asked({ knobs: { users: 1 } });
    expect(await offer(client, 123_456)).toBe('plain 12 130600');
  });

  test('refuses a payload of another length', async () => {
    const { client } = await asked();
    await client.write(client.pairingUuid, client.sealed(0x06, '00'.repeat(39)));
    expect(client.heard.at(-1)).toMatchObject({ where: 'plain', payload: 'fe0600' });
  });

  test('sees a wrong checksum in a good seal', async () => {
    const { client } = await asked();
    await client.write(client.pairingUuid, client.sealed(0x06, '00'.repeat(40), { crc: '0000' }));
    expect(client.heard.at(-1)).toMatchObject({ where: 'plain', payload: 'fd0600' });
  });
});

describe('a second pairing', () => {
  test('with the same app id takes the place of the first', async () => {
    const world = new World();
    const first = await world.other({ appId: 5 });
    const second = await world.other({ appId: 5 });
    expect([...world.lock.secrets.keys.keys()]).toEqual([second.authId]);
    expect(second.authId).not.toBe(first.authId);
  });

  test('with app id 0 stands beside the first', async () => {
    const world = new World();
    await world.other({ appId: 0 });
    await world.other({ appId: 0 });
    expect(world.lock.secrets.keys.size).toBe(2);
  });

  test('as a bridge drives the bridge out that there was', async () => {
    const world = new World();
    await world.other({ appId: 1 });
    await world.other({ appId: 2, type: 1 });
    const bridge = await world.other({ appId: 3, type: 1 });
    expect([...world.lock.secrets.keys.keys()].at(-1)).toBe(bridge.authId);
    expect(world.lock.secrets.keys.size).toBe(2);
  });

  test('finds the same uuid, and another one after a factory reset', async () => {
    const world = new World();
    const [first, second] = [await world.other({ appId: 1 }), await world.other({ appId: 2 })];
    world.lock.hands.act('factory_reset');
    const third = await world.other({ appId: 3 });
    expect([second.uuid === first.uuid, third.uuid === first.uuid]).toEqual([true, false]);
  });
});

test('the checksum of the page', () => expect(crc('313233343536373839')).toBe('b129'));
