import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import type { LockRecord } from '../../src/lock/ports.ts';
import { openInMemory } from '../../src/store/opening.ts';
import { makeLockShelf } from '../../src/store/locks.ts';
import { silent } from '../../src/base/log.ts';
import { errorOf, open, record, seeded } from './kit.ts';

describe('the shelf of locks', () => {
  test('gives back what was put on it, every field', () => {
    const { locks } = open();
    const full: Omit<LockRecord, 'endpoint'> = record('door', {
      settings: { session: 'held', exposed: ['mqtt'] },
      facts: { model: 'S502', raw: { feature: '77' } },
      abilities: {
        kind: 'lever',
        verbs: ['lock', 'unlock'],
        battery: true,
        door: false,
        pushes: false,
        clock: true,
        log: true,
        codes: { kinds: ['permanent'], minDigits: 4, maxDigits: 9, capacity: 50, readable: true },
        settings: [{ name: 'auto_lock', label: 'Lock by itself', kind: 'number', min: 0, max: 60, unit: 's' }],
        orientation: 'none',
        holdEveryMs: 2000,
      },
      lastState: { bolt: 'locked', reachable: true, trust: 'told', at: 5, battery: 80 },
      stats: {
        open: false,
        since: 1,
        opens: 2,
        losses: 3,
        lossReasons: { timeout: 3 },
        connectedMs: 4,
        roundTrips: 5,
      },
      logCursor: 17,
    });
    const kept = locks.add(full);
    expect(locks.all()).toEqual([{ ...full, endpoint: 2 }]);
    expect(kept.endpoint).toBe(2);
  });

  test('leaves absent fields absent', () => {
    const { locks } = open();
    locks.add(record('door'));
    expect(Object.keys(locks.all()[0] as object)).not.toContain('abilities');
  });

  test('gives endpoint numbers from 2 on and never one twice, not even after a removal', () => {
    const { locks } = open();
    const given = ['a', 'b', 'c'].map(name => locks.add(record(name)).endpoint);
    locks.remove(record('c').id);
    expect([...given, locks.add(record('d')).endpoint]).toEqual([2, 3, 4, 5]);
  });

  test('gives the number of a pairing that came to nothing again, since nobody was told of it', () => {
    const { locks } = open();
    locks.add(record('a'));
    const begun = { ...record('b'), lifecycle: 'provisioning', generation: 0 } as const;
    const first = locks.add(begun);
    locks.remove(first.id);
    expect([first.endpoint, locks.add(begun).endpoint]).toEqual([3, 3]);
    // Not when it was shown, nor when another one was given meanwhile.
    locks.add(record('c'));
    locks.remove(begun.id);
    expect(locks.add({ ...begun, lifecycle: 'limbo' }).endpoint).toBe(5);
    locks.remove(begun.id);
    expect(locks.add(begun).endpoint).toBe(6);
  });

  test('spends no endpoint number on a lock that it refused', () => {
    const { locks } = open();
    locks.add(record('a'));
    errorOf(() => locks.add({ ...record('a'), id: 'ffffffffffff' }));
    expect(locks.add(record('b')).endpoint).toBe(3);
  });

  test.each([
    ['name', { ...record('a'), id: 'ffffffffffff' }, 'name_taken'],
    ['id', { ...record('b'), id: record('a').id }, 'id_taken'],
  ])('refuses a %s that is taken', (_what, second, reason) => {
    const { locks } = open();
    locks.add(record('a'));
    expect(errorOf(() => locks.add(second))).toMatchObject({ code: 'invalid', reason });
  });

  test('refuses to rename one lock to the name of another', () => {
    const { locks } = open();
    locks.add(record('a'));
    const b = locks.add(record('b'));
    expect(errorOf(() => locks.save({ ...b, name: 'a' })).reason).toBe('name_taken');
  });

  test('saves a lock under another name', () => {
    const { locks } = open();
    const a = locks.add(record('a'));
    locks.save({ ...a, name: 'z' });
    expect(locks.all().map(lock => [lock.id, lock.name])).toEqual([[a.id, 'z']]);
  });

  test('notes a state without a sync, and it is there', () => {
    const { locks } = open();
    const a = locks.add(record('a'));
    locks.note({ ...a, lastState: { bolt: 'unlocked', reachable: false, trust: 'told', at: 9 } });
    expect(locks.all()[0]?.lastState?.bolt).toBe('unlocked');
  });

  test('says that a lock is gone when it is saved after its removal', () => {
    const { locks } = open();
    const a = locks.add(record('a'));
    locks.remove(a.id);
    expect(errorOf(() => locks.save(a)).code).toBe('not_found');
  });

  test('makes a unit once and finds it again', () => {
    const { locks } = open();
    const unit = locks.unit('flat 3');
    locks.add(record('a', { unit }));
    expect(locks.unit('flat 3')).toEqual(unit);
    expect(locks.units()).toEqual([unit]);
  });

  test('drops a unit with its last lock', () => {
    const { locks } = open();
    const unit = locks.unit('flat 3');
    const a = locks.add(record('a', { unit }));
    const b = locks.add(record('b', { unit }));
    locks.remove(a.id);
    expect(locks.units()).toEqual([unit]);
    locks.save({ ...b, unit: locks.unit('flat 4') });
    expect(locks.units().map(one => one.name)).toEqual(['flat 4']);
  });

  test('takes the codes and PINs of a lock with it', () => {
    const { locks, access, vault } = open();
    const a = locks.add(record('a'));
    const code = access.add({ lock: a.id, kind: 'code', slot: 1, state: 'on_lock' });
    vault.setSecret(`pin:${code.id}`, new Secret('1234'));
    locks.remove(a.id);
    expect(access.of(a.id)).toEqual([]);
    expect(vault.secret(`pin:${code.id}`)).toBeUndefined();
  });
});

describe('a damaged row', () => {
  test.each([
    ['lifecycle', 'happy'],
    ['address_type', 'secret'],
    ['settings', '{"session":"always"}'],
    ['facts', '{"model":'],
    ['abilities', '[]'],
    ['last_state', '{"bolt":"sideways","reachable":true,"trust":"told","at":1}'],
    ['last_state', '{"bolt":"locked","reachable":true,"trust":"hoped","at":1}'],
    ['stats', '{"open":1}'],
  ])('in %s hides that lock alone, and says which', (column, value) => {
    const { database } = openInMemory();
    const shelf = makeLockShelf(database, seeded(), silent);
    const bad = shelf.add(record('bad'));
    shelf.add(record('good'));
    database.run(`update locks set ${column} = ? where id = ?`, value, bad.id);
    expect(shelf.all().map(lock => lock.name)).toEqual(['good']);
    expect(shelf.damaged()).toMatchObject([{ id: bad.id, name: 'bad' }]);
    expect(shelf.damaged()[0]?.text).toContain(`"${column}"`);
  });

  test('stays as it is on the disk', () => {
    const { database } = openInMemory();
    const shelf = makeLockShelf(database, seeded(), silent);
    const bad = shelf.add(record('bad'));
    database.run(`update locks set facts = 'x' where id = ?`, bad.id);
    shelf.all();
    expect(database.get('select facts from locks')).toEqual({ facts: 'x' });
  });
});
