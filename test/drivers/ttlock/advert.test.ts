// What adverts are taken for.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex } from '../../../src/base/bytes.ts';
import { readAdvert } from '../../../src/drivers/ttlock/advert.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import type { Advert } from '../../../src/radio/radio.ts';
import { advert } from './fake-lock.ts';
import { rounds } from './rounds.ts';
import { heard, scene } from './virtual.ts';

const REST = 'b000f4f95365fdae4cadc1f2';

function recognised(manufacturer: string, more: Partial<Advert> = {}) {
  const { name: _, ...nameless } = advert;
  return ttlock.recognise({ ...nameless, manufacturer: fromHex(manufacturer), ...more });
}

describe('an advert', () => {
  test('names the hardware by the address in its last bytes', () => {
    expect(recognised(`0503021c64${REST}`)?.hardware).toBe('f2:c1:ad:4c:ae:fd');
  });

  test.each([
    ['of a lock that waits to be paired', '0503021c64', 'pairable'],
    ['of a lock that is owned', '0503021864', 'taken'],
    ['of a parking barrier', '0503071c64', 'refused'],
    ['of a lift controller', '05030c1c64', 'refused'],
  ])('%s', (_, head, state) => expect(recognised(head + REST)?.state).toBe(state));

  test.each([
    ['a lock in firmware-update mode', `1219021c64${REST}`],
    ['the other sign of it', `ffff021c64${REST}`],
    ['a gateway in update mode', `1319021c64${REST}`],
    ['a wristband', `3412021c64${REST}`],
    ['too short', '0503021c64b0'],
    ['anything else on the air', `4c0010051c18aabbccddeeff00112233`],
  ])('of %s is no lock', (_, data) => expect(recognised(data)).toBeUndefined());

  test('without manufacturer data is no lock, even with the service', () => {
    const { manufacturer: _, ...bare } = advert;
    expect(ttlock.recognise(bare)).toBeUndefined();
  });

  test('of an older generation is refused, saying why', () => {
    const old = recognised(`0102030403010000005a${REST}`, { services: ['1910'], name: 'LOCK_fdae4c' });
    expect([old?.state, old?.why]).toEqual(['refused', expect.stringContaining('older')]);
  });

  test('in the long layout is taken for a lock only with a second sign', () => {
    const data = `0102030405030002045a00${REST}`;
    expect(recognised(data, { services: [] })).toBeUndefined();
    expect(recognised(data, { services: ['1910'] })).toMatchObject({ state: 'pairable', battery: 90 });
  });

  test.each([
    ['01', true],
    ['02', true],
    ['04', true],
    ['08', false],
    ['10', false],
  ])('with flag %s changed wakes: %s', (flag, wakes) => {
    const before = recognised(`0503020064${REST}`)?.wake;
    const after = recognised(`050302${flag}64${REST}`)?.wake;
    expect(before !== after).toBe(wakes);
  });

  test.each([
    ['02', 'D01_fdae4c', 'deadbolt', 'D01'],
    ['01', 'H2_fdae4c', 'lever', 'H2'],
    ['02', 'S502_fdae4c', 'lock', 'S502'],
    ['08', 'P303_fdae4c', 'padlock', 'P303'],
    ['08', 'KeyBox2_fdae4c', 'key_box', 'KeyBox2'],
    ['0b', 'K3_fdae4c', 'key_box', 'K3'],
    ['05', 'G1_fdae4c', 'safe', 'G1'],
    ['09', 'M201_fdae4c', 'cylinder', 'M201'],
    ['04', 'GL_fdae4c', 'glass_door', 'GL'],
  ])('of scene %s named %s is a %s', (scene, name, kind, model) => {
    expect(recognised(`0503${scene}1c64${REST}`, { name })).toMatchObject({ kind, model });
  });

  test.each([
    ['64', 100],
    ['65', undefined],
  ])('with battery byte %s gives %s', (byte, battery) => {
    expect(recognised(`05030200${byte}${REST}`)?.battery).toBe(battery);
  });

  test.each([
    ['01', ['unlocked']],
    ['02', ['newRecords']],
    ['04', ['settingMode']],
    ['08', ['touch']],
    ['10', ['bit4']],
    ['e0', []],
  ])('with flags %s says %j and nothing else', (flags, due) => {
    const said = readAdvert(fromHex(`050302${flags}64${REST}`)) as unknown as Record<string, unknown>;
    const names = ['unlocked', 'newRecords', 'settingMode', 'touch', 'bit4'];
    expect(names.filter(name => said[name] === true)).toEqual(due);
  });

  test.each([
    ['05', '01', false],
    ['05', '04', true],
    ['03', '01', false],
  ])('of type %s.%s has flags: %s', (type, version, flags) => {
    const said = readAdvert(fromHex(`01020304${type}${version}00021f5a00${REST}`));
    expect(said !== undefined && 'settingMode' in said).toBe(flags);
  });

  test('of exactly 15 bytes is long enough', () => {
    expect(recognised(`0503021c64b000f4${REST.slice(-14)}`)?.state).toBe('pairable');
    expect(recognised(`0503021c64b000${REST.slice(-14)}`)).toBeUndefined();
  });

  test('of any bytes never throws', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), fc.option(fc.string()), (bytes, name) => {
      const prefixed = [bytes, Uint8Array.of(5, 3, ...bytes)];
      for (const manufacturer of prefixed) {
        const { name: _, ...rest } = advert;
        const found = ttlock.recognise({ ...rest, manufacturer, ...(name !== null && { name }) });
        expect(['pairable', 'taken', 'refused', undefined]).toContain(found?.state);
      }
    });
    fc.assert(property, { numRuns: rounds(20_000) });
  });
});

describe('a virtual lock on the air', () => {
  test.each([
    ['deadbolt', 'deadbolt', 'pairable'],
    ['lever', 'lock', 'pairable'],
    ['padlock', 'padlock', 'pairable'],
    ['key_box', 'key_box', 'pairable'],
    ['legacy', 'lock', 'refused'],
  ] as const)('%s is recognised', async (variant, kind, state) => {
    expect(ttlock.recognise(await heard(scene({ variant })))).toMatchObject({ kind, state });
  });

  test('that does not list its service is recognised all the same', async () => {
    expect(ttlock.recognise(await heard(scene({ knobs: { advert1910: false, advertName: false } })))).toMatchObject({
      state: 'pairable',
    });
  });
});
