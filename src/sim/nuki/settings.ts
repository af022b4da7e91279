// Config and advanced config: given as they are, set as a whole. Source: nuki.md 8.4, 8.5, 8.6.
import { Reader } from './bytes.ts';
import { command, error } from './codes.ts';
import type { Device } from './device.ts';
import { type KeptAdvanced, type KeptConfig, usualAdvanced } from './kept.ts';
import { advancedBytes, configBytes } from './layouts.ts';
import { armAutoLock } from './mechanism.ts';
import { type Reply, answer, complete, refused } from './reply.ts';
import { configOf } from './state.ts';
import { armTimers } from './timers.ts';
import { isZone } from './zones.ts';

/** Of a whole turn to the lock's end and back. */
const DEGREES = 1080;
/** What locks say that cannot do it; who writes it back means no. */
const UNSUPPORTED = 0xff;

export function giveConfig(device: Device): Reply {
  return answer({ command: command.config, payload: configBytes(configOf(device), device.variant.configSize) });
}

export function giveAdvanced(device: Device): Reply {
  const { advanced } = device.kept;
  const payload = advancedBytes(advanced, device.kept.calibrated ? DEGREES : 0, device.variant.advancedSize);
  return answer({ command: command.advanced, payload });
}

export function setConfig(device: Device, data: Uint8Array): Reply {
  const config = readConfig(new Reader(data));
  if (!config || !configFits(config)) return refused(error.badParameter);
  device.kept.config = config;
  device.configChanged();
  armTimers(device);
  return complete();
}

export function setAdvanced(device: Device, data: Uint8Array): Reply {
  const advanced = readAdvanced(new Reader(data));
  if (!advanced || !advancedFits(advanced)) return refused(error.badParameter);
  device.kept.advanced = { ...advanced, lockOnClose: advanced.lockOnClose === UNSUPPORTED ? 0 : advanced.lockOnClose };
  device.configChanged();
  armAutoLock(device);
  return complete();
}

function readConfig(read: Reader): KeptConfig {
  return {
    name: read.text(32),
    latitude: read.float(),
    longitude: read.float(),
    autoUnlatch: read.u8(),
    pairingEnabled: read.u8(),
    buttonEnabled: read.u8(),
    ledEnabled: read.u8(),
    ledBrightness: read.u8(),
    tzOffset: read.i16(),
    dst: read.u8(),
    fobActions: [read.u8(), read.u8(), read.u8()],
    singleLock: read.u8(),
    advertisingMode: read.u8(),
    timezone: read.u16(),
  };
}

function configFits(config: KeptConfig): boolean {
  const { autoUnlatch, pairingEnabled, buttonEnabled, ledEnabled, dst, singleLock } = config;
  const switches = [autoUnlatch, pairingEnabled, buttonEnabled, ledEnabled, dst, singleLock];
  return (
    switches.every(value => value <= 1) &&
    config.ledBrightness <= 5 &&
    config.fobActions.every(value => value <= 4) &&
    config.advertisingMode <= 3 &&
    isZone(config.timezone)
  );
}

/** What an older layout does not have stays as it is made. Undefined: a clock face that is none. */
function readAdvanced(read: Reader): KeptAdvanced | undefined {
  const made = usualAdvanced();
  const first = {
    unlockedOffset: read.i16(),
    lockedOffset: read.i16(),
    singleLockedOffset: read.i16(),
    transitionOffset: read.i16(),
    lockNGoSeconds: read.u8(),
    singlePress: read.u8(),
    doublePress: read.u8(),
    detachedCylinder: read.u8(),
    batteryType: read.u8(),
    autoBatteryType: read.u8(),
    unlatchSeconds: read.u8(),
    autoLockSeconds: read.u16(),
    autoUnlockDisabled: read.u8(),
    nightMode: read.u8(),
  };
  const nightStart = read.face();
  const nightEnd = read.face();
  if (nightStart === undefined || nightEnd === undefined) return undefined;
  const next = (usual: number): number => (read.left > 0 ? read.u8() : usual);
  return {
    ...first,
    nightStart,
    nightEnd,
    nightAutoLock: next(made.nightAutoLock),
    nightNoAutoUnlock: next(made.nightNoAutoUnlock),
    nightLockAtStart: next(made.nightLockAtStart),
    autoLock: next(made.autoLock),
    lockOnClose: next(made.lockOnClose),
    autoUpdate: next(made.autoUpdate),
    motorSpeed: next(made.motorSpeed),
    slowAtNight: next(made.slowAtNight),
  };
}

function advancedFits(advanced: KeptAdvanced): boolean {
  const { detachedCylinder, autoBatteryType, autoUnlockDisabled, nightMode, nightAutoLock, nightNoAutoUnlock } =
    advanced;
  const { nightLockAtStart, autoLock, lockOnClose, autoUpdate, slowAtNight } = advanced;
  const switches = [detachedCylinder, autoBatteryType, autoUnlockDisabled, nightMode, nightAutoLock, nightNoAutoUnlock];
  const more = [nightLockAtStart, autoLock, autoUpdate, slowAtNight];
  return (
    [...switches, ...more].every(value => value <= 1) &&
    (lockOnClose <= 1 || lockOnClose === UNSUPPORTED) &&
    ranges.every(([name, least, most]) => advanced[name] >= least && advanced[name] <= most)
  );
}

type Numbers = { [K in keyof KeptAdvanced]: KeptAdvanced[K] extends number ? K : never }[keyof KeptAdvanced];

const ranges: readonly (readonly [Numbers, number, number])[] = [
  ['unlockedOffset', -90, 180],
  ['lockedOffset', -180, 90],
  ['singleLockedOffset', -180, 180],
  ['transitionOffset', -180, 180],
  ['lockNGoSeconds', 5, 60],
  ['singlePress', 0, 6],
  ['doublePress', 0, 6],
  ['batteryType', 0, 3],
  ['unlatchSeconds', 1, 30],
  ['autoLockSeconds', 2, 1800],
  ['motorSpeed', 0, 2],
];
