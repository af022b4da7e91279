// Every unkindness of a virtual TTLock does what it says, on the wire.
import { describe, expect, test } from 'vitest';
import type { Knobs } from '../../../src/sim/ttlock/knobs.ts';
import { FACTORY_KEY } from '../../../src/sim/ttlock/frames.ts';
import { Client, SCIENER, World, bytes } from './world.ts';

const paired = async (knobs: Partial<Knobs> = {}): Promise<[World, Client]> => {
  const world = new World();
  const client = await world.pair();
  Object.assign(world.lock.knobs, knobs);
  return [world, client];
};

describe('headers', () => {
  test('of a client do not matter', async () => {
    const [, client] = await paired();
    client.header = { type: 5, version: 3, scene: 1, group: 10, organisation: 34 };
    expect(await client.ask(0x55, '00011f0e00630b1e0e0000000000000000')).toMatchObject({ said: 'done' });
  });

  test('of a login can have to be the lock’s own', async () => {
    const [, client] = await paired({ headerCheck: 'own' });
    const own = await client.ask(0x55, '00011f0e00630b1e0e0000000000000000');
    client.header = { ...client.header, scene: 1 };
    const foreign = await client.ask(0x55, '00011f0e00630b1e0e0000000000000000');
    expect([own.said, foreign.said, (await client.ask(0x34)).said]).toEqual(['done', '13', 'done']);
  });

  test('of answers are the lock’s own', async () => {
    const world = new World({ header: { group: 10, organisation: 34 }, variant: 'padlock' });
    const client = await world.pair();
    expect(client.pieces.at(-2)).toMatch(/^7f5a050308000a002254aa10/);
  });
});

test.each([0, 1] as const)('a state byte of %i for ever', async value => {
  const [world, client] = await paired({ statusConstant: value });
  const before = await client.get(0x14, SCIENER);
  world.lock.hands.act('thumb', { to: before.endsWith('1') ? 'lock' : 'unlock' });
  await world.clock.advance(200);
  expect([before, client.heard.at(-1)?.slice(0, 8)]).toEqual([`640${value}`, `1401640${value}`]);
});

describe('time', () => {
  test('an answer takes between 20 and 150 ms', async () => {
    const [world, client] = await paired();
    const took: number[] = [];
    for (let round = 0; round < 60; round++) {
      const from = world.clock.elapsed();
      world.lock.onFrame = (_, direction) => {
        if (direction === 'up') took.push(world.clock.elapsed() - from);
      };
      await client.get(0x34);
    }
    expect([Math.min(...took) >= 20, Math.max(...took) <= 150, new Set(took).size > 20]).toEqual([true, true, true]);
  });

  test('an answer takes what is asked for', async () => {
    const [world, client] = await paired({ replyLatency: { min: 300, max: 300 } });
    await client.send(0x34);
    const from = world.clock.elapsed();
    let took = -1;
    world.lock.onFrame = (_, direction) => {
      if (direction === 'up') took = world.clock.elapsed() - from;
    };
    await world.clock.advance(1000);
    expect(took).toBe(300);
  });

  test('it hangs up after 5 s without a request', async () => {
    const [world, client] = await paired();
    await client.get(0x34);
    await world.clock.advance(4500);
    const before = client.link.open;
    await world.clock.advance(200);
    expect([before, client.link.open]).toEqual([true, false]);
  });

  test('a request every 4 s keeps it', async () => {
    const [world, client] = await paired();
    for (let round = 0; round < 5; round++) {
      await world.clock.advance(3600);
      await client.get(0x34);
    }
    expect(client.link.open).toBe(true);
  });

  test('garbage does not keep it', async () => {
    const [world, client] = await paired();
    for (let round = 0; round < 3; round++) {
      await client.link.write('fff2', bytes('00')).catch(() => undefined);
      await world.clock.advance(2500);
    }
    expect(client.link.open).toBe(false);
  });

  test('it can stay for ever', async () => {
    const world = new World({ knobs: { hangsUpIdle: 0 } });
    const client = await world.pair();
    await world.clock.advance(3600_000);
    expect(client.link.open).toBe(true);
  });

  test('it does not hang up while it waits for a card', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x05, '02');
    await world.clock.advance(15_000);
    expect(client.link.open).toBe(true);
  });
});

describe('being there', () => {
  test('a refused connection', async () => {
    const world = new World();
    world.lock.hands.act('press_key');
    world.lock.knobs.connectionRefused = true;
    await expect(world.connect()).rejects.toMatchObject({ code: 'refused' });
  });

  test('deaf: connected, and no answer', async () => {
    const [, client] = await paired({ deaf: true });
    expect(await client.ask(0x34)).toMatchObject({ said: 'silence' });
  });

  test('nothing is notified before a value was read', async () => {
    const [world, client] = await paired({ readFirst: true });
    const before = await client.ask(0x34);
    await world.clock.run(client.link.read('2a19'));
    expect([before.said, (await client.ask(0x34)).said]).toEqual(['silence', 'done']);
  });

  test('somebody else’s: our key is not understood and 19 is refused under another', async () => {
    const [world, client] = await paired({ foreignOwner: true });
    const asked = await client.ask(0x34);
    await client.send(0x19, SCIENER);
    await world.clock.advance(400);
    expect([asked.said, client.heard.at(-1), world.lock.paired]).toEqual(['silence', '?', true]);
  });

  test('somebody else’s, until it is reset by hand', async () => {
    const [world] = await paired({ foreignOwner: true });
    world.lock.hands.act('hold_reset', { seconds: 5 });
    await world.clock.advance(100);
    const client = await world.connect(FACTORY_KEY);
    expect(await client.ask(0x19, SCIENER)).toMatchObject({ said: 'done' });
  });
});

