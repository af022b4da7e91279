// What is said before somebody goes back to a backup: what would come back, what would be gone, and what it takes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { restoresOf } from '../../src/daemon/restores.ts';
import type { Asker, LockView } from '../../src/lock/lock.ts';
import type { RestoreCheck, Restores } from '../../src/lock/upkeep.ts';
import type { Store } from '../../src/store/store.ts';
import { lockView } from '../bridge/web/fake-parts.ts';
import { credential, errorOf, freshFolder, open, record, seeded } from '../store/kit.ts';

const BY: Asker = { via: 'web', who: 'login:anna', role: 'owner' };
const ALWAYS = 2;

let folder: string;
let store: Store;
let here: LockView[];
let clock: VirtualClock;
let restarted: number;
let drawn: (bytes: number) => Uint8Array;
beforeEach(() => {
  folder = freshFolder();
  store = open({ folder });
  here = [];
  clock = new VirtualClock();
  restarted = 0;
  drawn = seeded();
});

function restores({ demo = false } = {}): Restores {
  const parts = { config: { data: folder }, clock, random: drawn };
  const restart = (): void => void (restarted += 1);
  return restoresOf({ store, parts, registry: { all: () => here } } as never, demo ? undefined : restart);
}

/** Of the store of `from`, as it is now. */
async function backup(from: Store): Promise<Buffer> {
  const path = join(folder, 'taken.db');
  await from.backup(path);
  return readFileSync(path);
}
/** In chunks, as it comes over the network. */
async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}
async function check(from = store): Promise<RestoreCheck> {
  return restores().check(chunks(await backup(from)), BY);
}
const saidOf = ({ differences }: RestoreCheck): readonly string[] => differences.slice(0, -ALWAYS);
const view = (id: string, name: string, more: Partial<LockView> = {}): LockView => lockView({ id, name, ...more });

test('a backup that knows the same locks changes none of them', async () => {
  const { id } = store.locks.add(record('front'));
  here = [view(id, 'front')];
  const found = await check();
  expect(saidOf(found)).toEqual([]);
  expect(found).toMatchObject({ ok: true, locks: ['front'], needs_recovery_code: false });
  expect(found.text).toBe('A whole backup with 1 lock, 0 codes and cards and 0 people.');
});

test('a lock that was removed since comes back, with its key or without', async () => {
  const front = store.locks.add(record('front'));
  store.vault.promote(store.vault.keep(front.id, credential('one'), 1).id);
  store.locks.add(record('back'));
  expect(saidOf(await check())).toEqual([
    '"back" comes back, without a key.',
    '"front" comes back, with the key of then; if it was wiped since, the lock refuses that.',
  ]);
});

test('a lock that was paired since would lose its key, and one that has none is only missing', async () => {
  here = [view('aa', 'new_door'), view('bb', 'box', { lifecycle: 'factory' })];
  expect(saidOf(await check())).toEqual([
    '"new_door" is not in the backup: its key would be gone from here, and the lock keeps what is on it.',
    '"box" is not in the backup.',
  ]);
});

test('a lock that was paired again since will refuse the key of then', async () => {
  const { id } = store.locks.add(record('front', { generation: 1 }));
  here = [view(id, 'front', { generation: 2 })];
  expect(saidOf(await check())).toEqual([
    '"front" was paired again since: the key in the backup is an old one, and the lock will refuse it.',
  ]);
});

test('a lock that was renamed gets its old name back', async () => {
  const { id, generation } = store.locks.add(record('front'));
  here = [view(id, 'street', { generation })];
  expect(saidOf(await check())).toEqual(['"street" is called "front" again.']);
});

test('the keys of another machine need the recovery code', async () => {
  const other = open({ folder: freshFolder(), random: seeded('another machine') });
  const front = other.locks.add(record('front'));
  other.vault.promote(other.vault.keep(front.id, credential('one'), 1).id);
  const found = await check(other);
  expect(found.needs_recovery_code).toBe(true);
  expect(found.differences.at(-1)).toContain('recovery code');
});

test('only what was looked at last is gone back to, once, after the answer', async () => {
  const of = restores();
  const first = await of.check(chunks(await backup(store)), BY);
  const { restore } = await of.check(chunks(await backup(store)), BY);
  expect(errorOf(() => of.restore(first.restore, BY)).code).toBe('not_found');
  of.restore(restore, BY);
  expect(restarted).toBe(0);
  await clock.advance(1000);
  expect(restarted).toBe(1);
  expect(errorOf(() => of.restore(restore, BY)).code).toBe('not_found');
  expect(store.audit.read({ most: 1 })).toMatchObject([{ what: 'restore', who: 'login:anna' }]);
});

test('a demo looks at a backup, and does not go back to it', async () => {
  const of = restores({ demo: true });
  const { restore } = await of.check(chunks(await backup(store)), BY);
  expect(errorOf(() => of.restore(restore, BY))).toMatchObject({ code: 'unsupported', reason: 'demo' });
  expect(existsSync(join(folder, 'restore.db'))).toBe(false);
});
