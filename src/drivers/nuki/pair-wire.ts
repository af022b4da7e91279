// What is said while pairing (nuki.md 5, 6): plain on e101 and e301, and one sealed exchange of the fifth generation.
import { type ByteReader, ByteWriter, concat } from '../../base/bytes.ts';
import type { Message } from './frame.ts';
import { KEY, hmac } from './keys.ts';
import { fieldOf, textOf } from './texts.ts';
import { type Generation, NAME, command, message, pinBytes, requestData } from './wire.ts';

/** What the lock takes a client for: one that reads its states for good (bridge), or one of many (app). */
export const idTypes = { app: 0, bridge: 1 } as const;
export type IdType = keyof typeof idTypes;

/** Who we are to the lock. */
export interface Identity {
  appId: number;
  name: string;
  idType: IdType;
}

/** In the place of an authorisation while there is none. */
export const NO_AUTH_ID = 0x7fffffff;
const UUID = 16;

export const askPublicKey = (): Message => requestData(command.publicKey);
export const ownPublicKey = (key: Uint8Array): Message => message(command.publicKey, to => to.bytes(key));

export function authenticator(
  shared: Uint8Array,
  of: { clientPublic: Uint8Array; lockPublic: Uint8Array; challenge: Uint8Array },
): Uint8Array {
  return hmac(shared, of.clientPublic, of.lockPublic, of.challenge);
}

export function dataAuthenticator(
  shared: Uint8Array,
  of: { idType: Uint8Array; appId: Uint8Array; name: Uint8Array; nonce: Uint8Array; challenge: Uint8Array },
): Uint8Array {
  return hmac(shared, of.idType, of.appId, of.name, of.nonce, of.challenge);
}

export function idAuthenticator(
  shared: Uint8Array,
  of: { authId: Uint8Array; uuid: Uint8Array; lockNonce: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  return hmac(shared, of.authId, of.uuid, of.lockNonce, of.nonce);
}

export function confirmationAuthenticator(
  shared: Uint8Array,
  of: { authId: Uint8Array; lockNonce: Uint8Array },
): Uint8Array {
  return hmac(shared, of.authId, of.lockNonce);
}

/** Step 7 of generations 1 to 4. */
export function authorisationData(
  shared: Uint8Array,
  { appId, name, idType }: Identity,
  fresh: { nonce: Uint8Array; challenge: Uint8Array },
): Message {
  const fields = {
    idType: Uint8Array.of(idTypes[idType]),
    appId: word(appId),
    name: fieldOf(name, NAME),
    nonce: fresh.nonce,
  };
  const mac = dataAuthenticator(shared, { ...fields, challenge: fresh.challenge });
  const payload = concat(mac, fields.idType, fields.appId, fields.name, fields.nonce);
  return { command: command.authorisationData, payload };
}

export interface AuthorisationId {
  mac: Uint8Array;
  authId: number;
  uuid: Uint8Array;
  lockNonce: Uint8Array;
}

/** Step 8 of generations 1 to 4. The authenticator is not checked here. */
export function readAuthorisationId(data: ByteReader): AuthorisationId {
  return { mac: data.bytes(KEY), authId: data.u32le(), uuid: data.bytes(UUID), lockNonce: data.bytes(KEY) };
}

/** Step 8 is the lock's only if this is its authenticator. */
export function idMac(shared: Uint8Array, { authId, uuid, lockNonce }: AuthorisationId, nonce: Uint8Array): Uint8Array {
  return idAuthenticator(shared, { authId: word(authId), uuid, lockNonce, nonce });
}

/** Step 9. */
export function confirmation(shared: Uint8Array, authId: number, lockNonce: Uint8Array): Message {
  const mac = confirmationAuthenticator(shared, { authId: word(authId), lockNonce });
  return { command: command.idConfirmation, payload: concat(mac, word(authId)) };
}

/** Step 7 of the fifth generation, before it is sealed. */
export function sealedAuthorisationData({ appId, name }: Identity, pin: string): Message {
  return message(command.authorisationData, to =>
    to.u32le(appId).bytes(fieldOf(name, NAME)).bytes(pinBytes('g5', pin)),
  );
}

/** The reverse, for who checks bytes. */
export function readSealedAuthorisationData(data: ByteReader): { appId: number; name: string; pin: number } {
  return { appId: data.u32le(), name: textOf(data.bytes(NAME)), pin: data.u32le() };
}

/** Step 8 of the fifth generation. */
export function readSealedAuthorisationId(data: ByteReader): { authId: number; uuid: Uint8Array } {
  return { authId: data.u32le(), uuid: data.bytes(UUID) };
}

/** Which characteristic a generation pairs on. */
export const pairingCharacteristic: Readonly<Record<Generation, string>> = {
  g4: 'a92ee101550111e4916c0800200c9a66',
  g5: 'a92ee301550111e4916c0800200c9a66',
};

function word(value: number): Uint8Array {
  return new ByteWriter().u32le(value).done();
}
