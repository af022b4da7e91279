// The virtual lock's bytes against published ones, and one whole session as somebody else wrote it down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { type AdvertFields, manufacturerData, updateModeData } from '../../../src/sim/ttlock/advert.ts';
import { FACTORY_KEY, SimSplitter, checksum, cut, frame, seal, unseal } from '../../../src/sim/ttlock/frames.ts';
import { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';

interface Vector {
  name: string;
  kind: string;
  data: string;
  crc: string;
  crcPlainMaxim: string;
  capturedCrc?: string;
  key: string;
  plaintext: string;
  ciphertext: string;
  payload: string;
  header: string;
  frame: string;
  frameWithCrlf: string;
  chunks: string[];
  manufacturerData: string;
  parsed: (AdvertFields & { dfu?: boolean }) | null;
  frames: { dir: string; note: string; plaintext: string; key: string; frame: string }[];
}

const file = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8')) as { vectors: Vector[] };
const of = (kind: string): Vector[] => file.vectors.filter(vector => vector.kind === kind);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const LOCK_HEADER = { type: 5, version: 3, scene: 2, group: 1, organisation: 1 };

function fed(text: string): ReturnType<SimSplitter['feed']> {
  const splitter = new SimSplitter();
  return [...bytes(text)].flatMap(byte => splitter.feed(Uint8Array.of(byte)));
}

describe('checksums', () => {
  test.each(of('crc'))('$name', ({ data, crc, crcPlainMaxim }) => {
    expect(checksum(bytes(data))).toBe(Number.parseInt(crc, 16));
    expect(checksum(bytes(data), 'clean')).toBe(Number.parseInt(crcPlainMaxim, 16));
  });

  const captured = of('crc').filter(vector => vector.capturedCrc);
  test.each(captured)('$name is one frame', ({ data, crc, crcPlainMaxim }) => {
    expect(fed(`${data}${crc}0d0a`).map(found => found.checksum)).toEqual([crc === crcPlainMaxim ? 'both' : 'altered']);
  });

  test.each(captured.filter(({ crc, crcPlainMaxim }) => crc !== crcPlainMaxim))(
    '$name is told from its clean twin',
    ({ data, crcPlainMaxim }) => {
      expect(fed(`${data}${crcPlainMaxim}0d0a`).map(found => found.checksum)).toEqual(['clean']);
    },
  );
});

describe('seals', () => {
  test.each(of('aes'))('$name', ({ key, plaintext, ciphertext }) => {
    expect(hex(seal(bytes(key), bytes(plaintext)))).toBe(ciphertext);
    expect(hex(unseal(bytes(key), bytes(ciphertext)) as Uint8Array)).toBe(plaintext);
  });
});

describe('requests are understood', () => {
  test.each(of('request'))('$name', ({ frame: text, key, payload }) => {
    const [found, ...more] = fed(`${text}0d0a`);
    expect(more).toEqual([]);
    expect(hex(unseal(bytes(key), found?.payload as Uint8Array) as Uint8Array)).toBe(payload);
  });
});

describe('answers are built', () => {
  test.each([...of('reply'), ...of('push')])('$name', ({ kind, key, plaintext, frame: text }) => {
    const sealed = seal(bytes(key), bytes(plaintext));
    expect(hex(frame(LOCK_HEADER, 0x54, { sealed, encrypt: kind === 'push' ? 0x00 : 0xaa }))).toBe(text);
  });
});

test.each(of('chunks'))('$name', ({ frameWithCrlf, chunks }) => {
  expect(cut(bytes(frameWithCrlf), 20).map(hex)).toEqual(chunks);
});

describe('adverts are built', () => {
  test.each(of('advert').filter(vector => vector.parsed && !vector.parsed.dfu))('$name', vector => {
    expect(hex(manufacturerData(vector.parsed as AdvertFields))).toBe(vector.manufacturerData);
  });

  test('update mode', () => {
    const [dfu] = of('advert').filter(vector => vector.parsed?.dfu);
    expect(hex(updateModeData('F2:C1:AD:4C:AE:FD'))).toBe(dfu?.manufacturerData);
  });
});

test('a session written down elsewhere: pair, unlock, reset', async () => {
  const [script] = of('transcript');
  const clock = new VirtualClock(Date.UTC(2026, 4, 11, 14, 23, 7));
  const draws = ['00112233445566778899aabbccddeeff', 'db7a', '04d2'].map(bytes);
  const lock = new VirtualTTLock({
    name: 'vector',
    address: 'F2:C1:AD:4C:AE:FD',
    clock,
    random: () => draws.shift() as Uint8Array,
    features: [0x71c4f5f7, 0x00000510],
    knobs: { replyLatency: { min: 0, max: 0 }, pushDelay: 0 },
  });
  let said = '';
  const told: string[] = [];
  const notify = (_: string, piece: Uint8Array): void => void (said += hex(piece));
  lock.hands.act('press_key');
  lock.connected({ mtu: 23, notify, hangUp: () => undefined });
  for (const step of (script as Vector).frames.filter(({ dir }) => dir === 'app>lock')) {
    if (step.note === 'user login') lock.battery = 90;
    if (step.note === 'unlock') clock.jump(1000);
    for (const piece of cut(bytes(step.frame), 20)) lock.written('fff2', piece);
    await clock.settle();
    told.push(`after ${step.note}: ${said}`);
    said = '';
  }
  expect(told).toEqual(answersIn((script as Vector).frames));
  expect(hex(FACTORY_KEY)).toBe('987623e8a923a1bb3d9e7d0378124588');
  expect([lock.paired, lock.bolt]).toEqual([false, 'unlocked']);
});

/** What the lock says after each request, in the words of `told`. */
function answersIn(frames: Vector['frames']): string[] {
  const after: string[] = [];
  for (const { dir, note, frame: text } of frames) {
    if (dir === 'app>lock') after.push(`after ${note}: `);
    else after.push(`${after.pop()}${text}`);
  }
  return after;
}
