// How a virtual TTLock takes and sends frames, whole, in pieces and in pieces that do not fit.
import { describe, expect, test } from 'vitest';
import { FACTORY_KEY } from '../../../src/sim/ttlock/frames.ts';
import type { Knobs } from '../../../src/sim/ttlock/knobs.ts';
import { Client, SCIENER, World, bytes } from './world.ts';

const paired = async (knobs: Partial<Knobs> = {}): Promise<[World, Client]> => {
  const world = new World();
  const client = await world.pair();
  Object.assign(world.lock.knobs, knobs);
  return [world, client];
};
const joined = (client: Client): string => client.pieces.join('');

describe('checksums of requests', () => {
  /** A request on whose way through the table the wrong entry lies: the two checksums differ. */
  const affected = async (client: Client): Promise<string> => {
    client.checksum = 'clean';
    const said = [];
    for (let seq = 0; seq < 24; seq++) said.push((await client.ask(0x25, `00${(seq + 16).toString(16)}`)).said);
    return [...new Set(said)].toSorted().join();
  };
  /** Every cursor is stale in an empty log: refused without a code. */
  const ANSWERED = '';

  test('that are clean are passed over in silence', async () => {
    const [, client] = await paired();
    expect(await affected(client)).toBe(',silence');
  });

  test('that are clean are taken by a lenient lock', async () => {
    const [, client] = await paired({ receiveChecksum: 'lenient' });
    expect(await affected(client)).toBe(ANSWERED);
  });

  test('that are clean can be answered by error 01', async () => {
    const [, client] = await paired({ receiveChecksum: 'errorReply' });
    expect(await affected(client)).toBe(',01');
  });

  test('that are wrong altogether are never taken', async () => {
    const [world, client] = await paired({ receiveChecksum: 'lenient' });
    const heard = client.heard.length;
    await client.link.write('fff2', bytes('7f5a0503020001000134aa00ff0d0a'));
    await world.clock.advance(400);
    expect(client.heard.length).toBe(heard);
  });
});

test('checksums of answers can be clean', async () => {
  const world = new World({ knobs: { transmitChecksum: 'clean' } });
  const client = await world.pair();
  for (let round = 0; round < 30; round++) await client.get(0x41, `045b1923${'00'.repeat(7)}`);
  expect(new Set(client.checksums)).toEqual(new Set(['both', 'clean']));
});

test('checksums of answers are altered otherwise', async () => {
  const [, client] = await paired();
  for (let round = 0; round < 30; round++) await client.get(0x41, `045b1923${'00'.repeat(7)}`);
  expect(new Set(client.checksums)).toEqual(new Set(['both', 'altered']));
});

