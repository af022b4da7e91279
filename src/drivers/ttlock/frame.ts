// Frames on the wire (ttlock.md 4.1 to 4.3): building them, and cutting them out of notifications.
import { concat, equal } from '../../base/bytes.ts';
import type { Framer } from '../../lock/exchange.ts';
import { crc8 } from './crc.ts';
import { BLOCK } from './seal.ts';

/** Which lock this is about. Locks answer with their own scene, group and organisation. */
export interface Header {
  type: number;
  version: number;
  scene: number;
  group: number;
  org: number;
}

/** `payload` is cipher text. `encrypt` is AA, or 00 on what the lock says unasked. */
export interface Frame {
  header: Header;
  command: number;
  encrypt: number;
  payload: Uint8Array;
}

/** Requests and ordinary replies. */
export const ASKED = 0xaa;
const START = [0x7f, 0x5a] as const;
const HEAD = 12;
/** From this protocol type on the frame has the long head; older locks are not spoken to. */
const FIRST_LONG_TYPE = 5;
const END = Uint8Array.of(0x0d, 0x0a);

/** Without the CR LF that ends a frame on the air. */
export function frameBytes(header: Header, command: number, payload: Uint8Array, encrypt = ASKED): Uint8Array {
  const { type, version, scene, group, org } = header;
  const head = [...START, type, version, scene, group >> 8, group & 0xff, org >> 8, org & 0xff];
  const body = concat(Uint8Array.of(...head, command, encrypt, payload.length), payload);
  return concat(body, Uint8Array.of(crc8(body)));
}

/** A lock never acts on a write that does not end in CR LF. */
export function ended(frame: Uint8Array): Uint8Array {
  return concat(frame, END);
}

export function sameHeader(a: Header, b: Header): boolean {
  return equal(frameBytes(a, 0, END), frameBytes(b, 0, END));
}

/**
 * Cuts by length, never at CR LF, since cipher text may hold one. A frame is delivered with its checksum byte; CR LF and
 * garbage between frames are skipped byte by byte. Holds less than one frame.
 */
export class FrameCutter implements Framer<Frame> {
  #held: Uint8Array = new Uint8Array();

  feed(bytes: Uint8Array): Frame[] {
    const all = this.#held.length > 0 ? concat(this.#held, bytes) : bytes;
    const frames: Frame[] = [];
    let at = 0;
    while (at < all.length) {
      const length = frameLength(all, at);
      if (length === 'more') break;
      const frame = length === 'none' ? undefined : parse(all.subarray(at, at + length));
      if (frame) frames.push(frame);
      at += frame ? (length as number) : 1;
    }
    this.#held = all.slice(at);
    return frames;
  }

  /** Bytes that wait for the rest of a frame. */
  get held(): number {
    return this.#held.length;
  }

  clear(): void {
    this.#held = new Uint8Array();
  }
}

/** How long the frame at this place is; `none` when there can be none, `more` when it is not in yet. */
function frameLength(bytes: Uint8Array, at: number): number | 'none' | 'more' {
  const left = bytes.length - at;
  if (bytes[at] !== START[0]) return 'none';
  if (left > 1 && bytes[at + 1] !== START[1]) return 'none';
  if (left > 2 && (bytes[at + 2] as number) < FIRST_LONG_TYPE) return 'none';
  if (left < HEAD) return 'more';
  const payload = bytes[at + HEAD - 1] as number;
  if (payload % BLOCK !== 0) return 'none';
  const total = HEAD + payload + 1;
  return left < total ? 'more' : total;
}

function parse(bytes: Uint8Array): Frame | undefined {
  const [, , type, version, scene, g1, g0, o1, o0, command, encrypt] = bytes as unknown as number[] & Uint8Array;
  if (crc8(bytes.subarray(0, -1)) !== bytes.at(-1)) return undefined;
  const header = { type, version, scene, group: word(g1, g0), org: word(o1, o0) } as Header;
  return { header, command: command as number, encrypt: encrypt as number, payload: bytes.slice(HEAD, -1) };
}

function word(high: number | undefined, low: number | undefined): number {
  return ((high ?? 0) << 8) | (low ?? 0);
}
