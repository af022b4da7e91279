// The tables of ttlock.md, row by row, written out a second time: errors, log records, features, switches.
import { describe, expect, test } from 'vitest';
import { ByteReader, fromHex, hex } from '../../../src/base/bytes.ts';
import { utc } from '../../../src/base/zone.ts';
import { abilitiesOf } from '../../../src/drivers/ttlock/abilities.ts';
import { windowOf } from '../../../src/drivers/ttlock/dates.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import { happeningOf } from '../../../src/drivers/ttlock/happenings.ts';
import { readLog } from '../../../src/drivers/ttlock/log-wire.ts';
import { refusal } from '../../../src/drivers/ttlock/reply.ts';
import * as settings from '../../../src/drivers/ttlock/settings-wire.ts';
import { type Answers, FakeLock, advert, credential, logins, stage } from './fake-lock.ts';

describe('error', () => {
  test.each([
    ['01', 'garbled'],
    ['02', 'not_permitted'],
    ['03', 'wrong_administrator'],
    ['04', 'no_space'],
    ['05', 'not_paired'],
    ['06', 'not_paired'],
    ['07', 'not_pairable'],
    ['08', 'challenge_refused'],
    ['0a', 'battery_low'],
    ['0b', 'refused'],
    ['0d', 'key_revoked'],
    ['0e', 'key_expired'],
    ['0f', 'code_rules'],
    ['10', 'code_rules'],
    ['11', 'key_not_yet_valid'],
    ['12', 'not_logged_in'],
    ['13', 'refused'],
    ['14', 'duplicate_code'],
    ['15', 'not_there'],
    ['16', 'no_space'],
    ['17', 'refused'],
    ['18', 'not_there'],
    ['19', 'duplicate_finger'],
    ['1a', 'not_there'],
    ['1b', 'unsupported'],
    ['1c', 'frozen'],
    ['1d', 'vendor_token'],
    ['1e', 'double_locked'],
    ['1f', 'not_there'],
    ['20', 'invalid_parameter'],
    ['21', 'obstacle'],
    ['24', 'pending'],
    ['25', 'wifi_name'],
    ['26', 'wifi_password'],
    ['30', 'garbled'],
    ['31', 'key_revoked'],
    ['60', 'unsupported'],
    ['7f', 'vendor_error:127'],
    ['', 'refused'],
  ])('%s is %s', (code, reason) => {
    const error = refusal(fromHex(code), 'the command');
    expect([error.code, error.reason]).toEqual(['rejected', reason]);
    expect(error.message).toMatch(/^The lock refused the command\. .+\.$/);
  });
});

const TEXT = '0434373131';
const TWO_TEXTS = `${TEXT}0434373132`;
const USER = '0102030400000007';
const CARD = 'deadbeef';
const WIDE_CARD = '0123456789abcdef';
const FINGER = '010000000000';
const MAC = 'f2c1ad4cae0d';

