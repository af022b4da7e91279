// A person at a virtual Nuki lock.
import { describe, expect, test } from 'vitest';
import { nuki } from '../../../src/sim/nuki/family.ts';
import { World, seeded } from './world.ts';

const patient = { knobs: { hangsUpIdle: 0 } };

describe('the ring', () => {
  test('is turned by hand, and the lock feels it', async () => {
    const world = new World(patient);
    const client = await world.pair();
    expect(world.lock.hands.act('thumb', { to: 'unlock' }).done).toBe(true);
    expect([world.lock.bolt, (await client.state()).slice(2, 6)]).toEqual(['unlocked', '0301']);
  });

  test('is not turned against the motor', async () => {
    const world = new World(patient);
    const client = await world.pair();
    await client.challenged(0x0d, '010000000000');
    expect(world.lock.hands.act('thumb', { to: 'lock' }).done).toBe(false);
  });

  test('turned without batteries is felt when there are some again', async () => {
    const world = new World(patient);
    const client = await world.pair();
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('turn_key', { to: 'unlock' });
    world.lock.hands.act('batteries_in');
    await world.clock.advance(5_000);
    const again = await world.connect(client.keys);
    expect([world.lock.bolt, (await again.state()).slice(2, 4)]).toEqual(['unlocked', '03']);
  });
});

describe('the maker’s app', () => {
  test('adds the phone of somebody else, whom the lock then lists', async () => {
    const world = new World(patient);
    const client = await world.pair();
    const listed = async (): Promise<number> => (await client.owned(0x09, '0000ff00', world.pin)).split(', ').length;
    const before = await listed();
    expect(world.lock.hands.act('add_phone', { name: 'Ann' }).done).toBe(true);
    expect(await listed()).toBe(before + 1);
  });
});

describe('the button', () => {
  test('unlocks what is locked, and locks what is unlocked', async () => {
    const world = new World();
    const places = [];
    for (let i = 0; i < 2; i++) {
      world.lock.hands.act('press_button');
      await world.clock.advance(3_000);
      places.push(world.lock.bolt);
    }
    expect(places).toEqual(['unlocked', 'locked']);
  });

  test('pressed twice lets go and locks again', async () => {
    const world = new World();
    world.lock.hands.act('press_button', { times: 2 });
    await world.clock.advance(3_000);
    const between = world.lock.bolt;
    await world.clock.advance(30_000);
    expect([between, world.lock.bolt]).toEqual(['unlocked', 'locked']);
  });

  test.each([
    [4.9, false],
    [5, true],
    [8, true],
  ])('held for %d s opens pairing mode: %s', (seconds, due) => {
    const world = new World();
    expect(world.lock.hands.act('hold_button', { seconds }).done).toBe(due);
    expect(world.lock.advert()?.serviceData !== undefined).toBe(due);
  });

  test('opens no pairing mode where that is switched off, and says where to switch it on', async () => {
    const world = new World();
    const client = await world.pair();
    const set = `${'61'.padEnd(64, '0')}0000000000000000000001010300000001020300002500`;
    expect(await client.owned(0x13, set, world.pin)).toBe('0e 00');
    expect(world.lock.hands.act('hold_button', { seconds: 5 }).said).toContain('Bluetooth pairing');
    expect(world.lock.hands.act('press_button').done).toBe(true);
  });

  test('does nothing where it is switched off', async () => {
    const world = new World();
    const client = await world.pair();
    const set = `${'61'.padEnd(64, '0')}0000000000000000000100010300000001020300002500`;
    await client.owned(0x13, set, world.pin);
    expect(world.lock.hands.act('press_button').done).toBe(false);
  });
});

describe('the door', () => {
  test('is held by the bolt', () => {
    const world = new World();
    expect(world.lock.hands.act('door', { to: 'open' }).done).toBe(false);
  });

  test.each([
    ['smart_lock_4', '02', '03'],
    ['go_5', '00', '00'],
    ['smart_lock_1', '', ''],
  ] as const)('of %s is in its state, if it can know', async (variant, closed, open) => {
    const world = new World({ ...patient, variant });
    const client = await world.pair();
    const before = (await client.state()).slice(36, 38);
    world.lock.hands.act('thumb', { to: 'unlock' });
    world.lock.hands.act('door', { to: 'open' });
    expect([before, (await client.state()).slice(36, 38), world.lock.door]).toEqual([closed, open, 'open']);
  });
});

