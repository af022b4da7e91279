// Payloads that the virtual lock builds from the values of a vector: each has to be the vector's own, byte by byte.
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { Reader } from '../../../src/sim/nuki/bytes.ts';
import type { Limit } from '../../../src/sim/nuki/kept.ts';
import * as layouts from '../../../src/sim/nuki/layouts.ts';
import { type Vector, unlike } from '../vector.ts';
import { type Values, flag, inOf, leftOver, number, outOf, text } from './names.ts';

type Build = (vector: Vector) => readonly string[];

export const builders: Readonly<Record<string, Build>> = {
  parse_state: checkState,
  battery_byte: vector => {
    const out = outOf(vector);
    return [
      ...leftOver(out, ['percent', 'critical', 'charging']),
      ...unlike('battery byte', String(inOf(vector)['byte']), String(batteryByteOf(out))),
    ];
  },
  parse_log: checkLog,
  parse_config: checkConfig,
  parse_battery_report: vector => {
    const value = take(outOf(vector));
    const built = layouts.batteryReport({
      drain: value('drain'),
      voltage: value('voltage'),
      critical: value('critical'),
      lockAction: value('lock_action'),
      startVoltage: value('start_voltage'),
      lowestVoltage: value('lowest_voltage'),
      distance: value('lock_distance'),
      startTemperature: value('start_temp'),
      maxCurrent: value('max_turn_current'),
      resistance: value('resistance'),
    });
    return [...value.left(), ...same(vector, built)];
  },
  parse_keypad_code: vector => {
    const out = outOf(vector);
    const value = take(out, [...LIMIT, 'name', 'created', 'last_active']);
    const built = layouts.codeEntry({
      id: value('code_id'),
      code: value('code'),
      name: text(out, 'name'),
      enabled: value('enabled') === 1,
      created: text(out, 'created'),
      lastActive: text(out, 'last_active'),
      lockCount: value('lock_count'),
      ...limitOf(out, value('time_limited')),
    });
    return [...value.left(), ...same(vector, built)];
  },
  parse_auth_entry: vector => {
    const out = outOf(vector);
    const value = take(out, [...LIMIT, 'name', 'created', 'last_active']);
    const built = layouts.authorizationEntry({
      id: value('auth_id'),
      type: value('id_type'),
      name: text(out, 'name'),
      enabled: value('enabled') === 1,
      remote: value('remote') === 1,
      created: text(out, 'created'),
      lastActive: text(out, 'last_active'),
      lockCount: value('lock_count'),
      ...limitOf(out, value('time_limited')),
    });
    return [...value.left(), ...same(vector, built)];
  },
  parse_error: vector => {
    const value = take(outOf(vector));
    return [...same(vector, layouts.errorReport(value('code'), value('command'))), ...value.left()];
  },
};

const LIMIT = ['from', 'until', 'weekdays', 'from_time', 'until_time'];

/** Numbers of a vector by name; `left` are those that nobody asked for. */
interface Taker {
  (name: string, absent?: number): number;
  left(): string[];
}

function take(values: Values, others: readonly string[] = []): Taker {
  const asked = [...others];
  const taker = (name: string, absent?: number): number => {
    asked.push(name);
    return absent !== undefined && values[name] === undefined ? absent : number(values, name);
  };
  return Object.assign(taker, { left: () => leftOver(values, asked) });
}

function same(vector: Vector, built: Uint8Array): string[] {
  return unlike('builds', text(inOf(vector), 'payload'), hex(built));
}

function batteryByteOf(out: Values): number {
  const [critical, charging] = [flag(out, 'critical'), flag(out, 'charging')];
  const percent = number(out, 'percent');
  // The byte holds half of it.
  if (percent % 2 !== 0) throw new RangeError(`no lock can say ${percent} per cent`);
  return layouts.batteryByte({ percent, critical, charging });
}

