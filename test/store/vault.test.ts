import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DatabaseSync } from '../../src/store/sqlite.ts';
import { credential, errorOf, freshFolder, inMemory, keyIn, open, record, statuses } from './kit.ts';

const LOCK = 'aabbccddeeff';
const DAY = 24 * 3600_000;

describe('what is known of a key', () => {
  test('a new one is provisional, and gives back what it was', () => {
    const { vault } = open();
    const kept = vault.keep(LOCK, credential('k1'), 3);
    expect(vault.of(LOCK)).toMatchObject([{ id: kept.id, lock: LOCK, generation: 3, status: 'provisional' }]);
    expect(keyIn(vault.of(LOCK)[0])).toBe('k1');
  });

  test('a second new one retires the first', () => {
    const { vault } = open();
    vault.keep(LOCK, credential('k1'), 1);
    vault.keep(LOCK, credential('k2'), 2);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'provisional'],
      ['k1', 'retired'],
    ]);
  });

  test('a new one leaves the live one alone until it is promoted', () => {
    const { vault } = open();
    vault.promote(vault.keep(LOCK, credential('k1'), 1).id);
    const second = vault.keep(LOCK, credential('k2'), 2);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'provisional'],
      ['k1', 'live'],
    ]);
    vault.promote(second.id);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'live'],
      ['k1', 'retired'],
    ]);
  });

  test('one that was leaving is retired when another is promoted', () => {
    const { vault } = open();
    const first = vault.keep(LOCK, credential('k1'), 1);
    vault.promote(first.id);
    vault.mark(first.id, 'leaving');
    vault.promote(vault.keep(LOCK, credential('k2'), 2).id);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'live'],
      ['k1', 'retired'],
    ]);
  });

  test('an old one that the lock still takes can be promoted again', () => {
    const { vault } = open();
    const first = vault.keep(LOCK, credential('k1'), 1);
    vault.promote(first.id);
    const second = vault.keep(LOCK, credential('k2'), 2);
    vault.promote(second.id);
    vault.promote(first.id);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'retired'],
      ['k1', 'live'],
    ]);
  });

  test('marking one live is promoting it', () => {
    const { vault } = open();
    vault.promote(vault.keep(LOCK, credential('k1'), 1).id);
    vault.mark(vault.keep(LOCK, credential('k2'), 2).id, 'live');
    expect(statuses(vault.of(LOCK))).toEqual([
      ['k2', 'live'],
      ['k1', 'retired'],
    ]);
  });

  test('nothing becomes provisional again', () => {
    const { vault } = open();
    const { id } = vault.keep(LOCK, credential('k1'), 1);
    vault.promote(id);
    expect(errorOf(() => vault.mark(id, 'provisional')).code).toBe('invalid');
  });

  test('other locks are not touched', () => {
    const { vault } = open();
    vault.promote(vault.keep(LOCK, credential('k1'), 1).id);
    vault.promote(vault.keep('bbbbbbbbbbbb', credential('k2'), 1).id);
    expect(statuses(vault.of(LOCK))).toEqual([['k1', 'live']]);
  });

  test('other bytes for the same key keep its place and status', () => {
    const { vault } = open();
    const { id } = vault.keep(LOCK, credential('k1'), 1);
    vault.promote(id);
    vault.replace(id, credential('k1 with a header'));
    expect(statuses(vault.of(LOCK))).toEqual([['k1 with a header', 'live']]);
  });

  test('a key does not change its family', () => {
    const { vault } = open();
    const { id } = vault.keep(LOCK, credential('k1'), 1);
    expect(errorOf(() => vault.replace(id, credential('k2', 'nuki'))).code).toBe('invalid');
  });

  test.each(['promote', 'mark', 'replace'] as const)('%s of a key that is not there is an error', call => {
    const { vault } = open();
    const calls = {
      promote: () => vault.promote('nope'),
      mark: () => vault.mark('nope', 'dead'),
      replace: () => vault.replace('nope', credential('k')),
    };
    expect(errorOf(calls[call]).code).toBe('not_found');
  });

  test('a key outlives the record of its lock', () => {
    const { vault, locks } = open();
    const lock = locks.add(record('door'));
    vault.promote(vault.keep(lock.id, credential('k1'), 1).id);
    locks.remove(lock.id);
    expect(statuses(vault.of(lock.id))).toEqual([['k1', 'live']]);
  });
});

