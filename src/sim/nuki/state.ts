// What a virtual Nuki lock says of itself: state, battery, config. Source: nuki.md 8.1, 8.3, 8.4, 8.6.
import type { Device } from './device.ts';
import { type BatteryFields, type ConfigFields, type StateFields, accessoryByte, batteryByte } from './layouts.ts';
import { localWall, faceOf } from './zones.ts';

/** Per cent at which it asks for new batteries. */
const CRITICAL = 20;
/** nuki state */
const UNINITIALISED = 0;
const PAIRING = 1;
const DOOR_MODE = 2;
/** Of a bridge link and a Wi-Fi that it does not have. */
const UNSUPPORTED = 1;
const NO_DOOR_SENSOR = { early: 1, late: 0 };
const DOOR = { closed: 2, open: 3 };

export function stateOf(device: Device): StateFields {
  const { kept, variant } = device;
  const keypad = variant.keypad !== 'none';
  return {
    nukiState: !kept.initialised ? UNINITIALISED : device.pairingMode ? PAIRING : DOOR_MODE,
    lockState: device.shownState,
    trigger: kept.trigger,
    time: device.time(),
    tzOffset: kept.config.tzOffset,
    battery: variant.tellsPercent
      ? batteryByte({ percent: kept.battery, critical: isCritical(device), charging: false })
      : Number(isCritical(device)),
    configCount: kept.configCount,
    lockNGo: device.lockNGoLeft,
    lastAction: kept.last.action,
    lastTrigger: kept.last.trigger,
    lastCompletion: kept.last.completion,
    door: doorByte(device),
    nightMode: isNight(device) ? 1 : 0,
    accessoryBattery: accessoryByte(
      { known: keypad, low: kept.keypadLow },
      { known: variant.doorSensor && variant.deviceType > 0, low: false },
    ),
    remoteAccess: 0,
    bleStrength: UNSUPPORTED,
    wifiStrength: UNSUPPORTED,
    wifi: 0,
    mqtt: 0,
    thread: 0,
  };
}

export function isCritical(device: Device): boolean {
  return device.knobs.lowBattery || device.kept.battery <= CRITICAL;
}

export function isNight(device: Device): boolean {
  const { kept } = device;
  const { nightMode, nightStart, nightEnd } = kept.advanced;
  if (nightMode === 0) return false;
  return isWithin(faceOf(localWall(kept.config, device.wall())), nightStart, nightEnd);
}

/** Over midnight where it ends before it begins. */
export function isWithin(now: string, from: string, until: string): boolean {
  return from <= until ? from <= now && now < until : from <= now || now < until;
}

function doorByte({ kept, variant }: Device): number {
  if (!variant.doorSensor) return variant.deviceType === 0 ? NO_DOOR_SENSOR.early : NO_DOOR_SENSOR.late;
  return DOOR[kept.door];
}

/** A fresh set gives about six volts; less as it empties. */
export function batteryOf(device: Device): BatteryFields {
  const voltage = 4_200 + device.kept.battery * 18;
  return {
    drain: 310,
    voltage,
    critical: isCritical(device) ? 1 : 0,
    lockAction: device.kept.last.action,
    startVoltage: voltage + 10,
    lowestVoltage: voltage - 250,
    distance: 720,
    startTemperature: 21,
    maxCurrent: 410,
    resistance: 190,
  };
}

export function configOf(device: Device): ConfigFields {
  const { kept, variant } = device;
  return {
    ...kept.config,
    nukiId: device.parts.nukiId,
    time: device.time(),
    hasFob: kept.authorizations.some(({ type }) => type === 2) ? 1 : 0,
    hasKeypad: variant.keypad === 'keypad' ? 1 : 0,
    hasKeypad2: variant.keypad === 'keypad_2' ? 1 : 0,
    firmware: variant.firmware,
    hardware: variant.hardware,
    homekit: variant.homekit,
    deviceType: variant.deviceType,
    capabilities: variant.capabilities,
    matter: variant.matter,
    productVariant: variant.productVariant,
  };
}
