// Becoming known to a virtual Nuki lock: key agreement, proofs, the new authorization. Source: nuki.md 5, 6, 16.4.
import { Reader, bytesOf, fromHexText, hexOf, u32 } from './bytes.ts';
import { COMPLETE, command, error } from './codes.ts';
import type { Device } from './device.ts';
import type { Message } from './frames.ts';
import type { KeptAuthorization } from './kept.ts';
import {
  authenticator,
  authorizationDataMac,
  authorizationIdMac,
  confirmationMac,
  publicOf,
  same,
  sharedKey,
} from './keys.ts';
import { authorizationId5 } from './layouts.ts';
import { checkPin, isPin, readPin } from './pin.ts';
import { status } from './reply.ts';
import type { Pairing, Session } from './session.ts';

const KEY = 32;
const NAME = 32;
const APP = 0;
const BRIDGE = 1;
const FOB = 2;
const LAST_TYPE = 3;
const BEHIND_MAC = 32;

type PlainReply = { message: Message; after?: () => void } | { error: number };
type SealedReply = { authId: number; messages: readonly Message[]; after: () => void } | { error: number };

/** Steps that are written in the clear. Whatever is out of order ends the pairing. */
export function pairPlain(device: Device, session: Session, message: Message): PlainReply {
  const reply = step(device, session, message);
  if ('error' in reply) session.pairing = undefined;
  return reply;
}

function step(device: Device, session: Session, { command: asked, payload }: Message): PlainReply {
  if (asked === command.requestData) return giveKey(device, session, payload);
  const { pairing } = session;
  if (!pairing) return { error: device.pairingMode ? error.badPairingParameter : error.notPairing };
  if (asked === command.publicKey && pairing.step === 'key') return takeKey(device, pairing, payload);
  if (asked === command.authenticator && pairing.step === 'authenticator') return prove(device, pairing, payload);
  if (asked === command.authorizationData && pairing.step === 'data') return offer(device, pairing, payload);
  if (asked === command.confirmation && pairing.step === 'confirmation') return confirm(device, session, payload);
  return { error: error.badPairingParameter };
}

function giveKey(device: Device, session: Session, payload: Uint8Array): PlainReply {
  if (!device.pairingMode) return { error: error.notPairing };
  if (new Reader(payload).u16() !== command.publicKey) return { error: error.badPairingParameter };
  const privateKey = device.random(KEY);
  const publicKey = publicOf(privateKey);
  session.pairing = { step: 'key', privateKey, publicKey };
  return { message: { command: command.publicKey, payload: publicKey } };
}

function takeKey(device: Device, pairing: Pairing, clientKey: Uint8Array): PlainReply {
  try {
    Object.assign(pairing, { clientKey, shared: sharedKey(pairing.privateKey, clientKey) });
  } catch {
    return { error: error.badPairingParameter };
  }
  pairing.step = 'authenticator';
  return challenge(device, pairing);
}

function prove(device: Device, pairing: Pairing, mac: Uint8Array): PlainReply {
  const { clientKey, publicKey, shared, challenge: asked } = pairing;
  if (!clientKey || !shared || !asked) return { error: error.badPairingParameter };
  const due = authenticator(shared, { clientPublic: clientKey, lockPublic: publicKey, challenge: asked });
  if (!same(mac, due)) return { error: error.badAuthenticator };
  pairing.step = 'data';
  if (device.variant.generation === 'g4') return challenge(device, pairing);
  const known = device.kept.pin === undefined ? 0 : 1;
  return { message: { command: command.authorizationInfo, payload: Uint8Array.of(known) } };
}

function challenge(device: Device, pairing: Pairing): PlainReply {
  pairing.challenge = device.random(KEY);
  return { message: { command: command.challenge, payload: pairing.challenge } };
}

