// What is changed on the page or over MQTT and wins over the configuration file: a name and a JSON value.
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Json } from '../lock/driver.ts';
import type { Database } from './database.ts';
import { type Row, json, text } from './rows.ts';

export interface KeptSettings {
  /** Undefined where nobody chose anything; a damaged value is logged and counts as not chosen. */
  get(name: string): Json | undefined;
  set(name: string, value: Json): void;
  remove(name: string): void;
  /** All of them or none; undefined removes. */
  change(values: ReadonlyMap<string, Json | undefined>): void;
  all(): ReadonlyMap<string, Json>;
}

export function makeSettings(database: Database, clock: Clock, log: Log): KeptSettings {
  const read = (row: Row): Json | undefined => {
    try {
      return json<Json>(row, 'value', () => true);
    } catch (thrown) {
      log.error({ err: thrown, setting: row['name'] }, 'a stored setting is damaged; the configuration file counts');
      return undefined;
    }
  };
  const set = (name: string, value: Json): void => {
    const sql = 'insert or replace into settings (name, value, changed_at) values (?, ?, ?)';
    database.run(sql, name, JSON.stringify(value), Math.round(clock.now()));
  };
  const remove = (name: string): void => void database.run('delete from settings where name = ?', name);
  return {
    get(name) {
      const row = database.get('select name, value from settings where name = ?', name);
      return row && read(row);
    },
    set,
    remove,
    change(values) {
      database.transaction(() => {
        for (const [name, value] of values) {
          if (value === undefined) remove(name);
          else set(name, value);
        }
      });
    },
    all() {
      const kept = new Map<string, Json>();
      for (const row of database.all('select name, value from settings order by name')) {
        const value = read(row);
        if (value !== undefined) kept.set(text(row, 'name'), value);
      }
      return kept;
    },
  };
}
