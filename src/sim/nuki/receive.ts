// What a virtual Nuki lock does with the pieces that arrive: messages, checks, the command, the answer. Source: nuki.md 4, 16.
import { command, error } from './codes.ts';
import { obey } from './commands.ts';
import type { Device } from './device.ts';
import { type Message, readPlain, readSealed, unseal } from './frames.ts';
import { fromHexText } from './bytes.ts';
import type { KeptAuthorization } from './kept.ts';
import type { DropMoment } from './knobs.ts';
import { errorReport } from './layouts.ts';
import { pairPlain, pairSealed } from './pairing.ts';
import type { Session } from './session.ts';
import {
  KEYTURNER,
  type Speech,
  USER,
  interruption,
  latency,
  plainSpeech,
  sealedSpeech,
  speak,
  uuid,
} from './voice.ts';

/** Pieces that belong together come sooner than this. */
const PIECES_MS = 3_000;

export function receive(device: Device, characteristic: string, bytes: Uint8Array): void {
  const { session, knobs } = device;
  if (!session || knobs.deaf) return;
  device.antenna.heard();
  if (device.elapsed() - session.lastPieceAt > PIECES_MS) session.clearPieces();
  session.lastPieceAt = device.elapsed();
  if (characteristic === USER) return takeUser(device, session, bytes);
  if (characteristic === KEYTURNER) return takeKeyturner(device, session, bytes);
  if (characteristic === pairingCharacteristic(device)) takePairing(device, session, bytes);
}

export function pairingCharacteristic(device: Device): string {
  return uuid(device.variant.generation === 'g5' ? 'e301' : 'e101');
}

// ---- e202

function takeUser(device: Device, session: Session, bytes: Uint8Array): void {
  const frame = session.sealed.feed(bytes);
  if (frame === undefined) return;
  const sealed = frame === 'broken' ? 'length' : readSealed(frame);
  if (sealed === 'length') return stranger(device, session);
  const who = device.kept.authorizations.find(({ id, key }) => id === sealed.authId && key !== '');
  const opened = who && unseal(fromHexText(who.key), sealed);
  if (!who || typeof opened !== 'object') return stranger(device, session);
  device.lastPeer = who;
  const { crcFits, ...message } = opened;
  act(device, session, message.command, () => {
    const reply = crcFits ? obey(device, who, message) : { error: error.badCrc };
    return sealedReply(device, who, message.command, reply);
  });
}

function sealedReply(
  device: Device,
  who: KeptAuthorization,
  asked: number,
  reply: ReturnType<typeof obey>,
): Speech | undefined {
  const said = 'error' in reply ? [report(reply.error, asked)] : reply.messages;
  const speech = sealedSpeech(device, who, [...interruption(device), ...said]);
  if ('error' in reply) return speech;
  const { start, after } = reply;
  return { ...speech, ...(start ? { start } : {}), ...(after ? { after } : {}) };
}

/** Whoever wrote this is not known, or did not seal it with his key. */
function stranger(device: Device, session: Session): void {
  act(device, session, 0, () => {
    if (!device.knobs.plainErrors) return undefined;
    return plainSpeech(KEYTURNER, report(error.notAuthorized, 0));
  });
}

// ---- e201: nothing is to be written here

function takeKeyturner(device: Device, session: Session, bytes: Uint8Array): void {
  const frame = session.plain.feed(bytes);
  if (frame === undefined) return;
  const message = frame === 'broken' ? 'length' : readPlain(frame);
  const flaw = message === 'crc' ? error.badCrc : message === 'length' ? error.badLength : error.notAuthorized;
  const asked = typeof message === 'object' ? message.command : 0;
  act(device, session, asked, () => plainSpeech(KEYTURNER, report(flaw, asked)));
}

// ---- e101, e301