describe('keys that a lock has forgotten', () => {
  test('are kept for 30 days and then shredded, with a line in the audit', () => {
    const clock = new VirtualClock();
    const { vault, audit } = open({ clock });
    vault.mark(vault.keep(LOCK, credential('k1'), 1).id, 'dead');
    expect(vault.tidy(clock.now() + 30 * DAY - 1)).toBe(0);
    expect(vault.tidy(clock.now() + 30 * DAY)).toBe(1);
    expect(vault.of(LOCK)).toEqual([]);
    expect(audit.read({ most: 1 })).toMatchObject([{ what: 'key_shredded', lock: LOCK }]);
  });

  test.each(['provisional', 'live', 'leaving', 'retired'] as const)('a %s one is kept for ever', status => {
    const clock = new VirtualClock();
    const { vault } = open({ clock });
    const { id } = vault.keep(LOCK, credential('k1'), 1);
    if (status !== 'provisional') vault.mark(id, status);
    vault.tidy(clock.now() + 10_000 * DAY);
    expect(statuses(vault.of(LOCK))).toEqual([['k1', status]]);
  });

  test('leave none of their sealed bytes in the files', async () => {
    const folder = freshFolder();
    const clock = new VirtualClock();
    const store = open({ folder, clock });
    const { id } = store.vault.keep(LOCK, credential('k1'), 1);
    await store.backup(join(folder, 'before.db'));
    const before = new DatabaseSync(join(folder, 'before.db'));
    const row = before.prepare('select wrapped from keys').get() as { wrapped: Uint8Array };
    const wrapped = Buffer.from(row.wrapped);
    before.close();
    store.vault.mark(id, 'dead');
    store.vault.tidy(clock.now() + 31 * DAY);
    expect(readFileSync(join(folder, 'before.db')).includes(wrapped)).toBe(true);
    expect(readFileSync(join(folder, 'latchbridge.db')).includes(wrapped)).toBe(false);
    expect(readFileSync(join(folder, 'latchbridge.db-wal')).includes(wrapped)).toBe(false);
  });
});

describe('rows changed behind our back', () => {
  test('sealed bytes moved to the key of another lock are refused', () => {
    const { vault, database } = inMemory();
    const a = vault.keep('aaaaaaaaaaaa', credential('key a'), 1);
    const b = vault.keep('bbbbbbbbbbbb', credential('key b'), 1);
    vault.promote(b.id);
    database.run(
      `update keys set (wrapped, sealed) = (select wrapped, sealed from keys where id = ?) where id = ?`,
      a.id,
      b.id,
    );
    expect(errorOf(() => vault.of('bbbbbbbbbbbb'))).toMatchObject({ code: 'disk', reason: 'damaged_row' });
  });

  test.each([
    ['lock', 'cccccccccccc'],
    ['family', 'nuki'],
    ['generation', '2'],
    ['id', 'other'],
  ])('a key with another %s is refused', (column, value) => {
    const { vault, database } = inMemory();
    vault.keep(LOCK, credential('k'), 1);
    database.run(`update keys set ${column} = ?`, value);
    expect(errorOf(() => vault.of(column === 'lock' ? value : LOCK)).reason).toBe('damaged_row');
  });

  test('a damaged old key does not keep the live one from working', () => {
    const { vault, database } = inMemory();
    vault.keep(LOCK, credential('old'), 1);
    vault.promote(vault.keep(LOCK, credential('new'), 2).id);
    database.run(`update keys set sealed = x'01' where status = 'retired'`);
    expect(statuses(vault.of(LOCK))).toEqual([['new', 'live']]);
  });

  test('a damaged live key is never passed over for an old one', () => {
    const { vault, database } = inMemory();
    vault.keep(LOCK, credential('old'), 1);
    vault.promote(vault.keep(LOCK, credential('new'), 2).id);
    database.run(`update keys set sealed = x'01' where status = 'live'`);
    expect(errorOf(() => vault.of(LOCK)).code).toBe('disk');
  });

  test('a wrong note about its master key does not keep a live key from working', () => {
    const { vault, database } = inMemory();
    vault.promote(vault.keep(LOCK, credential('k'), 1).id);
    database.run(`update keys set master = 'x'`);
    expect(statuses(vault.of(LOCK))).toEqual([['k', 'live']]);
  });

  test('the PIN of one credential is not taken for that of another', () => {
    const { vault, database } = inMemory();
    vault.setSecret('pin:a', new Secret('1111'));
    database.run(`update secrets set name = 'pin:b'`);
    expect(errorOf(() => vault.secret('pin:b')).reason).toBe('damaged_row');
  });
});

describe('small secrets', () => {
  test('are kept, replaced and removed by name', () => {
    const { vault } = open();
    vault.setSecret('mqtt', new Secret('one'));
    vault.setSecret('mqtt', new Secret('two'));
    expect(vault.secret('mqtt')?.reveal()).toBe('two');
    expect(vault.hasSecret('mqtt')).toBe(true);
    vault.removeSecret('mqtt');
    expect(vault.secret('mqtt')).toBeUndefined();
    expect(vault.hasSecret('mqtt')).toBe(false);
  });
});
