// What the lock says, read from the published bytes: whole, and as far as an older lock sends it.
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter, fromHex, hex } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { addressOf, generationOf, nameOf, readBeacon, recognise } from '../../../src/drivers/nuki/advert.ts';
import { readAuthorisation } from '../../../src/drivers/nuki/authorisations-wire.ts';
import { addCode, readCode } from '../../../src/drivers/nuki/codes-wire.ts';
import { readConfig, setAdvancedConfig, setConfig } from '../../../src/drivers/nuki/config-wire.ts';
import { type Stamp, limitOf, momentOf, stampOf, timesOf, writeTimeLimit } from '../../../src/drivers/nuki/dates.ts';
import { readLogEntry } from '../../../src/drivers/nuki/log-wire.ts';
import * as pairing from '../../../src/drivers/nuki/pair-wire.ts';
import { readAccessories, readBatteryByte, readStates } from '../../../src/drivers/nuki/state-wire.ts';
import { fieldOf, textOf } from '../../../src/drivers/nuki/texts.ts';
import { addTimer, readTimer, updateTimer } from '../../../src/drivers/nuki/timers-wire.ts';
import { pinBytes, readBatteryReport, readError, readPin } from '../../../src/drivers/nuki/wire.ts';
import type { Advert } from '../../../src/radio/radio.ts';
import { bytesOf, named, published, readerOf } from './published.ts';

const timeText = (stamp: Stamp): string => new Date(momentOf(stamp)).toISOString().slice(0, 19);

test.each(published('parse_state'))('$name', vector => {
  const { out } = vector;
  const states = readStates(readerOf(vector));
  const battery = readBatteryByte(states.batteryRaw);
  const said = {
    nuki_state: states.nukiState,
    lock_state: states.lockState,
    trigger: states.trigger,
    time: timeText(states.time),
    tz_offset: states.zoneOffset,
    battery_raw: states.batteryRaw,
    ...battery,
    config_update_count: states.configUpdates,
    lock_n_go_timer: states.lockNGoTimer,
    last_action: states.lastAction,
    last_trigger: states.lastTrigger,
    last_completion: states.lastCompletion,
    door: states.door,
    night_mode: states.nightMode,
    accessory_battery: states.accessoryBattery,
    remote_access: states.remoteAccess,
    ble_strength: states.bridgeSignal,
    wifi_strength: states.wifiSignal,
    wifi_status: states.wifi,
    mqtt_status: states.mqtt,
    thread_status: states.thread,
  };
  const {
    keypad_battery_known,
    keypad_battery_critical,
    door_sensor_battery_known,
    door_sensor_battery_critical,
    ...rest
  } = out;
  expect(said).toMatchObject(rest);
  if (keypad_battery_known === undefined) return;
  const { keypadKnown, keypadCritical, doorSensorKnown, doorSensorCritical } = readAccessories(
    states.accessoryBattery as number,
  );
  expect([keypadKnown, keypadCritical, doorSensorKnown, doorSensorCritical]).toEqual([
    keypad_battery_known,
    keypad_battery_critical,
    door_sensor_battery_known,
    door_sensor_battery_critical,
  ]);
});

test.each([13, 15, 19, 21, 26])('states of %i bytes are read as far as they go', length => {
  const full = bytesOf(named('parse_state_27').in, 'payload');
  const all = readStates(new ByteReader(full));
  const part = readStates(new ByteReader(full.subarray(0, length)));
  expect(all).toMatchObject(part);
  expect(Object.keys(part).length).toBe(6 + length - 13);
});

test('an accessory that the lock does not know is not low', () =>
  expect(readAccessories(0b1010)).toEqual({
    keypadKnown: false,
    keypadCritical: false,
    doorSensorKnown: false,
    doorSensorCritical: false,
  }));

test.each(published('battery_byte'))('$name', ({ in: given, out }) =>
  expect(readBatteryByte(given['byte'] as number)).toEqual(out),
);
test('the bits of a battery that is low and charged', () =>
  expect(readBatteryByte(0b1011)).toEqual({ percent: 4, critical: true, charging: true }));

