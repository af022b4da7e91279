// The driver's encoder for each request of the TTLock vectors, fed with the fields of the vector.
import {
  addPin,
  askAdminPin,
  changePin,
  clearPins,
  listPins,
  removePin,
  setAdminPin,
} from '../../../src/drivers/ttlock/codes-wire.ts';
import type { Stamp } from '../../../src/drivers/ttlock/dates.ts';
import { askLog } from '../../../src/drivers/ttlock/log-wire.ts';
import * as settings from '../../../src/drivers/ttlock/settings-wire.ts';
import * as tokens from '../../../src/drivers/ttlock/tokens-wire.ts';
import * as wire from '../../../src/drivers/ttlock/wire.ts';
import type { Fields } from '../vector.ts';

type Encode = (given: Fields) => wire.Request;

/** `op` is the first byte of the payload, for commands that do several things. Undefined: not known. */
export function encode(cmd: string, given: Fields, op: number | undefined): wire.Request | undefined {
  if (Object.hasOwn(byOp, cmd)) return op === undefined ? undefined : byOp[cmd]?.[op]?.(given);
  return Object.hasOwn(single, cmd) ? single[cmd]?.(given) : undefined;
}

export function stampOfDigits(digits: string): Stamp {
  return (digits.match(/../g) ?? []).map(Number);
}

const num = (given: Fields, name: string): number => given[name] as number;
const text = (given: Fields, name: string): string => given[name] as string;
const big = (given: Fields, name: string): bigint => BigInt(text(given, name));
const token = (given: Fields): string => (given['token'] as string | undefined) ?? wire.VENDOR_TOKEN;
const dates = (given: Fields) => ({
  start: stampOfDigits(text(given, 'start')),
  ...(given['end'] !== undefined && { end: stampOfDigits(text(given, 'end')) }),
});
const bounded = (given: Fields): tokens.TokenWindow => dates(given) as tokens.TokenWindow;
const proof = (given: Fields) => ({
  challenge: num(given, 'psFromLock'),
  unlockKey: num(given, 'unlockKey'),
  unixSeconds: num(given, 'unix'),
});

const single: Readonly<Record<string, Encode>> = {
  '01': wire.askFeatures,
  '07': given => listPins(num(given, 'seq')),
  '14': given => wire.askStatus(token(given)),
  '19': given => wire.getKey(token(given)),
  '25': given => askLog(num(given, 'seq')),
  '30': given => wire.checkRandom(num(given, 'psFromLock'), num(given, 'unlockKey')),
  '31': given => {
    const entries = given['entries'] as readonly { year: number; code: number; secret: string }[];
    const plain = entries.map(({ code, secret }) => ({ code, secret: BigInt(secret) }));
    return wire.initPins(entries[0]?.year ?? 0, plain);
  },
  '34': wire.readClock,
  '41': given =>
    wire.checkAdmin({ adminPs: num(given, 'adminPs'), lockFlagPos: num(given, 'lockFlagPos'), uid: num(given, 'uid') }),
  '43': given => wire.setClock(stampOfDigits(text(given, 'dateTime'))),
  '45': wire.initialise,
  '47': given => wire.move('unlock', proof(given)),
  '52': wire.reset,
  '53': given => setAdminPin(text(given, 'pin')),
  '55': given =>
    wire.checkUserTime({ ...bounded(given), lockFlagPos: num(given, 'lockFlagPos'), uid: num(given, 'uid') }),
  '56': given =>
    wire.addAdmin({ adminPs: num(given, 'adminPs'), unlockKey: num(given, 'unlockKey'), token: token(given) }),
  '57': wire.finish,
  '58': given => wire.move('lock', proof(given)),
  '65': askAdminPin,
  '90': given => wire.askInfo(num(given, 'item')),
};

const pin = (given: Fields) => ({ type: num(given, 'type'), digits: text(given, 'code') });
const card = (given: Fields): tokens.TokenKind => ({ ...tokens.cardKind, width: () => num(given, 'width') });
const finger = tokens.fingerKind;
const cyclic = (given: Fields): tokens.TokenKind => (given['userType'] === 1 ? finger : tokens.cardKind);
const passage = (given: Fields): settings.PassageRecord => {
  const [startHour = 0, startMinute = 0] = stampOfDigits(text(given, 'start'));
  const [endHour = 0, endMinute = 0] = stampOfDigits(text(given, 'end'));
  const { type, day, month } = given as Record<string, number>;
  return { type, day, month, startHour, startMinute, endHour, endMinute } as settings.PassageRecord;
};

function readOrByte(command: number): Readonly<Record<number, Encode>> {
  return { 1: () => settings.askSetting(command), 2: given => settings.writeByte(command, num(given, 'value')) };
}

function readOrWord(command: number): Readonly<Record<number, Encode>> {
  return { 1: () => settings.askSetting(command), 2: given => settings.writeWord(command, num(given, 'seconds')) };
}

const byOp: Readonly<Record<string, Readonly<Record<number, Encode>>>> = {
  '03': {
    1: clearPins,
    2: given => addPin({ ...pin(given), ...dates(given) }),
    3: given => removePin(pin(given)),
    5: given => {
      const changed = { type: num(given, 'type'), old: text(given, 'old'), digits: text(given, 'new') };
      return changePin(changed, given['start'] === undefined ? undefined : dates(given));
    },
  },
  '05': {
    1: given => tokens.listTokens(tokens.cardKind, num(given, 'seq')),
    2: given =>
      given['card'] === undefined
        ? tokens.enrolToken(tokens.cardKind)
        : tokens.addCard(big(given, 'card'), bounded(given), card(given)),
    3: given => tokens.removeToken(card(given), big(given, 'card')),
    4: () => tokens.clearTokens(tokens.cardKind),
    5: given => tokens.setTokenValidity(card(given), big(given, 'card'), bounded(given)),
  },
  '06': {
    2: () => tokens.enrolToken(finger),
    3: given => tokens.removeToken(finger, big(given, 'id')),
    4: () => tokens.clearTokens(finger),
    5: given => tokens.setTokenValidity(finger, big(given, 'id'), bounded(given)),
    6: given => tokens.listTokens(finger, num(given, 'seq')),
  },
  '36': readOrWord(wire.command.autoLock),
  '37': readOrByte(wire.command.remoteUnlock),
  '59': readOrByte(wire.command.showPin),
  '61': readOrByte(wire.command.freeze),
  '62': {
    ...readOrByte(wire.command.sound),
    2: given =>
      given['volume'] === undefined
        ? settings.writeByte(wire.command.sound, num(given, 'value'))
        : settings.writeVolume(num(given, 'volume'), given['language'] as number | undefined),
  },
  '66': {
    1: given => settings.askPassage(num(given, 'seq')),
    2: given => settings.addPassage(passage(given)),
    3: given => settings.removePassage(passage(given)),
    4: settings.clearPassage,
  },
  '67': readOrWord(wire.command.lamp),
  '68': {
    1: () => settings.askSetting(wire.command.switches),
    2: given => settings.writeSwitches({ mask: num(given, 'items'), values: num(given, 'values') }),
  },
  '70': {
    2: given =>
      tokens.addWeekly(cyclic(given), big(given, 'user'), {
        day: num(given, 'weekDay'),
        startMinute: num(given, 'start'),
        endMinute: num(given, 'end'),
      }),
    4: given => tokens.clearWeekly(cyclic(given), big(given, 'user')),
  },
};