function takePairing(device: Device, session: Session, bytes: Uint8Array): void {
  if (device.variant.generation === 'g5' && session.pairing?.step === 'data') {
    return takeSealedPairing(device, session, bytes);
  }
  const frame = session.plain.feed(bytes);
  if (frame === undefined) return;
  const message = frame === 'broken' ? 'length' : readPlain(frame);
  const asked = typeof message === 'object' ? message.command : commandOf(frame);
  act(device, session, asked, () => {
    if (typeof message === 'object') return speechOf(device, asked, pairPlain(device, session, message));
    session.pairing = undefined;
    return speechOf(device, asked, { error: message === 'crc' ? error.badCrc : error.badLength });
  });
}

function takeSealedPairing(device: Device, session: Session, bytes: Uint8Array): void {
  const { pairing } = session;
  const shared = pairing?.shared;
  const frame = session.sealedPairing.feed(bytes);
  if (frame === undefined || !pairing || !shared) return;
  const sealed = frame === 'broken' ? 'length' : readSealed(frame);
  // Clients disagree about the authorization id of one who has none yet.
  const opened = sealed === 'length' ? sealed : unseal(shared, sealed, true);
  act(device, session, command.authorizationData, () => {
    if (typeof opened !== 'object') {
      session.pairing = undefined;
      return speechOf(device, command.authorizationData, { error: error.badAuthenticator });
    }
    const asked = opened.command;
    if (!opened.crcFits) return speechOf(device, asked, { error: error.badCrc });
    const reply = pairSealed(device, session, opened);
    if (!('error' in reply)) {
      const peer = { id: reply.authId, key: Buffer.from(shared).toString('hex') };
      return { ...sealedSpeech(device, peer, reply.messages, pairingCharacteristic(device)), after: reply.after };
    }
    if (!device.knobs.sealedPairingErrors) return speechOf(device, asked, reply);
    const peer = { id: opened.authId, key: Buffer.from(shared).toString('hex') };
    return sealedSpeech(device, peer, [report(reply.error, asked)], pairingCharacteristic(device));
  });
}

function speechOf(device: Device, asked: number, reply: ReturnType<typeof pairPlain>): Speech {
  const characteristic = pairingCharacteristic(device);
  if ('error' in reply) return plainSpeech(characteristic, report(reply.error, asked));
  return { ...plainSpeech(characteristic, reply.message), ...(reply.after ? { after: reply.after } : {}) };
}

// ---- common to all

/** Carries out and answers, unless the link is meant to drop. Undefined: it stays silent. */
function act(device: Device, session: Session, asked: number, run: () => Speech | undefined): void {
  session.messages++;
  device.onFrame?.(asked, 'down');
  if (drops(device, asked, 'before_acting')) return device.antenna.hangUp();
  const speech = run();
  // What is answered has been written first: a power cut between the two must not make the lock a liar.
  device.commit();
  if (!speech || device.session !== session) return;
  if (drops(device, asked, 'before_answering')) {
    device.antenna.hangUp();
    return speech.start?.();
  }
  const breaksOff = drops(device, asked, 'mid_answer');
  const hangsUp = drops(device, asked, 'after_answering');
  const after = (): void => {
    speech.after?.();
    if (breaksOff || hangsUp) device.antenna.hangUp();
  };
  speak(device, session, { ...speech, breaksOff, after }, latency(device));
  speech.start?.();
}

function report(code: number, asked: number): Message {
  return { command: command.errorReport, payload: errorReport(code, asked) };
}

function commandOf(frame: Uint8Array | 'broken'): number {
  return frame === 'broken' || frame.length < 2 ? 0 : Buffer.from(frame).readUInt16LE(0);
}

/** Whether `dropLink` means this message at this moment; counts it when it does. */
function drops(device: Device, asked: number, moment: DropMoment): boolean {
  const wanted = device.knobs.dropLink;
  if (!wanted || wanted.moment !== moment) return false;
  if (wanted.command !== undefined && wanted.command !== asked) return false;
  if (wanted.nth !== undefined && wanted.nth !== device.session?.messages) return false;
  if (wanted.times !== undefined) {
    if (wanted.times <= 1) device.knobs.dropLink = undefined;
    else device.knobs.dropLink = { ...wanted, times: wanted.times - 1 };
  }
  return true;
}
