// A person at a virtual TTLock: what each act does, and what it does not do.
import { describe, expect, test } from 'vitest';
import { SCIENER, World } from './world.ts';

const flags = (world: World): number => world.lock.advert()?.manufacturer?.[3] ?? -1;

describe('touching it', () => {
  test('unpaired opens the pairing window for 15 s', async () => {
    const world = new World();
    const asleep = world.lock.advert();
    world.lock.hands.act('press_key');
    await world.clock.advance(14_900);
    const open = flags(world);
    await world.clock.advance(200);
    expect([asleep, open & 0x04, world.lock.advert()]).toEqual([undefined, 0x04, undefined]);
  });

  test('paired sets the touch bit for as long', async () => {
    const world = new World();
    await (await world.pair()).link.close();
    await world.clock.advance(20_000);
    const before = flags(world);
    world.lock.hands.act('press_key');
    expect([before & 0x08, flags(world) & 0x08, flags(world) & 0x04]).toEqual([0, 0x08, 0]);
  });

  test('makes it advertise faster', async () => {
    const world = new World({ variant: 'key_box' });
    const idle = world.lock.advertEveryMs;
    world.lock.hands.act('press_key');
    expect([idle, world.lock.advertEveryMs]).toEqual([5000, 250]);
  });
});

describe('typing', () => {
  test('a wrong code five times blocks the keypad for five minutes', async () => {
    const world = new World();
    for (let round = 0; round < 5; round++) world.lock.hands.act('type_code', { digits: '0000' });
    const blocked = world.lock.hands.act('type_code', { digits: '123456' });
    await world.clock.advance(5 * 60_000);
    expect([blocked.opened, world.lock.hands.act('type_code', { digits: '123456' }).opened]).toEqual([false, true]);
  });

  test('a right code in between starts the count again', () => {
    const world = new World();
    for (let round = 0; round < 4; round++) world.lock.hands.act('type_code', { digits: '0000' });
    world.lock.hands.act('type_code', { digits: '123456' });
    world.lock.hands.act('type_code', { digits: '0000' });
    expect(world.lock.hands.act('type_code', { digits: '123456' }).opened).toBe(true);
  });

  test('does nothing when it is frozen', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x61, '0201');
    expect(world.lock.hands.act('type_code', { digits: world.lock.secrets?.adminCode }).opened).toBe(false);
  });

  test('moves nothing when it jams', () => {
    const world = new World({ knobs: { jam: 'refuse' } });
    expect(world.lock.hands.act('type_code', { digits: '123456' })).toMatchObject({ opened: false });
    expect(world.lock.moves).toBe(0);
  });

  test('needs a keypad', () => {
    const world = new World({ variant: 'cylinder' });
    expect(world.lock.hands.act('type_code', { digits: '123456' })).toMatchObject({ done: false });
  });
});

describe('batteries', () => {
  test('out: it is gone, with its session', async () => {
    const world = new World();
    const client = await world.admin();
    world.lock.hands.act('batteries_out');
    await world.clock.advance(100);
    expect([client.link.open, world.lock.advert(), world.lock.hands.act('press_key').done]).toEqual([
      false,
      undefined,
      false,
    ]);
  });

  test('in: paired as before, with no session and the same clock', async () => {
    const world = new World();
    await world.admin();
    const wall = world.lock.wall;
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in');
    const client = await world.connect();
    expect([(await client.ask(0x36, '01')).said, world.lock.paired]).toEqual(['12', true]);
    expect(world.lock.wall - wall).toBeLessThan(1000);
  });

  test('in: its clock can be lost', async () => {
    const world = new World({ knobs: { losesClock: true } });
    await world.pair();
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in');
    expect(new Date(world.lock.wall).getUTCFullYear()).toBe(2017);
  });

  test('in: new ones are full', () => {
    const world = new World({ battery: 12 });
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in', { battery: 100 });
    expect(world.lock.battery).toBe(100);
  });

  test('out in the middle of a pairing: as if nobody had begun', async () => {
    const world = new World();
    world.lock.hands.act('press_key');
    const client = await world.connect();
    client.key = Uint8Array.from(Buffer.from(await client.get(0x19, SCIENER), 'hex'));
    await client.get(0x56, `00000001${'00000002'}${SCIENER}`);
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('batteries_in');
    expect(world.lock.paired).toBe(false);
  });

  test('out: the bolt still turns by hand, and it sees so afterwards', async () => {
    const world = new World();
    await world.pair();
    world.lock.hands.act('batteries_out');
    world.lock.hands.act('thumb', { to: 'unlock' });
    world.lock.hands.act('batteries_in');
    const client = await world.connect();
    expect([world.lock.bolt, await client.get(0x14, SCIENER)]).toEqual(['unlocked', '6401']);
  });
});

