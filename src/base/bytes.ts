// Bounded reading and writing of bytes. Reading past the end is one declared error, never undefined behaviour.
import { LockError } from './errors.ts';

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Strict: even length, only hex digits. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new LockError('malformed', 'That is not hex text.');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Cuts into pieces of at most `size` bytes; nothing for nothing. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) cut.push(bytes.subarray(at, at + size));
  return cut;
}

/** Reads from front to back; each read names what it wanted, so that the error can say so. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  i16le(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  /** An unsigned big-endian number of up to 8 bytes. */
  big(size: number): bigint {
    let value = 0n;
    for (const byte of this.bytes(size)) value = (value << 8n) | BigInt(byte);
    return value;
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }

  text(count: number): string {
    return Buffer.from(this.bytes(count)).toString('latin1');
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  #take(count: number): number {
    if (count < 0 || count > this.left) {
      throw new LockError('malformed', `A message ended early: ${count} more bytes were due, ${this.left} were left.`);
    }
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

/** Writes numbers into a growing message; a value that does not fit its width is a bug and says so. */
export class ByteWriter {
  readonly #parts: number[] = [];

  u8(value: number): this {
    return this.#put(value, 1);
  }

  u16(value: number): this {
    return this.#put(value, 2);
  }

  u32(value: number): this {
    return this.#put(value, 4);
  }

  u16le(value: number): this {
    return this.#putLittle(value, 2);
  }

  u32le(value: number): this {
    return this.#putLittle(value, 4);
  }

  i16le(value: number): this {
    return this.#putLittle(value < 0 ? value + 0x10000 : value, 2);
  }

  big(value: bigint, size: number): this {
    if (value < 0n || value >= 1n << BigInt(8 * size)) throw tooLarge(size);
    for (let i = size - 1; i >= 0; i--) this.#parts.push(Number((value >> BigInt(8 * i)) & 0xffn));
    return this;
  }

  bytes(bytes: Uint8Array | readonly number[]): this {
    for (const byte of bytes) this.#parts.push(byte);
    return this;
  }

  text(text: string): this {
    return this.bytes(ascii(text));
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }

  #put(value: number, size: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) throw tooLarge(size);
    for (let i = size - 1; i >= 0; i--) this.#parts.push(Math.floor(value / 2 ** (8 * i)) & 0xff);
    return this;
  }

  #putLittle(value: number, size: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) throw tooLarge(size);
    for (let i = 0; i < size; i++) this.#parts.push(Math.floor(value / 2 ** (8 * i)) & 0xff);
    return this;
  }
}

function tooLarge(size: number): LockError {
  return new LockError('invalid', `A value does not fit into ${size} byte(s).`);
}