describe('log record', () => {
  const app = 'app 16909060';
  const code = 'code 4711';
  const card = 'card 3735928559';
  const finger = 'finger 1099511627776';
  const fob = 'fob 0D:AE:4C:AD:C1:F2';

  test.each([
    [1, USER, 'app unlocked', app],
    [4, TWO_TEXTS, 'keypad unlocked', code],
    [5, TWO_TEXTS, 'keypad code_changed', code],
    [6, TWO_TEXTS, 'keypad code_deleted', code],
    [7, TEXT, 'keypad wrong_code, not', code],
    [8, '1a050b0e17', 'keypad code_deleted', ''],
    [9, TWO_TEXTS, 'keypad code_deleted', code],
    [10, TWO_TEXTS, 'keypad code_deleted', ''],
    [11, TWO_TEXTS, 'keypad refused, not', code],
    [12, TWO_TEXTS, 'keypad operation_failed, not', ''],
    [13, TWO_TEXTS, 'keypad refused, not', code],
    [14, '', 'lock restarted', ''],
    [15, CARD, 'card card_added', card],
    [16, '', 'card card_deleted', ''],
    [17, WIDE_CARD, 'card unlocked', 'card 81985529216486895'],
    [18, CARD, 'card card_deleted', card],
    [19, MAC, 'unknown unlocked', fob],
    [20, FINGER, 'finger unlocked', finger],
    [21, FINGER, 'finger finger_added', finger],
    [22, FINGER, 'finger refused, not', finger],
    [23, FINGER, 'finger finger_deleted', finger],
    [24, '', 'finger finger_deleted', ''],
    [25, CARD, 'card refused, not', card],
    [26, USER, 'app locked', app],
    [27, '', 'key unlocked', ''],
    [28, USER, 'remote unlocked', app],
    [29, '', 'unknown tamper, not', ''],
    [30, '5a', 'sensor door_closed', ''],
    [31, '5a', 'sensor door_opened', ''],
    [32, '', 'manual unlocked', ''],
    [33, FINGER, 'finger locked', finger],
    [34, TWO_TEXTS, 'keypad locked', code],
    [35, CARD, 'card locked', card],
    [36, '', 'key locked', ''],
    [37, `${USER}03`, 'remote other', app],
    [38, TWO_TEXTS, 'keypad refused, not', code],
    [39, CARD, 'card refused, not', card],
    [40, FINGER, 'finger refused, not', finger],
    [41, USER, 'app refused, not', app],
    [51, CARD, 'card refused, not', card],
    [52, USER, 'app locked', app],
    [55, `${MAC}0158`, 'remote other', fob],
    [56, `${MAC}58`, 'keypad other', fob],
    [56, `${MAC}0158`, 'keypad other', fob],
    [57, '0102', 'unknown unlocked', ''],
    [58, '0102', 'unknown refused, not', ''],
    [73, '', 'unknown other', ''],
    [75, USER, 'app other', app],
    [76, USER, 'app other', app],
    [77, USER, 'app other', app],
    [78, TWO_TEXTS, 'keypad other', code],
    [79, FINGER, 'finger other', finger],
    [82, `${MAC}0158`, 'remote other', fob],
    [90, '', 'unknown other', ''],
    [92, TWO_TEXTS, 'keypad unlocked', code],
    [93, `${TEXT}0001010000630c1f173b`, 'keypad code_added', code],
    [101, '', 'unknown other', ''],
  ])('%d with tail %s is %s', (type, tail, due, credential) => {
    const { source, type: what, ok, credential: who } = happened(type, tail);
    expect(`${source} ${what}${ok ? '' : ', not'}`).toBe(due);
    expect(who ? `${who.kind} ${who.value.reveal()}` : '').toBe(credential);
  });

  test.each([
    [30, '5a', { accessoryBattery: 90 }],
    [37, `${USER}03`, { keyId: 3, uid: 0x01020304, recordId: 7 }],
    [55, `${MAC}0158`, { keyId: 1, accessoryBattery: 88 }],
    [56, `${MAC}58`, { accessoryBattery: 88 }],
    [56, `${MAC}0158`, { keyId: 1, accessoryBattery: 88 }],
    [57, '0102', { id: 0x0102n }],
    [5, TWO_TEXTS, { text: '4711', newText: '4712' }],
    [8, `1a050b0e17${TEXT}`, { text: '4711' }],
    [74, CARD, { id: 0xdeadbeefn }],
    [80, CARD, { id: 0xdeadbeefn }],
    [91, CARD, { id: 0xdeadbeefn }],
    ...[67, 68, 69, 70, 71, 72, 81, 83, 84, 85, 86, 87, 88, 89].map(
      type => [type, FINGER, { id: 0x010000000000n }] as [number, string, object],
    ),
    ...[94, 95, 96, 97, 98, 99, 100].map(type => [type, MAC, { mac: '0D:AE:4C:AD:C1:F2' }] as [number, string, object]),
  ] as [number, string, object][])('%d with tail %s is read to its end', (type, tail, due) => {
    expect(record(type, tail)).toMatchObject(due);
  });

  test('whose tail is cut keeps its head', () => {
    expect(happened(17, 'dead')).toMatchObject({ type: 'unlocked', record: 7, battery: 90 });
    expect(happened(17, 'dead').credential).toBeUndefined();
  });

  test.each([
    [0x64, 100],
    [0x65, undefined],
  ])('with battery byte %d', (byte, battery) => expect(happened(14, '', byte).battery).toBe(battery));
});

function record(type: number, tail: string, battery = 90) {
  const body = fromHex(`1a050b0e1707${tail}`);
  const whole = [type, ...body.subarray(0, 6), battery, ...body.subarray(6)];
  const page = [0, 3 + whole.length, 0, 8, whole.length, ...whole];
  const [only] = readLog(new ByteReader(Uint8Array.from(page))).records;
  return only!;
}

function happened(type: number, tail: string, battery = 90) {
  return happeningOf(record(type, tail, battery), utc);
}