test.each(published('parse_log'))('$name', vector => {
  const { time, authId, codeId, ...entry } = readLogEntry(readerOf(vector));
  const said = { ...entry, time: timeText(time), auth_id: authId, ...(codeId !== undefined && { code_id: codeId }) };
  expect(said).toMatchObject(vector.out);
});

describe('an entry of the log', () => {
  const head = hex(bytesOf(named('parse_log_103').in, 'payload').subarray(0, 47));
  const entry = (tail: string) => readLogEntry(new ByteReader(fromHex(head + tail)));

  test.each([
    ['with bytes behind it that mean nothing', '0601000000', { type: 6, door: 1 }],
    ['about logging', '0101', { type: 1, on: true }],
    ['about a calibration', '0301000000', { type: 3, action: 1 }],
    ['about its first run', '0400000000', { type: 4, completion: 0 }],
    ['about the logging of the door', '0700', { type: 7, on: false }],
    ['about new firmware', '0a050406', { type: 10, firmware: [5, 4, 6] }],
    ['of a type that nobody has described', '63ffff', { type: 0x63 }],
    ['that ends early', '0201', { type: 2 }],
  ])('%s is read', (_, tail, due) => expect(entry(tail)).toMatchObject(due));
});

test.each(published('parse_keypad_code'))('$name', vector => {
  const { id, code, name, enabled, created, lastActive, uses, limit } = readCode(readerOf(vector));
  expect({
    code_id: id,
    code,
    name,
    enabled: Number(enabled),
    created: timeText(created),
    last_active: timeText(lastActive),
    lock_count: uses,
    ...limitText(limit),
  }).toEqual(vector.out);
});

test.each(published('parse_auth_entry'))('$name', vector => {
  const record = readAuthorisation(readerOf(vector));
  expect({
    auth_id: record.authId,
    id_type: record.type,
    name: record.name,
    enabled: Number(record.enabled),
    remote: Number(record.remote),
    created: timeText(record.created),
    last_active: timeText(record.lastActive),
    lock_count: record.uses,
    ...limitText(record.limit),
  }).toEqual(vector.out);
});

test.each(published('parse_config'))('$name', vector => {
  const config = readConfig(bytesOf(vector.in, 'payload'));
  expect({
    nuki_id: config.nukiId,
    name: config.name,
    auto_unlatch: config.autoUnlatch,
    pairing_enabled: config.pairingEnabled,
    button_enabled: config.buttonEnabled,
    led_enabled: config.ledEnabled,
    led_brightness: config.ledBrightness,
    time: timeText(config.time),
    tz_offset: config.zoneOffset,
    dst: config.dst,
    has_fob: config.hasFob,
    fob: config.fob,
    single_lock: config.singleLock,
    adv_mode: config.advertising,
    has_keypad: config.hasKeypad,
    firmware: config.firmware,
    hardware: config.hardware,
    homekit: config.homeKit,
    tz_id: config.zoneId,
    device_type: config.deviceType,
    capabilities: config.capabilities,
    has_keypad2: config.hasKeypad2,
    matter: config.matter,
  }).toEqual(vector.out);
});

describe('a configuration', () => {
  const payload = bytesOf(named('parse_config_78').in, 'payload');

  test.each([72, 74, 77, 79, 90])('of %i bytes is read as far as it goes', length => {
    const bytes = Uint8Array.from({ length }, (_, i) => payload[i] ?? 0);
    expect(readConfig(payload)).toMatchObject({ ...readConfig(bytes), ...(length > 78 && { matter: 3 }) });
  });

  test('is written back as it was read, without what cannot be set', () => {
    const [name, place] = [hex(payload.subarray(4, 36)), hex(payload.subarray(36, 44))];
    expect(hex(setConfig(payload).payload)).toBe(`${name}${place}00010101033c000101020300002500`);
  });

  test('of old firmware is written back with no time zone', () =>
    expect(hex(setConfig(payload.subarray(0, 72)).payload.subarray(-2))).toBe('ffff'));

  test.each([
    ['g4', 28, 26],
    ['g4', 31, 29],
    ['g4', 35, 29],
    ['g5', 33, 31],
  ] as const)('for people who know more, %s, of %i bytes is written as %i', (generation, read, written) =>
    expect(setAdvancedConfig(generation, new Uint8Array(read)).payload.length).toBe(written),
  );

  test('that does not know locking on close is written without it', () => {
    const advanced = new Uint8Array(31).fill(0xff, 29, 30);
    expect(setAdvancedConfig('g4', advanced).payload[27]).toBe(0);
  });
});

