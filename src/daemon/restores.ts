// Backups that are taken away and brought back: what a file would change is said first, and nothing live is written over.
import { createWriteStream, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hex } from '../base/bytes.ts';
import { LockError } from '../base/errors.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { RestoreCheck, Restores } from '../lock/upkeep.ts';
import { BACKUP } from '../store/copies.ts';
import { diskError } from '../store/disk-errors.ts';
import { type BackupFacts, OFFERED, readBackup, wantRestore } from '../store/restore.ts';
import { touchPrivate } from '../store/folder.ts';
import type { Daemon } from './daemon.ts';
import { RESTART_AFTER_MS } from './restarts.ts';
import { backUp } from './second-copy.ts';

/** Hundreds of locks with years of audit are a few megabytes. */
const MOST_BYTES = 256 * 1024 * 1024;
/** What a daemon needs that goes on while a file comes in. */
const LEFT_BYTES = 32 * 1024 * 1024;

/** `restart`: ends this daemon; undefined where it cannot be started again, as in a demo. */
export function restoresOf(daemon: Daemon, restart: (() => void) | undefined): Restores {
  const { store, parts, registry, matter } = daemon;
  const { data } = parts.config;
  const offered = join(data, OFFERED);
  let looked: string | undefined;
  let looking = false;
  const said = (asker: Asker, what: string): void => store.audit.write({ what, via: asker.via, who: asker.who });
  return {
    async file(asker) {
      await backUp(store, parts.config, () => matter.backUp());
      said(asker, 'backup_taken');
      const day = new Date(parts.clock.now()).toISOString().slice(0, 10);
      return { path: join(data, BACKUP), name: `latchbridge-${day}.db` };
    },
    async check(file) {
      // Two that came in at once would be mixed, or one be said and the other be gone back to.
      if (looking) throw another();
      looking = true;
      looked = undefined;
      try {
        rmSync(offered, { force: true });
        touchPrivate(offered);
        // Never made anew: a file that is opened late, when this was given up, must not come back or empty the next one.
        await pipeline(bounded(file, mostOf(data)), createWriteStream(offered, { flags: 'r+' }));
        const facts = readBackup(offered);
        const id = hex(parts.random(8));
        const found = checkOf(facts, { id, locks: registry.all(), master: store.vault.fingerprint });
        looked = id;
        return found;
      } catch (thrown) {
        rmSync(offered, { force: true });
        throw diskError(thrown, 'keep this file to look at it');
      } finally {
        looking = false;
      }
    },
    restore(id, asker) {
      if (!restart) throw new LockError('unsupported', 'A demo has nothing to go back to.', { reason: 'demo' });
      if (looked === undefined || id !== looked) {
        throw new LockError('not_found', 'That file is not here any more; choose it again.', { reason: 'restore' });
      }
      // First, since a file that is wanted is gone back to, whatever happens after it.
      said(asker, 'restore');
      wantRestore(data);
      looked = undefined;
      parts.clock.after(RESTART_AFTER_MS, restart);
      return { text: 'Latchbridge starts again with the backup. What was before is kept beside it.' };
    },
  };
}

/** How large a file may be so that the disk has room for it and for us. */
function mostOf(folder: string): { bytes: number; room: number } {
  const { bavail, bsize } = statfsSync(folder);
  return { bytes: MOST_BYTES, room: bavail * bsize - LEFT_BYTES };
}

async function* bounded(
  file: AsyncIterable<Uint8Array>,
  most: { bytes: number; room: number },
): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > most.room) {
      const text = 'There is no room for this file on the disk. Make room, then choose it again; nothing was changed.';
      throw new LockError('disk', text, { reason: 'disk_full' });
    }
    if (bytes > most.bytes) {
      throw new LockError('invalid', 'This file is too large to be a backup of Latchbridge.', { reason: 'too_large' });
    }
    yield chunk;
  }
}

function another(): LockError {
  const text = 'Another file is being looked at just now. Wait until that is done, then choose yours again.';
  return new LockError('busy', text, { reason: 'restore' });
}

interface Now {
  id: string;
  locks: readonly LockView[];
  /** Digest of the master key here; undefined while it is sealed. */
  master: string | undefined;
}

function checkOf(facts: BackupFacts, now: Now): RestoreCheck {
  const needs = facts.master !== undefined && facts.master !== now.master;
  const differences = differencesOf(facts, now.locks);
  if (needs) differences.push('Its keys open only with the recovery code that was current when it was made.');
  return {
    restore: now.id,
    ...(facts.made !== undefined && { made: facts.made }),
    version: facts.format,
    locks: facts.locks.map(({ name }) => name),
    differences,
    needs_recovery_code: needs,
    ok: true,
    text: `A whole backup with ${counted(facts.locks.length, 'lock')}, ${counted(facts.credentials, 'code or card', 'codes and cards')} and ${counted(facts.people, 'person', 'people')}.`,
  };
}

function differencesOf({ locks, openFlows }: BackupFacts, here: readonly LockView[]): string[] {
  const then = new Map(locks.map(lock => [lock.id, lock]));
  const now = new Map(here.map(lock => [lock.id, lock]));
  const list: string[] = [];
  for (const { id, name, hasKey } of locks) {
    if (now.has(id)) continue;
    const key = hasKey ? 'with the key of then; if it was wiped since, the lock refuses that' : 'without a key';
    list.push(`"${name}" comes back, ${key}.`);
  }
  for (const { id, name, generation, lifecycle } of here) {
    const old = then.get(id);
    if (!old && lifecycle === 'managed')
      list.push(`"${name}" is not in the backup: its key would be gone from here, and the lock keeps what is on it.`);
    else if (!old) list.push(`"${name}" is not in the backup.`);
    else if (old.generation < generation)
      list.push(`"${name}" was paired again since: the key in the backup is an old one, and the lock will refuse it.`);
    else if (old.name !== name) list.push(`"${name}" is called "${old.name}" again.`);
  }
  for (const { type, lock } of openFlows) {
    const name = lock === undefined ? 'a lock' : `"${then.get(lock)?.name ?? lock}"`;
    list.push(`A flow of then is open again: ${type} of ${name}. Look at it first, and cancel it where it is over.`);
  }
  list.push(
    'Codes, logins, tokens of programs and settings are those of then: look who was taken away since. Everybody logs in again.',
    'What was changed on locks since shows when they are read again.',
  );
  return list;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
