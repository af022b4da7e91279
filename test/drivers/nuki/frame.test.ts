// Messages: plain and sealed, whole and gathered out of pieces, damaged in every way.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, fromHex, hex, pieces } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import {
  Gatherer,
  type Heard,
  LONGEST,
  openFrame,
  plainFrame,
  readPlain,
  sealedFrame,
} from '../../../src/drivers/nuki/frame.ts';
import { seal } from '../../../src/drivers/nuki/keys.ts';
import { rounds } from '../ttlock/rounds.ts';
import { bytesOf, published } from './published.ts';

const KEY = new Uint8Array(32).fill(7);
const NOT_AUTHORISED = fromHex('120020000013d7');
type Stream = 'plain' | 'sealed';

function sealed(payload: Uint8Array, command = 0x0c): Uint8Array {
  return sealedFrame({ key: KEY, authId: 5, nonce: new Uint8Array(24).fill(9) }, { command, payload });
}

/** The reason with which it is refused, or nothing. */
function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LockError && thrown.code === 'malformed') return thrown.reason;
    throw thrown;
  }
}

const whole = (expects: Stream, bytes: Uint8Array): Heard[] => new Gatherer(expects).feed(bytes);

function byByte(expects: Stream, bytes: Uint8Array): Heard[] {
  const gatherer = new Gatherer(expects);
  return [...bytes].flatMap(byte => gatherer.feed(Uint8Array.of(byte)));
}

test.each(published('plain_frame'))('$name is written and read', ({ in: given, out }) => {
  const message = { command: given['cmd'] as number, payload: bytesOf(given, 'payload') };
  const frame = bytesOf(out, 'frame');
  expect([hex(plainFrame(message)), readPlain(frame)]).toEqual([hex(frame), message]);
});

test.each(published('encrypted_frame'))('$name is opened, and sealed to the same bytes', ({ in: given, out }) => {
  const [key, frame] = [bytesOf(given, 'key'), bytesOf(given, 'frame')];
  const { authId, command, payload, inside } = openFrame(key, frame);
  expect({ cmd: command, payload: hex(payload), auth_id_pdata: authId, pdata: hex(inside) }).toEqual({
    cmd: out['cmd'],
    payload: out['payload'],
    auth_id_pdata: out['auth_id_pdata'],
    pdata: out['pdata'],
  });
  expect(hex(sealedFrame({ key, authId, nonce: bytesOf(out, 'nonce') }, { command, payload }))).toBe(hex(frame));
});

test.each(published('reject'))('$name is refused', ({ in: given, out }) => {
  const frame = bytesOf(given, 'frame');
  const read = (): unknown =>
    given['stream'] === 'plain' ? readPlain(frame) : openFrame(bytesOf(given, 'key'), frame);
  expect(refusal(read)).toBe(out['reason']);
});

test.each(published('fragments'))('$name is one message, after its last piece', ({ in: given, out }) => {
  const gatherer = new Gatherer(given['stream'] === 'plain' ? 'plain' : 'sealed');
  const found = (given['fragments'] as string[]).map(piece => gatherer.feed(fromHex(piece)));
  const [heard] = found.at(-1) as Heard[];
  const bytes = heard && ('sealed' in heard ? heard.sealed : plainFrame(heard.plain));
  expect([found.map(one => one.length), bytes && hex(bytes)]).toEqual([
    [...found.slice(1).map(() => 0), 1],
    out['message'],
  ]);
});

describe('inside a good seal', () => {
  const body = fromHex('050000000c000102');
  const withCrc = (crc: string): Uint8Array => {
    const box = seal(KEY, new Uint8Array(24), concat(body, fromHex(crc)));
    return concat(new Uint8Array(24), fromHex('05000000'), Uint8Array.of(box.length, 0), box);
  };

  test('a checksum of zero is taken, since some locks send it', () =>
    expect(openFrame(KEY, withCrc('0000')).command).toBe(0x0c));
  test('any other wrong checksum is refused', () => expect(refusal(() => openFrame(KEY, withCrc('0001')))).toBe('crc'));
});

test.each(['00', '0e000000', '0300ffff'])('a plain message that is too short is refused: %s', text => {
  expect(refusal(() => readPlain(fromHex(text)))).toBe('length');
});

