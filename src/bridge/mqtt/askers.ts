// Who asks over MQTT. The broker does not tell us who published, so everybody is one automation, unless a message
// carries a token that makes its sender an owner.
import { createHash, timingSafeEqual } from 'node:crypto';
import { LockError } from '../../base/errors.ts';
import type { Secret } from '../../base/log.ts';
import type { Asker } from '../../lock/lock.ts';

export const AUTOMATION: Asker = { via: 'mqtt', who: 'mqtt', role: 'automation' };
const MOST_TOKEN = 256;

/** The asker behind a message's `token`. Throws `forbidden` for a token that is not one, rather than going on without. */
export function makeAskers(owners: readonly Secret<string>[]): (token: unknown) => Asker {
  const known = owners.map(owner => digest(owner.reveal()));
  return token => {
    if (token === undefined || token === null || token === '') return AUTOMATION;
    const given = typeof token === 'string' && token.length <= MOST_TOKEN ? digest(token) : undefined;
    // Every one is compared, so that the time says nothing about which.
    const match = known.filter(owner => given !== undefined && timingSafeEqual(owner, given))[0];
    if (!match)
      throw new LockError('forbidden', 'The token in the message is not valid here.', { reason: 'bad_token' });
    return { via: 'mqtt', who: `token:${match.toString('hex', 0, 2)}`, role: 'owner' };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
