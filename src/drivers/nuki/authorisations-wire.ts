// Who may speak to the lock, on the wire (nuki.md 8.9).
import type { ByteReader } from '../../base/bytes.ts';
import { type Stamp, type TimeLimit, readStamp, readTimeLimit, writeTimeLimit } from './dates.ts';
import type { Message } from './frame.ts';
import { fieldOf, textOf } from './texts.ts';
import { NAME, command, message } from './wire.ts';

export interface AuthorisationRecord {
  authId: number;
  type: number;
  name: string;
  enabled: boolean;
  remote: boolean;
  created: Stamp;
  lastActive: Stamp;
  uses: number;
  limit?: TimeLimit;
}

export const requestAuthorisations = (offset: number, count: number): Message =>
  message(command.requestAuthorisations, to => to.u16le(offset).u16le(count));
export const removeAuthorisation = (authId: number): Message =>
  message(command.removeAuthorisation, to => to.u32le(authId));
/** A new user with a key that we have made, without anybody at the lock. */
export const invite = (user: { name: string; type: number; sharedKey: Uint8Array }): Message =>
  message(command.invite, to =>
    writeTimeLimit(to.bytes(fieldOf(user.name, NAME)).u8(user.type).bytes(user.sharedKey).u8(1).u8(0), undefined),
  );

export const readAuthorisationCount = (data: ByteReader): number => data.u16le();

export function readAuthorisation(data: ByteReader): AuthorisationRecord {
  const head = {
    authId: data.u32le(),
    type: data.u8(),
    name: textOf(data.bytes(NAME)),
    enabled: data.u8() !== 0,
    remote: data.u8() !== 0,
    created: readStamp(data),
    lastActive: readStamp(data),
    uses: data.u16le(),
  };
  return data.u8() === 0 ? head : { ...head, limit: readTimeLimit(data) };
}