describe('gathering', () => {
  const state = sealed(new Uint8Array(27));
  const status = plainFrame({ command: 0x0e, payload: Uint8Array.of(0) });

  test.each([
    ['a sealed message alone', 'sealed', state, 1],
    ['two in one piece', 'sealed', concat(state, state), 2],
    ['the plain error that a lock answers what it cannot read', 'sealed', NOT_AUTHORISED, 1],
    ['that error between two sealed messages', 'sealed', concat(state, NOT_AUTHORISED, state), 3],
    ['an error with a wrong checksum', 'sealed', NOT_AUTHORISED.with(6, 0), 0],
    ['a length that is too small, then a message', 'sealed', concat(new Uint8Array(30), state), 1],
    ['a length beyond all messages', 'sealed', concat(new Uint8Array(28), fromHex('ffff'), new Uint8Array(99)), 0],
    ['a plain message alone', 'plain', status, 1],
    ['a plain message behind garbage', 'plain', concat(fromHex('ffff00'), status), 1],
    ['a plain message behind a damaged one', 'plain', concat(status.with(2, 9), status), 1],
    ['a plain message cut off', 'plain', status.subarray(0, 4), 0],
  ] as [string, Stream, Uint8Array, number][])(
    '%s comes out the same whole and byte by byte',
    (_, expects, bytes, due) => {
      expect(whole(expects, bytes).length).toBe(due);
      expect(byByte(expects, bytes)).toEqual(whole(expects, bytes));
    },
  );

  test('a message that begins like an error and is sealed stays sealed', () => {
    const frame = sealedFrame(
      { key: KEY, authId: 5, nonce: concat(fromHex('1200'), new Uint8Array(22)) },
      {
        command: 0x0c,
        payload: new Uint8Array(3),
      },
    );
    expect(byByte('sealed', frame)).toEqual([{ sealed: frame }]);
  });

  test('a gatherer that was cleared knows nothing of before', () => {
    const gatherer = new Gatherer('sealed');
    gatherer.feed(state.subarray(0, 40));
    gatherer.clear();
    expect(gatherer.feed(state)).toEqual([{ sealed: state }]);
  });

  test('holds less than one message, whatever comes', () => {
    const gatherer = new Gatherer('sealed');
    let most = 0;
    for (let i = 0; i < 1000; i++) {
      gatherer.feed(Uint8Array.of(...state.subarray(0, 28), 0xe0, 0x01));
      most = Math.max(most, gatherer.held);
    }
    expect(most).toBeLessThan(LONGEST);
  });
});

describe('damage', () => {
  const frames = published('encrypted_frame').map(({ in: given }) => ({
    key: bytesOf(given, 'key'),
    frame: bytesOf(given, 'frame'),
  }));

  test('of any bit of a sealed message is noticed', () => {
    for (const { key, frame } of frames.slice(0, 12)) {
      for (let bit = 0; bit < frame.length * 8; bit++) {
        const flipped = frame.with(bit >> 3, (frame[bit >> 3] as number) ^ (1 << (bit & 7)));
        expect(
          refusal(() => openFrame(key, flipped)),
          `bit ${bit}`,
        ).toBeDefined();
      }
    }
  });

  test('by truncation or more bytes is noticed', () => {
    for (const { key, frame } of frames) {
      const cut = Array.from({ length: frame.length }, (_, length) => frame.subarray(0, length));
      for (const bytes of [...cut, concat(frame, Uint8Array.of(0))]) {
        expect(refusal(() => openFrame(key, bytes))).toBe('length');
      }
    }
  });
});

describe('any bytes', () => {
  const parts = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constant(NOT_AUTHORISED),
    fc.constant(fromHex('1200')),
    fc.uint8Array({ maxLength: 60 }).map(payload => sealed(payload)),
    fc.constant(plainFrame({ command: 0x4c, payload: Uint8Array.of(1) })),
  );
  const some = fc.array(parts, { maxLength: 6 }).map(all => concat(...all));

  test.each(['plain', 'sealed'] as const)('give the same messages in pieces of any size, %s', expects => {
    const property = fc.property(some, fc.integer({ min: 1, max: 30 }), (bytes, size) => {
      const gatherer = new Gatherer(expects);
      const found = pieces(bytes, size).flatMap(piece => gatherer.feed(piece));
      expect(found).toEqual(whole(expects, bytes));
      expect(byByte(expects, bytes)).toEqual(found);
    });
    fc.assert(property, { numRuns: rounds(3000) });
  });
});

test('any message comes back as it was sealed', () => {
  const any = fc.record({
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    nonce: fc.uint8Array({ minLength: 24, maxLength: 24 }),
    authId: fc.nat({ max: 0xffffffff }),
    command: fc.nat({ max: 0xffff }),
    payload: fc.uint8Array({ maxLength: 200 }),
  });
  const property = fc.property(any, ({ key, nonce, authId, command, payload }) => {
    const opened = openFrame(key, sealedFrame({ key, nonce, authId }, { command, payload }));
    expect(opened).toMatchObject({ authId, command, payload });
  });
  fc.assert(property, { numRuns: rounds(500) });
});
