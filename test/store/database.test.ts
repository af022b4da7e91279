import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../../src/store/database.ts';
import { prepareFolder } from '../../src/store/folder.ts';
import { silent } from '../../src/base/log.ts';
import { errorOf, freshFolder } from './kit.ts';

describe('the database', () => {
  let database: Database;
  beforeEach(() => {
    const folder = freshFolder();
    prepareFolder(folder, 'x.db', silent);
    database = new Database(join(folder, 'x.db'));
    database.exec('create table t (a text not null unique, b blob) strict');
  });
  afterEach(() => database.close());

  const add = (a: string, bytes = 1): number =>
    database.run('insert into t (a, b) values (?, ?)', a, new Uint8Array(bytes));
  const count = (): unknown => database.get('select count(*) as n from t')?.['n'];

  test('a transaction that throws leaves nothing', () => {
    const failed = (): void =>
      database.transaction(() => {
        add('one');
        throw new RangeError('no');
      });
    expect(failed).toThrow('no');
    expect(count()).toBe(0);
  });

  test('a transaction inside another one stands or falls with it', () => {
    const failed = (): void =>
      database.transaction(() => {
        database.transaction(() => add('inner'));
        throw new RangeError('no');
      });
    expect(failed).toThrow('no');
    expect(count()).toBe(0);
  });

  test('after a transaction that failed the next one works', () => {
    expect(errorOf(() => database.transaction(() => add(null as unknown as string))).code).toBe('invalid');
    database.transaction(() => add('one'));
    expect(count()).toBe(1);
  });

  test('something that is there already is an invalid request, not a broken disk', () => {
    add('one');
    expect(errorOf(() => add('one'))).toMatchObject({ code: 'invalid', reason: 'taken' });
  });

  test('what may be lost leaves the setting of everything else alone', () => {
    database.relaxed(() => add('one'));
    expect(database.get('pragma synchronous')).toEqual({ synchronous: 2 });
    expect(errorOf(() => database.relaxed(() => add('one'))).code).toBe('invalid');
    expect(database.get('pragma synchronous')).toEqual({ synchronous: 2 });
  });

  test('what may be lost still joins a transaction that is under way', () => {
    const failed = (): void =>
      database.transaction(() => {
        database.relaxed(() => add('one'));
        throw new RangeError('no');
      });
    expect(failed).toThrow('no');
    expect(count()).toBe(0);
  });

  describe('on a full disk', () => {
    beforeEach(() => {
      add('before');
      const pages = Number(database.get('pragma page_count')?.['page_count']);
      database.exec(`pragma max_page_count = ${pages + 4}`);
    });

    test('says so in words', () => {
      const error = errorOf(() => add('big', 100_000));
      expect(error).toMatchObject({ code: 'disk', reason: 'disk_full' });
      expect(error.message).toContain('Free some space');
    });

    test('keeps what was there', () => {
      errorOf(() => add('big', 100_000));
      expect(database.all('select a from t')).toEqual([{ a: 'before' }]);
    });

    test('saves nothing of a change whose first part failed, even if the caller goes on', () => {
      errorOf(() =>
        database.transaction(() => {
          try {
            add('big', 100_000);
          } catch {
            // As a careless caller would.
          }
          add('small');
          throw new RangeError('the rest was never asked for');
        }),
      );
      expect(count()).toBe(1);
    });

    test('goes on without a restart when there is space again', () => {
      errorOf(() => add('big', 100_000));
      database.exec('pragma max_page_count = 1000');
      add('big', 100_000);
      expect(count()).toBe(2);
    });
  });

  test('after closing, every call says that it is closed', () => {
    database.close();
    expect(errorOf(() => add('one')).code).toBe('stopped');
  });

  test('closing folds the log into the file', () => {
    add('one');
    const { path } = database;
    database.close();
    const again = new Database(path);
    expect(again.get('select a from t')).toEqual({ a: 'one' });
    again.close();
  });
});
