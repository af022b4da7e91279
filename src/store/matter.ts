// What the Matter library keeps, in a database of its own: fabrics are none of the locks' business, and go with one file.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MatterStore } from '../lock/matter-port.ts';
import { Database } from './database.ts';
import { text } from './rows.ts';

export interface MatterDatabase extends MatterStore {
  /** A whole copy while it is in use; `path` must not exist or be a copy. */
  backupTo(path: string): Promise<void>;
  close(): void;
}

/** `folder` is made if need be; without one everything is in memory. Throws LockError `disk`. */
export function openMatterStore(folder?: string): MatterDatabase {
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new Database(folder === undefined ? ':memory:' : join(folder, 'matter.db'));
  database.exec(`create table if not exists kept (
    place text not null, key text not null, value text not null, primary key (place, key)) without rowid, strict`);
  // A dot sorts before every character that a place may go on with, and `/` comes right after it.
  const at = 'place = ? or (place > ? and place < ?)';
  const range = (place: string): [string, string, string] => [place, `${place}.`, `${place}/`];
  return {
    get(place, key) {
      const row = database.get('select value from kept where place = ? and key = ?', place, key);
      return row && text(row, 'value');
    },
    set(place, values) {
      database.transaction(() => {
        for (const [key, value] of Object.entries(values)) {
          database.run('insert or replace into kept (place, key, value) values (?, ?, ?)', place, key, value);
        }
      });
    },
    remove: (place, key) => void database.run('delete from kept where place = ? and key = ?', place, key),
    keys: place =>
      database.all('select key from kept where place = ? order by key', place).map(row => text(row, 'key')),
    places(below) {
      const rows =
        below === ''
          ? database.all('select distinct place from kept order by place')
          : database.all(`select distinct place from kept where ${at} order by place`, ...range(below));
      return rows.map(row => text(row, 'place'));
    },
    clear(place) {
      if (place === '') database.run('delete from kept');
      else database.run(`delete from kept where ${at}`, ...range(place));
    },
    together: work => database.transaction(work),
    backupTo: path => database.backupTo(path),
    close: () => database.close(),
  };
}