test.each(published('parse_battery_report'))('$name', vector => {
  const report = readBatteryReport(readerOf(vector));
  expect(Object.values(report)).toEqual(Object.values(vector.out));
});

test.each(published('parse_error'))('$name', vector => expect(readError(readerOf(vector))).toEqual(vector.out));

test.each(published('pin'))('$name is written and read', ({ in: given, out }) => {
  const { pin, generation } = given as { pin: number; generation: 'g4' | 'g5' };
  const bytes = pinBytes(generation, String(pin));
  expect([hex(bytes), Number(readPin(generation, new ByteReader(bytes)))]).toEqual([out['hex'], pin]);
});
test('a PIN keeps the zeros before it', () =>
  expect(readPin('g5', new ByteReader(pinBytes('g5', '012345')))).toBe('012345'));

describe('what the fifth generation says while pairing', () => {
  test('is read and written', () => {
    const { in: given, out } = named('doc230_ultra_authdata_payload');
    const { appId, name, pin } = pairing.readSealedAuthorisationData(new ByteReader(bytesOf(given, 'payload')));
    const again = pairing.sealedAuthorisationData({ appId, name, idType: 'app' }, String(pin));
    expect([{ app_id: appId, name, pin }, hex(again.payload)]).toEqual([out, given['payload']]);
  });

  test('is who we are', () => {
    const { in: given, out } = named('doc230_ultra_authid_payload');
    const { authId, uuid } = pairing.readSealedAuthorisationId(new ByteReader(bytesOf(given, 'payload')));
    expect({ auth_id: authId, uuid: hex(uuid) }).toEqual(out);
  });
});

describe('adverts', () => {
  const plain: Advert = {
    address: '54:d2:72:c3:35:c5',
    addressType: 'public',
    connectable: true,
    services: [],
    rssi: -60,
    at: 0,
  };

  test.each(published('advert_ibeacon'))('$name', ({ in: given, out }) => {
    const beacon = readBeacon(bytesOf(given, 'manufacturer_data_with_company'));
    expect({
      nuki_id: beacon?.nukiId,
      tx_power_byte: beacon?.txPower,
      state_changed: beacon?.changed,
      name: nameOf(beacon?.nukiId ?? ''),
      // Of one nobody has noted the address.
      address: out['address'] && addressOf(beacon?.nukiId ?? ''),
    }).toEqual({
      address: out['address'],
      nuki_id: out['nuki_id'],
      tx_power_byte: out['tx_power_byte'],
      state_changed: out['state_changed'],
      name: out['name'],
    });
  });

  const beacon = bytesOf(named('adv_real_changed').in, 'manufacturer_data_with_company');
  const service = (short: string): string => `a92e${short}550111e4916c0800200c9a66`;
  const offering = (short: string, data: string): Advert => ({
    ...plain,
    name: 'Nuki_4CCA88EC',
    serviceData: new Map([[service(short), fromHex(data)]]),
  });

  test.each([
    ['a beacon', { ...plain, manufacturer: beacon }, 'taken', '28f60134', 'changed'],
    ['a beacon without news', { ...plain, manufacturer: beacon.with(24, 0xc4) }, 'taken', '28f60134', 'quiet'],
    ['an offer of generation 4', offering('e100', '4cca88ec'), 'pairable', '4cca88ec', 'pairing'],
    ['an offer of the fifth generation', offering('e300', '4cca88ec'), 'pairable', '4cca88ec', 'pairing'],
    ['an offer without data', offering('e100', ''), 'pairable', '4cca88ec', 'pairing'],
    ['a lock that was never set up', { ...plain, services: [service('e000')] }, 'refused', plain.address, 'fresh'],
  ] as const)('%s is recognised', (_, advert, state, hardware, wake) =>
    expect(recognise(advert)).toMatchObject({ state, hardware, wake, kind: 'cylinder' }),
  );

  test.each([
    ['of HomeKit', { ...plain, manufacturer: fromHex('4c0006310100000000000000000000000000000000000000000000') }],
    ['of another beacon', { ...plain, manufacturer: beacon.with(4, 0x00) }],
    ['cut short', { ...plain, manufacturer: beacon.subarray(0, 24) }],
    ['of an Opener', { ...plain, serviceData: new Map([['a92ae100550111e4916c0800200c9a66', fromHex('00000001')]]) }],
    ['of something that is only called so', { ...plain, name: 'Nuki_4CCA88EC' }],
  ])('an advert %s is none of ours', (_, advert) => expect(recognise(advert)).toBeUndefined());

  test('the PIN is asked for by the fifth generation, and by no other', () =>
    expect([recognise(offering('e300', ''))?.asks?.minDigits, recognise(offering('e100', ''))?.asks]).toEqual([
      6,
      undefined,
    ]));

  test('the generation is told by the service, not by the name', () =>
    expect([generationOf(offering('e300', '')), generationOf(offering('e100', '')), generationOf(plain)]).toEqual([
      'g5',
      'g4',
      undefined,
    ]));
});

