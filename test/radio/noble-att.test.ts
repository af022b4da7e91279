// What noble may see of ATT packets.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, isExpected, refusal } from '../../src/radio/noble-att.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'hex');
const admitted = (text: string): string | undefined => admit(bytes(text))?.toString('hex');

describe('a packet is admitted', () => {
  for (const packet of [
    '1106010005000018',
    '0907020002030000aa',
    '050103000229',
    '0b',
    '0b01',
    '13',
    '1b030001',
    '010803000a',
  ]) {
    it(`as it is: ${packet}`, () => {
      expect(admitted(packet)).toBe(packet);
    });
  }

  it('with the smaller MTU of the two, and at least 23', () => {
    expect(['030400', '03b900', '03ff02'].map(admitted)).toEqual(['031700', '03b900', '030001']);
  });

  it('with a refusal of the MTU that noble understands', () => {
    expect(admitted('0102000004')).toBe('0102000006');
  });
});

describe('a packet is not admitted', () => {
  const cases: [string, string][] = [
    ['without bytes', ''],
    ['with items of no length', '110001000500'],
    ['with items of an odd length', '1107010005000018aa'],
    ['without items', '1106'],
    ['with a cut item', '090702000203000000aabb'],
    ['with an unknown format', '050303000229'],
    ['with an error that names no code', '01080300'],
    ['with an MTU of one byte', '0317'],
    ['with a notification without a handle', '1b03'],
  ];
  for (const [what, packet] of cases) {
    it(`${what}`, () => {
      expect(admitted(packet)).toBeUndefined();
    });
  }
});

it('a list that is admitted has whole items of some length', () => {
  const isWhole = (packet: Buffer): boolean => {
    const length = packet[0] !== 0x05 ? (packet[1] as number) : packet[1] === 1 ? 4 : 18;
    return packet.length > 2 && length > 0 && (packet.length - 2) % length === 0;
  };
  fc.assert(
    fc.property(fc.constantFrom(0x05, 0x09, 0x11), fc.uint8Array({ maxLength: 40 }), (opcode, rest) => {
      const packet = admit(Buffer.from([opcode, ...rest]));
      expect(packet === undefined || isWhole(packet)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

describe('an answer', () => {
  it('is expected to the open question only', () => {
    expect([
      isExpected(bytes('0b01'), 0x0a),
      isExpected(bytes('13'), 0x0a),
      isExpected(bytes('0b01'), undefined),
    ]).toEqual([true, false, false]);
  });

  it('that refuses is expected to the open question only', () => {
    expect([isExpected(bytes('010a030002'), 0x0a), isExpected(bytes('0112030003'), 0x0a)]).toEqual([true, false]);
  });

  it('is not what notifications and questions of the lock are', () => {
    expect(['1b030001', '1d030001', '02b900'].map(packet => isExpected(bytes(packet), undefined))).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('a refusal', () => {
  it('names the request and the code', () => {
    expect(refusal(bytes('010a030002'), false)).toEqual({ request: 0x0a, code: 0x02 });
  });

  it('for want of encryption is left to noble, which pairs and asks again', () => {
    expect([refusal(bytes('010a030005'), false), refusal(bytes('010a030005'), true)]).toEqual([
      undefined,
      { request: 0x0a, code: 0x05 },
    ]);
  });

  it('is nothing else', () => {
    expect(refusal(bytes('0b0102030405'), false)).toBeUndefined();
  });
});
