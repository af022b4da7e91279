// The connection to a virtual Nuki lock: table, pieces, patience.
import { describe, expect, test } from 'vitest';
import { E101, E202, bytes } from './client.ts';
import { World } from './world.ts';

test('the table has the pairing service of its generation, and the keyturner service', () => {
  const tables = (['smart_lock_4', 'ultra'] as const).map(variant =>
    new World({ variant }).lock.services
      .slice(3)
      .flatMap(({ uuid, characteristics }) => [uuid, ...characteristics.map(each => each.uuid)])
      .map(uuid => uuid.slice(4, 8)),
  );
  expect(tables).toEqual([
    ['e100', 'e101', 'e200', 'e201', 'e202'],
    ['e300', 'e301', 'e200', 'e201', 'e202'],
  ]);
});

test('all of them are written and indicate', () => {
  const speaking = new World().lock.services.slice(3).flatMap(({ characteristics }) => characteristics);
  expect(new Set(speaking.map(each => each.properties.join()))).toEqual(
    new Set(['write,writeWithoutResponse,indicate']),
  );
});

test('it says who it is', async () => {
  const world = new World({ nukiId: 0x4cca88ec });
  const client = await world.connect();
  const texts = [];
  for (const uuid of ['2a00', '2a25', '2a27']) {
    texts.push(Buffer.from(await world.clock.run(client.link.read(uuid))).toString());
  }
  expect(texts).toEqual(['Nuki_4CCA88EC', '4CCA88EC', '11.2']);
});

describe('pieces', () => {
  test('without a larger MTU are of 20 bytes', async () => {
    const world = new World({ mtu: 23 });
    const client = await world.pair();
    client.pieces.length = 0;
    await client.state();
    expect(client.pieces).toEqual([20, 20, 20, 20, 1]);
  });

  test('are whole messages with a large one', async () => {
    const world = new World();
    const client = await world.pair();
    client.pieces.length = 0;
    await client.state();
    expect(client.pieces).toEqual([81]);
  });

  test('of a message longer than the MTU fill it', async () => {
    const world = new World({ mtu: 64 });
    const client = await world.pair();
    client.pieces.length = 0;
    await client.challenged(0x14);
    expect(client.pieces).toEqual([61, 25, 61, 61, 10]);
  });

  test('of the first generation are small whatever the central asks for', async () => {
    const world = new World({ variant: 'smart_lock_1' });
    const client = await world.pair();
    client.pieces.length = 0;
    await client.state();
    expect(Math.max(...client.pieces)).toBe(20);
  });

  test('are small where it is so minded', async () => {
    const world = new World({ knobs: { smallPieces: true } });
    const client = await world.pair();
    expect(Math.max(...client.pieces)).toBe(20);
  });

  test('that are written one by one are put together', async () => {
    const world = new World({ mtu: 23 });
    const client = await world.pair();
    const frame = bytes(client.sealed(0x01, '0c00'));
    for (let at = 0; at < frame.length; at += 20) await client.link.write(E202, frame.subarray(at, at + 20));
    await world.clock.advance(200);
    expect(client.heard.at(-1)).toMatchObject({ where: 'sealed', command: 0x0c });
  });

  test('that nothing followed are forgotten', async () => {
    const world = new World();
    const client = await world.pair();
    await client.link.write(E202, bytes(client.sealed(0x01, '0c00')).subarray(0, 25));
    await world.clock.advance(3_500);
    expect((await client.state()).slice(0, 4)).toBe('0201');
  });

  test('of another connection are forgotten', async () => {
    const world = new World();
    const client = await world.pair();
    await client.link.write(E202, bytes(client.sealed(0x01, '0c00')).subarray(0, 25));
    await client.link.close();
    expect((await (await world.connect(client.keys)).state()).slice(0, 4)).toBe('0201');
  });
});

describe('a connection', () => {
  test('is given up after 20 s without a message', async () => {
    const world = new World();
    const client = await world.connect();
    await world.clock.advance(19_900);
    expect(client.link.open).toBe(true);
    await world.clock.advance(200);
    expect(client.link.open).toBe(false);
  });

  test('lasts as long as there is something said', async () => {
    const world = new World();
    const client = await world.pair();
    for (let i = 0; i < 5; i++) {
      await world.clock.advance(15_000);
      await client.state();
    }
    expect(client.link.open).toBe(true);
  });

  test('lasts as long as the motor works', async () => {
    const world = new World();
    const client = await world.pair();
    await client.challenged(0x0d, '040000000000');
    await world.clock.advance(24_000);
    expect(client.link.open).toBe(true);
  });

  test('is the only one', async () => {
    const world = new World();
    await world.connect();
    const central = { mtu: 23, notify: (): void => undefined, hangUp: (): void => undefined };
    expect(world.lock.connected(central)).toBe(false);
  });

  test('begins a pairing anew', async () => {
    const world = new World();
    world.lock.hands.act('hold_button', { seconds: 5 });
    const client = await world.connect();
    await client.agree();
    await client.link.close();
    const again = await world.connect();
    expect(await again.plainAsk(0x05, '00'.repeat(32))).toBe('12 120500');
  });

  test('is told what it did not subscribe to by nobody', async () => {
    const world = new World();
    world.lock.hands.act('hold_button', { seconds: 5 });
    const link = await world.clock.run(world.air.connect(world.lock.address));
    await link.write(E101, bytes('0100030027a7'));
    await world.clock.advance(500);
    expect(link.open).toBe(true);
  });

  test('may be refused', () => {
    const world = new World({ knobs: { connectionRefused: true } });
    const central = { mtu: 23, notify: (): void => undefined, hangUp: (): void => undefined };
    expect(world.lock.connected(central)).toBe(false);
  });
});

test.each(['nonsense', '54:d2:72:ca:88'])('"%s" is no address', address => {
  expect(() => new World({ address })).toThrow('write it like 54:D2:72:CA:88:EC');
});

test.each([
  ['ultra', '1234'],
  ['smart_lock_4', '123456'],
] as const)('%s has no PIN such as %s', (variant, pin) => {
  expect(() => new World({ variant, pin })).toThrow('The PIN of this lock has');
});