describe('feature', () => {
  const key = { adminPs: 1, header: { type: 5, version: 3, scene: 2, group: 1, org: 1 } };
  const names = (bit: number): string[] =>
    abilitiesOf({ ...key, features: 1n << BigInt(bit) }).settings.map(one => one.name);

  test.each([
    [4, 'auto_lock_seconds'],
    [9, 'show_pin'],
    [11, 'freeze'],
    [14, 'remote_unlock'],
    [15, 'sound'],
    [22, 'passage_mode'],
    [25, 'lamp_seconds'],
    [28, 'tamper_alarm'],
    [29, 'reset_button'],
    [30, 'privacy_lock'],
    [36, 'direction'],
    [43, 'volume'],
    [46, 'passage_auto_unlock'],
    [83, 'wifi_stays'],
  ])('%d alone offers %s alone', (bit, name) => expect(names(bit)).toEqual([name]));

  test.each([
    [0, 'codes'],
    [1, 'cards'],
    [2, 'fingers'],
  ] as const)('%d alone offers %s alone', (bit, name) => {
    const abilities = abilitiesOf({ ...key, features: 1n << BigInt(bit) });
    expect(['codes', 'cards', 'fingers'].filter(one => one in abilities)).toEqual([name]);
  });

  test.each([
    [8, { verbs: ['lock', 'unlock'] }],
    [5, { verbs: ['unlock'], clock: true, door: false }],
    [20, { clock: false }],
    [45, { door: true }],
    [36, { orientation: 'settable', kind: 'deadbolt' }],
    [81, { orientation: 'itself', kind: 'deadbolt' }],
    [78, { orientation: 'mechanical', kind: 'deadbolt' }],
    [79, { kind: 'deadbolt' }],
    [88, { kind: 'deadbolt' }],
    [22, { kind: 'lever' }],
  ])('%d means %j', (bit, due) => expect(abilitiesOf({ ...key, features: 1n << BigInt(bit) })).toMatchObject(due));

  test('says nothing of settings to a key that only opens', () => {
    const abilities = abilitiesOf({ header: key.header, features: (1n << 90n) - 1n });
    expect([abilities.settings, abilities.codes, abilities.cards, abilities.fingers]).toEqual([
      [],
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('switch', () => {
  test.each([
    ['tamper_alarm', true, '020000ffff00000001'],
    ['reset_button', true, '020000ffff00000002'],
    ['privacy_lock', true, '020000ffff00000004'],
    ['direction', 'left', '020000ffff00000010'],
    ['passage_auto_unlock', true, '020000ffff00000020'],
    ['wifi_stays', true, '020000ffff00000080'],
  ])('%s to %j writes one bit of the whole map', async (name, value, due) => {
    const written: string[] = [];
    const lock = new FakeLock({
      ...logins,
      '68': payload => {
        if (payload === '01') return [`68015a010000ffff${written.at(-1)?.slice(10) ?? '00000000'}`];
        written.push(payload);
        return ['68015a02'];
      },
    });
    const { clock, ground } = stage();
    const features = ((1n << 90n) - 1n).toString(16);
    const session = await clock.run(ttlock.open(lock, ground, credential({ features }), advert));
    await clock.run(session.settings!.write(name, value));
    expect(written).toEqual([due]);
  });
});

describe('small differences between locks', () => {
  async function sessionWith(answers: Answers, bit: number) {
    const lock = new FakeLock({ ...logins, ...answers });
    const { clock, ground } = stage();
    const features = (1n << BigInt(bit)) | 7n;
    const session = await clock.run(ttlock.open(lock, ground, credential({ features: features.toString(16) }), advert));
    return { lock, clock, session };
  }

  test.each([
    [7, true],
    [6, false],
  ])('feature %d: codes can be changed: %s', async (bit, due) => {
    expect('change' in ((await sessionWith({}, bit)).session.codes ?? {})).toBe(due);
  });

  test.each([
    ['that it said', '62015a01010202', '02010502'],
    ['as it is', '62015a010102', '020105ff'],
  ])('a new volume leaves the language %s', async (_, said, due) => {
    const written: string[] = [];
    const { clock, session } = await sessionWith(
      {
        '62': payload =>
          payload === '01' ? [written.length > 0 ? '62015a010105' : said] : (written.push(payload), ['62015a02']),
      },
      43,
    );
    await clock.run(session.settings!.write('volume', 5));
    expect(written).toEqual([due]);
  });

  test.each([
    ['06015a0202', { say: 'present' }],
    ['06015a020204', { say: 'present', of: 4 }],
  ])('an enrolment that begins with %s', async (first, due) => {
    const steps: unknown[] = [];
    const { clock, session } = await sessionWith({ '06': [first, '06015a02030104', '06015a0201010000000000'] }, 2);
    await clock.run(session.fingers!.enrol(step => void steps.push(step)));
    expect(steps).toEqual([due, { say: 'again', step: 1, of: 4 }, { say: 'done' }]);
  });
});

describe('fixed bytes', () => {
  test('of always open', () => expect(hex(settings.addPassage(settings.ALWAYS_OPEN).payload)).toBe('0201000000000000'));
  test('of no limits', () => expect(windowOf(utc, {})).toEqual({ start: [0, 1, 1, 0, 0], end: [99, 12, 31, 23, 59] }));

  test('of the header for a lock whose advert tells nothing', async () => {
    const lock = new FakeLock(logins);
    const { clock, ground } = stage();
    const { header: _, ...data } = credential().data.reveal();
    const bare = ttlock.importCredential!({ family: 'ttlock', data })![0]!.credential;
    await clock.run(ttlock.open(lock, ground, bare));
    expect(lock.headers[0]).toEqual({ type: 5, version: 3, scene: 1, group: 1, org: 1 });
  });
});