/** 0x0006 of generations 1 to 4: mac, id type, app id, name, the client's nonce. */
function offer(device: Device, pairing: Pairing, payload: Uint8Array): PlainReply {
  const { shared, challenge: asked } = pairing;
  if (!shared || !asked) return { error: error.badPairingParameter };
  const read = new Reader(payload);
  const mac = read.take(BEHIND_MAC);
  if (!same(mac, authorizationDataMac(shared, payload.subarray(BEHIND_MAC), asked))) {
    return { error: error.badAuthenticator };
  }
  const wanted = { type: read.u8(), appId: read.u32(), name: read.text(NAME) };
  if (wanted.type > LAST_TYPE) return { error: error.badPairingParameter };
  if (!hasRoom(device, wanted)) return { error: error.maxUser };
  const clientNonce = read.take(KEY);
  const nonce = device.random(KEY);
  const authId = device.kept.nextAuthId;
  pairing.offered = { authId, nonce, ...wanted };
  pairing.step = 'confirmation';
  const data = bytesOf(u32(authId), fromHexText(device.kept.uuid), nonce);
  const ours = authorizationIdMac(shared, data, clientNonce);
  return { message: { command: command.authorizationId, payload: bytesOf(ours, data) } };
}

function confirm(device: Device, session: Session, payload: Uint8Array): PlainReply {
  const { shared, offered } = session.pairing ?? {};
  if (!shared || !offered) return { error: error.badPairingParameter };
  const read = new Reader(payload);
  const mac = read.take(KEY);
  if (read.u32() !== offered.authId || !same(mac, confirmationMac(shared, offered.authId, offered.nonce))) {
    return { error: error.badAuthenticator };
  }
  const { authId, type, appId, name } = offered;
  authorize(device, { authId, type, appId, name, key: hexOf(shared) });
  return { message: status(COMPLETE), after: pairingOver(device, session) };
}

/** 0x0006 of the fifth generation, unsealed: app id, name, PIN. */
export function pairSealed(device: Device, session: Session, { command: asked, payload }: Message): SealedReply {
  const reply = authorize5(device, session, asked, payload);
  if ('error' in reply) session.pairing = undefined;
  return reply;
}

function authorize5(device: Device, session: Session, asked: number, payload: Uint8Array): SealedReply {
  const { shared } = session.pairing ?? {};
  if (asked !== command.authorizationData || !shared) return { error: error.badPairingParameter };
  const data = readData5(payload);
  if (!data) return { error: error.badLength };
  const { pin, ...rest } = data;
  const wanted = { type: APP, ...rest };
  const no = device.kept.pin === undefined ? (isPin(device, pin) ? undefined : error.badPin) : checkPin(device, pin);
  if (no !== undefined) return { error: no };
  if (!hasRoom(device, wanted)) return { error: error.maxUser };
  // Nobody had set one: the first becomes the one.
  device.kept.pin = pin;
  const { id } = authorize(device, { authId: device.kept.nextAuthId, ...wanted, key: hexOf(shared) });
  const message = { command: command.authorizationId, payload: authorizationId5(id, device.kept.uuid) };
  return { authId: id, messages: [message], after: pairingOver(device, session) };
}

/** App id, name, PIN. Undefined: of another length. */
export function readData5(payload: Uint8Array): { appId: number; name: string; pin: number } | undefined {
  if (payload.length !== 4 + NAME + 4) return undefined;
  const read = new Reader(payload);
  return { appId: read.u32(), name: read.text(NAME), pin: readPin(read.take(4)) };
}

/** The same app id again is the same app; and there is one bridge. */
function replaced(device: Device, wanted: { type: number; appId: number }): KeptAuthorization[] {
  return device.kept.authorizations.filter(
    each =>
      each.key !== '' &&
      ((wanted.appId !== 0 && each.appId === wanted.appId) || (wanted.type === BRIDGE && each.type === BRIDGE)),
  );
}

export function hasRoom(device: Device, wanted: { type: number; appId: number }): boolean {
  const { authorizations } = device.kept;
  const most = device.knobs.users ?? device.variant.users;
  return authorizations.length - replaced(device, wanted).length < most;
}

function authorize(
  device: Device,
  wanted: { authId: number; type: number; appId: number; name: string; key: string },
): KeptAuthorization {
  const { kept } = device;
  const { authId, ...rest } = wanted;
  const now = device.time();
  const made = {
    id: authId,
    ...rest,
    enabled: true,
    remote: rest.type !== FOB,
    created: now,
    lastActive: now,
    lockCount: 0,
  };
  const gone = replaced(device, wanted);
  kept.authorizations = [...kept.authorizations.filter(each => !gone.includes(each)), made];
  kept.nextAuthId = authId + 1;
  kept.initialised = true;
  device.changed();
  return made;
}

/** Its pairing mode ends with a success; the connection may stay. */
function pairingOver(device: Device, session: Session): () => void {
  return () => {
    session.pairing = undefined;
    device.closePairing();
  };
}
