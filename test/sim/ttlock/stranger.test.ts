// A client that is not ours at a virtual TTLock: clean checksums, fixed header, frames told apart by CR LF alone, no air.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Central } from '../../../src/sim/air.ts';
import { type Checksum, FACTORY_KEY, checksum, frame, seal, unseal } from '../../../src/sim/ttlock/frames.ts';
import { VirtualTTLock } from '../../../src/sim/ttlock/virtual-ttlock.ts';
import { SCIENER, bytes, hex, seeded, u32 } from './world.ts';

const HEADER = { type: 5, version: 3, scene: 1, group: 1, organisation: 1 };
const ADMIN_PS = 12_345_678;
const UNLOCK_KEY = 87_654_321;

class Stranger implements Central {
  readonly mtu = 23;
  readonly #lock: VirtualTTLock;
  readonly #clock: VirtualClock;
  key: Uint8Array = FACTORY_KEY;
  hungUp = false;
  #held = Buffer.alloc(0);
  #answers: string[] = [];

  constructor(lock: VirtualTTLock, clock: VirtualClock) {
    this.#lock = lock;
    this.#clock = clock;
  }

  notify(_: string, piece: Uint8Array): void {
    this.#held = Buffer.concat([this.#held, piece]);
    if (!this.#held.subarray(-2).equals(Buffer.from('\r\n'))) return;
    const whole = this.#held.subarray(0, -2);
    this.#held = Buffer.alloc(0);
    const fits = whole.at(-1) === checksum(whole.subarray(0, -1), 'clean' satisfies Checksum);
    const plain = unseal(this.key, whole.subarray(12, -1));
    this.#answers.push(fits && plain ? hex(plain) : 'unreadable');
  }

  hangUp(): void {
    this.hungUp = true;
  }

  /** One answer to one question, or it is in trouble for good. */
  async ask(command: number, payload = ''): Promise<string> {
    const whole = frame(HEADER, command, { sealed: seal(this.key, bytes(payload)), checksum: 'clean' });
    const sent = Buffer.concat([whole, Buffer.from('\r\n')]);
    for (let at = 0; at < sent.length; at += 20) this.#lock.written('fff2', sent.subarray(at, at + 20));
    await this.#clock.advance(300);
    const answers = this.#answers.splice(0);
    return answers.length === 1 ? (answers[0] as string) : `${answers.length} answers`;
  }

  async sum(command: number, payload: string): Promise<string> {
    const answer = await this.ask(command, payload);
    return u32((Number.parseInt(answer.slice(4), 16) + UNLOCK_KEY) % 2 ** 32);
  }
}

function setUp(seed: number): { lock: VirtualTTLock; client: Stranger } {
  const clock = new VirtualClock();
  const lock = new VirtualTTLock({
    name: 'foreign',
    address: 'F2:C1:AD:4C:AE:FD',
    clock,
    random: seeded(seed),
    knobs: { receiveChecksum: 'lenient', transmitChecksum: 'clean', pushes: 'none', hangsUpIdle: 0 },
  });
  lock.hands.act('press_key');
  const client = new Stranger(lock, clock);
  lock.connected(client);
  return { lock, client };
}

async function pair(client: Stranger): Promise<string[]> {
  const key = await client.ask(0x19, SCIENER);
  client.key = bytes(key.slice(4));
  const said = [key.slice(0, 4), await client.ask(0x56, u32(ADMIN_PS) + u32(UNLOCK_KEY) + SCIENER)];
  for (const [command, payload] of [
    [0x43, '1a050b0e1707'],
    [0x01, ''],
    [0x62, '01'],
    [0x59, '01'],
    [0x36, '01'],
    [0x65, ''],
    [0x37, '0200'],
    [0x57, ''],
  ] as const) {
    said.push((await client.ask(command, payload)).slice(0, 4));
  }
  return said;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('it pairs, opens, locks, adds a code and resets (seed %i)', async seed => {
  const { lock, client } = setUp(seed);
  const pairing = await pair(client);
  const challenge = '00011f0e00630b1e0e0000000000000000';
  const open = await client.ask(0x47, `${await client.sum(0x55, challenge)}6a01e64b`);
  const opened = lock.bolt;
  const close = await client.ask(0x58, `${await client.sum(0x55, challenge)}6a01e64b`);
  const login = await client.ask(0x30, await client.sum(0x41, `${u32(ADMIN_PS)}00000000000000`));
  const code = await client.ask(0x03, '02010633323136353400010100000000000000');
  const typed = lock.hands.act('type_code', { digits: '321654' }).opened;
  const reset = await client.ask(0x52);
  expect(pairing).toEqual(['1901', `5601${SCIENER}`, '4301', '0101', '6201', '5901', '3601', '6501', '3701', '5701']);
  expect([open.slice(0, 4), opened, close.slice(0, 4), login, code]).toEqual([
    '4701',
    'unlocked',
    '5801',
    '3001',
    '03016402',
  ]);
  expect([typed, reset, lock.paired, client.hungUp]).toEqual([true, '', false, true]);
});
