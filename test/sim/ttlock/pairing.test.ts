// A virtual TTLock changes hands: pairing, its rollback, and the reset that undoes it.
import { describe, expect, test } from 'vitest';
import { FACTORY_KEY } from '../../../src/sim/ttlock/frames.ts';
import { ADMIN_PS, Client, SCIENER, UNLOCK_KEY, World, bytes, u32 } from './world.ts';

const ADMIN = u32(ADMIN_PS) + u32(UNLOCK_KEY) + SCIENER;

async function inSettingMode(world = new World()): Promise<[World, Client]> {
  world.lock.hands.act('press_key');
  return [world, await world.connect()];
}

/** As far as 56. */
async function halfPaired(): Promise<[World, Client]> {
  const [world, client] = await inSettingMode();
  client.key = bytes(await client.get(0x19, SCIENER));
  await client.get(0x56, ADMIN);
  return [world, client];
}

describe('pairing', () => {
  test('makes it ours with 45, 19, 56, 43, 57', async () => {
    const world = new World();
    await world.pair();
    expect(world.lock.secrets).toMatchObject({ adminPs: ADMIN_PS, unlockKey: UNLOCK_KEY, lockFlagPos: 0 });
  });

  test('needs no login for what belongs to it', async () => {
    const [, client] = await halfPaired();
    const said = [];
    for (const [command, payload] of [
      [0x43, '1a050b0e1707'],
      [0x01, ''],
      [0x68, '01'],
      [0x62, '01'],
      [0x59, '01'],
      [0x36, '01'],
      [0x67, '01'],
      [0x65, ''],
      [0x53, '07070707'],
      [0x37, '01'],
      [0x90, '01'],
    ] as const) {
      said.push((await client.ask(command, payload)).said);
    }
    expect(new Set(said)).toEqual(new Set(['done']));
  });

  test('that loses its link before 57 never was', async () => {
    const [world, client] = await halfPaired();
    await client.link.close();
    expect([world.lock.paired, world.lock.secrets]).toEqual([false, undefined]);
  });

  test('that loses its link before 57 leaves no admin code and no setting', async () => {
    const [world, client] = await halfPaired();
    await client.get(0x53, '07070707');
    await client.get(0x36, '02012c');
    await client.link.close();
    expect(world.lock.hands.act('type_code', { digits: '7777' })).toMatchObject({ opened: false });
    const again = await world.pair();
    await again.admin();
    expect((await again.get(0x36, '01')).slice(4, 8)).toBe('0000');
  });

  test('that is tried again gets another key', async () => {
    const [world, client] = await inSettingMode();
    const first = await client.get(0x19, SCIENER);
    await client.link.close();
    world.lock.hands.act('press_key');
    const next = await world.connect(FACTORY_KEY);
    expect(await next.get(0x19, SCIENER)).not.toBe(first);
  });

  test('does not give its key for a wrong token', async () => {
    const [, client] = await inSettingMode();
    expect(await client.ask(0x19, '534349454e4553')).toMatchObject({ said: '1d' });
  });

  test('takes the token of its maker', async () => {
    const [, client] = await inSettingMode(new World({ token: 'ACME' }));
    expect(await client.ask(0x19, '41434d45')).toMatchObject({ said: 'done' });
  });

  test('refuses 56 without a 19 in the same link', async () => {
    const [, client] = await inSettingMode();
    expect(await client.ask(0x56, ADMIN)).toMatchObject({ said: '07' });
  });

  test('refuses a 56 of nothing without a code', async () => {
    const [, client] = await inSettingMode();
    client.key = bytes(await client.get(0x19, SCIENER));
    expect(await client.ask(0x56, `${u32(0)}${u32(1)}${SCIENER}`)).toMatchObject({ said: '' });
  });

  test('echoes the token in the answer to 56', async () => {
    const [, client] = await inSettingMode();
    client.key = bytes(await client.get(0x19, SCIENER));
    expect(await client.get(0x56, ADMIN)).toBe(SCIENER);
  });

  test('refuses 57 without a 56', async () => {
    const [, client] = await inSettingMode();
    expect(await client.ask(0x57)).toMatchObject({ said: '06' });
  });

  test('of a paired lock is refused under the paired key', async () => {
    const world = new World();
    const owner = await world.pair();
    await owner.link.close();
    const client = await world.connect();
    expect(await client.ask(0x19, SCIENER)).toMatchObject({ said: '07' });
    expect(await client.ask(0x45)).toMatchObject({ said: 'done' });
  });

  test('of a paired lock is unreadable for who has only the factory key', async () => {
    const world = new World();
    const owner = await world.pair();
    await owner.link.close();
    const stranger = await world.connect(FACTORY_KEY);
    expect(await stranger.ask(0x19, SCIENER)).toMatchObject({ said: 'silence' });
    expect(stranger.heard).toEqual(['?']);
  });

  test('is over when it is done: 56 is refused', async () => {
    const world = new World();
    const client = await world.pair();
    expect(await client.ask(0x56, ADMIN)).toMatchObject({ said: '07' });
  });

  test.each([
    [0x41, `${u32(ADMIN_PS)}00000000000000`],
    [0x55, '00011f0e00630b1e0e0000000000000000'],
    [0x47, '0000000000000000'],
    [0x52, ''],
  ])('command %i before it says that there is no administrator', async (command, payload) => {
    const [, client] = await inSettingMode();
    expect(await client.ask(command, payload)).toMatchObject({ said: '06' });
  });

  test('gives a lock with a readable admin code one of its own', async () => {
    const world = new World();
    const client = await world.admin();
    const told = Buffer.from(bytes((await client.get(0x65)).slice(4))).toString();
    expect([told, world.lock.secrets?.adminCode]).toEqual([expect.stringMatching(/^\d{7}$/), told]);
  });
});

