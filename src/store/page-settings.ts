// What was set on the page: read before the store is open, since the settings say what is opened; written through the store.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../lock/driver.ts';
import { BACKUP, LIVE } from './copies.ts';
import { present } from './folder.ts';
import { WANTED } from './restore.ts';
import { type Row, json, text } from './rows.ts';
import { type Connection, DatabaseSync } from './sqlite.ts';

/** Of the names under which they are kept, among the settings and among the secrets. */
const PREFIX = 'page.';

export interface KeptPage {
  values: ReadonlyMap<string, Json>;
  /** Keys whose value cannot be read. */
  damaged: readonly string[];
  /** Keys whose value is in the vault. */
  sealed: readonly string[];
}

export const pageName = (key: string): string => `${PREFIX}${key}`;

/**
 * From the database that the next start goes on from. Nothing where there is none, or where it cannot be read: opening the
 * store says then what is wrong and what to do.
 */
export function readPageSettings(folder: string): KeptPage {
  const nothing = { values: new Map<string, Json>(), damaged: [], sealed: [] };
  const file = [WANTED, LIVE, BACKUP].map(name => join(folder, name)).find(present);
  if (file === undefined) return nothing;
  let database: Connection | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    return readFrom(database);
  } catch {
    return nothing;
  } finally {
    database?.close();
    // A copy has no changes beside it; the live one's are its own.
    if (!file.endsWith(LIVE)) for (const tail of ['-wal', '-shm']) rmSync(file + tail, { force: true });
  }
}

function readFrom(database: Connection): KeptPage {
  const rows = (sql: string): Row[] => database.prepare(sql).all(`${PREFIX}*`) as Row[];
  const values = new Map<string, Json>();
  const damaged: string[] = [];
  for (const row of rows('select name, value from settings where name glob ? order by name')) {
    const key = keyOf(row);
    try {
      values.set(
        key,
        json<Json>(row, 'value', () => true),
      );
    } catch {
      damaged.push(key);
    }
  }
  return { values, damaged, sealed: rows('select name from secrets where name glob ?').map(keyOf) };
}

const keyOf = (row: Row): string => text(row, 'name').slice(PREFIX.length);
