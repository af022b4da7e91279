// What the parts of access work on, and the few moves they share.
import type { Clock } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import type { Secret } from '../base/log.ts';
import type { Code, Codes, LockSession, Validity } from '../lock/driver.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { AccessShelf, KeptAccess } from '../store/access.ts';
import type { CredentialView } from './access.ts';
import type { Values } from './values.ts';

/**
 * Does the task in the lock's turn, on an open session; refuses who may not. Keeper and gate are behind it. `alone`:
 * meanwhile everybody else is refused with this text.
 */
export type Work = <T>(
  lock: string,
  asker: Asker,
  task: (session: LockSession) => Promise<T>,
  how?: { ms?: number; signal?: AbortSignal; alone?: string },
) => Promise<T>;

export interface AccessGround {
  shelf: AccessShelf;
  values: Values;
  clock: Clock;
}

export function codesIn(session: LockSession): Codes {
  if (session.codes) return session.codes;
  throw new LockError('unsupported', 'This lock does not take codes.');
}

export function codeOf(entry: KeptAccess, digits: Secret<string>): Code {
  const { codeKind: kind = 'permanent', weekly } = entry;
  return { digits, kind, validity: validityOf(entry), ...(weekly && { weekly }) };
}

export function validityOf({ from, until }: { from?: number; until?: number }): Validity {
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/** The row and its value, as one. */
export function forget({ shelf, values }: AccessGround, entry: KeptAccess): void {
  shelf.together(() => {
    values.forget(entry.id);
    shelf.remove(entry.id);
  });
}

/** Takes a code off the lock. One that is not there is as good as removed; one we never knew cannot be named. */
export async function takeOff({ values }: AccessGround, codes: Codes, entry: KeptAccess): Promise<void> {
  const digits = values.of(entry);
  if (!digits) {
    throw new LockError(
      'unsupported',
      `The code in slot ${entry.slot} is not known here, so the lock cannot be told to remove it. Remove it at the lock.`,
      { reason: 'unknown_value' },
    );
  }
  try {
    await codes.remove(codeOf(entry, digits));
  } catch (thrown) {
    if (!saidNo(thrown, 'not_there')) throw thrown;
  }
}

/** After these a removal stays on the list: the lock was not reached, or what it did is unknown. */
const UNREACHED = new Set(['unreachable', 'timeout', 'malformed', 'stopped', 'disk']);

/** What should be gone is not forgotten because the lock was out of reach. */
export function stillToRemove({ shelf }: AccessGround, entries: readonly KeptAccess[], thrown: unknown): LockError {
  const error = asLockError(thrown, 'unreachable', 'The lock could not be told.');
  if (error.acted === 'no' && !UNREACHED.has(error.code)) return error;
  for (const entry of entries) if (entry.state !== 'disabled') shelf.save({ ...entry, state: 'removing' });
  const thing = entries[0]?.kind ?? 'code';
  return new LockError(
    error.code,
    `${error.message} The ${thing} may still open the door; it stays on the list of what must go.`,
    { acted: error.acted, reason: error.reason, cause: error },
  );
}

export function viewOf({ values }: AccessGround, entry: KeptAccess): CredentialView {
  return { ...entry, known: values.known(entry) };
}

/** The lock's own "no", with this reason if one is given. */
export function saidNo(thrown: unknown, reason?: string): boolean {
  return thrown instanceof LockError && thrown.code === 'rejected' && (!reason || thrown.reason === reason);
}

/** Whether the lock is certainly as it was before. */
export function nothingDone(thrown: unknown): boolean {
  return thrown instanceof LockError && thrown.acted === 'no';
}

export function noSuchLock(lock: string): LockError {
  return new LockError('not_found', `There is no lock "${lock}".`);
}

export type ViewOf = (lock: string) => LockView | undefined;
