// The ports of upkeep over the daemon's parts: audit, backup, recovery code, the doctor's questions.
import { copyFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Asker } from '../lock/lock.ts';
import { LockError } from '../base/errors.ts';
import type { AuditReader, Backups, Check, Examination, RecoveryCode } from '../lock/upkeep.ts';
import type { Daemon } from './daemon.ts';

const BACKUP = 'backup.db';

export function auditOf({ store }: Daemon): AuditReader {
  return { read: query => store.audit.read(query) };
}

export function backupsOf(daemon: Daemon): Backups {
  const { store, parts } = daemon;
  return {
    async backup(asker) {
      await store.backup();
      const path = join(parts.config.data, BACKUP);
      store.audit.write({ what: 'backup', via: asker.via, who: asker.who });
      const { second } = parts.config.backup;
      return { path, bytes: statSync(path).size, ...(second !== undefined && { second: copyTo(second, path) }) };
    },
  };
}

/** Beside and then over: a copy that was cut never replaces a whole one. */
function copyTo(folder: string, from: string): string {
  const to = join(folder, BACKUP);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(from, `${to}.new`);
    renameSync(`${to}.new`, to);
    return to;
  } catch (cause) {
    throw new LockError('disk', `The second backup could not be written to ${folder} (backup.second).`, { cause });
  }
}

export function recoveryOf({ store }: Daemon): RecoveryCode {
  const said = (asker: Asker, what: string): void => store.audit.write({ what, via: asker.via, who: asker.who });
  return {
    show(asker) {
      said(asker, 'recovery_code_asked');
      return store.vault.recoveryCode();
    },
    confirm(code, asker) {
      store.vault.confirmRecoveryCode(code.reveal());
      said(asker, 'recovery_code_typed_back');
    },
    enter(code, asker) {
      store.vault.restoreKey(code.reveal());
      said(asker, 'recovery_code_entered');
    },
  };
}

/** What a running daemon knows of itself, in the doctor's words. */
export async function examine(daemon: Daemon): Promise<Examination> {
  const { config } = daemon.parts;
  const checks = daemon.health().parts.map<Check>(part => ({
    name: part.name.replaceAll('_', ' '),
    verdict: part.ok ? 'good' : SERIOUS.includes(part.name) ? 'bad' : 'warning',
    text: part.text,
    ...(part.fix === undefined ? {} : { fix: part.fix }),
  }));
  const audit = daemon.store.audit.check();
  checks.push(
    audit.ok
      ? { name: 'audit chain', verdict: 'good', text: `${audit.lines} lines are unchanged.` }
      : {
          name: 'audit chain',
          verdict: 'bad',
          text: audit.text,
          fix: 'Somebody or something changed the database; keep a copy of it.',
        },
  );
  return { checks, settings: config.settings() };
}

const SERIOUS = ['radio', 'vault', 'disk'];
