// Settings on the wire: one command each, the passage mode's windows, and the map of switches (ttlock.md 15).
import type { ByteReader } from '../../base/bytes.ts';
import { type Request, command, request } from './wire.ts';

const op = { read: 1, write: 2, remove: 3, clear: 4 } as const;

/** The bits of 68. `left`: set when the door opens to the left. */
export const switchBit = {
  tamperAlarm: 0x01,
  resetButton: 0x02,
  privacyLock: 0x04,
  left: 0x10,
  passageAutoUnlock: 0x20,
  wifiStays: 0x80,
} as const;

/** `mask` names the bits that this lock knows: what it does not name must not be written. */
export interface Switches {
  mask: number;
  values: number;
}

/** A window in which the lock stays open. `day` 1 to 7 is Monday to Sunday, 0 every day; times of 0 are the whole day. */
export interface PassageRecord {
  /** 1 weekly, 2 monthly. */
  type: number;
  day: number;
  month: number;
  startHour: number;
  startMinute: number;
  endHour: number;
  endMinute: number;
}

/** Every day, the whole day. */
export const ALWAYS_OPEN: PassageRecord = {
  type: 1,
  day: 0,
  month: 0,
  startHour: 0,
  startMinute: 0,
  endHour: 0,
  endMinute: 0,
};

/** 36, 37, 59, 61, 62, 66 (with `seq`), 67, 68. */
export const askSetting = (of: number): Request => request(of, to => to.u8(op.read));
export const writeByte = (of: number, value: number): Request => request(of, to => to.u8(op.write).u8(value));
export const writeWord = (of: number, value: number): Request => request(of, to => to.u8(op.write).u16(value));

/** `language` goes back as the lock said it; one that never said it is asked to leave it. */
export const writeVolume = (volume: number, language = SAME): Request =>
  request(command.sound, to => to.u8(op.write).u8(1).u8(volume).u8(language));

/** The whole map with its mask, as it was read, with one bit changed. */
export const writeSwitches = (to: Switches): Request =>
  request(command.switches, out => out.u8(op.write).u32(to.mask).u32(to.values));

export const askPassage = (seq: number): Request => request(command.passage, to => to.u8(op.read).u8(seq));
export const addPassage = (record: PassageRecord): Request =>
  request(command.passage, to => to.u8(op.write).bytes(passageBytes(record)));
export const removePassage = (record: PassageRecord): Request =>
  request(command.passage, to => to.u8(op.remove).bytes(passageBytes(record)));
export const clearPassage = (): Request => request(command.passage, to => to.u8(op.clear));

/** All readers below give undefined for the answer to another operation. */
export function readAutoLock(data: ByteReader): { seconds: number; min?: number; max?: number } | undefined {
  if (!isRead(data)) return undefined;
  const seconds = data.u16();
  return data.left < 4 ? { seconds } : { seconds, min: data.u16(), max: data.u16() };
}

export function readByte(data: ByteReader): number | undefined {
  return isRead(data) ? data.u8() : undefined;
}

export function readWord(data: ByteReader): number | undefined {
  return isRead(data) ? data.u16() : undefined;
}

export function readSound(data: ByteReader): { on: number; volume?: number; language?: number } | undefined {
  if (!isRead(data)) return undefined;
  const on = data.u8();
  const volume = data.left > 0 ? { volume: data.u8() } : {};
  return { on, ...volume, ...(data.left > 0 && { language: data.u8() }) };
}

export function readSwitches(data: ByteReader): Switches | undefined {
  return isRead(data) ? { mask: data.u32(), values: data.u32() } : undefined;
}

/** `next` is undefined after the last page, whose records do not count. */
export function readPassage(data: ByteReader): { records: PassageRecord[]; next?: number } | undefined {
  if (!isRead(data)) return undefined;
  const next = data.u8();
  if (next === LAST_PASSAGE_PAGE) return { records: [] };
  const records: PassageRecord[] = [];
  while (data.left >= 7) {
    const [type, day, month, startHour, startMinute, endHour, endMinute] = data.bytes(7) as unknown as number[];
    records.push({ type, day, month, startHour, startMinute, endHour, endMinute } as PassageRecord);
  }
  return { records, next };
}

/** True: the lock wrote it. Undefined: the answer to another operation. */
export function readWritten(expected: 'write' | 'remove' | 'clear'): (data: ByteReader) => true | undefined {
  return data => {
    data.u8();
    return data.u8() === op[expected] ? true : undefined;
  };
}

const LAST_PASSAGE_PAGE = 0xff;
/** All ones mean "as it is" in the one place where that is known (36); nobody has said what they mean for languages. */
const SAME = 0xff;

/** Battery, then the operation that this answers. */
function isRead(data: ByteReader): boolean {
  data.u8();
  return data.u8() === op.read;
}

function passageBytes(record: PassageRecord): number[] {
  const { type, day, month, startHour, startMinute, endHour, endMinute } = record;
  return [type, day, month, startHour, startMinute, endHour, endMinute];
}
