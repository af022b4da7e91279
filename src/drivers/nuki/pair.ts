// Becoming one of a lock's users (nuki.md 5, 6, 23.2): generations 1 to 4, and the fifth with the PIN of the lock.
import { hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Credential, Ground, PairHint, Paired } from '../../lock/driver.ts';
import type { Link } from '../../radio/radio.ts';
import { abilitiesOf, factsOf } from './abilities.ts';
import { generationOf, nukiIdOf } from './advert.ts';
import { type Key, asCredential, asKey } from './credential.ts';
import { KEY, publicKey, sameMac, sharedKey } from './keys.ts';
import { PairTalk } from './pair-talk.ts';
import * as wire from './pair-wire.ts';
import { command, pinDigits, readChallenge } from './wire.ts';

type Keep = (credential: Credential) => Promise<void>;

/** How the lock lists us, unless the configuration says otherwise. */
const NAME = 'Latchbridge';

export async function pair(link: Link, ground: Ground, hint: PairHint, keep: Keep): Promise<Paired> {
  return pairAs(link, ground, { hint, identity: identityOf(ground, hint) }, keep);
}

/**
 * The keys of both are agreed on, then we say who we are, and the lock gives us a number. It may list us from the moment
 * that it hears who we are: what we need besides the number is kept before that, and the number as soon as it comes.
 */
export async function pairAs(
  link: Link,
  ground: Ground,
  { hint, identity }: { hint: PairHint; identity: wire.Identity },
  keep: Keep,
): Promise<Paired> {
  const generation = generationOf(hint.advert);
  if (!generation) throw notOffered();
  const pin = generation === 'g5' ? pinOf(hint) : undefined;
  const talk = new PairTalk(link, ground, wire.pairingCharacteristic[generation]);
  try {
    const agreed = await agree(talk, ground);
    if (!agreed.challenge && pin === undefined) throw secretNeeded();
    const nukiId = nukiIdOf(hint.advert);
    const key: Key = {
      address: hint.advert.address,
      ...(nukiId !== undefined && { nukiId }),
      generation: agreed.challenge ? 'g4' : 'g5',
      shared: agreed.shared,
      ...identity,
      ...(pin !== undefined && { pin }),
      wrongPins: 0,
      status: 'provisional',
      seen: {},
    };
    await keep(asCredential(key));
    const told = await unsure(() =>
      agreed.challenge
        ? classic(talk, { key, challenge: agreed.challenge, ground, keep })
        : fifth(talk, key, pin ?? ''),
    );
    const paired: Key = { ...key, ...told, status: 'committed' };
    const credential = asCredential(paired);
    await unsure(() => keep(credential));
    return { credential, facts: factsOf(paired), abilities: abilitiesOf(paired) };
  } catch (thrown) {
    await talk.close();
    throw thrown;
  }
}

/** Steps 1 to 5. Which answer comes after them says which generation it is: only the older ones send a second challenge. */
async function agree(talk: PairTalk, ground: Ground): Promise<{ shared: Uint8Array; challenge?: Uint8Array }> {
  await talk.start();
  const lockPublic = await talk.ask(wire.askPublicKey(), {
    what: 'to the request for its key',
    answers: { [command.publicKey]: data => data.bytes(KEY) },
  });
  const own = ground.random(KEY);
  const clientPublic = publicKey(own);
  const shared = sharedKey(own, lockPublic);
  const challenge = await talk.ask(wire.ownPublicKey(clientPublic), {
    what: 'to our key',
    answers: { [command.challenge]: readChallenge },
  });
  const proof = wire.authenticator(shared, { clientPublic, lockPublic, challenge });
  const next = await talk.ask<Uint8Array | number>(
    { command: command.authenticator, payload: proof },
    {
      what: 'to our proof',
      answers: { [command.challenge]: readChallenge, [command.pinInfo]: data => data.u8() },
    },
  );
  return typeof next === 'number' ? { shared } : { shared, challenge: next };
}

type Told = { authId: number; uuid: string };

/** Steps 7 to 10 of generations 1 to 4. */
async function classic(
  talk: PairTalk,
  on: { key: Key; challenge: Uint8Array; ground: Ground; keep: Keep },
): Promise<Told> {
  const { key, challenge, ground, keep } = on;
  const nonce = ground.random(KEY);
  const id = await talk.ask(wire.authorisationData(key.shared, key, { nonce, challenge }), {
    what: 'to who we are',
    answers: { [command.authorisationId]: wire.readAuthorisationId },
    act: true,
  });
  if (!sameMac(wire.idMac(key.shared, id, nonce), id.mac)) {
    const text = 'The lock did not prove that it is the one we agreed on a key with. Pair it again, close to it.';
    throw new LockError('malformed', text, { reason: 'pairing_refused' });
  }
  const told = { authId: id.authId, uuid: hex(id.uuid) };
  await keep(asCredential({ ...key, ...told }));
  await talk.ask(wire.confirmation(key.shared, id.authId, id.lockNonce), {
    what: 'to the end of the pairing',
    answers: { [command.status]: data => data.u8() },
    act: true,
  });
  return told;
}

/** Steps 7 and 8 of the fifth generation, sealed. A wrong PIN is the lock's no, and is not tried again. */
async function fifth(talk: PairTalk, key: Key, pin: string): Promise<Told> {
  const { authId, uuid } = await talk.askSealed(key.shared, wire.sealedAuthorisationData(key, pin), {
    what: 'to the pairing',
    answers: { [command.authorisationId]: wire.readSealedAuthorisationId },
    act: true,
  });
  return { authId, uuid: hex(uuid) };
}

/** An interrupted pairing is repeated under the same number, so that the lock lists us once; any other is a new client. */
function identityOf(ground: Ground, { options, unfinished }: PairHint): wire.Identity {
  const before = unfinished && asKey(unfinished);
  const idType = options?.['pairAs'] === 'bridge' ? 'bridge' : 'app';
  const name = options?.['clientName'] ?? NAME;
  return { appId: before?.appId ?? newAppId(ground), name, idType };
}

/** Never 0, which many clients use. */
function newAppId(ground: Ground): number {
  for (;;) {
    const bytes = ground.random(4);
    const appId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (appId !== 0) return appId;
  }
}

function pinOf({ secret }: PairHint): string {
  const { minDigits } = pinDigits.g5;
  const digits = secret?.reveal() ?? '';
  if (/^\d+$/.test(digits) && digits.length === minDigits) return digits;
  throw secretNeeded();
}

function secretNeeded(): LockError {
  const text = `This lock is paired with its PIN: the ${pinDigits.g5.minDigits} digits that were chosen in the Nuki app.`;
  return new LockError('invalid', text, { reason: 'secret_needed' });
}

function notOffered(): LockError {
  const text =
    'The lock does not offer itself. Hold its button for five seconds until its light stays on, then try again.';
  return new LockError('rejected', text, { reason: 'not_pairable' });
}

/** From here on the lock may list us, whatever goes wrong but its own no. */
async function unsure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof LockError) || thrown.code === 'rejected') throw thrown;
    const text = `${thrown.message} The lock may list us among its users already. Hold its button and pair it again.`;
    throw new LockError(thrown.code, text, { acted: 'maybe', reason: 'half_paired', cause: thrown });
  }
}