describe('batteries', () => {
  test('taken out end the connection, and nothing works but what is mechanical', async () => {
    const world = new World();
    const client = await world.pair();
    world.lock.hands.act('batteries_out');
    await world.clock.settle();
    expect([client.link.open, world.lock.powered]).toEqual([false, false]);
    expect(world.lock.hands.act('press_button').done).toBe(false);
    expect(world.lock.hands.act('thumb', { to: 'unlock' }).done).toBe(true);
  });

  test('taken out stop the motor where it is', async () => {
    const world = new World();
    const client = await world.pair();
    await client.challenged(0x0d, '010000000000');
    world.lock.hands.act('batteries_out');
    await world.clock.advance(10_000);
    expect(world.lock.bolt).toBe('locked');
  });

  test('put in are as full as they are said to be', () => {
    const world = new World();
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in', { battery: 64 });
    expect(world.lock.battery).toBe(64);
  });
});

describe('in the app', () => {
  test('a reset to default settings keeps users and codes, and takes PIN and position away', async () => {
    const world = new World(patient);
    const client = await world.pair();
    await client.owned(0x41, `93e20b00${'41'.padEnd(40, '0')}${'00'.repeat(20)}`, world.pin);
    world.lock.hands.act('reset_settings');
    expect([world.lock.paired, world.lock.secrets.codes, world.lock.pin]).toEqual([true, ['778899'], undefined]);
    expect((await client.state()).slice(0, 4)).toBe('0200');
  });

  test('a factory reset takes everything, and ends the connection', async () => {
    const world = new World(patient);
    const client = await world.pair();
    await client.owned(0x41, `93e20b00${'41'.padEnd(40, '0')}${'00'.repeat(20)}`, world.pin);
    world.lock.hands.act('factory_reset');
    await world.clock.settle();
    const { keys, codes } = world.lock.secrets;
    expect([client.link.open, world.lock.paired, keys.size, codes]).toEqual([false, false, 0, []]);
  });

  test('a lock that was reset can be paired, and knows its position when it was calibrated', async () => {
    const world = new World(patient);
    world.lock.hands.act('factory_reset');
    const client = await world.pair();
    expect((await client.state()).slice(0, 4)).toBe('0200');
    world.lock.hands.act('calibrate');
    expect([(await client.state()).slice(2, 4), world.lock.bolt]).toEqual(['03', 'unlocked']);
  });
});

test('every act says what it means', () => {
  for (const act of new World().lock.hands.acts) expect(act.say).toMatch(/[.]$/);
});

test('what needs an argument shrugs at nonsense', () => {
  const world = new World();
  const needy = world.lock.hands.acts.filter(
    ({ argument }) => argument && !argument.optional && argument.kind !== 'text',
  );
  const did = needy.filter(({ name }) => world.lock.hands.act(name, { value: '?!' }).done);
  expect([needy.length > 5, did]).toEqual([true, []]);
});

describe('the family', () => {
  const made = (variant?: string) => {
    const world = new World();
    const address = nuki.address(Uint8Array.of(1, 2, 3, 4, 5, 6));
    return nuki.make({ name: 'x', address, clock: world.clock, random: seeded(1), ...(variant ? { variant } : {}) });
  };

  test('makes each of its variants, and no other', () => {
    expect(Object.keys(nuki.variants).map(each => made(each).variant)).toEqual(Object.keys(nuki.variants));
    expect(() => made('opener')).toThrow('There is no virtual Nuki lock of the kind "opener".');
  });

  test('gives addresses of the vendor', () => expect(made().address).toBe('54:d2:72:01:02:03'));

  test('offers itself, and wakes without doing anything', () => {
    const lock = made();
    lock.hands.act(nuki.wake.act, { value: nuki.wake.value });
    expect([lock.advert()?.serviceData, lock.moves]).toEqual([undefined, 0]);
    lock.hands.act(nuki.offer.act, { value: nuki.offer.value });
    expect(lock.advert()?.serviceData?.size).toBe(1);
    lock.stop();
  });
});
