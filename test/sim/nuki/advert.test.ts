// What a virtual Nuki lock broadcasts, and when.
import { describe, expect, test } from 'vitest';
import { homekitData } from '../../../src/sim/nuki/advert.ts';
import { hex } from './client.ts';
import { World } from './world.ts';

const E100 = 'a92ee100550111e4916c0800200c9a66';
const E300 = 'a92ee300550111e4916c0800200c9a66';
const E000 = 'a92ee000550111e4916c0800200c9a66';
const BEACON = '4c000215a92ee200550111e4916c0800200c9a66';

const id = (world: World): string => world.lock.nukiId.toString(16).padStart(8, '0');

describe.each([
  ['smart_lock_2', 'c4', E100],
  ['smart_lock_4', 'c8', E100],
  ['ultra', 'c8', E300],
] as const)('%s', (variant, tx, service) => {
  test('is a beacon with its number', () => {
    const world = new World({ variant });
    expect(hex(world.lock.advert()?.manufacturer ?? new Uint8Array())).toBe(`${BEACON}${id(world)}${tx}`);
    expect(world.lock.advert()?.services).toEqual([]);
  });

  test('sets the lowest bit when its state changed', () => {
    const world = new World({ variant });
    world.lock.hands.act('thumb', { to: 'unlock' });
    expect(world.lock.advert()?.manufacturer?.[24]).toBe(Number.parseInt(tx, 16) + 1);
  });

  test('in pairing mode gives its number as service data, and lists no service', () => {
    const world = new World({ variant });
    world.lock.hands.act('hold_button', { seconds: 5 });
    const advert = world.lock.advert();
    expect([...(advert?.serviceData ?? [])].map(([uuid, data]) => [uuid, hex(data)])).toEqual([[service, id(world)]]);
    expect([advert?.services, advert?.manufacturer]).toEqual([[], undefined]);
  });

  test('that nobody has set up says so', () => {
    const world = new World({ variant });
    world.lock.hands.act('factory_reset');
    expect([world.lock.advert()?.services, world.lock.advert()?.manufacturer]).toEqual([[E000], undefined]);
  });

  test('fits with its name into an advert and its scan response', () => {
    const world = new World({ variant });
    const flags = 3;
    const manufacturer = 2 + (world.lock.advert()?.manufacturer?.length ?? 0);
    world.lock.hands.act('hold_button', { seconds: 5 });
    const data = 2 + 16 + ([...(world.lock.advert()?.serviceData?.values() ?? [])][0]?.length ?? 0);
    expect([flags + manufacturer <= 31, flags + data <= 31]).toEqual([true, true]);
  });
});

test('the number ends as the address does', () => {
  const world = new World({ address: '54:D2:72:12:34:56' });
  expect([id(world).slice(2), world.lock.address, world.lock.addressType]).toEqual([
    '123456',
    '54:d2:72:12:34:56',
    'public',
  ]);
});

test('the number is the same for the same address, and can be given', () => {
  expect(new World().lock.nukiId).toBe(new World({}, 2).lock.nukiId);
  expect(id(new World({ nukiId: 0x01020304 }))).toBe('01020304');
});

test('a beacon goes on over pairing mode', async () => {
  const world = new World();
  world.lock.hands.act('hold_button', { seconds: 5 });
  await world.clock.advance(60_000);
  expect(world.lock.advert()?.manufacturer).toBeDefined();
});

test('a connected lock does not advertise', async () => {
  const world = new World();
  await world.connect();
  expect(world.lock.advert()).toBeUndefined();
});

test('a lock without batteries does not advertise', () => {
  const world = new World();
  world.lock.hands.act('batteries_out');
  expect(world.lock.advert()).toBeUndefined();
});

test('a changed advert is heard at once', async () => {
  const world = new World();
  const heard: unknown[] = [];
  world.air.scan(advert => heard.push(advert.serviceData?.size));
  await world.clock.advance(50);
  heard.length = 0;
  world.lock.hands.act('hold_button', { seconds: 5 });
  await world.clock.advance(25);
  expect(heard).toEqual([1]);
});

test.each([
  [1, 500],
  [2, 2000],
  [3, 5000],
])('advertising mode %i is every %i ms', async (mode, ms) => {
  const world = new World();
  const client = await world.pair();
  const set = `${'61'.padEnd(64, '0')}0000000000000000000101010300000001020300${`0${mode}`}2500`;
  expect(await client.owned(0x13, set, world.pin)).toBe('0e 00');
  expect(world.lock.advertEveryMs).toBe(ms);
});

describe('unkind adverts', () => {
  test('without a name', () => {
    expect(new World({ knobs: { advertName: false } }).lock.advert()).not.toHaveProperty('name');
  });

  test('of HomeKit in between', async () => {
    const world = new World({ knobs: { homekitAdverts: true } });
    const heard = new Set<string>();
    world.air.scan(advert => void heard.add(hex(advert.manufacturer ?? new Uint8Array()).slice(4, 6)));
    await world.clock.advance(10_000);
    expect([...heard].toSorted()).toEqual(['02', '06']);
    expect(homekitData(1)[2]).toBe(0x06);
  });

  test('of pairing mode without a number', () => {
    const world = new World({ knobs: { emptyServiceData: true } });
    world.lock.hands.act('hold_button', { seconds: 5 });
    expect(world.lock.advert()?.serviceData?.get(E100)?.length).toBe(0);
  });

  test('whose lowest bit is stuck', () => {
    const world = new World({ knobs: { beaconStuck: true } });
    world.lock.hands.act('thumb', { to: 'unlock' });
    expect(world.lock.advert()?.manufacturer?.[24]).toBe(0xc8);
  });

  test('that end', () => expect(new World({ knobs: { silent: true } }).lock.advert()).toBeUndefined());
});
