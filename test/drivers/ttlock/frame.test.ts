// Frames: cut by length, whole or byte by byte, out of any garbage.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex } from '../../../src/base/bytes.ts';
import { crc8, crcTable } from '../../../src/drivers/ttlock/crc.ts';
import { type Frame, FrameCutter, ended, frameBytes } from '../../../src/drivers/ttlock/frame.ts';
import { readReply } from '../../../src/drivers/ttlock/reply.ts';
import { seal, unseal } from '../../../src/drivers/ttlock/seal.ts';
import { HEADER, KEY } from './fake-lock.ts';
import { rounds } from './rounds.ts';

const CR_LF = fromHex('0d0a');

function whole(bytes: Uint8Array): Frame[] {
  return new FrameCutter().feed(bytes);
}

function byByte(bytes: Uint8Array): Frame[] {
  const cutter = new FrameCutter();
  return [...bytes].flatMap(byte => cutter.feed(Uint8Array.of(byte)));
}

/** Frames of the published vectors, as the lock would send them. */
function published(): { name: string; frame: Uint8Array }[] {
  const file = join(import.meta.dirname, '../../vectors/data/ttlock.json');
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: { name: string; frame?: string }[] };
  return vectors.flatMap(({ name, frame }) => (frame === undefined ? [] : [{ name, frame: fromHex(frame) }]));
}

describe('a frame', () => {
  const frame = frameBytes(HEADER, 0x54, seal(KEY, fromHex('14015a00')));

  test.each([
    ['alone', frame, 1],
    ['with CR LF', ended(frame), 1],
    ['twice in one notification', concat(ended(frame), ended(frame)), 2],
    ['twice without CR LF', concat(frame, frame), 2],
    ['behind garbage', concat(fromHex('00ff7f007f5a0503'), ended(frame)), 1],
    ['behind a start that promises an impossible length', concat(fromHex('7f5a0503020001000154aa11'), frame), 1],
    ['behind a frame with a bad checksum', concat(frame.subarray(0, -1), fromHex('00'), ended(frame)), 1],
    ['behind a truncated frame', concat(frame.subarray(0, 9), ended(frame)), 1],
    ['of an older generation', fromHex('7f5a030201aa0000'), 0],
    ['with an empty payload', fromHex('7f5a0503020001000154aa00970d0a'), 1],
  ])('%s comes out the same whole and byte by byte', (_, bytes, due) => {
    expect(whole(bytes).length).toBe(due);
    expect(byByte(bytes)).toEqual(whole(bytes));
  });

  test('with CR LF and a start mark inside its cipher text is one frame', () => {
    const payload = concat(fromHex('7f5a05030200010d0a7f5a0d0a000102'));
    const bytes = ended(frameBytes(HEADER, 0x54, payload));
    expect(byByte(bytes).map(one => hex(one.payload))).toEqual([hex(payload)]);
  });

  test('does not survive in a cutter that was cleared', () => {
    const cutter = new FrameCutter();
    cutter.feed(frame.subarray(0, 12));
    cutter.clear();
    expect(cutter.feed(frame).length).toBe(1);
  });

  test('keeps less than one frame in memory, whatever comes', () => {
    const cutter = new FrameCutter();
    for (let i = 0; i < 1000; i++) cutter.feed(fromHex('7f5a05030200010001'));
    expect(cutter.held).toBeLessThan(13 + 240);
  });
});

describe('damage', () => {
  const frames = published();

  test('there are frames to damage', () => expect(frames.length).toBeGreaterThan(80));

  test('of one bit never gives another frame, but for the pinned ones', () => {
    const passed = frames.flatMap(({ name, frame }) =>
      Array.from({ length: frame.length * 8 }, (_, bit) => bit).flatMap(bit => {
        const flipped = frame.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        return whole(flipped).length > 0 ? [`${name} ${bit}`] : [];
      }),
    );
    expect(passed).toEqual(PINNED_FLIPS);
  });

  test('by truncation never gives a frame', () => {
    for (const { frame } of frames) {
      for (let length = 0; length < frame.length; length++) expect(whole(frame.subarray(0, length))).toEqual([]);
    }
  });

  test('by one more byte leaves the frame as it was', () => {
    for (const { frame } of frames) expect(whole(concat(frame, Uint8Array.of(0x7f))).length).toBe(1);
  });

  test('of the checksum table is exactly the one that locks have', () => {
    expect([hex(crcTable.subarray(0, 8)), crcTable[33], crc8(Uint8Array.of(0x21))]).toEqual(['005ebce2613fdd83', 7, 7]);
  });
});

/** The locks' altered table maps two indexes to one value, so these flips of the published frames go unnoticed. */
const PINNED_FLIPS: readonly string[] = [
  'req-audio-off-0x62 92',
  'req-show-passcode-on-0x59 97',
  'req-show-passcode-on-0x59 145',
  'req-passage-clear-0x66 97',
  'req-passcode-add-permanent-0x03 121',
  'req-fr-modify-0x06 217',
  'rep-device-info-model 145',
  'rep-fr-add-done 57',
  'rep-operate-finished 57',
  'rep-operate-finished 73',
  'log-01-app-unlock 50',
  'log-01-app-unlock 177',
  'log-26-app-lock 113',
  'log-55-keyfob 65',
  'push-status-15-byte 58',
  'push-status-15-byte 185',
];

describe('any bytes', () => {
  const garbage = fc.uint8Array({ maxLength: 300 });
  const grammar = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constant(fromHex('7f5a')),
        fc.constant(fromHex('7f5a0503020001000154aa10')),
        fc.constant(CR_LF),
        fc.uint8Array({ maxLength: 200 }).map(plain => frameBytes(HEADER, 0x54, seal(KEY, plain))),
      ),
      { maxLength: 8 },
    )
    .map(parts => concat(...parts));

  test('give the same frames whole and byte by byte, and never an error', () => {
    const property = fc.property(fc.oneof(garbage, grammar), bytes => {
      const frames = whole(bytes);
      expect(byByte(bytes)).toEqual(frames);
      for (const frame of frames) {
        const plain = unseal(KEY, frame.payload);
        if (plain) readReply(plain);
      }
    });
    fc.assert(property, { numRuns: rounds(20_000) });
  });
});

describe('sealing', () => {
  test('opens what it closed', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 239 }), plain => {
      const sealed = seal(KEY, plain);
      expect(sealed.length % 16).toBe(0);
      expect(unseal(KEY, sealed)).toEqual(plain);
    });
    fc.assert(property, { numRuns: rounds(1000) });
  });

  test('leaves nothing as nothing', () => expect([seal(KEY, new Uint8Array()).length]).toEqual([0]));
  test('does not open a length that is no multiple of a block', () =>
    expect(unseal(KEY, new Uint8Array(17))).toBeUndefined());
});
