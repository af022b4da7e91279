import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { systemClock } from '../../src/base/clock.ts';
import { inspectCopy } from '../../src/store/copies.ts';
import { DatabaseSync } from '../../src/store/sqlite.ts';
import { MIGRATIONS } from '../../src/store/schema.ts';
import { bytesIn, credential, errorOf, freshFolder, keyIn, modeOf, open, record, rejectionOf, seeded } from './kit.ts';

const LOCK = 'aabbccddeeff';

describe('a backup', () => {
  test('is a whole database of its own, for us alone, in one file', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.locks.add(record('door'));
    await store.backup();
    const copy = join(folder, 'backup.db');
    expect(modeOf(copy)).toBe(0o600);
    expect(inspectCopy(copy)).toMatchObject({ format: MIGRATIONS.length });
    expect([existsSync(`${copy}-wal`), existsSync(`${copy}.new`)]).toEqual([false, false]);
    const opened = new DatabaseSync(copy, { readOnly: true });
    expect(opened.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' });
    expect(opened.prepare('select name from locks').all()).toEqual([{ name: 'door' }]);
    opened.close();
  });

  test('taken while others write is what was true at some moment', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    const lock = store.locks.add(record('door'));
    const done: Promise<void>[] = [];
    for (let generation = 1; generation <= 60; generation++) {
      store.vault.promote(store.vault.keep(lock.id, credential(`k${generation}`), generation).id);
      if (generation % 10 === 0) done.push(store.backup(join(folder, `copy${generation}.db`)));
      await new Promise(resolve => setImmediate(resolve));
    }
    await Promise.all(done);
    await store.close();
    for (let generation = 10; generation <= 60; generation += 10) {
      const elsewhere = freshFolder();
      mkdirSync(elsewhere, { recursive: true });
      copyFileSync(join(folder, `copy${generation}.db`), join(elsewhere, 'backup.db'));
      copyFileSync(join(folder, 'vault.key'), join(elsewhere, 'vault.key'));
      const keys = open({ folder: elsewhere }).vault.of(lock.id);
      expect(keys.filter(key => key.status === 'live').length).toBe(1);
      expect(keys.map(keyIn)).toEqual(keys.map((_, i) => `k${keys.length - i}`));
      expect(keys.length).toBeGreaterThanOrEqual(generation);
    }
  });

  test('that cannot be written leaves the one before', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    await store.backup();
    const before = readFileSync(join(folder, 'backup.db'));
    // Where the new copy would be made there is a folder in the way.
    mkdirSync(join(folder, 'backup.db.new', 'x'), { recursive: true });
    expect(await rejectionOf(store.backup())).toMatchObject({ code: 'disk' });
    expect(readFileSync(join(folder, 'backup.db')).equals(before)).toBe(true);
  });

  test('goes over half a copy that a killed process left', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.locks.add(record('door'));
    for (const tail of ['', '-wal', '-journal'])
      writeFileSync(join(folder, `backup.db.new${tail}`), 'half '.repeat(2000));
    await store.backup();
    expect(inspectCopy(join(folder, 'backup.db'))).toBeDefined();
  });

  test('into a folder that is not there is a plain error', async () => {
    const store = open({ folder: freshFolder() });
    expect(await rejectionOf(store.backup('/nonexistent/place/backup.db'))).toMatchObject({ code: 'disk' });
  });

  test('without the key file is worth nothing to a thief, and opens with the recovery code', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.vault.promote(store.vault.keep(LOCK, credential('k1'), 1).id);
    const code = store.vault.recoveryCode().reveal();
    await store.backup();
    const elsewhere = freshFolder();
    mkdirSync(elsewhere, { recursive: true });
    copyFileSync(join(folder, 'backup.db'), join(elsewhere, 'backup.db'));
    const restored = open({ folder: elsewhere });
    expect(errorOf(() => restored.vault.of(LOCK)).reason).toBe('sealed');
    restored.vault.restoreKey(code);
    expect(keyIn(restored.vault.of(LOCK)[0])).toBe('k1');
  });
});

describe('a live folder copied while it is written', () => {
  test('starts from its backup wherever the live files were left out', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    const lock = store.locks.add(record('door'));
    const seen: number[] = [];
    for (let generation = 1; generation <= 30; generation++) {
      store.vault.promote(store.vault.keep(lock.id, credential(`k${generation}`), generation).id);
      const backup = store.backup();
      const elsewhere = freshFolder();
      mkdirSync(elsewhere, { recursive: true });
      if (existsSync(join(folder, 'backup.db'))) {
        writeFileSync(join(elsewhere, 'backup.db'), readFileSync(join(folder, 'backup.db')));
        writeFileSync(join(elsewhere, 'vault.key'), readFileSync(join(folder, 'vault.key')));
        const copy = open({ folder: elsewhere });
        seen.push(copy.vault.of(lock.id).length);
        await copy.close();
      }
      await backup;
    }
    expect(seen).toEqual(Array.from({ length: 29 }, (_, i) => i + 1));
  });
});