function checkState(vector: Vector): readonly string[] {
  const out = outOf(vector);
  const accessories = ['keypad_battery_known', 'keypad_battery_critical', 'door_sensor_battery_known'];
  const value = take(out, [...accessories, 'door_sensor_battery_critical', 'time', 'critical', 'charging', 'percent']);
  const battery = value('battery_raw');
  const accessoryBattery = value('accessory_battery', 0);
  const built = layouts.stateBytes(
    {
      nukiState: value('nuki_state'),
      lockState: value('lock_state'),
      trigger: value('trigger'),
      time: text(out, 'time'),
      tzOffset: value('tz_offset'),
      battery,
      configCount: value('config_update_count'),
      lockNGo: value('lock_n_go_timer'),
      lastAction: value('last_action', 0),
      lastTrigger: value('last_trigger', 0),
      lastCompletion: value('last_completion', 0),
      door: value('door', 0),
      nightMode: value('night_mode', 0),
      accessoryBattery,
      remoteAccess: value('remote_access', 0),
      bleStrength: value('ble_strength', 0),
      wifiStrength: value('wifi_strength', 0),
      wifi: value('wifi_status', 0),
      mqtt: value('mqtt_status', 0),
      thread: value('thread_status', 0),
    },
    text(inOf(vector), 'payload').length / 2,
  );
  return [
    ...value.left(),
    ...same(vector, built),
    ...unlike('battery byte', String(battery), String(batteryByteOf(out))),
    ...(out['accessory_battery'] === undefined
      ? []
      : unlike('accessory byte', String(accessoryBattery), String(accessoryByteOf(out)))),
  ];
}

function accessoryByteOf(out: Values): number {
  const of = (name: string): { known: boolean; low: boolean } => ({
    known: flag(out, `${name}_battery_known`),
    low: flag(out, `${name}_battery_critical`),
  });
  return layouts.accessoryByte(of('keypad'), of('door_sensor'));
}

function checkLog(vector: Vector): readonly string[] {
  const out = outOf(vector);
  const value = take(out, ['time', 'name']);
  const type = value('type');
  const data = logDataOf(type, value);
  if (data === undefined) return [`type ${type}: unknown to this program`];
  const entry = { index: value('index'), time: text(out, 'time'), authId: value('auth_id'), name: text(out, 'name') };
  const bare = layouts.logEntry({ ...entry, type, data });
  const padding = text(inOf(vector), 'payload').length / 2 - bare.length;
  if (padding < 0) return ['its payload is too short'];
  return [...value.left(), ...same(vector, layouts.logEntry({ ...entry, type, data }, padding))];
}

/** Hex of what stands behind the type. */
function logDataOf(type: number, value: Taker): string | undefined {
  if (type >= 2 && type <= 4) {
    const moved = { action: value('action'), trigger: value('trigger') };
    return layouts.actionData({ ...moved, flags: value('flags'), completion: value('completion') });
  }
  if (type === 5) {
    const typed = { action: value('action'), source: value('source') };
    return layouts.keypadData({ ...typed, completion: value('completion'), codeId: value('code_id') });
  }
  return type === 6 ? hex(Uint8Array.of(value('door'))) : undefined;
}

function checkConfig(vector: Vector): readonly string[] {
  const out = outOf(vector);
  const payload = fromHex(text(inOf(vector), 'payload'));
  const place = new Reader(payload.subarray(36, 44));
  const value = take(out, ['name', 'time', 'fob', 'firmware', 'hardware']);
  const built = layouts.configBytes(
    {
      nukiId: value('nuki_id'),
      name: text(out, 'name'),
      // The vectors do not say where the lock is.
      latitude: place.float(),
      longitude: place.float(),
      autoUnlatch: value('auto_unlatch'),
      pairingEnabled: value('pairing_enabled'),
      buttonEnabled: value('button_enabled'),
      ledEnabled: value('led_enabled'),
      ledBrightness: value('led_brightness'),
      time: text(out, 'time'),
      tzOffset: value('tz_offset'),
      dst: value('dst'),
      hasFob: value('has_fob'),
      fobActions: out['fob'] as [number, number, number],
      singleLock: value('single_lock'),
      advertisingMode: value('adv_mode'),
      hasKeypad: value('has_keypad'),
      firmware: out['firmware'] as number[],
      hardware: out['hardware'] as number[],
      homekit: value('homekit'),
      timezone: value('tz_id', 0),
      deviceType: value('device_type', 0),
      capabilities: value('capabilities', 0),
      hasKeypad2: value('has_keypad2', 0),
      matter: value('matter', 0),
      productVariant: 0,
    },
    payload.length,
  );
  return [...value.left(), ...same(vector, built)];
}

function limitOf(out: Values, limited: number): { limit?: Limit } {
  if (limited !== 1) return {};
  const [from, until] = [text(out, 'from'), text(out, 'until')];
  const [fromTime, untilTime] = [text(out, 'from_time'), text(out, 'until_time')];
  return { limit: { from, until, weekdays: number(out, 'weekdays'), fromTime, untilTime } };
}
