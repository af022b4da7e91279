// Who may speak to the lock: phones, bridges, fobs, keypads, and we (nuki.md 8.9, 14.1).
import { LockError } from '../../base/errors.ts';
import type { Authorisation, Authorisations } from '../../lock/driver.ts';
import * as wire from './authorisations-wire.ts';
import { momentOf, timesOf } from './dates.ts';
import { type ListOf, everyPage } from './lists.ts';
import type { Shared } from './session.ts';
import { done } from './talk.ts';
import { command } from './wire.ts';

const list: ListOf<wire.AuthorisationRecord> = {
  what: 'to its list of users',
  countCommand: command.authorisationCount,
  readCount: wire.readAuthorisationCount,
  entryCommand: command.authorisation,
  readEntry: wire.readAuthorisation,
};

const kinds: Readonly<Record<number, Authorisation['kind']>> = {
  0: 'app',
  1: 'bridge',
  2: 'fob',
  3: 'keypad',
  5: 'keypad',
};

export function makeAuthorisations(shared: Shared): Authorisations {
  const ours = (): number | undefined => shared.key().authId;
  return {
    async list() {
      const records = await everyPage(shared, list, wire.requestAuthorisations);
      return records.map(record => authorisationOf(record, ours()));
    },
    async remove(id) {
      const authId = Number(id);
      if (authId === ours()) {
        const text = 'This is Latchbridge itself. Unpair the lock to take it off.';
        throw new LockError('forbidden', text, { reason: 'ourselves' });
      }
      await removeAuthorisation(shared, authId);
    },
  };
}

export async function removeAuthorisation({ guard }: Shared, authId: number): Promise<void> {
  if (!Number.isInteger(authId) || authId < 0 || authId > 0xffffffff) {
    throw new LockError('rejected', 'The lock has no such user.', { reason: 'not_there' });
  }
  const how = { what: 'to the removal of a user', read: done, act: true };
  await guard.withPin(wire.removeAuthorisation(authId), how);
}

/** A date of zeros is one that never came. */
function authorisationOf(record: wire.AuthorisationRecord, ours: number | undefined): Authorisation {
  const { authId, type, name, enabled, created, lastActive, limit } = record;
  return {
    id: String(authId),
    kind: kinds[type] ?? 'other',
    name,
    ours: authId === ours,
    enabled,
    ...(created[0] > 0 && { createdAt: momentOf(created) }),
    ...(lastActive[0] > 0 && { lastUsedAt: momentOf(lastActive) }),
    validity: timesOf(limit).validity,
  };
}
