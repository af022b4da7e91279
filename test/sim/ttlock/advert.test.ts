// What a virtual TTLock broadcasts, and when.
import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const data = (world: World): Uint8Array => world.lock.advert()?.manufacturer ?? new Uint8Array();
const flags = (world: World): number => data(world)[3] as number;

async function paired(options: ConstructorParameters<typeof World>[0] = {}): Promise<World> {
  const world = new World(options);
  await (await world.pair()).link.close();
  await world.clock.advance(20_000);
  return world;
}

describe('an advert', () => {
  test('is named after the last three octets, backwards', () => {
    const world = new World();
    world.lock.hands.act('press_key');
    expect(world.lock.advert()).toMatchObject({ connectable: true, name: 'D01_fdae4c', services: ['1910'] });
  });

  test('ends with the address, backwards', async () => {
    expect(Buffer.from(data(await paired())).toString('hex')).toMatch(/^0503020064b000f4f95365fdae4cadc1f2$/);
  });

  test('is there when paired, without a touch', async () => {
    const world = await paired();
    expect(flags(world)).toBe(0);
  });

  test('stops while somebody is connected', async () => {
    const world = await paired();
    const client = await world.connect();
    const during = world.lock.advert();
    await client.link.close();
    expect([during, world.lock.advert()?.connectable]).toEqual([undefined, true]);
  });

  test('shows the bolt, new records, and the battery', async () => {
    const world = await paired({ battery: 55 });
    world.lock.hands.act('thumb', { to: 'unlock' });
    expect([flags(world), data(world)[4]]).toEqual([0x03, 55]);
  });

  test.each([
    ['deadbolt', 2],
    ['lever', 1],
    ['cylinder', 9],
    ['padlock', 8],
    ['key_box', 11],
  ] as const)('of a %s tells scene %i', async (variant, scene) => {
    expect(data(await paired({ variant }))[2]).toBe(scene);
  });

  test('changes are announced to who watches', async () => {
    const world = await paired();
    let changes = 0;
    const stop = world.lock.watchAdvert(() => changes++);
    world.lock.hands.act('thumb', { to: 'unlock' });
    const seen = changes;
    stop();
    world.lock.hands.act('thumb', { to: 'lock' });
    expect([seen > 0, changes - seen]).toEqual([true, 0]);
  });
});

describe('knobs', () => {
  test('no 1910, no name', async () => {
    const world = await paired({ knobs: { advert1910: false, advertName: false } });
    expect(world.lock.advert()).toMatchObject({ services: [] });
    expect(world.lock.advert()?.name).toBe(undefined);
  });

  test('bit 10', async () => {
    expect(flags(await paired({ knobs: { advertBit10: true } }))).toBe(0x10);
  });

  test('update mode', async () => {
    const world = await paired();
    world.lock.knobs.updateMode = true;
    expect([...data(world).subarray(0, 2)]).toEqual([0x12, 0x19]);
  });

  test('asleep: nothing until it is touched', async () => {
    const world = await paired({ knobs: { asleep: true } });
    const before = world.lock.advert();
    world.lock.hands.act('press_key');
    expect([before, world.lock.advert()?.connectable]).toEqual([undefined, true]);
  });

  test('a spike: the battery is 100 for a minute after a connection', async () => {
    const world = await paired({ battery: 40, knobs: { batterySpike: true } });
    const spiked = data(world)[4];
    await world.clock.advance(60_000);
    expect([spiked, data(world)[4]]).toEqual([100, 40]);
  });
});

test('a lock without broadcasting in normal mode is heard only after a touch', async () => {
  const world = await paired({ features: [0x71e4f5f7] });
  const before = world.lock.advert();
  world.lock.hands.act('press_key');
  expect([before, world.lock.advert()?.connectable]).toEqual([undefined, true]);
});

test('a lock from before V3 is heard in the long layout, and nothing else', () => {
  const world = new World({ variant: 'legacy' });
  const bytes = data(world);
  expect([bytes.length, bytes[4], bytes[5], world.lock.advert()?.connectable]).toEqual([16, 5, 1, false]);
  expect(world.lock.connected({ mtu: 23, notify: () => undefined, hangUp: () => undefined })).toBe(false);
});

test('an address from C0 on is a random one', () => {
  const kinds = ['f2:c1:ad:4c:ae:fd', '38:38:e5:00:00:01'].map(address => new World({ address }).lock.addressType);
  expect(kinds).toEqual(['random', 'public']);
});

test('the table has FFF4 in front of FFF2, as real locks do', () => {
  const { services } = new World().lock;
  expect(services.map(({ uuid }) => uuid).slice(0, 5)).toEqual(['1800', '1801', '1910', '180f', '180a']);
  expect(services[2]?.characteristics.map(({ uuid }) => uuid)).toEqual(['fff4', 'fff2']);
});

test('the battery that anybody can read is always 100', async () => {
  const world = await paired({ battery: 30 });
  expect(world.lock.read('2a19')).toEqual(Uint8Array.of(100));
});

test('an address that is none is refused', () => {
  expect(() => new World({ address: 'door' })).toThrow(/no Bluetooth address/);
});
