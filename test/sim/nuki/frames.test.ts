// The virtual Nuki lock's own frames: put together, taken apart, refused.
import { describe, expect, test } from 'vitest';
import {
  Gatherer,
  type Message,
  crc16,
  cut,
  plainFrame,
  readPlain,
  readSealed,
  seal,
  unseal,
} from '../../../src/sim/nuki/frames.ts';
import { bytes, hex } from './client.ts';

const KEY = bytes('217fcb0f18caf284e9bdea0b94b83b8d10867ed706bfdedbd2381f4cb3b8f730');
const NONCE = new Uint8Array(24).fill(7);
const MESSAGE: Message = { command: 0x0c, payload: bytes('020100') };
const sealed = (more: object = {}): Uint8Array => seal(KEY, 34_808, { ...MESSAGE, nonce: NONCE, ...more });

function opened(frame: Uint8Array, key = KEY): unknown {
  const parts = readSealed(frame);
  return parts === 'length' ? parts : unseal(key, parts);
}

test('a message is 54 bytes longer when it is sealed', () => expect(sealed().length).toBe(54 + 3));

test('a sealed message opens to what it was', () => {
  expect(opened(sealed())).toEqual({ ...MESSAGE, authId: 34_808, crcFits: true });
});

test.each([
  ['with another key', () => opened(sealed(), new Uint8Array(32)), 'mac'],
  ['changed', () => opened(sealed().with(40, 0)), 'mac'],
  ['cut short', () => opened(sealed().subarray(0, -1)), 'length'],
  ['too short for anything', () => opened(new Uint8Array(53)), 'length'],
  ['of somebody else inside', () => opened(sealed({ outside: 1 })), 'authid'],
])('a sealed message %s is refused', (_, open, flaw) => expect(open()).toBe(flaw));

test('a wrong checksum in a good seal is told apart', () => {
  expect(opened(sealed({ crc: 0 }))).toMatchObject({ command: 0x0c, crcFits: false });
});

test.each([
  ['of another checksum', '0100030027a8', 'crc'],
  ['of another length than its command has', '01000300002001', 'length'],
  ['that is too short', '0e009d', 'length'],
])('a plain message %s is refused', (_, frame, flaw) => expect(readPlain(bytes(frame))).toBe(flaw));

test('a plain message is read as it was written', () => {
  expect(readPlain(plainFrame(MESSAGE))).toEqual(MESSAGE);
});

test('the checksum of nothing is what it begins with', () => expect(crc16(new Uint8Array())).toBe(0xffff));

describe.each(['plain', 'sealed'] as const)('pieces of a %s message', stream => {
  const frame = stream === 'plain' ? plainFrame({ command: 3, payload: new Uint8Array(32) }) : sealed();

  test.each([1, 3, 20, 29, 30, 31, 200])('of %i bytes make one message, with the last of them', size => {
    const gatherer = new Gatherer(stream);
    const got = cut(frame, size).map(piece => gatherer.feed(piece));
    expect(got.slice(0, -1).every(each => each === undefined)).toBe(true);
    expect(hex(got.at(-1) as Uint8Array)).toBe(hex(frame));
  });

  test('that are too many make none', () => {
    expect(new Gatherer(stream).feed(Uint8Array.of(...frame, 0))).toBe('broken');
  });

  test('of one message do not stay for the next', () => {
    const gatherer = new Gatherer(stream);
    gatherer.feed(frame.subarray(0, 10));
    gatherer.clear();
    expect(hex(gatherer.feed(frame) as Uint8Array)).toBe(hex(frame));
  });
});

test.each(['1700', 'ffff'])('a sealed message can have no length of %s', length => {
  const head = bytes(`${'00'.repeat(28)}${length}`);
  expect(new Gatherer('sealed').feed(head)).toBe('broken');
});