describe('refusals', () => {
  test('of 43 and 62', async () => {
    const world = new World();
    const client = await world.admin();
    world.lock.knobs.refuse = [0x43, 0x62];
    const said = [await client.ask(0x43, '1a050b0e1707'), await client.ask(0x62, '01'), await client.ask(0x36, '01')];
    expect(said.map(each => each.said)).toEqual(['13', '13', 'done']);
  });

  test('of 43 in the middle of a pairing', async () => {
    const world = new World({ knobs: { refuse: [0x43] } });
    world.lock.hands.act('press_key');
    const client = await world.connect();
    client.key = bytes(await client.get(0x19, SCIENER));
    await client.get(0x56, `0000000100000002${SCIENER}`);
    const clock = await client.ask(0x43, '1a050b0e1707');
    await client.get(0x57);
    expect([clock.said, world.lock.paired]).toEqual(['13', true]);
  });
});

describe('dropping the link', () => {
  const unlockWith = async (
    moment: 'before_acting' | 'before_answering' | 'after_answering',
  ): Promise<[string, string, boolean]> => {
    const [world, client] = await paired();
    const sum = await client.challenge();
    world.lock.knobs.dropLink = { command: 0x47, moment, times: 1 };
    const { said } = await client.ask(0x47, `${sum}6a01e64b`);
    return [said, world.lock.bolt, client.link.open];
  };

  test('before it acts', async () => {
    expect(await unlockWith('before_acting')).toEqual(['silence', 'locked', false]);
  });
  test('after it acted, before it answers', async () => {
    expect(await unlockWith('before_answering')).toEqual(['silence', 'unlocked', false]);
  });
  test('after it answered', async () => {
    expect(await unlockWith('after_answering')).toEqual(['done', 'unlocked', false]);
  });

  test('at the seventh command of a link, whichever it is', async () => {
    const [world, client] = await paired();
    await client.link.close();
    world.lock.knobs.dropLink = { nth: 7, moment: 'before_acting' };
    const again = await world.connect();
    const said = [];
    for (let round = 0; round < 8 && again.link.open; round++) said.push((await again.ask(0x34)).said);
    expect(said).toEqual([...Array.from({ length: 6 }, () => 'done'), 'silence']);
  });

  test('only as often as asked', async () => {
    const [world, client] = await paired();
    world.lock.knobs.dropLink = { moment: 'before_acting', times: 2 };
    await client.ask(0x34);
    const second = await world.connect();
    await second.ask(0x34);
    const third = await world.connect();
    expect([(await third.ask(0x34)).said, world.lock.knobs.dropLink]).toEqual(['done', undefined]);
  });

  test.each([0x45, 0x19, 0x56, 0x43, 0x57])('at %i of a pairing: never half paired', async command => {
    const world = new World({ knobs: { dropLink: { command, moment: 'before_acting' } } });
    await world.pair().catch(() => undefined);
    expect(world.lock.paired).toBe(false);
  });

  test('after 57 was done: paired, though nobody was told', async () => {
    const world = new World({ knobs: { dropLink: { command: 0x57, moment: 'before_answering' } } });
    await world.pair().catch(() => undefined);
    expect(world.lock.paired).toBe(true);
  });
});

describe('resets that are none', () => {
  test('it only restarts, and says that it was reset', async () => {
    const world = new World({ knobs: { rebootInsteadOfReset: true } });
    const client = await world.admin();
    const { said } = await client.ask(0x52);
    await world.clock.advance(500);
    expect([said, world.lock.paired, client.link.open]).toEqual(['done', true, false]);
  });

  test('it only restarts under the reset button', async () => {
    const world = new World({ knobs: { rebootInsteadOfReset: true } });
    await world.pair();
    expect([world.lock.hands.act('hold_reset', { seconds: 5 }).done, world.lock.paired]).toEqual([false, true]);
  });

  test('old codes stay alive', async () => {
    const world = new World({ knobs: { oldCodesSurvive: true } });
    const client = await world.admin();
    await client.get(0x03, '0201063635343332310001010000');
    await client.get(0x52);
    expect([world.lock.paired, world.lock.hands.act('type_code', { digits: '654321' }).opened]).toEqual([false, true]);
  });
});

test('one central at a time: a second one is not let in', async () => {
  const [world] = await paired();
  expect(world.lock.connected({ mtu: 23, notify: () => undefined, hangUp: () => undefined })).toBe(false);
});

test('stopped, it leaves no timer', async () => {
  const world = new World({ variant: 'lever' });
  const client = await world.pair();
  await client.turn(0x47);
  world.lock.stop();
  await world.clock.advance(100);
  expect(world.clock.armed).toBe(0);
});

test('a thousand exchanges in a row are all answered', async () => {
  const [world, client] = await paired();
  const heard = client.heard.length;
  for (let round = 0; round < 1000; round++) {
    await client.send(0x34);
    await world.clock.advance(150);
  }
  expect(client.heard.length - heard).toBe(1000);
});
