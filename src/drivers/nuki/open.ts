// Opening a session with a lock that lists us, and having it take us off its list (nuki.md 7, 14.1, 23.8).
import { LockError } from '../../base/errors.ts';
import type { Credential, Ground, LockSession } from '../../lock/driver.ts';
import type { Link } from '../../radio/radio.ts';
import { removeAuthorisation } from './authorisations-wire.ts';
import { type Key, asKey } from './credential.ts';
import { Guard } from './guard.ts';
import { strangerError } from './refusals.ts';
import { NukiSession } from './session.ts';
import type { States } from './state-wire.ts';
import { hearStates } from './status.ts';
import { Talk, done } from './talk.ts';

interface Begun {
  talk: Talk;
  key: Key;
  states: States;
}

export async function open(link: Link, ground: Ground, credential: Credential): Promise<LockSession> {
  const begun = await begin(link, ground, credential);
  return new NukiSession({ ...begun, ground });
}

/**
 * Takes our own entry off the lock's list. The proof is not its "done" but what it says afterwards: it does not know us.
 * Without the PIN nothing can be taken off; the answer is then 'unproven', and only forgetting here is left.
 */
export async function forget(link: Link, ground: Ground, credential: Credential): Promise<'proven' | 'unproven'> {
  const { talk, key } = await begin(link, ground, credential);
  let current = key;
  const guard = new Guard({ talk, ground, key: () => current, become: next => void (current = next) });
  try {
    if (key.pin === undefined || key.authId === undefined) return 'unproven';
    const how = { what: 'to the end of our pairing', read: done, act: true, optional: true };
    await guard.withPin(removeAuthorisation(key.authId), how).catch(lost);
    return await isRefused(guard);
  } finally {
    await talk.close();
  }
}

/** A lost answer is no answer: what the lock says next counts. */
function lost(thrown: unknown): void {
  if (thrown instanceof LockError && thrown.code === 'timeout') return;
  throw thrown;
}

async function isRefused(guard: Guard): Promise<'proven' | 'unproven'> {
  try {
    await guard.states();
    return 'unproven';
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    return thrown.code === 'unauthenticated' ? 'proven' : 'unproven';
  }
}

/** Ends with a lock that has answered under our key, or closed. */
async function begin(link: Link, ground: Ground, credential: Credential): Promise<Begun> {
  const key = asKey(credential);
  const { authId } = key;
  if (authId === undefined) {
    await link.close();
    throw neverNumbered();
  }
  const heard = (message: Parameters<typeof hearStates>[1]): void => void hearStates(ground, message);
  const talk = new Talk(link, ground, { key: key.shared, authId, heard });
  try {
    await talk.start();
    const guard = new Guard({ talk, ground, key: () => key, become: () => undefined });
    return { talk, key, states: await guard.states() };
  } catch (thrown) {
    await talk.close();
    throw thrown;
  }
}

/** The pairing was cut before the lock told our number: nobody can say anything under such a key. */
function neverNumbered(): LockError {
  const { message, code, reason } = strangerError();
  return new LockError(code, `The pairing of this lock was cut off before its end. ${message}`, { reason });
}
