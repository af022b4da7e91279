// Writing and reading Nuki payloads: little-endian numbers, padded texts, times, clock faces. Source: nuki.md 8.
import { SimError } from '../sim-error.ts';

export function bytesOf(...parts: (number | Iterable<number>)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => (typeof part === 'number' ? [part & 0xff] : [...part])));
}

export function u16(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

export function float(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** Zero padded; what does not fit is cut, and never in the middle of a character. */
export function text(value: string, size: number): Uint8Array {
  const field = new Uint8Array(size);
  let room = size;
  let at = 0;
  for (const character of value) {
    const encoded = Buffer.from(character, 'utf8');
    if (encoded.length > room) break;
    field.set(encoded, at);
    at += encoded.length;
    room -= encoded.length;
  }
  return field;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHexText(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value, 'hex'));
}

/** `2026-01-15T18:07:00`, without zone, as the lock keeps times -> seven bytes. */
export function date7(time: string): Uint8Array {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = time.split(/[-T:]/).map(Number);
  return bytesOf(u16(year), month, day, hour, minute, second);
}

/** `08:30` -> two bytes. */
export function face(clock: string): Uint8Array {
  return bytesOf(...clock.split(':').map(Number));
}

/** ms as if its wall time were UTC -> `2026-01-15T18:07:00`. */
export function timeText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19);
}

export function wallOf(time: string): number {
  return Date.parse(`${time}Z`);
}

/** Takes a payload apart from the front. Reading behind its end is a mistake of ours: lengths are checked before. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(size: number): Uint8Array {
    if (size > this.left) throw new SimError('invalid', `${size} bytes are due and ${this.left} are left.`);
    this.#at += size;
    return Uint8Array.from(this.#bytes.subarray(this.#at - size, this.#at));
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  i8(): number {
    return Buffer.from(this.take(1)).readInt8();
  }

  u16(): number {
    return Buffer.from(this.take(2)).readUInt16LE();
  }

  i16(): number {
    return Buffer.from(this.take(2)).readInt16LE();
  }

  u32(): number {
    return Buffer.from(this.take(4)).readUInt32LE();
  }

  float(): number {
    return Buffer.from(this.take(4)).readFloatLE();
  }

  text(size: number): string {
    const field = Buffer.from(this.take(size));
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? size : end).toString('utf8');
  }

  /** Undefined when it is no time. */
  date7(): string | undefined {
    const year = this.u16();
    const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = this.take(5);
    const valid = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
    if (!valid || year > 9999) return undefined;
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  }

  /** Undefined when no clock shows this. */
  face(): string | undefined {
    const [hour = 0, minute = 0] = this.take(2);
    if (hour > 23 || minute > 59) return undefined;
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  }
}
