// The backup once more, on another disk: a dead memory card takes the one beside the keys along.
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../base/errors.ts';
import type { Config } from '../config.ts';
import { BACKUP } from '../store/copies.ts';
import { MATTER_BACKUP } from '../store/matter-copies.ts';
import type { Store } from '../store/store.ts';

/** Both copies, and of what `more` copies, too; rejects `disk` when one could not be made. Gives the path of the second where one is set up. */
export async function backUp(
  store: Pick<Store, 'backup'>,
  config: Config,
  more: () => Promise<void> = async () => undefined,
): Promise<string | undefined> {
  await store.backup();
  await more();
  return copySecond(config);
}

/** Beside and then over: a copy that was cut never replaces a whole one. Throws `disk`. */
export function copySecond({ data, backup: { second } }: Config): string | undefined {
  if (second === undefined) return undefined;
  const to = join(second, BACKUP);
  try {
    mkdirSync(second, { recursive: true, mode: 0o700 });
    for (const name of [BACKUP, MATTER_BACKUP].filter(each => existsSync(join(data, each)))) {
      copyFileSync(join(data, name), join(second, `${name}.new`));
      renameSync(join(second, `${name}.new`), join(second, name));
    }
    return to;
  } catch (cause) {
    throw new LockError('disk', `The second backup could not be written to ${second} (backup.second).`, { cause });
  }
}
