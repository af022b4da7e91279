// Keypad codes on the wire (ttlock.md 11) and the administrator's code (15).
import { ByteReader, type ByteWriter } from '../../base/bytes.ts';
import { type Stamp, readStamp } from './dates.ts';
import { type Request, command, request } from './wire.ts';

/** 4, cyclic, is only ever read. */
export const pinType = { permanent: 1, once: 2, period: 3, cyclic: 4 } as const;
/** The list ends with this, or with a page that holds nothing. */
export const LAST_PAGE = 0xffff;

/** Stamps of 5. Permanent codes have no end. */
export interface PinWindow {
  start: Stamp;
  end?: Stamp;
}

export interface PinRecord {
  type: number;
  digits: string;
  /** What it was before it was changed at the keypad. */
  old: string;
  start: Stamp;
  end?: Stamp;
}

const op = { clear: 1, add: 2, remove: 3, change: 5 } as const;

export const clearPins = (): Request => request(command.pins, to => to.u8(op.clear));

export function addPin(pin: { type: number; digits: string } & PinWindow): Request {
  return request(command.pins, to =>
    window(text(to.u8(op.add).u8(pin.type), pin.digits), pin, pin.type !== pinType.permanent),
  );
}

export const removePin = (pin: { type: number; digits: string }): Request =>
  request(command.pins, to => text(to.u8(op.remove).u8(pin.type), pin.digits));

/** Without a window the dates stay. */
export function changePin(pin: { type: number; old: string; digits: string }, dates?: PinWindow): Request {
  return request(command.pins, to => {
    text(text(to.u8(op.change).u8(pin.type), pin.old), pin.digits);
    return dates ? window(to, dates, true) : to;
  });
}

export const listPins = (seq: number): Request => request(command.pinList, to => to.u16(seq));

/** `next` is undefined after the last page. Records of unknown shape are skipped by their length. */
export function readPinList(data: ByteReader): { records: PinRecord[]; next?: number } {
  const total = data.u16();
  if (total === 0) return { records: [] };
  const page = new ByteReader(data.bytes(Math.min(total, data.left)));
  const next = page.u16();
  const records: PinRecord[] = [];
  while (page.left > 0) records.push(readPin(new ByteReader(page.bytes(page.u8()))));
  return next === LAST_PAGE ? { records } : { records, next };
}

/** 4 to 9 digits as numbers, not as text. */
export const setAdminPin = (digits: string): Request =>
  request(command.setAdminPin, to => to.bytes(Array.from(digits, Number)));
export const askAdminPin = (): Request => request(command.adminPin);

/** Battery, then the digits; none when no code is set. */
export function readAdminPin(data: ByteReader): string {
  data.u8();
  return data.text(data.u8());
}

/** Battery and the operation that was done. */
export function readDone(data: ByteReader): { battery: number; op: number } {
  return { battery: data.u8(), op: data.u8() };
}

function readPin(record: ByteReader): PinRecord {
  const type = record.u8();
  const digits = record.text(record.u8());
  const old = record.text(record.u8());
  const start = readStamp(record, 5);
  const bounded = (type === pinType.once || type === pinType.period) && record.left >= 5;
  return { type, digits, old, start, ...(bounded && { end: readStamp(record, 5) }) };
}

function text(to: ByteWriter, digits: string): ByteWriter {
  return to.u8(digits.length).text(digits);
}

function window(to: ByteWriter, dates: PinWindow, bounded: boolean): ByteWriter {
  to.bytes(dates.start);
  return bounded && dates.end ? to.bytes(dates.end) : to;
}
