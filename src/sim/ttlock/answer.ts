// What a command handler gives back, and the bytes it is made of. Source: ttlock.md 5.

export interface Answer {
  /** Behind the echoed command; undefined: an answer without payload. */
  plain: Uint8Array | undefined;
  /** When another key than the one after the command seals it. */
  key?: Uint8Array;
  /** Runs when the answer has been handed to the radio. */
  after?: () => void;
}

export const error = {
  checksum: 0x01,
  notPermitted: 0x02,
  wrongAdmin: 0x03,
  noAdmin: 0x06,
  notSetting: 0x07,
  wrongSum: 0x08,
  lowBattery: 0x0a,
  revoked: 0x0d,
  expired: 0x0e,
  length: 0x0f,
  sameAsErase: 0x10,
  notYet: 0x11,
  notLoggedIn: 0x12,
  failed: 0x13,
  exists: 0x14,
  noSuchPin: 0x15,
  noSpace: 0x16,
  noSuchCard: 0x18,
  duplicateFinger: 0x19,
  noSuchFinger: 0x1a,
  unknown: 0x1b,
  frozen: 0x1c,
  token: 0x1d,
  doubleLocked: 0x1e,
  noRecord: 0x1f,
  invalid: 0x20,
  obstacle: 0x21,
} as const;

export function done(...data: (number | Iterable<number>)[]): Answer {
  return { plain: bytesOf(0x01, ...data) };
}

/** Without a code where the protocol has none. */
export function refused(code?: number): Answer {
  return { plain: code === undefined ? bytesOf(0x00) : bytesOf(0x00, code) };
}

export function bytesOf(...parts: (number | Iterable<number>)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => (typeof part === 'number' ? [part] : [...part])));
}

export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function readU32(bytes: Uint8Array, at: number): number {
  return ((readU16(bytes, at) << 16) | readU16(bytes, at + 2)) >>> 0;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHexText(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** ASCII digits, or undefined when anything else is among them. */
export function digitsOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  return /^[0-9]*$/.test(text) ? text : undefined;
}
