// The lock's own log on the wire (nuki.md 8.7).
import { ByteReader } from '../../base/bytes.ts';
import { type Stamp, readStamp } from './dates.ts';
import type { Message } from './frame.ts';
import { textOf } from './texts.ts';
import { NAME, command, message } from './wire.ts';

/** What an entry is about. */
export const logType = {
  logging: 0x01,
  action: 0x02,
  calibration: 0x03,
  bootRun: 0x04,
  keypad: 0x05,
  doorSensor: 0x06,
  doorLogging: 0x07,
  firmware: 0x0a,
} as const;

export interface LogEntry {
  index: number;
  time: Stamp;
  authId: number;
  name: string;
  type: number;
  action?: number;
  trigger?: number;
  flags?: number;
  /** Keypad: 0 its button, 1 a code, 2 a finger. */
  source?: number;
  completion?: number;
  codeId?: number;
  door?: number;
  /** Logging, of moves or of the door. */
  on?: boolean;
  firmware?: readonly number[];
}

export interface LogCount {
  enabled: boolean;
  count: number;
}

/** Entries strictly after `start` in the order asked for; 0 begins at that end. With the count first. */
export function requestLog(of: { start: number; count: number; order: 'ascending' | 'descending' }): Message {
  const order = of.order === 'ascending' ? 0 : 1;
  return message(command.requestLog, to => to.u32le(of.start).u16le(of.count).u8(order).u8(1));
}

export const enableLogging = (on: boolean): Message => message(command.enableLogging, to => to.u8(on ? 1 : 0));

/** One byte about the door sensor may follow, or two. */
export function readLogCount(data: ByteReader): LogCount {
  return { enabled: data.u8() !== 0, count: data.u16le() };
}

/** Some generations fill up the end of an entry; types that nobody has described keep their head. */
export function readLogEntry(data: ByteReader): LogEntry {
  const head = {
    index: data.u32le(),
    time: readStamp(data),
    authId: data.u32le(),
    name: textOf(data.bytes(NAME)),
    type: data.u8(),
  };
  const read = tails[head.type];
  const [least, tail] = read ?? [0, () => ({})];
  return data.left < least ? head : { ...head, ...tail(new ByteReader(data.bytes(least))) };
}

type Tail = Partial<Omit<LogEntry, 'index' | 'time' | 'authId' | 'name' | 'type'>>;
type ReadTail = (tail: ByteReader) => Tail;

const moved: ReadTail = tail => ({
  action: tail.u8(),
  trigger: tail.u8(),
  flags: tail.u8(),
  completion: tail.u8(),
});
const switched: ReadTail = tail => ({ on: tail.u8() !== 0 });

/** How many bytes each needs. */
const tails: Readonly<Record<number, readonly [number, ReadTail]>> = {
  [logType.logging]: [1, switched],
  [logType.action]: [4, moved],
  [logType.calibration]: [4, moved],
  [logType.bootRun]: [4, moved],
  [logType.keypad]: [
    5,
    tail => ({ action: tail.u8(), source: tail.u8(), completion: tail.u8(), codeId: tail.u16le() }),
  ],
  [logType.doorSensor]: [1, tail => ({ door: tail.u8() })],
  [logType.doorLogging]: [1, switched],
  [logType.firmware]: [3, tail => ({ firmware: [...tail.bytes(3)] })],
};
