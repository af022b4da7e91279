// Commands and what is asked with them after pairing (nuki.md 7, 8). Numbers are little end first.
import { type ByteReader, ByteWriter, concat } from '../../base/bytes.ts';
import type { Message } from './frame.ts';
import { type Stamp, readStamp, writeStamp } from './dates.ts';
import { fieldOf } from './texts.ts';

/** Generations 1 to 4 and the fifth: another pairing, and a PIN of four digits or of six. */
export type Generation = 'g4' | 'g5';

export const command = {
  requestData: 0x01,
  publicKey: 0x03,
  challenge: 0x04,
  authenticator: 0x05,
  authorisationData: 0x06,
  authorisationId: 0x07,
  removeAuthorisation: 0x08,
  requestAuthorisations: 0x09,
  authorisation: 0x0a,
  invite: 0x0b,
  state: 0x0c,
  action: 0x0d,
  status: 0x0e,
  batteryReport: 0x11,
  error: 0x12,
  setConfig: 0x13,
  requestConfig: 0x14,
  config: 0x15,
  setPin: 0x19,
  calibrate: 0x1a,
  reboot: 0x1d,
  idConfirmation: 0x1e,
  invitedId: 0x1f,
  verifyPin: 0x20,
  updateTime: 0x21,
  authorisationCount: 0x27,
  requestLog: 0x31,
  logEntry: 0x32,
  logCount: 0x33,
  enableLogging: 0x34,
  setAdvancedConfig: 0x35,
  requestAdvancedConfig: 0x36,
  advancedConfig: 0x37,
  addTimer: 0x39,
  timerId: 0x3a,
  removeTimer: 0x3b,
  requestTimers: 0x3c,
  timerCount: 0x3d,
  timer: 0x3e,
  updateTimer: 0x3f,
  addCode: 0x41,
  codeId: 0x42,
  requestCodes: 0x43,
  codeCount: 0x44,
  code: 0x45,
  updateCode: 0x46,
  removeCode: 0x47,
  pinInfo: 0x4c,
} as const;

/** Lock Action (9.3). */
export const action = {
  unlock: 0x01,
  lock: 0x02,
  unlatch: 0x03,
  lockNGo: 0x04,
  lockNGoUnlatch: 0x05,
  fullLock: 0x06,
  fob1: 0x81,
  fob2: 0x82,
  fob3: 0x83,
} as const;

/** Status (10); 1 is "accepted", of what takes a while. */
export const COMPLETE = 0x00;

const NONCE = 32;
export const NAME = 32;

export const requestData = (of: number): Message => ({
  command: command.requestData,
  payload: new ByteWriter().u16le(of).done(),
});

/** A command with what stands before its challenge. */
export function message(of: number, write?: (to: ByteWriter) => ByteWriter): Message {
  return { command: of, payload: write ? write(new ByteWriter()).done() : new Uint8Array() };
}

/** The same with its challenge and, where it is guarded, the PIN of the lock. */
export function guarded({ command, payload }: Message, challenge: Uint8Array, pin?: Uint8Array): Message {
  return { command, payload: concat(payload, challenge, pin ?? new Uint8Array()) };
}

export function readChallenge(data: ByteReader): Uint8Array {
  return data.bytes(NONCE);
}

/** 2 bytes up to generation 4, then 4. `digits` as people type them. */
export function pinBytes(generation: Generation, digits: string): Uint8Array {
  const to = new ByteWriter();
  return (generation === 'g5' ? to.u32le(Number(digits)) : to.u16le(Number(digits))).done();
}

/** Leading zeros are lost on the way there. */
export function readPin(generation: Generation, data: ByteReader): string {
  const { minDigits } = pinDigits[generation];
  return String(generation === 'g5' ? data.u32le() : data.u16le()).padStart(minDigits, '0');
}

export const pinDigits = {
  g4: { minDigits: 4, maxDigits: 4 },
  g5: { minDigits: 6, maxDigits: 6 },
} as const;

/** `appId` as in the pairing. */
export function lockAction(what: number, how: { appId: number; flags?: number; suffix?: string }): Message {
  return message(command.action, to => {
    to.u8(what)
      .u32le(how.appId)
      .u8(how.flags ?? 0);
    return how.suffix === undefined ? to : to.bytes(fieldOf(how.suffix, SUFFIX));
  });
}

/** Behind the user's name in the log. */
const SUFFIX = 20;

export const setPin = (generation: Generation, digits: string): Message =>
  message(command.setPin, to => to.bytes(pinBytes(generation, digits)));
export const updateTime = (stamp: Stamp): Message => message(command.updateTime, to => writeStamp(to, stamp));

export interface ErrorReport {
  code: number;
  /** The command that failed; 0 when it could not be read. */
  command: number;
}

export function readError(data: ByteReader): ErrorReport {
  return { code: data.u8(), command: data.u16le() };
}

export function readStatus(data: ByteReader): number {
  return data.u8();
}

/** mWs, mV, degrees, °C, mA; nobody has described the unit of the resistance. */
export interface BatteryReport {
  drain: number;
  voltage: number;
  critical: number;
  lockAction: number;
  startVoltage: number;
  lowestVoltage: number;
  lockDistance: number;
  startTemperature: number;
  maxCurrent: number;
  resistance: number;
}

export function readBatteryReport(data: ByteReader): BatteryReport {
  return {
    drain: data.u16le(),
    voltage: data.u16le(),
    critical: data.u8(),
    lockAction: data.u8(),
    startVoltage: data.u16le(),
    lowestVoltage: data.u16le(),
    lockDistance: data.u16le(),
    startTemperature: data.i8(),
    maxCurrent: data.u16le(),
    resistance: data.u16le(),
  };
}

/** What an invited key is told. */
export function readInvited(data: ByteReader): { authId: number; created: Stamp } {
  return { authId: data.u32le(), created: readStamp(data) };
}
