// Cards (ttlock.md 12), fingerprints (13) and their weekly windows (14) on the wire.
import { ByteReader, type ByteWriter } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { WeeklyWindow } from '../../lock/driver.ts';
import { LAST_PAGE } from './codes-wire.ts';
import { type Stamp, readStamp } from './dates.ts';
import { type Request, command, request } from './wire.ts';

/** What cards and fingerprints have in common and where they differ. */
export interface TokenKind {
  command: number;
  listOp: number;
  /** For 70. */
  userType: number;
  /** Bytes of an id on the wire. */
  width(id: bigint): number;
}

export const cardKind: TokenKind = {
  command: command.cards,
  listOp: 1,
  userType: 2,
  width: id => (id < 1n << 32n ? 4 : 8),
};
export const fingerKind: TokenKind = { command: command.fingers, listOp: 6, userType: 1, width: () => 6 };

/** Stamps of 5. */
export interface TokenWindow {
  start: Stamp;
  end: Stamp;
}
export type TokenRecord = { id: bigint } & TokenWindow;

/** What an enrolment says: wait for a person, another touch, done. */
export type EnrolSaid =
  | { step: 'present'; of?: number }
  | { step: 'again'; done?: number; of?: number }
  | { step: 'done'; id: bigint };

const op = { enrol: 2, remove: 3, clear: 4, validity: 5 } as const;
const step = { done: 1, present: 2, again: 3 } as const;
const WEEKLY = 1;
/** An 8-byte card record with its two dates. */
const WIDE_RECORD = 18;

export const listTokens = (kind: TokenKind, seq: number): Request =>
  request(kind.command, to => to.u8(kind.listOp).u16(seq));
export const enrolToken = (kind: TokenKind): Request => request(kind.command, to => to.u8(op.enrol));
export const clearTokens = (kind: TokenKind): Request => request(kind.command, to => to.u8(op.clear));
export const removeToken = (kind: TokenKind, id: bigint): Request =>
  request(kind.command, to => to.u8(op.remove).big(id, kind.width(id)));

/** Cards only: a fingerprint cannot be told. */
export const addCard = (id: bigint, dates: TokenWindow, kind = cardKind): Request =>
  withWindow(op.enrol, kind, { id, ...dates });

export const setTokenValidity = (kind: TokenKind, id: bigint, dates: TokenWindow): Request =>
  withWindow(op.validity, kind, { id, ...dates });

/** One frame for each weekday. */
export function addWeekly(kind: TokenKind, id: bigint, window: WeeklyWindow): Request {
  return request(command.cyclic, to => {
    idWithWidth(to.u8(op.enrol).u8(kind.userType), kind, id).u8(WEEKLY).u8(window.day).u8(0);
    return clockTime(clockTime(to, window.startMinute), window.endMinute).bytes([0, 0, 0, 0]);
  });
}

export const clearWeekly = (kind: TokenKind, id: bigint): Request =>
  request(command.cyclic, to => idWithWidth(to.u8(op.clear).u8(kind.userType), kind, id));

/** `next` is undefined after the last page. Undefined: the answer to another operation. */
export function readTokenList(
  kind: TokenKind,
  data: ByteReader,
): { records: TokenRecord[]; next?: number } | undefined {
  data.u8();
  if (data.u8() !== kind.listOp) return undefined;
  const next = data.left < 2 ? LAST_PAGE : data.u16();
  const width = kind.command === command.fingers ? 6 : data.left === WIDE_RECORD ? 8 : 4;
  const records: TokenRecord[] = [];
  while (data.left >= width + 10) {
    records.push({ id: readId(data, width), start: readStamp(data, 5), end: readStamp(data, 5) });
  }
  return next === LAST_PAGE ? { records } : { records, next };
}

/** Undefined: the answer to another operation. */
export function readEnrol(kind: TokenKind, data: ByteReader): EnrolSaid | undefined {
  data.u8();
  if (data.u8() !== op.enrol) return undefined;
  const said = data.u8();
  if (said === step.done) return { step: 'done', id: readId(data, kind.command === command.fingers ? 6 : data.left) };
  if (said === step.present) return { step: 'present', ...(data.left > 0 && { of: data.u8() }) };
  if (said === step.again) {
    return { step: 'again', ...(data.left > 1 && { done: data.u8(), of: data.u8() }) };
  }
  throw new LockError('malformed', 'The lock asked for a step of enrolment that is not known.');
}

function withWindow(what: number, kind: TokenKind, { id, start, end }: TokenRecord): Request {
  return request(kind.command, to => to.u8(what).big(id, kind.width(id)).bytes(start).bytes(end));
}

function idWithWidth(to: ByteWriter, kind: TokenKind, id: bigint): ByteWriter {
  const width = kind.width(id);
  return to.u8(width).big(id, width);
}

/** FFFFFFFF at the end of an 8-byte field fills up a card of 4. */
function readId(data: ByteReader, width: number): bigint {
  const bytes = new ByteReader(data.bytes(width));
  const id = bytes.big(width);
  return width === 8 && (id & 0xffffffffn) === 0xffffffffn ? id >> 32n : id;
}

function clockTime(to: ByteWriter, minutes: number): ByteWriter {
  return to.u8(Math.floor(minutes / 60)).u8(minutes % 60);
}
