// Payloads of the lock's own messages, from values. Source: nuki.md 8.
import { bytesOf, date7, face, float, fromHexText, hexOf, text, u16, u32 } from './bytes.ts';
import type { KeptAdvanced, KeptAuthorization, KeptCode, KeptConfig, KeptEntry, KeptTimer, Limit } from './kept.ts';

export interface StateFields {
  nukiState: number;
  lockState: number;
  trigger: number;
  time: string;
  tzOffset: number;
  /** The byte with its flags. */
  battery: number;
  configCount: number;
  lockNGo: number;
  lastAction: number;
  lastTrigger: number;
  lastCompletion: number;
  door: number;
  nightMode: number;
  accessoryBattery: number;
  remoteAccess: number;
  bleStrength: number;
  wifiStrength: number;
  wifi: number;
  mqtt: number;
  thread: number;
}

/** 0x000C, as long as this generation has it. */
export function stateBytes(state: StateFields, size: number): Uint8Array {
  return bytesOf(
    [state.nukiState, state.lockState, state.trigger],
    date7(state.time),
    u16(state.tzOffset),
    [state.battery, state.configCount, state.lockNGo],
    [state.lastAction, state.lastTrigger, state.lastCompletion, state.door],
    [state.nightMode, state.accessoryBattery, state.remoteAccess, state.bleStrength, state.wifiStrength],
    [state.wifi, state.mqtt, state.thread],
  ).subarray(0, size);
}

/** Bit 0 critical, bit 1 charging, the rest half of the per cent. */
export function batteryByte(battery: { percent: number; critical: boolean; charging: boolean }): number {
  return (Math.floor(battery.percent / 2) << 2) | (battery.charging ? 2 : 0) | (battery.critical ? 1 : 0);
}

/** For each accessory: whether its battery is known, and whether it is low. */
export function accessoryByte(
  keypad: { known: boolean; low: boolean },
  sensor: { known: boolean; low: boolean },
): number {
  return (keypad.known ? 1 : 0) | (keypad.low ? 2 : 0) | (sensor.known ? 4 : 0) | (sensor.low ? 8 : 0);
}

export interface BatteryFields {
  drain: number;
  voltage: number;
  critical: number;
  lockAction: number;
  startVoltage: number;
  lowestVoltage: number;
  distance: number;
  startTemperature: number;
  maxCurrent: number;
  resistance: number;
}

/** 0x0011 */
export function batteryReport(report: BatteryFields): Uint8Array {
  return bytesOf(
    u16(report.drain),
    u16(report.voltage),
    [report.critical, report.lockAction],
    u16(report.startVoltage),
    u16(report.lowestVoltage),
    u16(report.distance),
    report.startTemperature,
    u16(report.maxCurrent),
    u16(report.resistance),
  );
}

export interface ConfigFields extends KeptConfig {
  nukiId: number;
  time: string;
  hasFob: number;
  hasKeypad: number;
  firmware: readonly number[];
  hardware: readonly number[];
  homekit: number;
  deviceType: number;
  capabilities: number;
  hasKeypad2: number;
  matter: number;
  productVariant: number;
}

/** 0x0015, as long as this generation has it. */
export function configBytes(config: ConfigFields, size: number): Uint8Array {
  return bytesOf(
    u32(config.nukiId),
    text(config.name, 32),
    float(config.latitude),
    float(config.longitude),
    [config.autoUnlatch, config.pairingEnabled, config.buttonEnabled, config.ledEnabled, config.ledBrightness],
    date7(config.time),
    u16(config.tzOffset),
    [config.dst, config.hasFob, ...config.fobActions, config.singleLock, config.advertisingMode, config.hasKeypad],
    config.firmware,
    config.hardware,
    config.homekit,
    u16(config.timezone),
    [config.deviceType, config.capabilities, config.hasKeypad2, config.matter, config.productVariant],
  ).subarray(0, size);
}

/** 0x0037, as long as this generation has it. */
export function advancedBytes(advanced: KeptAdvanced, degrees: number, size: number): Uint8Array {
  return bytesOf(
    u16(degrees),
    u16(advanced.unlockedOffset),
    u16(advanced.lockedOffset),
    u16(advanced.singleLockedOffset),
    u16(advanced.transitionOffset),
    [advanced.lockNGoSeconds, advanced.singlePress, advanced.doublePress, advanced.detachedCylinder],
    [advanced.batteryType, advanced.autoBatteryType, advanced.unlatchSeconds],
    u16(advanced.autoLockSeconds),
    [advanced.autoUnlockDisabled, advanced.nightMode],
    face(advanced.nightStart),
    face(advanced.nightEnd),
    [advanced.nightAutoLock, advanced.nightNoAutoUnlock, advanced.nightLockAtStart],
    [advanced.autoLock, advanced.lockOnClose, advanced.autoUpdate, advanced.motorSpeed, advanced.slowAtNight],
  ).subarray(0, size);
}

/** 0x000A */
export function authorizationEntry(entry: Omit<KeptAuthorization, 'key' | 'appId'>): Uint8Array {
  return bytesOf(
    u32(entry.id),
    entry.type,
    text(entry.name, 32),
    [entry.enabled ? 1 : 0, entry.remote ? 1 : 0],
    date7(entry.created),
    date7(entry.lastActive),
    u16(entry.lockCount),
    shownLimit(entry.limit),
  );
}

/** 0x0045 */
export function codeEntry(entry: KeptCode): Uint8Array {
  return bytesOf(
    u16(entry.id),
    u32(entry.code),
    text(entry.name, 20),
    entry.enabled ? 1 : 0,
    date7(entry.created),
    date7(entry.lastActive),
    u16(entry.lockCount),
    shownLimit(entry.limit),
  );
}

/** 0x0032; `padding` bytes of nothing behind it. */
export function logEntry(entry: KeptEntry, padding = 0): Uint8Array {
  return bytesOf(
    u32(entry.index),
    date7(entry.time),
    u32(entry.authId),
    text(entry.name, 32),
    entry.type,
    fromHexText(entry.data),
    new Uint8Array(padding),
  );
}

/** What stands behind the type of an entry about a movement, in hex. */
export function actionData(act: { action: number; trigger: number; flags: number; completion: number }): string {
  return hexOf(bytesOf(act.action, act.trigger, act.flags, act.completion));
}

/** The same about the keypad. source: 0 arrow key, 1 code, 2 finger. */
export function keypadData(act: { action: number; source: number; completion: number; codeId: number }): string {
  return hexOf(bytesOf(act.action, act.source, act.completion, u16(act.codeId)));
}

/** 0x003E */
export function timerEntry(timer: KeptTimer): Uint8Array {
  return bytesOf(timer.id, timer.enabled ? 1 : 0, timer.weekdays, face(timer.time), timer.action);
}

/** 0x0012 */
export function errorReport(code: number, command: number): Uint8Array {
  return bytesOf(code, u16(command));
}

/** 0x0007 of the fifth generation. */
export function authorizationId5(authId: number, uuid: string): Uint8Array {
  return bytesOf(u32(authId), fromHexText(uuid));
}

/** The flag, and the limit itself only where there is one. */
function shownLimit(limit: Limit | undefined): Uint8Array {
  if (!limit) return Uint8Array.of(0);
  return bytesOf(1, date7(limit.from), date7(limit.until), limit.weekdays, face(limit.fromTime), face(limit.untilTime));
}
