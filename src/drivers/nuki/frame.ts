// Messages on the wire (nuki.md 4): plain and sealed ones, and gathering them out of indications.
import { ByteReader, ByteWriter, concat, equal } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Framer } from '../../lock/exchange.ts';
import { crcBytes } from './crc.ts';
import { NONCE, TAG, seal, unseal } from './keys.ts';

export interface Message {
  command: number;
  payload: Uint8Array;
}

/** A sealed message as it came, or a plain one whose checksum is right. */
export type Heard = { sealed: Uint8Array } | { plain: Message };

export interface Opened extends Message {
  /** The authorisation that stands inside the seal. */
  authId: number;
  /** What was inside, with its checksum. */
  inside: Uint8Array;
}

const CRC = 2;
const COMMAND = 2;
const AUTH_ID = 4;
/** Nonce, authorisation and length, none of which the seal protects. */
const HEAD = NONCE + AUTH_ID + 2;
/** The box of a message without payload. */
const LEAST_BOX = TAG + AUTH_ID + COMMAND + CRC;
/** No described message comes near it: the longest of a lock is 133 bytes with its head. */
const MOST_BOX = 480;
export const LONGEST = HEAD + MOST_BOX;

const ERROR_REPORT = 0x12;
/** What is said without a seal has no length: its command tells how long it is, command and checksum with it (4.5). */
const plainLengths: Readonly<Record<number, number>> = {
  0x01: 6,
  0x03: 36,
  0x04: 36,
  0x05: 36,
  0x06: 105,
  0x07: 88,
  0x0e: 5,
  [ERROR_REPORT]: 7,
  0x1e: 40,
  0x4c: 5,
};

export function plainFrame({ command, payload }: Message): Uint8Array {
  const body = concat(new ByteWriter().u16le(command).done(), payload);
  return concat(body, crcBytes(body));
}

/** One whole message. Throws `malformed` with reason `length` or `crc`. */
export function readPlain(frame: Uint8Array): Message {
  if (frame.length < COMMAND + CRC) throw damaged('length');
  const command = new ByteReader(frame).u16le();
  const due = plainLengths[command];
  if (due !== undefined && due !== frame.length) throw damaged('length');
  const body = frame.subarray(0, -CRC);
  if (!equal(crcBytes(body), frame.subarray(-CRC))) throw damaged('crc');
  return { command, payload: body.slice(COMMAND) };
}

/** `nonce` is 24 random bytes, each time others. */
export function sealedFrame(
  how: { key: Uint8Array; authId: number; nonce: Uint8Array },
  { command, payload }: Message,
): Uint8Array {
  const body = concat(new ByteWriter().u32le(how.authId).u16le(command).done(), payload);
  const box = seal(how.key, how.nonce, concat(body, crcBytes(body)));
  return concat(how.nonce, new ByteWriter().u32le(how.authId).u16le(box.length).done(), box);
}

/**
 * One whole message. Throws `malformed` with reason `length`, `mac` (another key, or damage), `crc` or `authid` (inside
 * another one than outside).
 */
export function openFrame(key: Uint8Array, frame: Uint8Array): Opened {
  if (frame.length < HEAD + LEAST_BOX) throw damaged('length');
  const head = new ByteReader(frame);
  const nonce = head.bytes(NONCE);
  const outside = head.u32le();
  if (head.u16le() !== head.left) throw damaged('length');
  const inside = unseal(key, nonce, head.rest());
  if (!inside) throw damaged('mac');
  const crc = inside.subarray(-CRC);
  // Some locks send zero now and then; the tag has proved the message already.
  if (!equal(crc, NO_CRC) && !equal(crc, crcBytes(inside.subarray(0, -CRC)))) throw damaged('crc');
  const body = new ByteReader(inside.subarray(0, -CRC));
  const authId = body.u32le();
  if (authId !== outside) throw damaged('authid');
  return { authId, command: body.u16le(), payload: body.rest(), inside };
}

const NO_CRC = new Uint8Array(CRC);

/** The nonce alone: whether a message was heard before. */
export function nonceOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(0, NONCE);
}

/**
 * Gathers messages out of indications of any size. Nothing marks a beginning, so that garbage is skipped byte by byte until
 * something can be a message. Where sealed messages are due, a plain error report is heard as well: with it a lock answers
 * what it cannot read.
 */
export class Gatherer implements Framer<Heard> {
  /** What comes on a characteristic of pairing changes on the way. */
  expects: 'plain' | 'sealed';
  /** Whatever waits is shorter than the longest message. */
  readonly #held = new Uint8Array(LONGEST);
  #length = 0;

  constructor(expects: 'plain' | 'sealed') {
    this.expects = expects;
  }

  feed(bytes: Uint8Array): Heard[] {
    const found: Heard[] = [];
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + LONGEST - this.#length);
      this.#held.set(piece, this.#length);
      this.#length += piece.length;
      at += piece.length;
      this.#drain(found);
    }
    return found;
  }

  /** Bytes that wait for the rest of a message. */
  get held(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  #drain(found: Heard[]): void {
    let at = 0;
    while (at < this.#length) {
      const next = this.#next(this.#held.subarray(at, this.#length));
      if (next === 'more') break;
      if (next !== 'none') found.push(next.heard);
      at += next === 'none' ? 1 : next.length;
    }
    this.#held.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  #next(bytes: Uint8Array): Next {
    if (this.expects === 'plain') return plainAt(bytes, plainLengths);
    const error = plainAt(bytes, errorOnly);
    return typeof error === 'object' ? error : sealedAt(bytes);
  }
}

type Next = 'none' | 'more' | { heard: Heard; length: number };

const errorOnly = { [ERROR_REPORT]: plainLengths[ERROR_REPORT] as number };

function plainAt(bytes: Uint8Array, lengths: Readonly<Record<number, number>>): Next {
  if (bytes.length < COMMAND) return 'more';
  const length = lengths[wordAt(bytes, 0)];
  if (length === undefined) return 'none';
  if (bytes.length < length) return 'more';
  const frame = bytes.subarray(0, length);
  if (!equal(crcBytes(frame.subarray(0, -CRC)), frame.subarray(-CRC))) return 'none';
  return { heard: { plain: readPlain(frame) }, length };
}

function sealedAt(bytes: Uint8Array): Next {
  if (bytes.length < HEAD) return 'more';
  const box = wordAt(bytes, HEAD - 2);
  if (box < LEAST_BOX || box > MOST_BOX) return 'none';
  const length = HEAD + box;
  return bytes.length < length ? 'more' : { heard: { sealed: bytes.slice(0, length) }, length };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

function damaged(reason: 'length' | 'mac' | 'crc' | 'authid'): LockError {
  const text = 'The lock sent a message that is damaged or was not meant for us. Try again.';
  return new LockError('malformed', text, { reason });
}
