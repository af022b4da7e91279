// What the driver reads in a reply, under the names that the TTLock vectors use (ttlock.md 28.1).
import { ByteReader, hex } from '../../../src/base/bytes.ts';
import { readAdminPin, readDone, readPinList } from '../../../src/drivers/ttlock/codes-wire.ts';
import type { Stamp } from '../../../src/drivers/ttlock/dates.ts';
import { readFeatures } from '../../../src/drivers/ttlock/features.ts';
import { type LogRecord, readLog } from '../../../src/drivers/ttlock/log-wire.ts';
import { readReply } from '../../../src/drivers/ttlock/reply.ts';
import * as settings from '../../../src/drivers/ttlock/settings-wire.ts';
import * as tokens from '../../../src/drivers/ttlock/tokens-wire.ts';
import * as wire from '../../../src/drivers/ttlock/wire.ts';
import type { Fields } from '../vector.ts';

/** Undefined: this program reads no such reply. */
export function decode(plain: Uint8Array): Fields | undefined {
  const reply = readReply(plain);
  if (!reply) return undefined;
  if (!reply.ok) return { status: 0, error: reply.data[0] };
  const read = readers[reply.command];
  return read && withBatteryNames(read(reply.data));
}

type Read = (data: Uint8Array) => Fields;

function on(read: (data: ByteReader) => Fields | undefined): Read {
  return data => read(new ByteReader(data)) ?? {};
}

const done: Read = () => ({});
/** The battery comes first in most replies. */
const battery = (data: Uint8Array): Fields => ({ battery: data[0] });
const moved: Read = on(data => {
  const { battery, uid, recordId, stamp } = wire.readMoved(data);
  return { battery, uid, uniqueid: recordId, recordId, dateTime: stamp && digits(stamp) };
});
const byte: Read = data => ({ ...battery(data), value: settings.readByte(new ByteReader(data)) });
const next = (page: { next?: number } | undefined): number => page?.next ?? -1;

function tokenReader(kind: tokens.TokenKind, listName: string, numberName: string, idName: string): Read {
  return data => {
    const list = tokens.readTokenList(kind, new ByteReader(data));
    if (list) {
      const records = list.records.map(({ id, ...dates }) => ({ [numberName]: String(id), ...fullDates(dates) }));
      return { ...battery(data), next: next(list), [listName]: records };
    }
    const said = tokens.readEnrol(kind, new ByteReader(data));
    const status = said && { done: 1, present: 2, again: 3 }[said.step];
    return { ...battery(data), op: data[1], status, ...(said?.step === 'done' && { [idName]: String(said.id) }) };
  };
}

const readers: Readonly<Record<number, Read>> = {
  0x01: on(data => {
    const { battery, features } = readFeatures(data);
    const bits = Array.from(features.toString(2))
      .toReversed()
      .flatMap((bit, i) => (bit === '1' ? [i] : []));
    return { battery, bits };
  }),
  0x03: on(readDone),
  0x05: tokenReader(tokens.cardKind, 'cards', 'cardNumber', 'card'),
  0x06: tokenReader(tokens.fingerKind, 'fps', 'fpNumber', 'id'),
  0x07: on(data => {
    const page = readPinList(data);
    const codes = page.records.map(({ type, digits: code, old, ...dates }) => ({
      type,
      code,
      newPassCode: code,
      oldPassCode: old,
      ...fullDates(dates),
    }));
    return { next: next(page), codes };
  }),
  0x14: on(data => {
    const said = wire.readStatus(data);
    return said?.form === 'event' ? { ...said, dateTime: digits(said.stamp) } : said;
  }),
  0x19: on(data => ({ aesKey: hex(wire.readKey(data)) })),
  0x25: on(data => {
    const page = readLog(data);
    return { next: page.next, logs: page.records.map(logFields) };
  }),
  0x30: done,
  0x34: on(data => ({ dateTime: digits(wire.readClockStamp(data)) })),
  0x36: data => ({ ...battery(data), ...settings.readAutoLock(new ByteReader(data)) }),
  0x37: byte,
  0x41: on(data => ({ ps: wire.readChallenge(data) })),
  0x43: done,
  0x45: done,
  0x47: moved,
  0x52: done,
  0x53: done,
  0x55: on(data => ({ ps: wire.readChallenge(data) })),
  0x56: on(data => ({ ok: wire.readTokenEchoed(data, wire.VENDOR_TOKEN) })),
  0x57: done,
  0x58: moved,
  0x59: byte,
  0x61: byte,
  0x62: data => {
    const said = settings.readSound(new ByteReader(data));
    return { ...battery(data), value: said?.on, volume: said?.volume };
  },
  0x65: data => ({ ...battery(data), pin: readAdminPin(new ByteReader(data)) }),
  0x66: data => {
    const page = settings.readPassage(new ByteReader(data));
    return { ...battery(data), next: next(page), entries: page?.records.map(passageFields) };
  },
  0x67: data => ({ ...battery(data), seconds: settings.readWord(new ByteReader(data)) }),
  0x68: data => {
    const said = settings.readSwitches(new ByteReader(data));
    const left = ((said?.values ?? 0) & settings.switchBit.left) !== 0;
    return { ...battery(data), items: said?.mask, values: said?.values, direction: left ? 'LEFT' : 'RIGHT' };
  },
  0x70: done,
  0x90: on(data => ({ text: wire.readInfo(data) })),
};

function logFields(record: LogRecord): Fields {
  const first = record.text ?? record.id?.toString() ?? record.mac;
  return {
    recordNumber: record.number,
    recordType: record.type,
    operateDate: `20${digits(record.stamp)}`,
    electricQuantity: record.battery,
    uid: record.uid,
    recordId: record.recordId,
    password: first,
    newPassword: record.newText,
    keyId: record.keyId,
    accessoryElectricQuantity: record.accessoryBattery,
  };
}

function passageFields(record: settings.PassageRecord): Fields {
  return {
    type: record.type,
    weekOrDay: record.day,
    month: record.month,
    startHour: digits([record.startHour, record.startMinute]),
    endHour: digits([record.endHour, record.endMinute]),
  };
}

function fullDates({ start, end }: { start: Stamp; end?: Stamp }): Fields {
  return { startDate: `20${digits(start)}`, endDate: end && `20${digits(end)}` };
}

function digits(stamp: Stamp): string {
  return stamp.map(part => String(part).padStart(2, '0')).join('');
}

/** Three names for the same byte. */
function withBatteryNames(fields: Fields): Fields {
  const percent = fields['battery'];
  return percent === undefined ? fields : { batteryCapacity: percent, electricQuantity: percent, ...fields };
}
