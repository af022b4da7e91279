// The lock's own log on the wire (ttlock.md 17). PINs stand in it in clear: what comes from here goes into Secrets.
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { type Stamp, readStamp } from './dates.ts';
import { type Request, command, request } from './wire.ts';

/** Asks for the first record that was not read this way yet, and moves the lock's bookmark past it. */
export const UNREAD = 0xffff;

export interface LogRecord {
  number: number;
  type: number;
  stamp: Stamp;
  battery: number;
  uid?: number;
  recordId?: number;
  /** First and second text: a code, and what it became. */
  text?: string;
  newText?: string;
  /** A card or a fingerprint. */
  id?: bigint;
  /** Upper case with colons. */
  mac?: string;
  keyId?: number;
  accessoryBattery?: number;
}

export interface LogPage {
  records: LogRecord[];
  /** Where to go on; 0 when there is nothing. */
  next: number;
}

export const askLog = (seq: number): Request => request(command.log, to => to.u16(seq));

export function readLog(data: ByteReader): LogPage {
  const total = data.u16();
  if (total === 0) return { records: [], next: 0 };
  const page = new ByteReader(data.bytes(total));
  const next = page.u16();
  const parts: ByteReader[] = [];
  while (page.left > 0) parts.push(new ByteReader(page.bytes(page.u8())));
  return { next, records: parts.map((part, i) => readRecord(part, next - parts.length + i)) };
}

function readRecord(record: ByteReader, number: number): LogRecord {
  const type = record.u8();
  const head = { number, type, stamp: readStamp(record, 6), battery: record.u8() };
  try {
    return { ...head, ...readTails[tailShape(type)](record) };
  } catch (thrown) {
    // A tail of another shape than described: the head still says what happened.
    if (thrown instanceof LockError && thrown.code === 'malformed') return head;
    throw thrown;
  }
}

type Tail = Partial<Omit<LogRecord, 'number' | 'type' | 'stamp' | 'battery'>>;
type ReadTail = (tail: ByteReader) => Tail;

const text: ReadTail = tail => ({ text: tail.text(tail.u8()) });
const mac: ReadTail = tail => ({ mac: macText(tail.bytes(6)) });

const readTails = {
  user: tail => ({ uid: tail.u32(), recordId: tail.u32() }),
  userAndKey: tail => ({ uid: tail.u32(), recordId: tail.u32(), keyId: tail.u8() }),
  text,
  twoTexts: tail => ({ ...text(tail), ...(tail.left > 0 && { newText: tail.text(tail.u8()) }) }),
  dateAndText: tail => {
    tail.bytes(5);
    return tail.left > 0 ? text(tail) : {};
  },
  card: tail => ({ id: tail.big(tail.left > 4 ? 8 : 4) }),
  finger: tail => ({ id: tail.big(6) }),
  shortId: tail => ({ id: tail.big(2) }),
  sensor: tail => ({ accessoryBattery: tail.u8() }),
  mac,
  fob: tail => ({ ...mac(tail), keyId: tail.u8(), accessoryBattery: tail.u8() }),
  /** Two descriptions exist; the longer one has a key id before the battery. */
  keypad: tail => ({
    ...mac(tail),
    ...(tail.left > 1 && { keyId: tail.u8() }),
    ...(tail.left > 0 && { accessoryBattery: tail.u8() }),
  }),
  nothing: () => ({}),
} satisfies Readonly<Record<string, ReadTail>>;

/** What follows the head of a record. */
export type TailShape = keyof typeof readTails;

const shapes: readonly (readonly [TailShape, readonly number[]])[] = [
  ['user', [1, 26, 28, 41, 52, 75, 76, 77]],
  ['userAndKey', [37]],
  ['twoTexts', [4, 5, 6, 9, 10, 11, 12, 13, 34, 38, 78, 92]],
  ['text', [7, 93]],
  ['dateAndText', [8]],
  ['card', [15, 17, 18, 25, 35, 39, 51, 74, 80, 91]],
  ['finger', [20, 21, 22, 23, 33, 40, 79, 67, 68, 69, 70, 71, 72, 81, 83, 84, 85, 86, 87, 88, 89]],
  ['sensor', [30, 31]],
  ['mac', [19, 94, 95, 96, 97, 98, 99, 100]],
  ['fob', [55, 82]],
  ['keypad', [56]],
  ['shortId', [57, 58]],
];

/** `nothing` for types that nobody has described. */
export function tailShape(type: number): TailShape {
  return shapes.find(([, types]) => types.includes(type))?.[0] ?? 'nothing';
}

/** Little end first on the wire. */
function macText(bytes: Uint8Array): string {
  const parts = [...bytes].toReversed().map(byte => byte.toString(16).padStart(2, '0'));
  return parts.join(':').toUpperCase();
}