describe('times', () => {
  test('go to the lock and back', () => {
    const at = Date.UTC(2026, 10, 29, 16, 45, 7);
    expect([stampOf(at), momentOf(stampOf(at))]).toEqual([[2026, 11, 29, 16, 45, 7], at]);
  });

  const from = Date.UTC(2026, 1, 1, 8);
  const until = Date.UTC(2026, 2, 1, 20);
  const window = (day: number) => ({ day, startMinute: 480, endMinute: 750 });
  test.each([
    ['none', { validity: {} }],
    ['from and until', { validity: { from, until } }],
    ['only an end', { validity: { until } }],
    ['only a beginning', { validity: { from } }],
    ['hours of some days', { validity: {}, weekly: [window(1), window(3), window(5)] }],
    ['hours of every day', { validity: { from }, weekly: [1, 2, 3, 4, 5, 6, 7].map(window) }],
    ['whole days', { validity: {}, weekly: [{ day: 7, startMinute: 0, endMinute: 1439 }] }],
  ])('limits come back as they were meant: %s', (_, times) => expect(timesOf(limitOf(times))).toEqual(times));

  test('hours that differ by the day are refused', () =>
    expect(() => limitOf({ validity: {}, weekly: [window(1), { ...window(2), endMinute: 800 }] })).toThrow(LockError));

  test('no limit takes as many bytes as one', () =>
    expect(writeTimeLimit(new ByteWriter(), undefined).done().length).toBe(
      writeTimeLimit(new ByteWriter(), limitOf({ validity: { from } })).done().length,
    ));
});

test('a code is asked for with its limit', () => {
  const limited = readCode(readerOf(named('parse_keypad_code_limited')));
  const { payload } = addCode(limited);
  expect([payload.length, hex(payload.subarray(25))]).toEqual([
    44,
    hex(bytesOf(named('parse_keypad_code_limited').in, 'payload').subarray(44)),
  ]);
});

test('a timer is written as it is read', () => {
  const timer = { id: 3, enabled: true, weekdays: 0x54, minute: 22 * 60 + 30, action: 2 };
  const { payload } = updateTimer(timer);
  expect([hex(payload), readTimer(new ByteReader(payload)), hex(addTimer(timer).payload)]).toEqual([
    '030154161e02',
    timer,
    '54161e02',
  ]);
});

test('text is cut where a character ends, and read up to its end', () => {
  expect(hex(fieldOf('aé€', 5))).toBe('61c3a90000');
  expect(textOf(fieldOf('aé€', 6))).toBe('aé€');
  expect(textOf(fromHex('616200ff63'))).toBe('ab');
});

function limitText(limit: ReturnType<typeof readCode>['limit']): Record<string, unknown> {
  if (!limit) return { time_limited: 0 };
  const { weekdays, fromMinute, untilMinute } = limit;
  const text = (minute: number): string => new Date(minute * 60_000).toISOString().slice(11, 16);
  return {
    time_limited: 1,
    from: timeText(limit.from),
    until: timeText(limit.until),
    weekdays,
    from_time: text(fromMinute),
    until_time: text(untilMinute),
  };
}
