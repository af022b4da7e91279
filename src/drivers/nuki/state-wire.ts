// Keyturner States (nuki.md 8.1): how the lock stands. Later generations send more of it, so it is read as far as it goes.
import type { ByteReader } from '../../base/bytes.ts';
import { type Stamp, readStamp } from './dates.ts';

export interface States {
  nukiState: number;
  lockState: number;
  trigger: number;
  time: Stamp;
  /** Minutes. */
  zoneOffset: number;
  batteryRaw: number;
  /** Missing on the very first firmware, as is all that follows. */
  configUpdates?: number;
  lockNGoTimer?: number;
  lastAction?: number;
  lastTrigger?: number;
  lastCompletion?: number;
  door?: number;
  nightMode?: number;
  accessoryBattery?: number;
  remoteAccess?: number;
  bridgeSignal?: number;
  wifiSignal?: number;
  wifi?: number;
  mqtt?: number;
  thread?: number;
}

/** Lock states (9.1). */
export const lockState = {
  uncalibrated: 0x00,
  locked: 0x01,
  unlocking: 0x02,
  unlocked: 0x03,
  locking: 0x04,
  unlatched: 0x05,
  unlockedLockNGo: 0x06,
  unlatching: 0x07,
  calibrating: 0xfc,
  bootRun: 0xfd,
  blocked: 0xfe,
  undefined: 0xff,
} as const;

type Later = Exclude<keyof States, 'nukiState' | 'lockState' | 'trigger' | 'time' | 'zoneOffset' | 'batteryRaw'>;
const bytes: readonly Later[] = [
  'configUpdates',
  'lockNGoTimer',
  'lastAction',
  'lastTrigger',
  'lastCompletion',
  'door',
  'nightMode',
  'accessoryBattery',
  'remoteAccess',
  'bridgeSignal',
  'wifiSignal',
  'wifi',
  'mqtt',
  'thread',
];
const SIGNED: readonly Later[] = ['bridgeSignal', 'wifiSignal'];

/** Takes 13 bytes and more. */
export function readStates(data: ByteReader): States {
  const states: States = {
    nukiState: data.u8(),
    lockState: data.u8(),
    trigger: data.u8(),
    time: readStamp(data),
    zoneOffset: data.i16le(),
    batteryRaw: data.u8(),
  };
  for (const name of bytes) {
    if (data.left === 0) break;
    states[name] = SIGNED.includes(name) ? data.i8() : data.u8();
  }
  return states;
}

/** Bit 0 critical, bit 1 charging, the rest half of the percentage. The first generation knows no percentage. */
export function readBatteryByte(raw: number): { percent: number; critical: boolean; charging: boolean } {
  return { percent: (raw >> 2) * 2, critical: (raw & 1) !== 0, charging: (raw & 2) !== 0 };
}

export interface Accessories {
  keypadKnown: boolean;
  keypadCritical: boolean;
  doorSensorKnown: boolean;
  doorSensorCritical: boolean;
}

/** "Critical" counts only where the lock says that it knows the battery at all. */
export function readAccessories(raw: number): Accessories {
  const bit = (at: number): boolean => (raw & (1 << at)) !== 0;
  return {
    keypadKnown: bit(0),
    keypadCritical: bit(0) && bit(1),
    doorSensorKnown: bit(2),
    doorSensorCritical: bit(2) && bit(3),
  };
}
