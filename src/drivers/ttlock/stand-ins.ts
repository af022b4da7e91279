// What stands in a trace for what must not: of equal length, the same each time, and none of it can be turned back.
import { equal, hex } from '../../base/bytes.ts';

const NO_SUFFIX = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
const ADDRESS = /(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}/gi;

export class StandIns {
  /** For the session key. */
  readonly key: Uint8Array;
  /** For the owner's numbers and what is made with them. */
  readonly number: Uint8Array = Uint8Array.of(0x11, 0x11, 0x11, 0x11);
  readonly #known = new Map<string, number>();

  /** `key` was drawn for this trace alone. */
  constructor(key: Uint8Array) {
    this.key = key;
  }

  /** A code: as many digits. */
  text(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    const digits = String(this.#nth('text', bytes)).padStart(bytes.length, '0').slice(-bytes.length);
    return new Uint8Array(Buffer.from(digits, 'latin1'));
  }

  /** A card, a fingerprint, an account. Zero is nobody; FFFFFFFF fills up a card of 4 bytes. */
  id(bytes: Uint8Array): Uint8Array {
    const filled = bytes.length === 8 && equal(bytes.subarray(4), NO_SUFFIX);
    const value = filled ? bytes.subarray(0, 4) : bytes;
    if (value.every(byte => byte === 0)) return bytes;
    const out = bytes.slice();
    out.set(this.#counted('id', value), 0);
    return out;
  }

  /** Six bytes in the order of the air, last octet first. */
  mac(bytes: Uint8Array): Uint8Array {
    const out = this.#counted('mac', bytes).toReversed();
    out[5] = 0xc0;
    return out;
  }

  /** Text of the lock's own making, in which an address may stand. */
  withoutAddresses(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString('latin1');
    const plain = text.replace(ADDRESS, found => found.replace(/[0-9a-f]/gi, '0'));
    return new Uint8Array(Buffer.from(plain, 'latin1'));
  }

  #counted(kind: string, value: Uint8Array): Uint8Array {
    const out = new Uint8Array(value.length);
    const nth = this.#nth(kind, value);
    out[out.length - 1] = nth & 0xff;
    if (out.length > 1) out[out.length - 2] = (nth >> 8) & 0xff;
    return out;
  }

  #nth(kind: string, value: Uint8Array): number {
    const name = `${kind} ${hex(value)}`;
    const nth = this.#known.get(name) ?? this.#known.size + 1;
    this.#known.set(name, nth);
    return nth;
  }
}
