// The virtual lock's own bytes: checksum, plain and sealed frames, and putting pieces together. Source: nuki.md 4.
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { bytesOf, u16, u32 } from './bytes.ts';

export interface Message {
  command: number;
  payload: Uint8Array;
}

/** length: too short, or not what it says. mac: sealed with another key. authId: inside and outside differ. */
export type Flaw = 'length' | 'crc' | 'mac' | 'authid';

export interface Sealed {
  nonce: Uint8Array;
  authId: number;
  box: Uint8Array;
}

const NONCE = 24;
const HEAD = 30;
const CRC = 2;
/** Tag, authorization id, command, checksum. */
const SMALLEST_BOX = 24;
/** A box can hold no more than the longest client message, with room to spare. */
const LARGEST_BOX = 512;

/** CRC-16/CCITT-FALSE. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

export function plainFrame({ command, payload }: Message): Uint8Array {
  const covered = bytesOf(u16(command), payload);
  return bytesOf(covered, u16(crc16(covered)));
}

/** A whole plain frame, of which commands of known size have to have that size. */
export function readPlain(frame: Uint8Array): Message | Flaw {
  if (frame.length < 4) return 'length';
  const view = Buffer.from(frame);
  const command = view.readUInt16LE(0);
  const due = plainSizes.get(command);
  if (due !== undefined && due !== frame.length) return 'length';
  const covered = frame.subarray(0, -CRC);
  if (view.readUInt16LE(frame.length - CRC) !== crc16(covered)) return 'crc';
  return { command, payload: Uint8Array.from(frame.subarray(2, -CRC)) };
}

/** `outside` is the authorization id of the head, where it differs; `crc` one that is not right. */
export function seal(
  key: Uint8Array,
  authId: number,
  message: Message & { nonce: Uint8Array; outside?: number; crc?: number },
): Uint8Array {
  const covered = bytesOf(u32(authId), u16(message.command), message.payload);
  const inside = bytesOf(covered, u16(message.crc ?? crc16(covered)));
  const box = xsalsa20poly1305(key, message.nonce).encrypt(inside);
  return bytesOf(message.nonce, u32(message.outside ?? authId), u16(box.length), box);
}

/** The parts of a whole sealed frame; a flaw when they do not fit together. */
export function readSealed(frame: Uint8Array): Sealed | 'length' {
  if (frame.length < HEAD + SMALLEST_BOX) return 'length';
  const view = Buffer.from(frame);
  if (view.readUInt16LE(28) !== frame.length - HEAD) return 'length';
  return { nonce: frame.subarray(0, NONCE), authId: view.readUInt32LE(NONCE), box: frame.subarray(HEAD) };
}

/** `anyAuthId`: inside and outside may differ, as in the pairing of the fifth generation. A bad checksum still tells the command. */
export function unseal(
  key: Uint8Array,
  sealed: Sealed,
  anyAuthId = false,
): (Message & { authId: number; crcFits: boolean }) | 'mac' | 'authid' {
  let inside: Buffer;
  try {
    inside = Buffer.from(xsalsa20poly1305(key, sealed.nonce).decrypt(sealed.box));
  } catch {
    return 'mac';
  }
  const authId = inside.readUInt32LE(0);
  if (authId !== sealed.authId && !anyAuthId) return 'authid';
  const covered = inside.subarray(0, -CRC);
  return {
    authId,
    command: inside.readUInt16LE(4),
    payload: Uint8Array.from(covered.subarray(6)),
    crcFits: inside.readUInt16LE(inside.length - CRC) === crc16(covered),
  };
}

/** Cuts for the air. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** Whole plain frames by command, as clients and locks of generations 1 to 4 send them. */
const plainSizes: ReadonlyMap<number, number> = new Map([
  [0x0001, 6],
  [0x0003, 36],
  [0x0004, 36],
  [0x0005, 36],
  [0x0006, 105],
  [0x0007, 88],
  [0x000e, 5],
  [0x0012, 7],
  [0x001e, 40],
  [0x004c, 5],
]);

/** How many bytes a stream still needs before it holds a frame; more than that is one that nobody understands. */
type Need = (held: Uint8Array) => number | undefined;

/** Pieces -> whole frames. One frame at a time, and never two in one piece. */
export class Gatherer {
  readonly #size: Need;
  #held: Uint8Array = new Uint8Array();

  constructor(stream: 'plain' | 'sealed') {
    this.#size = stream === 'plain' ? plainSize : sealedSize;
  }

  /** The frame that ends with this piece. `broken`: what there is can never become one. Undefined: it wants more. */
  feed(piece: Uint8Array): Uint8Array | 'broken' | undefined {
    this.#held = bytesOf(this.#held, piece);
    const size = this.#size(this.#held);
    if (size === undefined || this.#held.length < size) return undefined;
    const frame = this.#held;
    this.clear();
    return frame.length > size ? 'broken' : frame;
  }

  clear(): void {
    this.#held = new Uint8Array();
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }
}

function plainSize(held: Uint8Array): number | undefined {
  if (held.length < 2) return undefined;
  // Of a command of unknown size the first piece has to be all.
  return plainSizes.get(Buffer.from(held).readUInt16LE(0)) ?? held.length;
}

function sealedSize(held: Uint8Array): number | undefined {
  if (held.length < HEAD) return undefined;
  const box = Buffer.from(held).readUInt16LE(28);
  return box < SMALLEST_BOX || box > LARGEST_BOX ? 0 : HEAD + box;
}