describe('a link that is cut at any byte of a pairing', () => {
  const whole = async (): Promise<number> => {
    const world = new World();
    let bytesSeen = 0;
    world.air.knobs.fault = ({ index, bytes: piece }) => {
      bytesSeen = index + piece.length;
      return 'deliver';
    };
    await world.pair();
    return bytesSeen;
  };

  test('leaves either a lock that is ours or one that can be paired again', async () => {
    const length = await whole();
    const outcomes = new Map<string, number>();
    for (let at = 0; at < length; at++) {
      const world = new World();
      world.air.knobs.fault = ({ index, bytes: piece }) =>
        at >= index && at < index + piece.length ? { cutAfter: at - index } : 'deliver';
      await world.pair().catch(() => undefined);
      world.air.knobs.fault = undefined;
      const first = world.lock.paired ? 'ours' : 'new';
      if (first === 'new') await world.pair();
      const outcome = `${first}, then ${world.lock.secrets?.adminPs === ADMIN_PS ? 'ours' : 'lost'}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect([...outcomes.keys()].toSorted()).toEqual(['new, then ours', 'ours, then ours']);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(length);
  });
});

describe('a reset by the owner', () => {
  test('makes it a new lock in setting mode', async () => {
    const world = new World();
    const client = await world.admin();
    await client.get(0x03, `0203${'06363534333231'}${'1a0101000063010b0000'}`);
    await client.get(0x52);
    expect([world.lock.paired, world.lock.hands.act('type_code', { digits: '654321' }).opened]).toEqual([false, false]);
  });

  test('is answered by an empty frame', async () => {
    const client = await new World().admin();
    await client.ask(0x52);
    expect(client.heard.at(-1)).toBe('');
  });

  test('can be answered by a status', async () => {
    const client = await new World({ knobs: { resetReply: 'status' } }).admin();
    await client.ask(0x52);
    expect(client.heard.at(-1)).toBe('5201');
  });

  test('ends the link and shows the setting bit', async () => {
    const world = new World();
    const client = await world.admin();
    const flags: number[] = [];
    world.air.scan(advert => flags.push(advert.manufacturer?.[3] as number));
    await client.ask(0x52);
    await world.clock.advance(1000);
    expect([client.link.open, (flags.at(-1) ?? 0) & 0x04]).toEqual([false, 0x04]);
  });

  test('needs an administrator', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x52)).toMatchObject({ said: '12' });
  });

  test('leaves the bolt where it is', async () => {
    const world = new World();
    const client = await world.admin();
    await client.turn(0x47);
    await client.get(0x52);
    expect(world.lock.bolt).toBe('unlocked');
  });

  test('can be followed by a pairing with the other keys', async () => {
    const world = new World();
    const client = await world.admin();
    const before = world.lock.secrets?.aesKey;
    await client.get(0x52);
    await world.clock.advance(500);
    await world.pair();
    expect(world.lock.secrets?.aesKey).not.toBe(before);
  });
});
