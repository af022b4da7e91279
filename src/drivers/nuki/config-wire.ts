// Config and Advanced Config on the wire (nuki.md 8.4 to 8.6). They are kept as bytes: what is written back is what was
// read, with the fields changed that somebody wanted changed.
import { ByteReader, ByteWriter, concat } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { type Stamp, readStamp } from './dates.ts';
import type { Message } from './frame.ts';
import { textOf } from './texts.ts';
import { type Generation, NAME, command, message } from './wire.ts';

export interface Config {
  nukiId: number;
  name: string;
  autoUnlatch: number;
  pairingEnabled: number;
  buttonEnabled: number;
  ledEnabled: number;
  ledBrightness: number;
  time: Stamp;
  zoneOffset: number;
  dst: number;
  hasFob: number;
  fob: readonly number[];
  singleLock: number;
  advertising: number;
  hasKeypad: number;
  firmware: readonly number[];
  hardware: readonly number[];
  homeKit: number;
  /** What older firmware does not send. */
  zoneId?: number;
  deviceType?: number;
  capabilities?: number;
  hasKeypad2?: number;
  matter?: number;
}

const LEAST_CONFIG = 72;
const POSITION = 8;

/** 72 bytes and more. Where the lock hangs is not read. */
export function readConfig(payload: Uint8Array): Config {
  const data = new ByteReader(payload);
  const nukiId = data.u32le();
  const name = textOf(data.bytes(NAME));
  data.bytes(POSITION);
  const config: Config = {
    nukiId,
    name,
    autoUnlatch: data.u8(),
    pairingEnabled: data.u8(),
    buttonEnabled: data.u8(),
    ledEnabled: data.u8(),
    ledBrightness: data.u8(),
    time: readStamp(data),
    zoneOffset: data.i16le(),
    dst: data.u8(),
    hasFob: data.u8(),
    fob: [...data.bytes(3)],
    singleLock: data.u8(),
    advertising: data.u8(),
    hasKeypad: data.u8(),
    firmware: [...data.bytes(3)],
    hardware: [...data.bytes(2)],
    homeKit: data.u8(),
  };
  if (data.left >= 2) config.zoneId = data.u16le();
  for (const name of ['deviceType', 'capabilities', 'hasKeypad2', 'matter'] as const) {
    if (data.left > 0) config[name] = data.u8();
  }
  return config;
}

/** Where a field of one byte stands in what is read. */
export const configAt = {
  autoUnlatch: 44,
  pairingEnabled: 45,
  buttonEnabled: 46,
  ledEnabled: 47,
  ledBrightness: 48,
  fob1: 60,
  fob2: 61,
  fob3: 62,
  singleLock: 63,
  advertising: 64,
} as const;

/** The whole, as the lock takes it back: name, place, switches, zone, fob, advertising (8.5). */
export function setConfig(config: Uint8Array): Message {
  const at = (from: number, to: number): Uint8Array => config.subarray(from, to);
  const zoneId = config.length >= LEAST_CONFIG + 2 ? at(72, 74) : NO_ZONE;
  const payload = concat(at(4, 4 + NAME), at(36, 44), at(44, 49), at(56, 59), at(60, 65), zoneId);
  return { command: command.setConfig, payload };
}

const NO_ZONE = Uint8Array.of(0xff, 0xff);

/** Where a field of Advanced Config stands in what is read; -1 less two in what is written. */
export const advancedAt = {
  unlockedOffset: 2,
  lockedOffset: 4,
  singleLockedOffset: 6,
  transitionOffset: 8,
  lockNGoSeconds: 10,
  singlePress: 11,
  doublePress: 12,
  detachedCylinder: 13,
  batteryType: 14,
  automaticBatteryType: 15,
  unlatchSeconds: 16,
  autoLockSeconds: 17,
  autoUnlockDisabled: 19,
  nightMode: 20,
  nightStart: 21,
  nightEnd: 23,
  nightAutoLock: 25,
  nightAutoUnlockDisabled: 26,
  nightLockAtStart: 27,
  autoLock: 28,
  lockOnClose: 29,
  autoUpdate: 30,
  motorSpeed: 31,
  nightSlow: 32,
} as const;

/** The degrees between its ends cannot be set. */
const READ_ONLY = 2;
const MOST_ADVANCED: Readonly<Record<Generation, number>> = { g4: 29, g5: 31 };
const NO_LOCK_ON_CLOSE = 0xff;

/** As much as the lock sent, but no more than its generation is known to take. */
export function setAdvancedConfig(generation: Generation, advanced: Uint8Array): Message {
  const payload = advanced.slice(READ_ONLY, READ_ONLY + MOST_ADVANCED[generation]);
  const at = advancedAt.lockOnClose - READ_ONLY;
  if (payload[at] === NO_LOCK_ON_CLOSE) payload[at] = 0;
  return { command: command.setAdvancedConfig, payload };
}

/** A copy with one field changed. Two bytes are a number with a sign. */
export function withField(whole: Uint8Array, at: number, field: Uint8Array): Uint8Array {
  if (at + field.length > whole.length) throw missing();
  const next = whole.slice();
  next.set(field, at);
  return next;
}

export function byteAt(whole: Uint8Array, at: number): number {
  const value = whole[at];
  if (value === undefined) throw missing();
  return value;
}

export function wordAt(whole: Uint8Array, at: number): number {
  if (at + 2 > whole.length) throw missing();
  return new ByteReader(whole.subarray(at)).i16le();
}

export const wordField = (value: number): Uint8Array => new ByteWriter().i16le(value).done();

export const calibrate = (): Message => message(command.calibrate);
export const reboot = (): Message => message(command.reboot);

function missing(): LockError {
  return new LockError('rejected', 'This lock does not have that setting: its firmware is too old.', {
    reason: 'unsupported',
  });
}
