import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, ascii, fromHex, hex, pieces } from '../../src/base/bytes.ts';

describe('reading', () => {
  it('past the end is one declared error', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3));
    expect(reader.u16()).toBe(0x0102);
    expect(() => reader.u16()).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(reader.left).toBe(1);
  });

  it('starts where the view starts, not where its buffer does', () => {
    const whole = Uint8Array.of(9, 9, 0x12, 0x34);
    expect(new ByteReader(whole.subarray(2)).u16()).toBe(0x1234);
  });

  it('gives back what was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(65_535), fc.nat(4_294_967_295), fc.bigInt(0n, 2n ** 48n - 1n), (a, b, c, d) => {
        const reader = new ByteReader(new ByteWriter().u8(a).u16(b).u32(c).big(d, 6).done());
        expect([reader.u8(), reader.u16(), reader.u32(), reader.big(6), reader.left]).toEqual([a, b, c, d, 0]);
      }),
    );
  });
});

describe('writing', () => {
  it.each([
    ['too large', 256],
    ['negative', -1],
    ['not whole', 1.5],
  ])('a value that is %s says so', (_what, value) => {
    expect(() => new ByteWriter().u8(value)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

describe('hex', () => {
  it.each(['abc', 'zz', '0x12', ' 12'])('refuses %j', text => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('is lower case and goes both ways', () => {
    expect(hex(fromHex('00FFab'))).toBe('00ffab');
  });
});

describe('pieces', () => {
  it('are at most so long and together the whole', () => {
    expect(pieces(ascii('abcdefg'), 3).map(piece => Buffer.from(piece).toString())).toEqual(['abc', 'def', 'g']);
    expect(pieces(new Uint8Array(), 3)).toEqual([]);
  });
});