describe('secrets on the disk', () => {
  const canaries = ['c4n4ryAESkey00', 'c4n4ryAdminCode', '8675309421', 'c4n4ryMqttPassword'];

  function encodings(text: string): Buffer[] {
    const bytes = Buffer.from(text);
    const reversed = Buffer.from(bytes).reverse();
    const plain = [bytes, reversed, Buffer.from(text, 'utf16le')];
    const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64url')];
    return [...plain, ...texts.map(one => Buffer.from(one))];
  }

  test('stand nowhere in the clear, and neither does the master key outside its file', async () => {
    const folder = freshFolder();
    const store = open({ folder, clock: systemClock });
    const lock = store.locks.add(record('door'));
    const [aes, admin, pin, password] = canaries as [string, string, string, string];
    const { id } = store.vault.keep(lock.id, { family: 'ttlock', data: new Secret({ aes, admin }) }, 1);
    store.vault.replace(id, { family: 'ttlock', data: new Secret({ aes, admin, more: 'x' }) });
    const code = store.access.add({ lock: lock.id, kind: 'code', slot: 1, state: 'on_lock' });
    store.vault.setSecret(`pin:${code.id}`, new Secret(pin));
    store.vault.setSecret('mqtt', new Secret(password));
    store.vault.confirmRecoveryCode(store.vault.recoveryCode().reveal());
    await store.backup();
    const recovery = store.vault.recoveryCode().reveal();
    const key = readFileSync(join(folder, 'vault.key'));
    const all = bytesIn(folder);
    const leaks = [...canaries, ...recovery.split('-').slice(0, 1)].filter(canary =>
      encodings(canary).some(bytes => all.includes(bytes)),
    );
    expect(leaks).toEqual([]);
    expect(all.indexOf(key)).toBe(all.lastIndexOf(key));
    expect(all.includes(key.toString('hex'))).toBe(false);
  });

  test('the search would find one', () => {
    const folder = freshFolder();
    const store = open({ folder });
    store.settings.set('careless', canaries[0] as string);
    expect(bytesIn(folder).includes(canaries[0] as string)).toBe(true);
  });
});

describe('settings', () => {
  test('are kept as they were given', async () => {
    const folder = freshFolder();
    const store = open({ folder });
    const value = { a: [1, null, 'x'], b: { c: false } };
    store.settings.set('mqtt', value);
    await store.close();
    expect(open({ folder }).settings.get('mqtt')).toEqual(value);
  });

  test('that nobody chose are absent, and null is a choice', () => {
    const { settings } = open();
    settings.set('log', null);
    expect([settings.get('log'), settings.get('other')]).toEqual([null, undefined]);
  });

  test('can be taken back', () => {
    const { settings } = open();
    settings.set('a', 1);
    settings.set('b', 2);
    settings.remove('a');
    expect([...settings.all()]).toEqual([['b', 2]]);
  });
});

describe('people and credentials', () => {
  test('a person is made once and found by name and id', () => {
    const { access } = open();
    const anna = access.person('Anna');
    expect(access.person('Anna')).toEqual(anna);
    expect(access.person(anna.id)).toEqual(anna);
    expect(access.people()).toEqual([anna]);
  });

  test('a slot holds one credential, besides those that are leaving it', () => {
    const { access, locks } = open();
    const { id: lock } = locks.add(record('door'));
    const leaving = access.add({ lock, kind: 'code', slot: 1, state: 'removing' });
    const standing = access.add({ lock, kind: 'code', slot: 1, state: 'on_lock', until: 5 });
    expect(errorOf(() => access.add({ lock, kind: 'code', slot: 1, state: 'wanted' })).reason).toBe('taken');
    access.add({ lock, kind: 'card', slot: 1, state: 'on_lock' });
    expect(access.of(lock).map(entry => entry.id)).toMatchObject([expect.any(String), standing.id, leaving.id]);
  });

  test('a person who is removed leaves the code behind, nobody’s', () => {
    const { access, locks } = open();
    const { id: lock } = locks.add(record('door'));
    const anna = access.person('Anna');
    access.add({ lock, kind: 'code', slot: 1, state: 'on_lock', person: anna });
    expect(access.of(lock)[0]?.person).toEqual(anna);
    access.removePerson(anna.id);
    expect(access.of(lock)[0]?.person).toBeUndefined();
  });
});

test('the whole store is there again after closing and opening', async () => {
  const folder = freshFolder();
  const store = open({ folder, random: seeded('one') });
  const lock = store.locks.add(record('door'));
  store.vault.promote(store.vault.keep(lock.id, credential('k1'), 1).id);
  store.vault.setSecret('pin:x', new Secret('1234'));
  store.audit.write({ what: 'asked', via: 'cli', who: 'me' });
  const head = store.audit.head();
  await store.close();
  const again = open({ folder, random: seeded('two') });
  expect(again.locks.all()).toEqual([lock]);
  expect(keyIn(again.vault.of(lock.id)[0])).toBe('k1');
  expect(again.vault.secret('pin:x')?.reveal()).toBe('1234');
  expect(again.audit.check(head)).toMatchObject({ ok: true });
});
