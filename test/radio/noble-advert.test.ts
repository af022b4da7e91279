// Advertising reports -> Advert: pure bytes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdvertBook, guessAddressType, type Report } from '../../src/radio/noble-advert.ts';

const ADDRESS = 'd1:17:0c:e7:ba:c1';

function report(type: number, data: string, more: Partial<Report> = {}): Report {
  return { type, address: ADDRESS, addressType: 'public', data: Buffer.from(data, 'hex'), rssi: -60, ...more };
}

const hear = (book: AdvertBook, type: number, data: string, more: Partial<Report> = {}) =>
  book.hear(report(type, data, more), 1000);

describe('an advert', () => {
  it('joins the newest report and the newest scan response', () => {
    const book = new AdvertBook();
    hear(book, 0, '02010603031019');
    expect(hear(book, 4, '05094c6f636b06ff010203aabb')).toEqual({
      address: ADDRESS,
      addressType: 'public',
      connectable: true,
      name: 'Lock',
      services: ['1910'],
      manufacturer: Uint8Array.of(1, 2, 3, 0xaa, 0xbb),
      rssi: -60,
      at: 1000,
    });
  });

  it('loses what the newest report no longer says', () => {
    const book = new AdvertBook();
    hear(book, 0, '05ff01020304');
    expect(hear(book, 0, '020106')).not.toHaveProperty('manufacturer');
  });

  it('is heard again although nothing changed', () => {
    const book = new AdvertBook();
    hear(book, 0, '020106');
    expect(hear(book, 0, '020106', { rssi: -50 })).toMatchObject({ rssi: -50 });
  });

  it('is not made of a scan response that repeats itself', () => {
    const book = new AdvertBook();
    hear(book, 0, '020106');
    hear(book, 4, '05094c6f636b');
    expect(hear(book, 4, '05094c6f636b')).toBeUndefined();
  });

  it('is not made of a scan response alone, which cannot say whether one may connect', () => {
    expect(hear(new AdvertBook(), 4, '05094c6f636b')).toBeUndefined();
  });

  it('prefers the complete name', () => {
    expect(hear(new AdvertBook(), 0, '03084c6f05094c6f636b03084c6f')).toMatchObject({ name: 'Lock' });
  });

  it('keeps the zeros of short uuids, and long uuids whole', () => {
    const long = '669a0c20000896' + '9ee211ea9bb1e0f273d9';
    const advert = hear(new AdvertBook(), 0, `0303ab0011${'07'}${long.slice(0, 32)}`);
    expect(advert?.services).toEqual(['00ab', Buffer.from(long.slice(0, 32), 'hex').reverse().toString('hex')]);
  });

  it('writes 32 bit uuids out in full', () => {
    expect(hear(new AdvertBook(), 0, '050578563412')?.services).toEqual(['1234567800001000800000805f9b34fb']);
  });

  it('holds service data by uuid', () => {
    expect(hear(new AdvertBook(), 0, '06163dfd7b6400')?.serviceData).toEqual(
      new Map([['fd3d', Uint8Array.of(0x7b, 0x64, 0)]]),
    );
  });

  it('of the kinds that cannot be connected to says so', () => {
    const kinds = [0, 1, 2, 3].map(type => hear(new AdvertBook(), type, '020106')?.connectable);
    expect(kinds).toEqual([true, true, false, false]);
  });

  it('of unknown strength is the weakest there is', () => {
    expect(hear(new AdvertBook(), 0, '020106', { rssi: 127 })?.rssi).toBe(-127);
  });

  it('comes of any bytes whatever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(0, 1, 2, 3, 4, 9), (bytes, type) => {
        const advert = new AdvertBook().hear(report(type, Buffer.from(bytes).toString('hex')), 0);
        for (const uuid of advert?.services ?? []) expect(uuid).toMatch(/^([0-9a-f]{4}|[0-9a-f]{32})$/);
      }),
    );
  });
});

describe('the type of an address that was never heard', () => {
  it('is random when no maker can own it', () => {
    expect(['c1', 'c2', 'c3', '7b'].map(first => guessAddressType(`${first}:00:00:00:00:01`))).toEqual(
      Array.from({ length: 4 }, () => 'random'),
    );
  });

  it('is public otherwise', () => {
    expect(guessAddressType('d8:00:00:00:00:01')).toBe('public');
  });
});
