// Keypad codes on the wire (nuki.md 8.8).
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { type Stamp, type TimeLimit, readStamp, readTimeLimit, writeTimeLimit } from './dates.ts';
import type { Message } from './frame.ts';
import { fieldOf, textOf } from './texts.ts';
import { command, message } from './wire.ts';

const CODE_NAME = 20;

export interface CodeWish {
  code: number;
  name: string;
  limit?: TimeLimit | undefined;
}

export interface CodeRecord {
  id: number;
  code: number;
  name: string;
  enabled: boolean;
  created: Stamp;
  lastActive: Stamp;
  uses: number;
  limit?: TimeLimit;
}

export const addCode = (wish: CodeWish): Message => message(command.addCode, to => limited(named(to, wish), wish));
export const updateCode = (id: number, wish: CodeWish & { enabled: boolean }): Message =>
  message(command.updateCode, to => limited(named(to.u16le(id), wish).u8(wish.enabled ? 1 : 0), wish));
export const removeCode = (id: number): Message => message(command.removeCode, to => to.u16le(id));
export const requestCodes = (offset: number, count: number): Message =>
  message(command.requestCodes, to => to.u16le(offset).u16le(count));

export const readCodeId = (data: ByteReader): number => data.u16le();
export const readCodeCount = (data: ByteReader): number => data.u16le();

export function readCode(data: ByteReader): CodeRecord {
  const head = {
    id: data.u16le(),
    code: data.u32le(),
    name: textOf(data.bytes(CODE_NAME)),
    enabled: data.u8() !== 0,
    created: readStamp(data),
    lastActive: readStamp(data),
    uses: data.u16le(),
  };
  return data.u8() === 0 ? head : { ...head, limit: readTimeLimit(data) };
}

function named(to: ByteWriter, { code, name }: CodeWish): ByteWriter {
  return to.u32le(code).bytes(fieldOf(name, CODE_NAME));
}

function limited(to: ByteWriter, { limit }: CodeWish): ByteWriter {
  return writeTimeLimit(to.u8(limit ? 1 : 0), limit);
}
