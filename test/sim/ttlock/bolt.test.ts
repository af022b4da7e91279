// A virtual TTLock moves its bolt: commands, challenges, pushes, the time to relock.
import { describe, expect, test } from 'vitest';
import { SCIENER, World, u32 } from './world.ts';

const UNIX = '6a01e64b';

describe('unlocking', () => {
  test('moves the bolt once and says who, which and when', async () => {
    const world = new World();
    const client = await world.pair();
    const challenge = await client.challenge(0x01020304);
    const data = await client.get(0x47, challenge + UNIX);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['unlocked', 1]);
    expect(data).toMatch(/^6401020304(6a01e64b)1a050b0e17[0-3][0-9a-f]$/);
  });

  test('can be answered with the battery alone', async () => {
    const client = await new World({ knobs: { shortReplies: true } }).pair();
    expect(await client.turn(0x47)).toMatchObject({ data: '64' });
  });

  test('works after 41 too', async () => {
    const world = new World();
    const client = await world.pair();
    const sum = client.sum(await client.get(0x41, `${u32(73_079_075)}00000000000000`));
    await client.get(0x47, sum + UNIX);
    expect(world.lock.bolt).toBe('unlocked');
  });

  test('takes the older request with a date behind it', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x47, `${await client.challenge()}${UNIX}1a050b0e1707`)).toMatchObject({ said: 'done' });
  });

  test('without a challenge is refused', async () => {
    const world = new World();
    const client = await world.pair();
    expect(await client.ask(0x47, `00000000${UNIX}`)).toMatchObject({ said: '12' });
    expect(world.lock.moves).toBe(0);
  });

  test('with a wrong sum is refused and uses the challenge up', async () => {
    const client = await new World().pair();
    const sum = await client.challenge();
    const wrong = await client.ask(0x47, `00000000${UNIX}`);
    expect([wrong.said, (await client.ask(0x47, sum + UNIX)).said]).toEqual(['08', '12']);
  });

  test('twice on one challenge is refused: a recorded frame opens nothing', async () => {
    const world = new World();
    const client = await world.pair();
    const sum = await client.challenge();
    await client.get(0x47, sum + UNIX);
    expect(await client.ask(0x47, sum + UNIX)).toMatchObject({ said: '12' });
    expect(world.lock.moves).toBe(1);
  });

  test('an open lock again moves nothing', async () => {
    const world = new World();
    const client = await world.pair();
    await client.turn(0x47);
    expect([(await client.turn(0x47)).said, world.lock.moves]).toEqual(['done', 1]);
  });

  test('acts even if the link dies before the answer', async () => {
    const world = new World();
    const client = await world.pair();
    const sum = await client.challenge();
    world.air.knobs.fault = chunk => (chunk.direction === 'up' ? 'cut' : 'deliver');
    await client.ask(0x47, sum + UNIX);
    expect([world.lock.bolt, client.link.open]).toEqual(['unlocked', false]);
  });
});

describe('locking', () => {
  test('moves the bolt back', async () => {
    const world = new World();
    const client = await world.pair();
    await client.turn(0x47);
    await client.turn(0x58);
    expect([world.lock.bolt, world.lock.moves]).toEqual(['locked', 2]);
  });

  test.each(['padlock', 'key_box'] as const)('a %s by command is unknown to it', async variant => {
    const world = new World({ variant });
    const client = await world.pair();
    await client.turn(0x47);
    expect(await client.turn(0x58)).toMatchObject({ said: '1b' });
    expect(world.lock.bolt).toBe('unlocked');
  });
});

describe('the state', () => {
  test('is told to whoever knows the token', async () => {
    const client = await new World().pair();
    const locked = await client.get(0x14, SCIENER);
    await client.turn(0x47);
    expect([locked, await client.get(0x14, SCIENER)]).toEqual(['6400', '6401']);
  });

  test('is not told for another token', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x14, '00')).toMatchObject({ said: '1d' });
  });

  test('has the door behind it where there is a sensor', async () => {
    const world = new World({ doorSensor: true });
    const client = await world.pair();
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(100);
    const closed = await client.get(0x14, SCIENER);
    world.lock.hands.act('door', { to: 'open' });
    await world.clock.advance(100);
    expect([closed, await client.get(0x14, SCIENER)]).toEqual(['640100', '640101']);
  });
});