describe('the reset button', () => {
  test('held for a second only restarts it', async () => {
    const world = new World();
    const client = await world.pair();
    const held = world.lock.hands.act('hold_reset', { seconds: 1 });
    await world.clock.advance(100);
    expect([held.done, world.lock.paired, client.link.open]).toEqual([false, true, false]);
  });

  test.each([2, 5, 12])('held for %i s makes it a new lock', async seconds => {
    const world = new World();
    const client = await world.pair();
    const result = world.lock.hands.act('hold_reset', { seconds });
    await world.clock.advance(100);
    expect([result.done, world.lock.paired, client.link.open, flags(world) & 0x04]).toEqual([true, false, false, 4]);
  });

  test('can be switched off', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x68, '020000001700000000');
    expect([world.lock.hands.act('hold_reset', { seconds: 5 }).done, world.lock.paired]).toEqual([false, true]);
  });

  test('may ask for an initialisation code', async () => {
    const world = new World({ knobs: { initCode: '000' } });
    await world.pair();
    const held = world.lock.hands.act('hold_reset', { seconds: 5 });
    const before = world.lock.paired;
    const typed = world.lock.hands.act('type_code', { digits: '000' });
    expect([held.done, before, typed.done, world.lock.paired]).toEqual([false, true, true, false]);
  });

  test('forgets an initialisation code that comes too late', async () => {
    const world = new World({ knobs: { initCode: '000' } });
    await world.pair();
    world.lock.hands.act('hold_reset', { seconds: 5 });
    await world.clock.advance(31_000);
    world.lock.hands.act('type_code', { digits: '000' });
    expect(world.lock.paired).toBe(true);
  });

  test('leaves the factory code as the only one that opens', async () => {
    const world = new World();
    await world.pair();
    const own = world.lock.secrets?.adminCode;
    world.lock.hands.act('hold_reset', { seconds: 5 });
    const opened = [own, '123456'].map(digits => world.lock.hands.act('type_code', { digits }).opened);
    expect(opened).toEqual([false, true]);
  });
});

describe('doors and shackles', () => {
  test('a locked bolt holds the door', () => {
    const world = new World({ doorSensor: true });
    expect(world.lock.hands.act('door', { to: 'open' }).done).toBe(false);
  });

  test.each(['padlock', 'key_box'] as const)('a %s is closed by hand', async variant => {
    const world = new World({ variant });
    const client = await world.pair();
    await client.turn(0x47);
    const closed = world.lock.hands.act('close_shackle');
    expect([closed.done, world.lock.bolt, world.lock.moves]).toEqual([true, 'locked', 2]);
  });

  test('what is not there cannot be used', () => {
    const box = new World({ variant: 'key_box' });
    const acts = [
      ['thumb', 'lock'],
      ['turn_key', 'lock'],
      ['door', 'open'],
      ['privacy', 'on'],
      ['present_card', '1'],
    ] as const;
    expect(acts.map(([act, value]) => box.lock.hands.act(act, { value }).done)).toEqual(acts.map(() => false));
  });
});

describe('the generic shape', () => {
  test('offers its acts with what they need', () => {
    const acts = new World().lock.hands.acts;
    expect(acts.map(({ name }) => name)).toEqual([
      'press_key',
      'type_code',
      'present_card',
      'present_finger',
      'thumb',
      'turn_key',
      'privacy',
      'door',
      'close_shackle',
      'jam',
      'force',
      'batteries_out',
      'batteries_in',
      'hold_reset',
      'misbehave',
    ]);
    expect(JSON.parse(JSON.stringify(acts[1]))).toMatchObject({ argument: { name: 'digits', kind: 'digits' } });
  });

  test.each([
    ['an unknown act', 'dance', {}, /no act "dance"/],
    ['a missing argument', 'type_code', {}, /"digits" is missing/],
    ['letters for digits', 'type_code', { digits: 'abc' }, /has to be digits/],
    ['a choice that is none', 'thumb', { to: 'left' }, /one of lock, unlock/],
    ['words for a number', 'hold_reset', { seconds: 'long' }, /has to be a number/],
  ])('says what is wrong with %s', (_, name, args, said) => {
    expect(new World().lock.hands.act(name, args)).toEqual({ done: false, said: expect.stringMatching(said) });
  });

  test('a legacy lock has no use', () => {
    const world = new World({ variant: 'legacy' });
    expect(world.lock.hands.act('press_key').done).toBe(false);
  });
});
