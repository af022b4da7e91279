// The lock's own log: what is new, in order, page by page, and whose code it was.
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter, concat, fromHex, hex } from '../../../src/base/bytes.ts';
import { type Answers, DONE, no } from './fake-nuki.ts';
import { named } from './published.ts';
import { opened } from './stage.ts';

/** An entry: its type and data, and who did it. */
function entry(index: number, data = '0201000000', authId = 34_808): string {
  const head = new ByteWriter().u32le(index).bytes(fromHex('ea07010f120000')).u32le(authId).done();
  return hex(concat(head, new Uint8Array(32), fromHex(data)));
}

/** A log that answers as the vendor's document says. */
function logOf(entries: readonly string[]): Answers {
  const indexOf = (one: string): number => new ByteReader(fromHex(one)).u32le();
  return {
    '0031': body => {
      const data = new ByteReader(fromHex(body));
      const [start, count, order] = [data.u32le(), data.u16le(), data.u8()];
      const sorted = entries.toSorted((a, b) => (order === 0 ? indexOf(a) - indexOf(b) : indexOf(b) - indexOf(a)));
      const some = sorted.filter(one => start === 0 || (order === 0 ? indexOf(one) > start : indexOf(one) < start));
      const total = hex(Uint8Array.of(1, entries.length & 0xff, entries.length >> 8, 0, 0));
      return [`0033 ${total}`, ...some.slice(0, count).map(one => `0032 ${one}`), DONE];
    },
  };
}

const many = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));

async function read(entries: readonly string[], cursor: number | undefined, most = 25) {
  const at = await opened(logOf(entries));
  const page = await at.clock.run(at.session.records!.read(cursor, most));
  return { ...page, numbers: page.records.map(one => one.record), lock: at.lock };
}

describe('reading', () => {
  test('for the first time gives the newest ones, oldest first', async () => {
    const { numbers, cursor, more } = await read(many(1, 30), undefined);
    expect([numbers.length, numbers[0], numbers.at(-1), cursor, more]).toEqual([25, 6, 30, 30, false]);
  });

  test('of an empty log begins at its beginning', async () => {
    expect(await read([], undefined)).toMatchObject({ numbers: [], cursor: 0, more: false });
  });

  test('gives what came after the cursor', async () => {
    const { numbers, cursor, more } = await read(many(1, 30), 27);
    expect([numbers, cursor, more]).toEqual([[28, 29, 30], 30, false]);
  });

  test.each([29, 30])('takes one question when there is one new entry or none: after %i', async cursor => {
    const { lock, numbers } = await read(many(1, 30), cursor);
    expect([numbers.length, lock.commands]).toEqual([30 - cursor, '?04 31']);
  });

  test('goes on where a page ended', async () => {
    const { numbers, cursor, more } = await read(many(1, 60), 0, 25);
    expect([numbers[0], numbers.length, cursor, more]).toEqual([1, 25, 25, true]);
  });

  test('begins anew with a lock that was reset', async () => {
    const { numbers, cursor } = await read(many(1, 3), 500);
    expect([numbers, cursor]).toEqual([[1, 2, 3], 3]);
  });

  test('looks back without moving on', async () => {
    const at = await opened(logOf(many(1, 30)));
    const page = await at.clock.run(at.session.records!.look!({ cursor: 30, back: 5 }, 10));
    expect(page.records.map(one => one.record)).toEqual([26, 27, 28, 29, 30]);
  });

  test('of a log whose first numbers are gone begins where it begins', async () => {
    expect((await read(many(101, 120), 50, 25)).numbers.slice(0, 2)).toEqual([101, 102]);
  });
});

describe('an entry', () => {
  test.each([
    ['0201000000', { type: 'unlocked', source: 'app', ok: true }],
    ['0202000000', { type: 'locked', source: 'app', ok: true }],
    ['0203010000', { type: 'opened', source: 'manual', ok: true }],
    ['0202060000', { type: 'auto_locked', source: 'auto', ok: true }],
    ['0202030000', { type: 'locked', source: 'auto', ok: true }],
    ['0201ac0000', { type: 'unlocked', source: 'remote', ok: true }],
    ['0202020001', { type: 'jammed', source: 'manual', ok: false }],
    ['0202000005', { type: 'operation_failed', source: 'app', ok: false }],
    ['025a020000', { type: 'other', source: 'manual', ok: true }],
    ['050101000100', { type: 'unlocked', source: 'keypad', ok: true }],
    ['050102000000', { type: 'unlocked', source: 'finger', ok: true }],
    ['050001e00000', { type: 'wrong_code', source: 'keypad', ok: false }],
    ['050002e10000', { type: 'wrong_code', source: 'finger', ok: false }],
    ['0600', { type: 'door_opened', source: 'sensor', ok: true }],
    ['0601', { type: 'door_closed', source: 'sensor', ok: true }],
    ['0603', { type: 'tamper', source: 'sensor', ok: true }],
    ['0400000000', { type: 'restarted', source: 'lock', ok: true }],
    ['0a050406', { type: 'other', source: 'lock', ok: true }],
    ['6300', { type: 'other', source: 'lock', ok: true }],
  ])('%s means %j', async (data, due) => {
    const at = await opened({ ...logOf([entry(1, data)]), '0043': ['0044 0000', DONE] });
    const { records } = await at.clock.run(at.session.records!.read(0, 5));
    expect(records).toMatchObject([{ ...due, record: 1, at: Date.UTC(2026, 0, 15, 18) }]);
  });

  const typed = logOf([entry(1, '050101000300')]);
  test('names the code by its digits, read from the lock once', async () => {
    const code = `0045 ${String(named('parse_keypad_code_unlimited').in['payload'])}`;
    const at = await opened({ ...typed, '0043': ['0044 0100', code, DONE] });
    const first = await at.clock.run(at.session.records!.read(0, 5));
    await at.clock.run(at.session.records!.read(0, 5));
    expect(first.records[0]?.credential?.value.reveal()).toBe('778899');
    expect(at.lock.commands.match(/43/g)?.length).toBe(1);
  });

  test('is told without whose it was when the lock does not tell its codes', async () => {
    const at = await opened({ ...typed, '0043': [no(0xff)] });
    const { records } = await at.clock.run(at.session.records!.read(0, 5));
    expect([records[0]?.type, records[0]?.credential]).toEqual(['unlocked', undefined]);
  });

  test('of a phone names its number among the users', async () => {
    const at = await opened(logOf([entry(1, '0201000000', 99)]));
    const { records } = await at.clock.run(at.session.records!.read(0, 5));
    expect([records[0]?.credential?.kind, records[0]?.credential?.value.reveal()]).toEqual(['app', '99']);
  });
});
