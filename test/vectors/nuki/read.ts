// Payloads as the driver reads them, in the words of the vectors; and as far as an older lock sends them.
import { ByteReader, fromHex } from '../../../src/base/bytes.ts';
import { readAuthorisation } from '../../../src/drivers/nuki/authorisations-wire.ts';
import { readCode } from '../../../src/drivers/nuki/codes-wire.ts';
import { readConfig } from '../../../src/drivers/nuki/config-wire.ts';
import { type Stamp, type TimeLimit, momentOf } from '../../../src/drivers/nuki/dates.ts';
import { readLogEntry } from '../../../src/drivers/nuki/log-wire.ts';
import { readAccessories, readBatteryByte, readStates } from '../../../src/drivers/nuki/state-wire.ts';
import { readBatteryReport, readError } from '../../../src/drivers/nuki/wire.ts';
import { type Vector, differences } from '../vector.ts';
import { type Values, inOf, number, outOf, text } from './names.ts';

type Read = (payload: Uint8Array) => Values;

/** Sizes that layouts have had; what an older one lacks is not there. */
const SHORTER: Readonly<Record<string, readonly number[]>> = {
  parse_state: [15, 19, 21, 26],
  parse_config: [72, 74, 77],
};

export const readers: Readonly<Record<string, (vector: Vector) => readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries({
      parse_state: state,
      parse_config: config,
      parse_log: log,
      parse_keypad_code: code,
      parse_auth_entry: authorisation,
      parse_battery_report: battery,
      parse_error: (payload: Uint8Array) => ({ ...readError(new ByteReader(payload)) }),
    } satisfies Record<string, Read>).map(([kind, read]) => [kind, (vector: Vector) => checkRead(kind, read, vector)]),
  ),
  battery_byte: vector => differences(outOf(vector), readBatteryByte(number(inOf(vector), 'byte'))),
};

function checkRead(kind: string, read: Read, vector: Vector): readonly string[] {
  const payload = fromHex(text(inOf(vector), 'payload'));
  const whole = read(payload);
  const shorter = (SHORTER[kind] ?? []).filter(size => size < payload.length);
  return [
    ...differences(outOf(vector), whole),
    ...shorter.flatMap(size => {
      const part = read(payload.subarray(0, size));
      const fewer = Object.keys(part).length < Object.keys(whole).length;
      const found = differences(part, whole).map(each => `its first ${size} bytes: ${each}`);
      return fewer ? found : [...found, `its first ${size} bytes: tell as much as all`];
    }),
  ];
}

function state(payload: Uint8Array): Values {
  const states = readStates(new ByteReader(payload));
  return known({
    nuki_state: states.nukiState,
    lock_state: states.lockState,
    trigger: states.trigger,
    time: timeText(states.time),
    tz_offset: states.zoneOffset,
    battery_raw: states.batteryRaw,
    ...readBatteryByte(states.batteryRaw),
    config_update_count: states.configUpdates,
    lock_n_go_timer: states.lockNGoTimer,
    last_action: states.lastAction,
    last_trigger: states.lastTrigger,
    last_completion: states.lastCompletion,
    door: states.door,
    night_mode: states.nightMode,
    accessory_battery: states.accessoryBattery,
    ...accessories(states.accessoryBattery),
    remote_access: states.remoteAccess,
    ble_strength: states.bridgeSignal,
    wifi_strength: states.wifiSignal,
    wifi_status: states.wifi,
    mqtt_status: states.mqtt,
    thread_status: states.thread,
  });
}

function accessories(raw: number | undefined): Values {
  if (raw === undefined) return {};
  const { keypadKnown, keypadCritical, doorSensorKnown, doorSensorCritical } = readAccessories(raw);
  return {
    keypad_battery_known: keypadKnown,
    keypad_battery_critical: keypadCritical,
    door_sensor_battery_known: doorSensorKnown,
    door_sensor_battery_critical: doorSensorCritical,
  };
}

function config(payload: Uint8Array): Values {
  const read = readConfig(payload);
  return known({
    nuki_id: read.nukiId,
    name: read.name,
    auto_unlatch: read.autoUnlatch,
    pairing_enabled: read.pairingEnabled,
    button_enabled: read.buttonEnabled,
    led_enabled: read.ledEnabled,
    led_brightness: read.ledBrightness,
    time: timeText(read.time),
    tz_offset: read.zoneOffset,
    dst: read.dst,
    has_fob: read.hasFob,
    fob: read.fob,
    single_lock: read.singleLock,
    adv_mode: read.advertising,
    has_keypad: read.hasKeypad,
    firmware: read.firmware,
    hardware: read.hardware,
    homekit: read.homeKit,
    tz_id: read.zoneId,
    device_type: read.deviceType,
    capabilities: read.capabilities,
    has_keypad2: read.hasKeypad2,
    matter: read.matter,
  });
}

function log(payload: Uint8Array): Values {
  const { time, authId, codeId, ...entry } = readLogEntry(new ByteReader(payload));
  return known({ ...entry, time: timeText(time), auth_id: authId, code_id: codeId });
}

function code(payload: Uint8Array): Values {
  const read = readCode(new ByteReader(payload));
  return {
    code_id: read.id,
    code: read.code,
    name: read.name,
    enabled: Number(read.enabled),
    created: timeText(read.created),
    last_active: timeText(read.lastActive),
    lock_count: read.uses,
    ...limited(read.limit),
  };
}

function authorisation(payload: Uint8Array): Values {
  const read = readAuthorisation(new ByteReader(payload));
  return {
    auth_id: read.authId,
    id_type: read.type,
    name: read.name,
    enabled: Number(read.enabled),
    remote: Number(read.remote),
    created: timeText(read.created),
    last_active: timeText(read.lastActive),
    lock_count: read.uses,
    ...limited(read.limit),
  };
}

function battery(payload: Uint8Array): Values {
  const read = readBatteryReport(new ByteReader(payload));
  return {
    drain: read.drain,
    voltage: read.voltage,
    critical: read.critical,
    lock_action: read.lockAction,
    start_voltage: read.startVoltage,
    lowest_voltage: read.lowestVoltage,
    lock_distance: read.lockDistance,
    start_temp: read.startTemperature,
    max_turn_current: read.maxCurrent,
    resistance: read.resistance,
  };
}

function limited(limit: TimeLimit | undefined): Values {
  if (!limit) return { time_limited: 0 };
  return {
    time_limited: 1,
    from: timeText(limit.from),
    until: timeText(limit.until),
    weekdays: limit.weekdays,
    from_time: faceText(limit.fromMinute),
    until_time: faceText(limit.untilMinute),
  };
}

function timeText(stamp: Stamp): string {
  return new Date(momentOf(stamp)).toISOString().slice(0, 19);
}

function faceText(minute: number): string {
  return new Date(minute * 60_000).toISOString().slice(11, 16);
}

/** Without what the lock did not say. */
function known(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
