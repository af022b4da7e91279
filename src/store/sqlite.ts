// The only file that knows which SQLite we run on: the one inside Node where it can make backups (22.16 and later),
// else the drop-in with the same API.
import { createRequire } from 'node:module';

type Api = typeof import('node:sqlite');
export type Connection = InstanceType<Api['DatabaseSync']>;
export type Statement = ReturnType<Connection['prepare']>;
/** What may be bound to a `?`. */
export type Value = null | number | bigint | string | Uint8Array;

// Asked for at run time, so that neither bundlers nor test runners look for a module that Node 20 does not have.
const builtIn = process.getBuiltinModule('node:sqlite') as Partial<Api> | undefined;
const require = createRequire(import.meta.url);

export const { DatabaseSync, backup }: Pick<Api, 'DatabaseSync' | 'backup'> =
  builtIn?.backup === undefined ? (require('@photostructure/sqlite') as Api) : (builtIn as Api);
