// Everything that is kept, opened and closed as one.
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { type AccessShelf, makeAccessShelf } from './access.ts';
import { type AuditLog, makeAudit } from './audit.ts';
import { backupDatabase } from './backup.ts';
import type { FlowShelf } from '../flow/journal.ts';
import type { LoginShelf } from '../lock/logins.ts';
import { BACKUP } from './copies.ts';
import { makeFlowShelf } from './flows.ts';
import { makeLoginShelf } from './logins.ts';
import { type KeptLocks, makeLockShelf } from './locks.ts';
import { keyFile, keyInMemory } from './key-file.ts';
import { openDatabase, openInMemory } from './opening.ts';
import { BEFORE, restoreSaid } from './restore.ts';
import { type KeptSettings, makeSettings } from './settings.ts';
import { KeyVault } from './vault.ts';

export interface Store {
  readonly locks: KeptLocks;
  readonly vault: KeyVault;
  readonly audit: AuditLog;
  readonly settings: KeptSettings;
  readonly access: AccessShelf;
  readonly flows: FlowShelf;
  readonly logins: LoginShelf;
  /** The copy that this start went on from because there was no database, for health. */
  readonly restoredFrom: string | undefined;
  /** Into `<folder>/backup.db`, or another file. Resolves when it is whole and on the disk. */
  backup(to?: string): Promise<void>;
  close(): Promise<void>;
}

export interface StoreParts {
  /** The data folder; absent: only in memory. */
  folder?: string;
  clock: Clock;
  /** Cryptographically secure. */
  random: (bytes: number) => Uint8Array;
  log: Log;
}

/** Throws LockErrors `busy` (another process has the folder) and `disk`, each saying what to do. */
export function openStore({ folder, clock, random, log }: StoreParts): Store {
  const path = folder === undefined ? undefined : join(folder, 'vault.key');
  const opened = folder === undefined ? openInMemory() : openDatabase(folder, log, path ? { keyFile: path } : {});
  const { database } = opened;
  try {
    const audit = makeAudit(database, { clock, log });
    const place = path === undefined ? keyInMemory() : keyFile(path);
    const vault = new KeyVault({ database, place, clock, random, audit, log });
    const restored = (detail: string): void => audit.write({ what: 'restored', via: 'daemon', who: 'store', detail });
    if (opened.restoredFrom) restored('there was no database; went on from a backup');
    if (opened.wentBack && folder !== undefined) {
      restored(`went back to a backup that an owner chose; what was before, and who did it, is in ${BEFORE}`);
      restoreSaid(folder);
    }
    let lastBackup: Promise<void> = Promise.resolve();
    const backup = (to: string): Promise<void> => {
      const next = lastBackup.then(() => backupDatabase(database, to));
      lastBackup = next.catch(() => undefined);
      return next;
    };
    return {
      locks: makeLockShelf(database, random, log),
      vault,
      audit,
      settings: makeSettings(database, clock, log),
      access: makeAccessShelf(database, { clock, random }),
      flows: makeFlowShelf(database),
      logins: makeLoginShelf(database),
      restoredFrom: opened.restoredFrom,
      backup: (to = join(folder ?? '.', BACKUP)) => backup(to),
      async close() {
        await lastBackup;
        opened.close();
      },
    };
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}