describe('pushes', () => {
  const pushesOf = async (pushes: 'none' | 'after' | 'before' | 'keypad'): Promise<string[]> => {
    const world = new World({ knobs: { pushes } });
    const client = await world.pair();
    const sum = await client.challenge();
    client.heard.length = 0;
    await client.get(0x47, sum + UNIX);
    return client.heard.map(plain => plain.slice(0, 2));
  };

  test('none', async () => expect(await pushesOf('none')).toEqual(['47']));
  test('after the answer', async () => expect(await pushesOf('after')).toEqual(['47', '14']));
  test('before the answer', async () => expect(await pushesOf('before')).toEqual(['14', '47']));
  test('only for what happens at the lock', async () => expect(await pushesOf('keypad')).toEqual(['47']));

  test('are marked by encrypt byte 00 and sealed all the same', async () => {
    const client = await new World().pair();
    await client.turn(0x47);
    expect([client.heard.at(-1), client.encrypts.at(-1)]).toEqual(['1401640100', 0x00]);
  });

  test('tell of a code typed at the door: the record, then the state', async () => {
    const world = new World();
    const client = await world.pair();
    client.heard.length = 0;
    world.lock.hands.act('type_code', { digits: world.lock.secrets?.adminCode });
    await world.clock.advance(100);
    expect(client.heard).toEqual([expect.stringMatching(/^1401640000000000000000(1a050b0e17..)$/), '1401640100']);
  });

  test('tell of a hand at the thumb-turn', async () => {
    const world = new World();
    const client = await world.pair();
    client.heard.length = 0;
    world.lock.hands.act('thumb', { to: 'unlock' });
    world.lock.hands.act('thumb', { to: 'lock' });
    await world.clock.advance(100);
    expect(client.heard).toEqual(['1401640100', '1401640000']);
  });

  test('do not tell of a thumb-turn that the lock cannot feel', async () => {
    const world = new World({ variant: 'cylinder' });
    const client = await world.pair();
    client.heard.length = 0;
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(100);
    expect([client.heard, world.lock.bolt]).toEqual([[], 'unlocked']);
    expect(await client.get(0x14, SCIENER)).toBe('6400');
  });

  test('are never sent by a lock that has none', async () => {
    const world = new World({ knobs: { pushes: 'none' } });
    const client = await world.pair();
    client.heard.length = 0;
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(100);
    expect(client.heard).toEqual([]);
  });
});

describe('relocking by itself', () => {
  test('comes after the seconds that were set', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x36, '02000a');
    await client.turn(0x47);
    const opened = world.clock.elapsed();
    let lockedAt = -1;
    world.lock.onMove = () => (lockedAt = world.clock.elapsed());
    await world.clock.advance(20_000);
    // 400 ms of each question pass after its answer, of which the last had two.
    expect(lockedAt - opened).toBeGreaterThan(9000);
    expect(lockedAt - opened).toBeLessThanOrEqual(10_000);
  });

  test('leaves no record', async () => {
    const world = new World({ variant: 'lever' });
    const client = await world.pair();
    await client.turn(0x47);
    await world.clock.advance(6000);
    const again = await world.connect();
    expect([world.lock.bolt, (await again.get(0x25, '0001')).slice(0, 4)]).toEqual(['locked', '0000']);
  });

  test('is told to who is connected', async () => {
    const world = new World({ variant: 'lever', knobs: { hangsUpIdle: 0 } });
    const client = await world.pair();
    await client.turn(0x47);
    client.heard.length = 0;
    await world.clock.advance(6000);
    expect(client.heard.map(plain => plain.length / 2)).toEqual([2 + 15, 2 + 3]);
  });

  test('waits for the door when told so', async () => {
    const world = new World({ variant: 'lever' });
    const client = await world.admin();
    await client.get(0x36, '02ffff01');
    await client.turn(0x47);
    world.lock.hands.act('door', { to: 'open' });
    await world.clock.advance(60_000);
    const open = world.lock.bolt;
    world.lock.hands.act('door', { to: 'closed' });
    await world.clock.advance(6000);
    expect([open, world.lock.bolt]).toEqual(['unlocked', 'locked']);
  });

  test('does not come while passage mode holds', async () => {
    const world = new World({ variant: 'lever' });
    const client = await world.admin();
    await client.get(0x66, '0201000000000000');
    expect((await client.get(0x66, '0201010008001200')).slice(-2)).toBe('02');
    await client.get(0x66, '04');
    await client.get(0x66, '020101000e00173b');
    await client.turn(0x47);
    await world.clock.advance(3600_000);
    expect(world.lock.bolt).toBe('unlocked');
  });
});

describe('what stops it', () => {
  test('a low battery', async () => {
    const client = await new World({ knobs: { lowBattery: true } }).pair();
    expect(await client.turn(0x47)).toMatchObject({ said: '0a' });
  });

  test('a freeze', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x61, '0201');
    expect(await client.turn(0x47)).toMatchObject({ said: '1c' });
  });

  test('privacy from inside', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x68, '020000001700000007');
    world.lock.hands.act('privacy', { to: 'on' });
    expect([(await client.turn(0x47)).said, (await client.turn(0x58)).said]).toEqual(['1e', 'done']);
  });

  test('a jam that is admitted', async () => {
    const world = new World({ knobs: { jam: 'refuse' } });
    const client = await world.pair();
    expect([(await client.turn(0x47)).said, world.lock.bolt]).toEqual(['13', 'locked']);
  });

  test('a jam that is not even noticed', async () => {
    const world = new World({ knobs: { jam: 'lie' } });
    const client = await world.pair();
    expect([(await client.turn(0x47)).said, await client.get(0x14, SCIENER), world.lock.bolt]).toEqual([
      'done',
      '6401',
      'locked',
    ]);
  });
});
