// Backups that are brought back: what comes in at once, breaks off or finds no room on the disk.
import { scrypt } from 'node:crypto';
import { existsSync, readFileSync, stat } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { restoresOf } from '../../src/daemon/restores.ts';
import type { Asker } from '../../src/lock/lock.ts';
import type { Restores } from '../../src/lock/upkeep.ts';
import { OFFERED } from '../../src/store/restore.ts';
import type { Store } from '../../src/store/store.ts';
import { freshFolder, open, record, seeded } from '../store/kit.ts';

const BY: Asker = { via: 'cli', who: 'cli', role: 'owner' };
const free = vi.hoisted(() => ({ bytes: 1e9 }));
vi.mock('node:fs', async original => ({
  ...(await original<typeof import('node:fs')>()),
  statfsSync: () => ({ bavail: free.bytes, bsize: 1 }),
}));

let folder: string;
let store: Store;
let restores: Restores;
beforeEach(() => {
  free.bytes = 1e9;
  folder = freshFolder();
  store = open({ folder });
  const clock = new VirtualClock();
  const parts = { config: { data: folder }, clock, random: seeded() };
  restores = restoresOf({ store, parts, registry: { all: () => [] } } as never, () => undefined);
});

/** A backup that knows a lock of that name. */
async function backup(name: string): Promise<Buffer> {
  const other = open({ folder: freshFolder() });
  other.locks.add(record(name));
  const path = join(folder, 'other.db');
  await other.backup(path);
  return readFileSync(path);
}
async function* whole(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

test('a second file that comes in meanwhile is refused, and the first is the one that is gone back to', async () => {
  let arrive = (): void => undefined;
  const arrived = new Promise<void>(resolve => (arrive = resolve));
  const [first, second] = [await backup('first'), await backup('second')];
  async function* slow(): AsyncIterable<Uint8Array> {
    yield first.subarray(0, 5000);
    await arrived;
    yield first.subarray(5000);
  }
  const looked = restores.check(slow(), BY);
  await expect(restores.check(whole(second), BY)).rejects.toMatchObject({ code: 'busy' });
  arrive();
  const { restore, locks } = await looked;
  expect(locks).toEqual(['first']);
  expect(() => restores.restore(restore, BY)).not.toThrow();
  expect(readFileSync(join(folder, 'restore.db')).includes('first')).toBe(true);
});

test('one that breaks off leaves nothing, and the next one is looked at', async () => {
  async function* broken(): AsyncIterable<Uint8Array> {
    yield new Uint8Array(5000);
    throw new RangeError('the connection was lost');
  }
  await expect(restores.check(broken(), BY)).rejects.toMatchObject({ code: 'disk' });
  expect(existsSync(join(folder, OFFERED))).toBe(false);
  expect(await restores.check(whole(await backup('next')), BY)).toMatchObject({ locks: ['next'] });
});

test('one that breaks off before its file could be opened leaves nothing either', async () => {
  async function* broken(): AsyncIterable<Uint8Array> {
    yield Promise.reject(new RangeError('the connection was lost'));
  }
  // Whatever opens a file waits behind these.
  const busy = Array.from({ length: 8 }, () => promisify(scrypt)('a', 'b', 32));
  await expect(restores.check(broken(), BY)).rejects.toMatchObject({ code: 'disk' });
  await Promise.all(busy);
  await promisify(stat)(folder);
  expect(existsSync(join(folder, OFFERED))).toBe(false);
});

test('one that would fill the disk is refused before it does, and says so', async () => {
  const bytes = await backup('large');
  free.bytes = 32 * 1024 * 1024 + bytes.length - 1;
  await expect(restores.check(whole(bytes), BY)).rejects.toMatchObject({ code: 'disk', reason: 'disk_full' });
  expect(existsSync(join(folder, OFFERED))).toBe(false);
});
