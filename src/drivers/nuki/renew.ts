// A new key of ours without anybody at the door (nuki.md 14.4): an authorised client invites another one, which is us
// again under a key that we have just drawn. How a flow does it: renewKey, open with the new key and read the state (that
// proves it), make it the live one, retireKey with the old one in that session, open with the old one and be refused.
// Where the lock refuses the invitation, the same goes with a pairing at the door in the place of renewKey.
import type { Credential } from '../../lock/driver.ts';
import { invite } from './authorisations-wire.ts';
import { removeAuthorisation } from './authorisations.ts';
import { type Key, asCredential, asKey } from './credential.ts';
import { KEY } from './keys.ts';
import { idTypes } from './pair-wire.ts';
import type { Shared } from './session.ts';
import { only } from './talk.ts';
import { command, readInvited } from './wire.ts';

export async function renewKey(shared: Shared, keep: (credential: Credential) => Promise<void>): Promise<Credential> {
  const { guard, talk, ground, key } = shared;
  await guard.settled();
  const { authId: _old, ...ours } = key();
  // Nobody knows whether a bridge may be invited; as an app it is asked now and then instead.
  const next: Key = { ...ours, shared: ground.random(KEY), idType: 'app', status: 'provisional' };
  await keep(asCredential(next));
  const what = 'to a new key for us';
  const wish = invite({ name: next.name, type: idTypes.app, sharedKey: next.shared });
  const { authId } = await guard.withPin(wish, { what, read: only(command.invitedId, readInvited), act: true });
  const credential = asCredential({ ...next, authId });
  await keep(credential);
  await talk.trailing(what);
  return credential;
}

/** A key that never got a number cannot be on the lock's list under it. */
export async function retireKey(shared: Shared, old: Credential): Promise<void> {
  const { authId } = asKey(old);
  if (authId === undefined || authId === shared.key().authId) return;
  await removeAuthorisation(shared, authId);
}
