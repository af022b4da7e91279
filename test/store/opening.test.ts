import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silent } from '../../src/base/log.ts';
import { type Opened, openDatabase } from '../../src/store/opening.ts';
import { APPLICATION_ID, MIGRATIONS, type Migration } from '../../src/store/schema.ts';
import { DatabaseSync } from '../../src/store/sqlite.ts';
import { type Child, buildChild, credential, errorOf, freshFolder, keyIn, modeOf, open, record, start } from './kit.ts';

const LIVE = 'latchbridge.db';
const TAILS = ['', '-wal', '-shm'];

const opened: Opened[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
function openRaw(folder: string, migrations?: readonly Migration[]): Opened {
  const one = openDatabase(folder, silent, migrations ? { migrations } : {});
  opened.push(one);
  return one;
}

describe('the data folder', () => {
  test('is made for us alone, and so is every file in it', () => {
    const folder = freshFolder();
    open({ folder });
    expect(modeOf(folder)).toBe(0o700);
    for (const name of readdirSync(folder)) expect([name, modeOf(join(folder, name))]).toEqual([name, 0o600]);
  });

  test('is closed to others when it was empty and open', () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    open({ folder });
    expect(modeOf(folder)).toBe(0o700);
  });

  test('keeps its rights when somebody has other files in it', () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'holiday.jpg'), 'x');
    chmodSync(folder, 0o755);
    open({ folder });
    expect(modeOf(folder)).toBe(0o755);
  });

  test('keeps its rights when it is one that everybody shares', () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o1777);
    open({ folder });
    expect(modeOf(folder)).toBe(0o777);
  });

  test('that cannot be made is a plain error', () => {
    const folder = freshFolder();
    writeFileSync(join(folder, '..', 'file'), 'x');
    expect(errorOf(() => open({ folder: join(folder, '..', 'file', 'data') }))).toMatchObject({ code: 'disk' });
  });
});

describe('two at once', () => {
  let script: string;
  beforeAll(async () => {
    script = await buildChild('holder.child');
  });

  test('a second process is told that the first one has the folder', async () => {
    const folder = freshFolder();
    const first = start(process.execPath, [script, folder]);
    expect(await first.line()).toBe('open');
    const second: Child = start(process.execPath, [script, folder]);
    const said = await second.line();
    first.process.kill('SIGKILL');
    await Promise.all([first.ended, second.ended]);
    expect(said).toBe('busy folder_in_use');
  });

  test('the folder is free as soon as the first process is dead', async () => {
    const folder = freshFolder();
    const first = start(process.execPath, [script, folder]);
    await first.line();
    first.process.kill('SIGKILL');
    await first.ended;
    expect(() => open({ folder })).not.toThrow();
  });

  test('a second one in the same process is refused, and the first goes on', () => {
    const folder = freshFolder();
    const first = open({ folder });
    expect(errorOf(() => open({ folder })).message).toContain('Another Latchbridge');
    expect(() => first.locks.add(record('door'))).not.toThrow();
  });

  test('after closing it opens again', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    expect(() => open({ folder })).not.toThrow();
  });
});

describe('a damaged database', () => {
  async function damagedFolder(withBackup: boolean): Promise<string> {
    const folder = freshFolder();
    const store = open({ folder });
    for (let i = 0; i < 40; i++) store.locks.add(record(`door_${i}`));
    if (withBackup) await store.backup();
    await store.close();
    const bytes = readFileSync(join(folder, LIVE));
    bytes.fill(0x5a, 4096 * 2, 4096 * 9);
    writeFileSync(join(folder, LIVE), bytes);
    return folder;
  }

  test('is refused, with the newest backup and what to do', async () => {
    const folder = await damagedFolder(true);
    const error = errorOf(() => open({ folder }));
    expect(error).toMatchObject({ code: 'disk', reason: 'disk_damaged' });
    expect(error.message).toContain(join(folder, 'backup.db'));
    expect(error.message).toContain(`${LIVE}-wal`);
  });

  test('is left exactly as it was found', async () => {
    const folder = await damagedFolder(true);
    const before = readFileSync(join(folder, LIVE));
    errorOf(() => open({ folder }));
    expect(readFileSync(join(folder, LIVE)).equals(before)).toBe(true);
  });

  test('without a backup says so', async () => {
    const folder = await damagedFolder(false);
    expect(errorOf(() => open({ folder })).message).toContain('There is no good backup');
  });

  test('does not name a backup that is damaged too', async () => {
    const folder = await damagedFolder(true);
    copyFileSync(join(folder, LIVE), join(folder, 'backup.db'));
    expect(errorOf(() => open({ folder })).message).toContain('There is no good backup');
  });

  test('can be left for the backup by doing what the text says', async () => {
    const folder = await damagedFolder(true);
    errorOf(() => open({ folder }));
    for (const tail of TAILS) rmSync(join(folder, LIVE + tail), { force: true });
    const store = open({ folder });
    expect(store.locks.all()).toHaveLength(40);
    expect(store.restoredFrom).toBe(join(folder, 'backup.db'));
  });

  test('whose first page is rubbish is refused too', () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, LIVE), 'This was a database once. '.repeat(400));
    expect(errorOf(() => open({ folder })).reason).toBe('disk_damaged');
  });
});