describe('frames', () => {
  test('are cut into pieces of 20 bytes at any MTU', async () => {
    const world = new World();
    world.air.knobs.mtu = 185;
    const client = await world.pair();
    await client.turn(0x47);
    expect(Math.max(...client.pieces.map(piece => piece.length / 2))).toBe(20);
  });

  test('can end early', async () => {
    const [world, client] = await paired();
    const whole = client.pieces.length;
    await client.get(0x34);
    const due = client.pieces.slice(whole).join('').length;
    world.lock.knobs.truncated = true;
    const at = client.pieces.length;
    const asked = await client.ask(0x34);
    expect([asked.said, due - client.pieces.slice(at).join('').length]).toEqual(['silence', 10]);
  });

  test('can have CR and LF in two pieces', async () => {
    const [, client] = await paired({ splitCrLf: true });
    await client.get(0x34);
    expect(client.pieces.slice(-2)).toEqual([expect.stringMatching(/0d$/), '0a']);
  });

  test('can have garbage in front', async () => {
    const [, client] = await paired({ garbagePrefix: true });
    const at = client.pieces.length;
    await client.get(0x34);
    expect(client.pieces[at]).toMatch(/^007f117f5a/);
  });

  test('can hold CR LF in the middle', async () => {
    const [, client] = await paired({ crLfInside: true });
    const at = joined(client).length;
    await client.get(0x41, `045b1923${'00'.repeat(7)}`);
    const sealed = Buffer.from(joined(client).slice(at), 'hex').subarray(12, -3);
    expect(sealed.includes('\r\n')).toBe(true);
  });

  test('of the new key can hold CR LF in the middle', async () => {
    const world = new World({ knobs: { crLfInside: true } });
    world.lock.hands.act('press_key');
    const client = await world.connect();
    await client.get(0x19, SCIENER);
    expect(Buffer.from(joined(client), 'hex').subarray(12, -3).includes('\r\n')).toBe(true);
  });

  test('of answers can look like pushes', async () => {
    const [, client] = await paired({ replyEncryptZero: true });
    await client.get(0x34);
    expect(client.encrypts.at(-1)).toBe(0x00);
  });

  test('of the state can come in the middle of another exchange', async () => {
    const [, client] = await paired({ pushInside: true });
    await client.get(0x34);
    expect(client.heard.slice(-2)).toEqual(['1401640000', expect.stringMatching(/^3401/)]);
  });

  test('of the log can come in the middle of another exchange', async () => {
    const [, client] = await paired({ pushInside: 'event' });
    await client.get(0x34);
    expect(client.heard.slice(-2)).toEqual([expect.stringMatching(/^140164.{28}$/), expect.stringMatching(/^3401/)]);
  });

  test('nobody asked for can come twice', async () => {
    const [world, client] = await paired({ repeatPushes: true });
    world.lock.hands.act('thumb', { to: 'unlock' });
    await world.clock.advance(200);
    expect(client.heard.slice(-2)).toEqual(['1401640100', '1401640100']);
  });

  test('are taken with and without an acknowledgement', async () => {
    const [world, client] = await paired();
    const heard = client.heard.length;
    for (const response of [true, false]) {
      await client.link.write('fff2', bytes('7f5a0503010001000134aa00f70d0a'), { response });
    }
    await world.clock.advance(400);
    expect(client.heard.length - heard).toBe(2);
  });

  test('that arrive byte by byte are understood', async () => {
    const [world, client] = await paired();
    for (const byte of bytes('7f5a0503010001000134aa00f70d0a')) await client.link.write('fff2', Uint8Array.of(byte));
    await world.clock.advance(400);
    expect(client.heard.at(-1)).toMatch(/^3401/);
  });

  test('that arrive two in one piece are both understood', async () => {
    const world = new World();
    world.air.knobs.mtu = 185;
    const client = await world.pair();
    const heard = client.heard.length;
    await client.link.write('fff2', bytes('7f5a0503010001000134aa00f70d0a'.repeat(2)));
    await world.clock.advance(400);
    expect(client.heard.length - heard).toBe(2);
  });

  test('behind garbage are understood', async () => {
    const [world, client] = await paired();
    await client.link.write('fff2', bytes('7f7f5aff00'));
    await client.link.write('fff2', bytes('7f5a0503010001000134aa00f70d0a'));
    await world.clock.advance(400);
    expect(client.heard.at(-1)).toMatch(/^3401/);
  });

  test('without CR LF are ignored', async () => {
    const [world, client] = await paired();
    const heard = client.heard.length;
    await client.send(0x34, '', '');
    await client.send(0x34, '', '0d0a');
    await world.clock.advance(400);
    expect(client.heard.length - heard).toBe(1);
  });

  test('without CR LF can be enough', async () => {
    const [world, client] = await paired({ crLfOptional: true });
    await client.send(0x34, '', '');
    await world.clock.advance(400);
    expect(client.heard.at(-1)).toMatch(/^3401/);
  });

  test('sealed with another key are met with silence', async () => {
    const [, client] = await paired();
    client.key = FACTORY_KEY;
    expect(await client.ask(0x14, SCIENER)).toMatchObject({ said: 'silence' });
  });
});
