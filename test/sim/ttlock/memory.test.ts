// The memory of a virtual TTLock survives the program, and says when it is damaged.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';
import { ADDRESS, SCIENER, World, bytes, seeded } from './world.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'virtual-lock-'));
  path = join(folder, 'sim', 'door.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const world = (): World => new World({ memory: { path } });

async function lived(): Promise<World> {
  const first = world();
  const client = await first.admin();
  await client.get(0x03, '020106363534333231 0001010000'.replace(' ', ''));
  await client.get(0x05, '02deadbeef0001010000630c1f173b');
  await client.get(0x36, '02012c');
  await client.turn(0x47);
  return first;
}

describe('after a restart', () => {
  test('it belongs to the same owner', async () => {
    const first = await lived();
    expect(world().lock.secrets).toEqual(first.lock.secrets);
  });

  test('bolt, code, card and setting are there', async () => {
    await lived();
    const second = world();
    const { lock } = second;
    expect(lock.bolt).toBe('unlocked');
    const client = await second.connect();
    await client.admin();
    expect(await client.get(0x36, '01')).toBe('6401012c00050384');
    expect(lock.hands.act('present_card', { card: 3735928559 }).opened).toBe(true);
    expect(lock.hands.act('type_code', { digits: '654321' }).opened).toBe(true);
  });

  test('the log goes on where it was', async () => {
    await lived();
    const second = world();
    const client = await second.connect();
    const first = await client.get(0x25, '0000');
    second.lock.hands.act('type_code', { digits: '1' });
    expect([first.slice(0, 8), (await client.get(0x25, '0002')).slice(0, 8)]).toEqual(['000f0001', '000d0003']);
  });

  test('its clock runs on', async () => {
    const first = await lived();
    const { wall } = first.lock;
    const second = new World({ memory: { path } });
    expect(Math.abs(second.lock.wall - (wall - first.clock.elapsed()))).toBeLessThan(1);
  });

  test('the time to relock runs again', async () => {
    await lived();
    const second = world();
    await second.clock.advance(301_000);
    expect(second.lock.bolt).toBe('locked');
  });

  test('batteries that are out stay out', async () => {
    const first = await lived();
    first.lock.hands.act('batteries_out');
    expect(world().lock.advert()).toBe(undefined);
  });

  test('a reset stays a reset', async () => {
    const first = await lived();
    first.lock.hands.act('hold_reset', { seconds: 5 });
    expect([world().lock.paired, world().lock.bolt]).toEqual([false, 'unlocked']);
  });

  test('a pairing that was not finished never was', async () => {
    const first = world();
    first.lock.hands.act('press_key');
    const client = await first.connect();
    client.key = bytes(await client.get(0x19, SCIENER));
    await client.get(0x56, `0000000100000002${SCIENER}`);
    await client.get(0x53, '07070707');
    first.lock.hands.act('thumb', { to: 'unlock' });
    expect([world().lock.paired, world().lock.bolt]).toEqual([false, 'unlocked']);
  });
});

test('what is answered is on the disk already', async () => {
  const first = world();
  const client = await first.pair();
  const sum = await client.challenge();
  let onDisk = '';
  first.lock.onFrame = (command, direction) => {
    if (command === 0x47 && direction === 'up') onDisk = readFileSync(path, 'utf8');
  };
  await client.get(0x47, `${sum}6a01e64b`);
  expect(onDisk).toContain('"bolt":"unlocked"');
});

test('a frame that changes nothing writes nothing', async () => {
  const first = world();
  const client = await first.pair();
  rmSync(path);
  await client.get(0x14, SCIENER);
  expect(existsSync(path)).toBe(false);
});

test('a half-written file beside it does no harm', async () => {
  await lived();
  writeFileSync(`${path}.new`, '{"format":');
  expect(world().lock.paired).toBe(true);
});

test('no other file is left behind', async () => {
  await lived();
  expect(readdirSync(join(folder, 'sim'))).toEqual(['door.json']);
});

describe('a memory is refused', () => {
  test('that ends in the middle, at any byte', async () => {
    await lived();
    const whole = readFileSync(path, 'utf8');
    const outcomes = new Set<unknown>();
    for (let size = 0; size < whole.length; size += 7) {
      writeFileSync(path, whole.slice(0, size));
      try {
        outcomes.add(world().lock.name);
      } catch (thrown) {
        outcomes.add((thrown as { code?: string }).code);
      }
    }
    expect([...outcomes]).toEqual(['memory']);
  });

  test('in which something was changed', async () => {
    await lived();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"bolt":"unlocked"', '"bolt":"locked"'));
    expect(() => world()).toThrow(/damaged/);
  });

  test('of another lock', async () => {
    const { clock } = await lived();
    const make = (): VirtualTTLock =>
      new VirtualTTLock({ name: 'other', address: 'c0:00:00:00:00:01', clock, random: seeded(1), memory: { path } });
    expect(make).toThrow(new RegExp(`belongs to the lock ${ADDRESS}`));
  });

  test('of something else', () => {
    writeFileSync(join(folder, 'other.json'), '{"hello":1}');
    expect(() => new World({ memory: { path: join(folder, 'other.json') } })).toThrow(/not the memory/);
  });
});
