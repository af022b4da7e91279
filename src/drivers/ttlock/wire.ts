// Requests and replies of pairing, login, moving, state, clock and device information (ttlock.md 6 to 10, 16).
import { type ByteReader, ByteWriter } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Header } from './frame.ts';
import { type Stamp, readStamp } from './dates.ts';

/** What to ask: a command number and a payload before encryption. */
export interface Request {
  readonly command: number;
  readonly payload: Uint8Array;
}

export const command = {
  features: 0x01,
  pins: 0x03,
  cards: 0x05,
  fingers: 0x06,
  pinList: 0x07,
  status: 0x14,
  key: 0x19,
  log: 0x25,
  checkRandom: 0x30,
  initPins: 0x31,
  readClock: 0x34,
  autoLock: 0x36,
  remoteUnlock: 0x37,
  checkAdmin: 0x41,
  setClock: 0x43,
  initialise: 0x45,
  unlock: 0x47,
  reset: 0x52,
  setAdminPin: 0x53,
  reply: 0x54,
  checkUserTime: 0x55,
  addAdmin: 0x56,
  finish: 0x57,
  lock: 0x58,
  showPin: 0x59,
  freeze: 0x61,
  sound: 0x62,
  adminPin: 0x65,
  passage: 0x66,
  lamp: 0x67,
  switches: 0x68,
  cyclic: 0x70,
  info: 0x90,
} as const;

/** What ordinary locks expect where the maker's partners set their own word (7.5). */
export const VENDOR_TOKEN = 'SCIENER';
/** Used until the lock has shown its own group and organisation, and scene where no advert tells (4.2). */
export const PLAIN_HEADER: Header = { type: 5, version: 3, scene: 1, group: 1, org: 1 };

/** A request without data, or with data made by `write`. */
export function request(command: number, write?: (to: ByteWriter) => ByteWriter): Request {
  return { command, payload: write ? write(new ByteWriter()).done() : new Uint8Array() };
}

export const initialise = (): Request => request(command.initialise);
export const getKey = (token: string): Request => request(command.key, to => to.text(token));
export const addAdmin = (admin: { adminPs: number; unlockKey: number; token: string }): Request =>
  request(command.addAdmin, to => to.u32(admin.adminPs).u32(admin.unlockKey).text(admin.token));
export const finish = (): Request => request(command.finish);
export const reset = (): Request => request(command.reset);
export const askFeatures = (): Request => request(command.features);
export const askStatus = (token: string): Request => request(command.status, to => to.text(token));
export const readClock = (): Request => request(command.readClock);
/** A stamp of 6. */
export const setClock = (stamp: Stamp): Request => request(command.setClock, to => to.bytes(stamp));
/** 1 model, 2 hardware, 3 firmware, 4 day of making, 5 address, 6 clock. */
export const askInfo = (item: number): Request => request(command.info, to => to.u8(item));

/** 24 bits of `lockFlagPos`: keys with a lower one are revoked. */
export function checkAdmin(key: { adminPs: number; lockFlagPos: number; uid: number }): Request {
  return request(command.checkAdmin, to => low24(to.u32(key.adminPs), key.lockFlagPos).u32(key.uid));
}

/** Stamps of 5. It holds nothing secret: what to ask first of a lock that has not proved itself. */
export function checkUserTime(key: { start: Stamp; end: Stamp; lockFlagPos: number; uid: number }): Request {
  return request(command.checkUserTime, to => low24(to.bytes(key.start).bytes(key.end), key.lockFlagPos).u32(key.uid));
}

/** The proof that we know the unlock key. Never for a challenge that did not come sealed with the paired key. */
export const checkRandom = (challenge: number, unlockKey: number): Request =>
  request(command.checkRandom, to => to.u32(sum(challenge, unlockKey)));

/** 47 or 58. The lock gives `unixSeconds` back as the id of the record. */
export function move(verb: 'lock' | 'unlock', proof: { challenge: number; unlockKey: number; unixSeconds: number }) {
  const { challenge, unlockKey, unixSeconds } = proof;
  const write = (to: ByteWriter): ByteWriter => to.u32(sum(challenge, unlockKey)).u32(unixSeconds);
  return request(verb === 'lock' ? command.lock : command.unlock, write);
}

/** Ten years of secrets for codes that the maker's cloud computes (7.4); 12 bits of code and 36 of secret each. */
export function initPins(firstYear: number, entries: readonly { code: number; secret: bigint }[]): Request {
  return request(command.initPins, to => {
    to.u8(firstYear % 100);
    for (const { code, secret } of entries) to.big((BigInt(code) << 36n) | secret, 6);
    return to;
  });
}

export function readChallenge(data: ByteReader): number {
  return data.u32();
}

/** 16 bytes, made by the lock. */
export function readKey(data: ByteReader): Uint8Array {
  return data.bytes(16);
}

/** The lock repeats the token when it has taken the owner. */
export function readTokenEchoed(data: ByteReader, token: string): boolean {
  return data.left >= token.length && data.text(token.length) === token;
}

/** What 47 and 58 answer: the long form names who and when. */
export interface Moved {
  battery: number;
  uid?: number;
  recordId?: number;
  stamp?: Stamp;
}

export function readMoved(data: ByteReader): Moved {
  const battery = data.u8();
  if (data.left < 14) return { battery };
  return { battery, uid: data.u32(), recordId: data.u32(), stamp: readStamp(data, 6) };
}

/** What 14 says, asked or not. `state` is 0 locked, 1 unlocked; 'event' is always a push. */
export type Status =
  | { form: 'state'; battery: number; state: number; aux?: number }
  | { form: 'event'; battery: number; uid: number; recordId: number; stamp: Stamp };

/** Undefined for lengths that nobody has described. */
export function readStatus(data: ByteReader): Status | undefined {
  if (data.left === 2) return { form: 'state', battery: data.u8(), state: data.u8() };
  if (data.left === 3) return { form: 'state', battery: data.u8(), state: data.u8(), aux: data.u8() };
  if (data.left !== 15) return undefined;
  return { form: 'event', battery: data.u8(), uid: data.u32(), recordId: data.u32(), stamp: readStamp(data, 6) };
}

export function readClockStamp(data: ByteReader): Stamp {
  return readStamp(data, 6);
}

/** Text with one byte behind it that means nothing. */
export function readInfo(data: ByteReader): string {
  if (data.left === 0) throw new LockError('malformed', 'The lock sent device information without any.');
  return data.text(data.left - 1).replace(/\0+$/, '');
}

function sum(challenge: number, unlockKey: number): number {
  return (challenge + unlockKey) % 2 ** 32;
}

function low24(to: ByteWriter, value: number): ByteWriter {
  return to.bytes([(value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
}
