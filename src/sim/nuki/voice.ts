// How a virtual Nuki lock speaks: plain and sealed messages, cut to the MTU, with the faults its knobs ask for.
import { action, command } from './codes.ts';
import type { Device } from './device.ts';
import { type Message, cut, plainFrame, seal } from './frames.ts';
import type { KeptAuthorization } from './kept.ts';
import { logEntry, stateBytes } from './layouts.ts';
import type { Session } from './session.ts';
import { stateOf } from './state.ts';
import { fromHexText } from './bytes.ts';

export const KEYTURNER = uuid('e201');
export const USER = uuid('e202');

const SMALL_PIECE = 20;
const ATT_HEADER = 3;
const NONCE = 24;

/** The whole name of one of the vendor's services and characteristics. */
export function uuid(short: string): string {
  return `a92e${short}550111e4916c0800200c9a66`;
}

/** Whom a sealed message is for. */
export type Peer = Pick<KeptAuthorization, 'id' | 'key'>;

/** What is said together, and what happens before and behind it. */
export interface Speech {
  characteristic: string;
  frames: readonly Uint8Array[];
  /** For onFrame. */
  commands: readonly number[];
  /** All but the last piece, and then it hangs up. */
  breaksOff?: boolean;
  /** As in Reply. */
  start?: () => void;
  after?: () => void;
}

/** In the clear. */
export function plainSpeech(characteristic: string, message: Message): Speech {
  return { characteristic, frames: [plainFrame(message)], commands: [message.command] };
}

/** Sealed for somebody, with the faults that knobs ask for. */
export function sealedSpeech(device: Device, peer: Peer, messages: readonly Message[], characteristic = USER): Speech {
  return {
    characteristic,
    frames: messages.map(message => sealedFrame(device, peer, message)),
    commands: messages.map(message => message.command),
  };
}

/** Says it after so many ms, in order with all that was said before. */
export function speak(device: Device, session: Session, speech: Speech, delayMs: number): void {
  session.out.push(delayMs, () => {
    for (const each of speech.commands) device.onFrame?.(each, 'up');
    const pieces = speech.frames.flatMap(frame => cut(frame, pieceSize(device, session)));
    for (const piece of speech.breaksOff ? pieces.slice(0, -1) : pieces) {
      session.central.notify(speech.characteristic, piece);
    }
    speech.after?.();
  });
}

/** Something that nobody asked for. */
export function push(device: Device, peer: Peer, messages: readonly Message[], delayMs = 0): void {
  const { session } = device;
  if (session) speak(device, session, sealedSpeech(device, peer, messages), delayMs);
}

/** Its state as it is now, as a push. */
export function pushState(device: Device, peer: Peer): void {
  const state = stateMessage(device);
  push(device, peer, device.knobs.statesRepeated ? [state, state] : [state], device.knobs.statesDelay);
}

/** To whoever is connected and was the last to show who he is: what somebody else has done. */
export function pushStateOfOthers(device: Device): void {
  const peer = device.knobs.statesOfOthers ? device.peer() : undefined;
  if (peer) pushState(device, peer);
}

/** What `inside` puts between a message and its answer. */
export function interruption(device: Device): Message[] {
  if (device.knobs.inside === false) return [];
  if (device.knobs.inside === 'state') return [stateMessage(device)];
  const entry = device.kept.log.at(-1);
  const made = entry ?? { index: 1, time: device.time(), authId: 0, name: '', type: 2, data: `0${action.lock}000000` };
  return [{ command: command.logEntry, payload: logEntry(made, device.knobs.logPadding) }];
}

export function stateMessage(device: Device): Message {
  return { command: command.states, payload: stateBytes(stateOf(device), device.variant.stateSize) };
}

export function latency(device: Device): number {
  const { min, max } = device.knobs.replyLatency;
  if (max <= min) return min;
  const [part = 0] = device.random(1);
  return min + Math.round(((max - min) * part) / 255);
}

function sealedFrame(device: Device, peer: Peer, message: Message): Uint8Array {
  const { knobs } = device;
  const nonce = device.random(NONCE);
  const key = takes(knobs, 'wrongSeal') ? new Uint8Array(32) : fromHexText(peer.key);
  const inside = takes(knobs, 'wrongAuthId') ? (peer.id ^ 1) >>> 0 : peer.id;
  const crc = takes(knobs, 'wrongCrc') ? { crc: 0xdead } : knobs.zeroCrc ? { crc: 0 } : {};
  return seal(key, inside, { ...message, nonce, outside: peer.id, ...crc });
}

/** Whether one of so many is left; counts it. */
export function takes<K extends string>(counters: Record<K, number>, name: K): boolean {
  if (counters[name] <= 0) return false;
  counters[name]--;
  return true;
}

function pieceSize(device: Device, session: Session): number {
  return device.knobs.smallPieces ? SMALL_PIECE : Math.max(SMALL_PIECE, session.central.mtu - ATT_HEADER);
}
