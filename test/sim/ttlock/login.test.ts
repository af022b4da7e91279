// Who may do what on a virtual TTLock: challenges, levels, revocation.
import { describe, expect, test } from 'vitest';
import { ADMIN_PS, ALWAYS, World, u32 } from './world.ts';

const asAdmin = (adminPs: number, flagPos = 0): string => `${u32(adminPs)}${u32(flagPos).slice(2)}00000000`;

describe('login', () => {
  test('gives a challenge of 16 bits that is not 0', async () => {
    const client = await new World().pair();
    const seen = [];
    for (let round = 0; round < 20; round++) seen.push(Number.parseInt(await client.get(0x41, asAdmin(ADMIN_PS)), 16));
    expect(seen.every(value => value > 0 && value <= 0xffff)).toBe(true);
    expect(new Set(seen).size).toBeGreaterThan(15);
  });

  test('never draws a challenge of 0', async () => {
    const draws = ['00112233445566778899aabbccddeeff', '0000', '0000', '1234'].map(each => Buffer.from(each, 'hex'));
    const world = new World({ random: () => draws.shift() as Uint8Array, knobs: { replyLatency: { min: 1, max: 1 } } });
    const client = await world.pair();
    expect(await client.get(0x41, asAdmin(ADMIN_PS))).toBe('00001234');
  });

  test('with a wrong administrator number is refused', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x41, asAdmin(ADMIN_PS + 1))).toMatchObject({ said: '03' });
  });

  test('with a wrong sum is refused', async () => {
    const client = await new World().pair();
    await client.get(0x41, asAdmin(ADMIN_PS));
    expect(await client.ask(0x30, '00000001')).toMatchObject({ said: '03' });
  });

  test('with a wrong sum can be refused as not logged in', async () => {
    const client = await new World({ knobs: { wrongSumError: 0x12 } }).pair();
    await client.get(0x41, asAdmin(ADMIN_PS));
    expect(await client.ask(0x30, '00000001')).toMatchObject({ said: '12' });
  });

  test('does not take the sum of a challenge that was used', async () => {
    const client = await new World().pair();
    const sum = client.sum(await client.get(0x41, asAdmin(ADMIN_PS)));
    await client.get(0x30, sum);
    expect(await client.ask(0x30, sum)).toMatchObject({ said: '12' });
  });

  test('does not outlive the link', async () => {
    const world = new World();
    const client = await world.admin();
    await client.link.close();
    const again = await world.connect();
    expect(await again.ask(0x36, '01')).toMatchObject({ said: '12' });
  });

  test('as administrator survives a 55 in between', async () => {
    const client = await new World().admin();
    await client.turn(0x47);
    expect(await client.ask(0x36, '01')).toMatchObject({ said: 'done' });
  });
});

describe('levels', () => {
  test.each([
    [0x14, '534349454e4552'],
    [0x25, 'ffff'],
    [0x34, ''],
    [0x90, '01'],
    [0x01, ''],
    [0x45, ''],
  ])('command %i needs no login', async (command, payload) => {
    const client = await new World().pair();
    expect(await client.ask(command, payload)).toMatchObject({ said: 'done' });
  });

  test.each([
    0x03, 0x05, 0x06, 0x07, 0x31, 0x36, 0x37, 0x44, 0x52, 0x53, 0x59, 0x61, 0x62, 0x65, 0x66, 0x67, 0x68, 0x70,
  ])('command %i needs an administrator', async command => {
    const client = await new World().pair();
    const before = await client.ask(command, '01');
    await client.get(0x30, await client.challenge());
    const asUser = await client.ask(command, '01');
    expect([before.said, asUser.said]).toEqual(['12', '02']);
  });

  test.each([
    [0x43, '1a050b0e1707'],
    [0x32, ''],
  ])('command %i needs a user', async (command, payload) => {
    const client = await new World().pair();
    const before = await client.ask(command, payload);
    await client.get(0x30, await client.challenge());
    expect([before.said, (await client.ask(command, payload)).said]).toEqual(['12', 'done']);
  });

  test.each([0x02, 0x04, 0x33, 0x4c, 0x63, 0x69, 0x80, 0xf2])('command %i is unknown', async command => {
    const client = await new World().admin();
    expect(await client.ask(command)).toMatchObject({ said: '1b' });
  });

  test('newer firmware answers some only after a login', async () => {
    const client = await new World({ knobs: { needLogin: [0x25] } }).pair();
    const before = await client.ask(0x25, 'ffff');
    await client.admin();
    expect([before.said, (await client.ask(0x25, 'ffff')).said]).toEqual(['12', 'done']);
  });
});

describe('a window of use', () => {
  const login = (start: string, end: string): string => `${start}${end}00000000000000`;

  test('that has not begun by the clock of the lock is refused', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x55, login('1a060b0e17', '630b1e0e00'))).toMatchObject({ said: '11' });
  });

  test('that is over is refused', async () => {
    const client = await new World().pair();
    expect(await client.ask(0x55, login('0001010000', '1a040b0e17'))).toMatchObject({ said: '0e' });
  });

  test('counts by the clock of the lock, not by ours', async () => {
    const world = new World();
    const client = await world.pair();
    world.lock.wall = Date.UTC(2030, 0, 1);
    expect(await client.ask(0x55, login('1a050b0000', '1a050c0000'))).toMatchObject({ said: '0e' });
  });
});

describe('revoking keys', () => {
  test('a higher flag position is stored and shuts out lower ones', async () => {
    const world = new World();
    const client = await world.pair();
    await client.get(0x41, asAdmin(ADMIN_PS, 7));
    expect(world.lock.secrets?.lockFlagPos).toBe(7);
    expect(await client.ask(0x41, asAdmin(ADMIN_PS, 6))).toMatchObject({ said: '0d' });
    expect(await client.ask(0x55, `${ALWAYS}00000600000000`)).toMatchObject({ said: '0d' });
  });

  test('a higher one of a user gets in but is not stored', async () => {
    const world = new World();
    const client = await world.pair();
    expect(await client.ask(0x55, `${ALWAYS}00000900000000`)).toMatchObject({ said: 'done' });
    expect(world.lock.secrets?.lockFlagPos).toBe(0);
  });
});
