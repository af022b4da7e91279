// Every reader of replies: any bytes give a value or the one declared error; what we write we can read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { utc } from '../../../src/base/zone.ts';
import * as codes from '../../../src/drivers/ttlock/codes-wire.ts';
import { momentOf, stampOf, validityOf, windowOf } from '../../../src/drivers/ttlock/dates.ts';
import { featuresFromText, featuresText, readFeatures } from '../../../src/drivers/ttlock/features.ts';
import { happeningOf } from '../../../src/drivers/ttlock/happenings.ts';
import { readLog } from '../../../src/drivers/ttlock/log-wire.ts';
import { readReply, refusal } from '../../../src/drivers/ttlock/reply.ts';
import * as settings from '../../../src/drivers/ttlock/settings-wire.ts';
import * as tokens from '../../../src/drivers/ttlock/tokens-wire.ts';
import * as wire from '../../../src/drivers/ttlock/wire.ts';
import { fromHex } from '../../../src/base/bytes.ts';
import { rounds } from './rounds.ts';

const readers: Record<string, (data: ByteReader) => unknown> = {
  challenge: wire.readChallenge,
  key: wire.readKey,
  token: data => wire.readTokenEchoed(data, 'SCIENER'),
  moved: wire.readMoved,
  status: wire.readStatus,
  clock: wire.readClockStamp,
  info: wire.readInfo,
  features: readFeatures,
  pins: codes.readPinList,
  adminPin: codes.readAdminPin,
  done: codes.readDone,
  cards: data => tokens.readTokenList(tokens.cardKind, data),
  fingers: data => tokens.readTokenList(tokens.fingerKind, data),
  enrolCard: data => tokens.readEnrol(tokens.cardKind, data),
  enrolFinger: data => tokens.readEnrol(tokens.fingerKind, data),
  autoLock: settings.readAutoLock,
  byte: settings.readByte,
  word: settings.readWord,
  sound: settings.readSound,
  switches: settings.readSwitches,
  passage: settings.readPassage,
  log: data => readLog(data).records.map(record => happeningOf(record, utc)),
};

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (thrown) {
    return thrown instanceof LockError ? thrown.code : String(thrown);
  }
}

describe('any bytes', () => {
  test.each(Object.keys(readers))('read as %s give a value or a malformed message', name => {
    const property = fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
      expect(codeOf(() => readers[name]?.(new ByteReader(bytes)))).toMatch(/^(?:none|malformed)$/);
    });
    fc.assert(property, { numRuns: rounds(2000) });
  });

  test('as a reply or a refusal never throw', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 20 }), bytes => {
      readReply(bytes);
      expect(refusal(bytes, 'it').code).toBe('rejected');
    });
    fc.assert(property, { numRuns: rounds(2000) });
  });
});

describe('round trips', () => {
  const day = fc.integer({ min: Date.UTC(2001, 0, 1) / 60_000, max: Date.UTC(2098, 11, 31) / 60_000 });

  test('of a moment, to the minute', () => {
    const property = fc.property(day, minute => {
      const validity = { from: minute * 60_000, until: (minute + 1) * 60_000 };
      const { start, end } = windowOf(utc, validity);
      expect(validityOf(utc, start, end)).toEqual(validity);
      expect(momentOf(utc, stampOf(utc, validity.from))).toBe(validity.from);
    });
    fc.assert(property, { numRuns: rounds(1000) });
  });

  test('of no limit', () => {
    const { start, end } = windowOf(utc, {});
    expect(validityOf(utc, start, end)).toEqual({});
  });

  test('of features', () => {
    const property = fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), features => {
      expect(featuresFromText(featuresText(features))).toBe(features);
    });
    fc.assert(property, { numRuns: rounds(1000) });
  });

  test('of a switch map written as it was read', () => {
    const property = fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), (mask, values) => {
      const { payload } = settings.writeSwitches({ mask, values });
      const answer = Uint8Array.of(90, 1, ...payload.subarray(1));
      expect(settings.readSwitches(new ByteReader(answer))).toEqual({ mask, values });
    });
    fc.assert(property, { numRuns: rounds(1000) });
  });
});

describe('the published list of codes', () => {
  test('holds one permanent code', () => {
    const page = codes.readPinList(
      new ByteReader(fromHex('001700b41401063132333435360631323334353600 01010000'.replace(' ', ''))),
    );
    expect(page).toEqual({
      next: 0xb4,
      records: [{ type: 1, digits: '123456', old: '123456', start: [0, 1, 1, 0, 0] }],
    });
  });
});

describe('small print', () => {
  test('a 4-byte card in a field of 8', () => {
    const said = tokens.readEnrol(tokens.cardKind, new ByteReader(fromHex('5a0201deadbeefffffffff')));
    expect(said).toEqual({ step: 'done', id: 0xdeadbeefn });
  });

  test('a passage page FF ends the list and its data does not count', () => {
    const page = settings.readPassage(new ByteReader(fromHex('5a01ff0103000000000000')));
    expect(page).toEqual({ records: [] });
  });

  test('a record of an unknown type keeps what every record has', () => {
    const [record] = readLog(new ByteReader(fromHex('000d00080a2f1a050b0e17075a0102'))).records;
    expect(happeningOf(record!, utc)).toEqual({
      type: 'other',
      source: 'unknown',
      ok: true,
      at: Date.UTC(2026, 4, 11, 14, 23, 7),
      record: 7,
      battery: 90,
      raw: '47',
    });
  });

  test('codes in the log cannot be printed', () => {
    const [record] = readLog(new ByteReader(fromHex('0011000c0e041a050b0e17075a043437313100'))).records;
    const happening = happeningOf(record!, utc);
    expect(happening.credential?.value.reveal()).toBe('4711');
    expect(JSON.stringify(happening)).not.toContain('4711');
  });
});
