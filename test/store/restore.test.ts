// Going back to a backup: what the file says, what is refused, and that nothing is lost on the way.
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { OFFERED, readBackup, restoreWhenWanted, wantRestore } from '../../src/store/restore.ts';
import { DatabaseSync } from '../../src/store/sqlite.ts';
import { closeAll, credential, errorOf, freshFolder, open, record } from './kit.ts';

/** A folder whose backup knows `front`, and whose live database has `back` besides. */
async function lived(): Promise<{ folder: string; file: string }> {
  const folder = freshFolder();
  const store = open({ folder });
  const front = store.locks.add(record('front'));
  store.vault.promote(store.vault.keep(front.id, credential('one'), 1).id);
  store.audit.write({ what: 'test', via: 'cli', who: 'cli' });
  const file = join(folder, OFFERED);
  await store.backup(file);
  store.locks.add(record('back'));
  return { folder, file };
}
const names = (folder: string): string[] =>
  open({ folder })
    .locks.all()
    .map(({ name }) => name);

test('a backup says which locks it knows, with how many keys, and nothing secret', async () => {
  const { file } = await lived();
  const facts = readBackup(file);
  expect(facts).toMatchObject({ locks: [{ name: 'front', generation: 1, hasKey: true }], openFlows: [] });
  expect(facts.master).toMatch(/^[0-9a-f]{32}$/);
});

test('a damaged file, a foreign one and none at all are refused with one text', () => {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  const damaged = join(folder, 'damaged.db');
  writeFileSync(damaged, 'SQLite format 3\0 and then nothing');
  const foreign = join(folder, 'foreign.db');
  const other = new DatabaseSync(foreign);
  other.exec('create table songs (name text)');
  other.close();
  for (const path of [damaged, foreign, join(folder, 'missing.db')]) {
    expect(errorOf(() => readBackup(path))).toMatchObject({ code: 'invalid', reason: 'not_a_backup' });
  }
});

test('a backup of a newer program is refused', async () => {
  const { file } = await lived();
  const newer = new DatabaseSync(file);
  newer.exec('pragma user_version = 999');
  newer.close();
  expect(errorOf(() => readBackup(file))).toMatchObject({ code: 'invalid', reason: 'newer' });
});

test('looking changes nothing', async () => {
  const { folder, file } = await lived();
  readBackup(file);
  await closeAll();
  expect(names(folder)).toEqual(['front', 'back']);
});

test('the next start goes on from a wanted backup, and what was before is kept whole', async () => {
  const { folder } = await lived();
  wantRestore(folder);
  await closeAll();
  expect(names(folder)).toEqual(['front']);
  await closeAll();
  const before = freshFolder();
  mkdirSync(before, { recursive: true });
  copyFileSync(join(folder, 'latchbridge.before-restore.db'), join(before, 'latchbridge.db'));
  copyFileSync(join(folder, 'vault.before-restore.key'), join(before, 'vault.key'));
  expect(names(before)).toEqual(['front', 'back']);
});

test('nobody is logged in after it who was then: a lost phone may have been logged out since', async () => {
  const folder = freshFolder();
  const store = open({ folder });
  const session = {
    id: 's1',
    hash: 'h1',
    role: 'technician',
    device: 'phone',
    madeAt: 1,
    seenAt: 1,
    endsAt: 9e15,
  } as const;
  store.logins.addSession(session);
  store.logins.addLink({ hash: 'h2', purpose: 'flow', role: 'technician', until: 9e15 });
  await store.backup(join(folder, OFFERED));
  store.logins.removeSession('s1');
  store.logins.removeLink('h2');
  wantRestore(folder);
  await closeAll();
  const { logins } = open({ folder });
  expect([logins.sessions(), logins.link('h2')]).toEqual([[], undefined]);
});

test('a start that was killed between the two moves goes on where it was', async () => {
  const { folder } = await lived();
  wantRestore(folder);
  await closeAll();
  renameSync(join(folder, 'latchbridge.db'), join(folder, 'latchbridge.before-restore.db'));
  expect(restoreWhenWanted(folder, silent)).toBe(true);
  expect(names(folder)).toEqual(['front']);
  expect(existsSync(join(folder, 'latchbridge.before-restore.db'))).toBe(true);
});

test('a file that nobody said yes to is gone at the next start, and restores nothing', async () => {
  const { folder, file } = await lived();
  await closeAll();
  expect(names(folder)).toEqual(['front', 'back']);
  expect(existsSync(file)).toBe(false);
});

test('a yes without a file is refused', () => {
  const folder = freshFolder();
  mkdirSync(folder, { recursive: true });
  expect(errorOf(() => wantRestore(folder))).toMatchObject({ code: 'not_found' });
});

const whats = (folder: string): string[] =>
  open({ folder })
    .audit.read({ most: 9 })
    .map(({ what }) => what);

test('the audit of what was gone back to says so, once', async () => {
  const { folder } = await lived();
  wantRestore(folder);
  await closeAll();
  expect(whats(folder)).toEqual(['restored', 'test']);
  await closeAll();
  expect(whats(folder)).toEqual(['restored', 'test']);
});

test('a start that was killed after the moves still says it', async () => {
  const { folder } = await lived();
  wantRestore(folder);
  await closeAll();
  restoreWhenWanted(folder, silent);
  expect(whats(folder)).toEqual(['restored', 'test']);
});
