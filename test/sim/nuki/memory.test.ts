// The memory of a virtual Nuki lock survives the program, and says when it is damaged.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from './client.ts';
import { World } from './world.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'virtual-nuki-'));
  path = join(folder, 'sim', 'door.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another seed each time, as chance is another after a restart. */
let seed = 1;
const world = (): World => new World({ memory: { path }, knobs: { hangsUpIdle: 0 } }, seed++);

async function lived(): Promise<{ first: World; client: Client }> {
  const first = world();
  const client = await first.pair();
  await client.owned(0x41, `93e20b00${'41'.padEnd(40, '0')}${'00'.repeat(20)}`, first.pin);
  await client.owned(0x39, '00080001', first.pin);
  await client.owned(0x19, 'e110', first.pin);
  await client.challenged(0x0d, '010000000000');
  await first.clock.advance(3_000);
  return { first, client };
}

describe('after a restart', () => {
  test('it knows the same people, codes, PIN and itself', async () => {
    const { first } = await lived();
    expect(world().lock.secrets).toEqual(first.lock.secrets);
  });

  test('the client goes on, and bolt, timer and log are there', async () => {
    const { client } = await lived();
    const second = world();
    const again = await second.connect(client.keys);
    expect([(await again.state()).slice(0, 4), second.lock.bolt]).toEqual(['0203', 'unlocked']);
    expect(await again.owned(0x3c, '', 'e110')).toBe('3d 01, 3e 000100080001, 0e 00');
    expect(await again.owned(0x31, '0000000001000001', 'e110')).toMatch(/^33 0101000101, 32 01000000/);
  });

  test('a code opens', async () => {
    await lived();
    expect(world().lock.hands.act('type_code', { digits: 778_899 }).opened).toBe(true);
  });

  test('a timer still fires', async () => {
    const { client, first } = await lived();
    await client.owned(0x39, '00151f02', 'e110');
    first.lock.stop();
    const second = world();
    await second.clock.advance(64_000);
    expect(second.lock.bolt).toBe('locked');
  });

  test('batteries that are out stay out', async () => {
    const { first } = await lived();
    first.lock.hands.act('batteries_out');
    expect(world().lock.advert()).toBe(undefined);
  });

  test('a factory reset stays one', async () => {
    const { first } = await lived();
    first.lock.hands.act('factory_reset');
    const second = world();
    expect([second.lock.paired, second.lock.secrets, second.lock.bolt]).toEqual([
      false,
      first.lock.secrets,
      'unlocked',
    ]);
  });

  test('a pairing that was not confirmed never was', async () => {
    const first = world();
    first.lock.hands.act('hold_button', { seconds: 5 });
    const client = await first.connect();
    await client.agree();
    first.lock.hands.act('thumb', { to: 'unlock' });
    expect([world().lock.paired, world().lock.bolt]).toEqual([false, 'unlocked']);
  });
});

test('what is answered is on the disk already', async () => {
  const first = world();
  first.lock.hands.act('hold_button', { seconds: 5 });
  const client = await first.connect();
  let onDisk = '';
  first.lock.onFrame = (command, direction) => {
    if (command === 0x0e && direction === 'up') onDisk = readFileSync(path, 'utf8');
  };
  const { authId } = await client.pair4();
  expect(onDisk).toContain(`"id":${authId},"type":0,"appId":`);
});

test('a message that changes nothing writes nothing', async () => {
  const first = world();
  const client = await first.pair();
  await client.state();
  rmSync(path);
  await client.state();
  expect(existsSync(path)).toBe(false);
});

test('no other file is left behind', async () => {
  await lived();
  expect(readdirSync(join(folder, 'sim'))).toEqual(['door.json']);
});

describe('a damaged memory is said to be so:', () => {
  test('a torn one', async () => {
    await lived();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300));
    expect(world).toThrow('is damaged');
  });

  test('a changed one', async () => {
    await lived();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"powered":true', '"powered":false'));
    expect(world).toThrow('its checksum does not fit');
  });

  test('one of another lock', async () => {
    await lived();
    const other = (): World => new World({ memory: { path }, address: '54:d2:72:00:00:01' });
    expect(other).toThrow('belongs to the lock 54:d2:72:ca:88:ec');
  });

  test('one of another family', async () => {
    await lived();
    writeFileSync(path, readFileSync(path, 'utf8').replace('virtual-nuki-1', 'virtual-ttlock-1'));
    expect(world).toThrow('is not the memory of a virtual Nuki lock');
  });
});
