// The virtual lock's own bytes: checksum, seal and frames of the V3 protocol. Source: ttlock.md 4.
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** altered: as real locks compute it, with one wrong table entry. clean: plain CRC-8/MAXIM, as some clients do. */
export type Checksum = 'altered' | 'clean';

export interface Header {
  type: number;
  version: number;
  scene: number;
  group: number;
  organisation: number;
}

export interface SimFrame {
  header: Header;
  command: number;
  /** AA on requests and replies, 00 on pushes. */
  encrypt: number;
  /** Still sealed. */
  payload: Uint8Array;
  /** Which checksum it carries; `both` where the two agree. */
  checksum: Checksum | 'both' | 'wrong';
}

/** The key of a lock that nobody owns. */
export const FACTORY_KEY: Uint8Array = Buffer.from('987623e8a923a1bb3d9e7d0378124588', 'hex');
/** Every frame from the lock carries this command. */
export const REPLY = 0x54;
export const CR_LF: Uint8Array = Uint8Array.of(0x0d, 0x0a);

const HEAD_SIZE = 12;
const BLOCK = 16;

export function checksum(bytes: Uint8Array, kind: Checksum = 'altered'): number {
  let crc = 0;
  for (const byte of bytes) {
    const index = crc ^ byte;
    crc = kind === 'altered' && index === 0x21 ? 0x07 : dallas(index);
  }
  return crc;
}

/** AES-128-CBC with the key as its own first vector and PKCS#7; nothing stays nothing. */
export function seal(key: Uint8Array, plain: Uint8Array): Uint8Array {
  if (plain.length === 0) return new Uint8Array();
  const cipher = createCipheriv('aes-128-cbc', key, key);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** Undefined when it was not sealed with this key. */
export function unseal(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length === 0) return new Uint8Array();
  if (sealed.length % BLOCK !== 0) return undefined;
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, key);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A whole frame up to its checksum, without CR LF. */
export function frame(
  header: Header,
  command: number,
  body: { sealed: Uint8Array; encrypt?: number; checksum?: Checksum },
): Uint8Array {
  const { type, version, scene, group, organisation } = header;
  const head = Buffer.alloc(HEAD_SIZE);
  head.set([0x7f, 0x5a, type, version, scene]);
  head.writeUInt16BE(group, 5);
  head.writeUInt16BE(organisation, 7);
  head.set([command, body.encrypt ?? 0xaa, body.sealed.length], 9);
  const covered = Buffer.concat([head, body.sealed]);
  return Buffer.concat([covered, Uint8Array.of(checksum(covered, body.checksum))]);
}

/** Cuts for the air. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/**
 * Bytes in pieces of any size -> frames. Frames with a wrong checksum come out marked, and the search for the next
 * frame goes on right behind their first byte. A frame without CR LF behind it is passed over unless `crLfOptional`.
 */
export class SimSplitter {
  #held: Buffer = Buffer.alloc(0);

  feed(bytes: Uint8Array, crLfOptional = false): SimFrame[] {
    this.#held = Buffer.concat([this.#held, bytes]);
    const frames: SimFrame[] = [];
    while (this.#seek()) {
      const size = HEAD_SIZE + (this.#held[11] as number) + 1;
      if ((this.#held[11] as number) % BLOCK !== 0) {
        this.#skip(1);
        continue;
      }
      const tail = this.#tail(size);
      if (this.#held.length < size || (tail === 'unknown' && !crLfOptional)) break;
      const found = read(this.#held.subarray(0, size));
      if (found.checksum === 'wrong') {
        if (tail === 'there') frames.push(found);
        this.#skip(1);
        continue;
      }
      if (tail === 'there' || crLfOptional) frames.push(found);
      this.#skip(tail === 'there' ? size + 2 : size);
    }
    return frames;
  }

  clear(): void {
    this.#held = Buffer.alloc(0);
  }

  /** Brings the next `7F 5A` to the front; false until a whole head is there. */
  #seek(): boolean {
    let start = this.#held.indexOf(Buffer.of(0x7f, 0x5a));
    if (start < 0) start = this.#held.at(-1) === 0x7f ? this.#held.length - 1 : this.#held.length;
    this.#skip(start);
    return this.#held.length >= HEAD_SIZE;
  }

  #tail(at: number): 'there' | 'missing' | 'unknown' {
    if (this.#held.length > at && this.#held[at] !== 0x0d) return 'missing';
    if (this.#held.length < at + 2) return 'unknown';
    return this.#held[at + 1] === 0x0a ? 'there' : 'missing';
  }

  #skip(count: number): void {
    this.#held = this.#held.subarray(count);
  }
}

function read(bytes: Buffer): SimFrame {
  const covered = bytes.subarray(0, -1);
  const altered = bytes.at(-1) === checksum(covered, 'altered');
  const clean = bytes.at(-1) === checksum(covered, 'clean');
  return {
    header: {
      type: bytes.readUInt8(2),
      version: bytes.readUInt8(3),
      scene: bytes.readUInt8(4),
      group: bytes.readUInt16BE(5),
      organisation: bytes.readUInt16BE(7),
    },
    command: bytes.readUInt8(9),
    encrypt: bytes.readUInt8(10),
    payload: Uint8Array.from(bytes.subarray(HEAD_SIZE, -1)),
    checksum: altered ? (clean ? 'both' : 'altered') : clean ? 'clean' : 'wrong',
  };
}

/** One step of the reflected polynomial 31h, without a table. */
function dallas(index: number): number {
  let rest = index;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >> 1) ^ 0x8c : rest >> 1;
  return rest;
}