describe('a lost database', () => {
  test('is taken from the backup, as after a restored system backup', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    const lock = store.locks.add(record('door'));
    store.vault.keep(lock.id, credential('k'), 1);
    await store.backup();
    await store.close();
    for (const tail of TAILS) rmSync(join(folder, LIVE + tail), { force: true });
    const again = open({ folder });
    expect(again.locks.all().map(one => one.name)).toEqual(['door']);
    expect(keyIn(again.vault.of(lock.id)[0])).toBe('k');
    expect(again.audit.read({ most: 1 })[0]?.what).toBe('restored');
  });

  test('never takes the write-ahead log of the lost one into the restored one', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.locks.add(record('old'));
    await store.backup();
    store.locks.add(record('newer'));
    // As after a power cut: the log is not folded in.
    for (const tail of TAILS) copyFileSync(join(folder, LIVE + tail), join(folder, `kept${tail}`));
    await store.close();
    for (const tail of ['-wal', '-shm']) copyFileSync(join(folder, `kept${tail}`), join(folder, LIVE + tail));
    rmSync(join(folder, LIVE));
    expect(
      open({ folder })
        .locks.all()
        .map(one => one.name),
    ).toEqual(['old']);
  });

  test('is not made anew while its key is there', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    for (const tail of TAILS) rmSync(join(folder, LIVE + tail), { force: true });
    expect(errorOf(() => open({ folder }))).toMatchObject({ code: 'disk', reason: 'disk_lost' });
    expect(existsSync(join(folder, LIVE))).toBe(false);
  });

  test('that was never finished is begun again', () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, LIVE), '');
    expect(() => open({ folder })).not.toThrow();
  });
});

describe('formats', () => {
  const today = MIGRATIONS.length;
  const next: Migration = { version: today + 1, sql: `alter table units add column floor text` };
  const bad: Migration = {
    version: today + 2,
    sql: `create table half (a text) strict; insert into nowhere values (1)`,
  };

  test('a change to a newer one keeps what was there', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.locks.add(record('door'));
    await store.close();
    const { database } = openRaw(folder, [...MIGRATIONS, next]);
    expect(database.all('select name, floor from units')).toEqual([{ name: 'unit of door', floor: null }]);
  });

  test('a change is preceded by a copy that the older program can read', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    openRaw(folder, [...MIGRATIONS, next]).close();
    const copy = new DatabaseSync(join(folder, `latchbridge.v${today}.db`), { readOnly: true });
    expect(Object.values(copy.prepare('pragma user_version').get() ?? {})).toEqual([today]);
    copy.close();
    expect(modeOf(join(folder, `latchbridge.v${today}.db`))).toBe(0o600);
  });

  test('a new database needs no copy', () => {
    const folder = freshFolder();
    open({ folder });
    expect(readdirSync(folder).filter(name => name.startsWith('latchbridge.v'))).toEqual([]);
  });

  test('the copies of the last three are kept', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    const all: Migration[] = [...MIGRATIONS];
    for (let version = today + 1; version <= today + 5; version++) {
      all.push({ version, sql: `create table t${version} (a text) strict` });
      openRaw(folder, all).close();
    }
    const copies = readdirSync(folder).filter(name => name.startsWith('latchbridge.v'));
    expect(copies.toSorted()).toEqual([2, 3, 4].map(later => `latchbridge.v${today + later}.db`));
  });

  test('a change that fails leaves the database at the format before it', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    errorOf(() => openRaw(folder, [...MIGRATIONS, next, bad]));
    const { database } = openRaw(folder, [...MIGRATIONS, next]);
    expect(database.get('pragma user_version')).toEqual({ user_version: today + 1 });
    expect(database.get(`select 1 from sqlite_schema where name = 'half'`)).toBeUndefined();
  });

  test('a newer one than the program knows is refused, naming the copy that it can read', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    openRaw(folder, [...MIGRATIONS, next]).close();
    const error = errorOf(() => open({ folder }));
    expect(error).toMatchObject({ code: 'disk', reason: 'disk_newer' });
    expect(error.message).toContain(join(folder, `latchbridge.v${today}.db`));
  });

  test("somebody else's database is not touched", () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const foreign = new DatabaseSync(join(folder, LIVE));
    foreign.exec('create table diary (day text)');
    foreign.close();
    expect(errorOf(() => open({ folder })).reason).toBe('disk_foreign');
  });

  test('our files carry our mark', () => {
    const folder = freshFolder();
    expect(openRaw(folder).database.get('pragma application_id')).toEqual({ application_id: APPLICATION_ID });
  });
});

test('the database syncs every transaction and keeps a write-ahead log', () => {
  const { database } = openRaw(freshFolder());
  expect(database.get('pragma journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(database.get('pragma synchronous')).toEqual({ synchronous: 2 });
  expect(database.get('pragma foreign_keys')).toEqual({ foreign_keys: 1 });
});
