// A client that speaks to a virtual Nuki lock by the page alone, with another library than the lock's.
import { createHmac } from 'node:crypto';
import nacl from 'tweetnacl';
import type { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { AirLink } from '../../../src/sim/air-link.ts';

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
export const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
export const u16 = (value: number): string => hex(Uint8Array.of(value & 0xff, (value >> 8) & 0xff));
export const u32 = (value: number): string => u16(value & 0xffff) + u16(value >>> 16);
export const textHex = (value: string, size: number): string => {
  const field = Buffer.alloc(size);
  field.write(value, 'utf8');
  return field.toString('hex');
};

const whole = (short: string): string => `a92e${short}550111e4916c0800200c9a66`;
export const E101 = whole('e101');
export const E301 = whole('e301');
export const E201 = whole('e201');
export const E202 = whole('e202');

export const APP_ID = 0x11223344;
/** Long enough for an answer, too short for a motor. */
const ANSWER_MS = 200;

/** Bit by bit, from the definition. */
export function crc(data: string): string {
  let rest = 0xffff;
  for (const byte of bytes(data)) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = ((rest >> 15) ^ (byte >> bit)) & 1;
      rest = ((rest << 1) & 0xffff) ^ (top === 1 ? 0x1021 : 0);
    }
  }
  return u16(rest);
}

/** What an authorised client keeps. */
export interface Keys {
  authId: number;
  shared: Uint8Array;
  uuid: string;
}

/** One message: its command and payload in hex. `where`: e201 and the pairing characteristics are plain. */
export interface Heard {
  where: 'plain' | 'sealed' | 'unreadable';
  command: number;
  payload: string;
  at: number;
}

export class Client {
  readonly clock: VirtualClock;
  readonly link: AirLink;
  readonly pairingUuid: string;
  keys: Keys | undefined;
  readonly heard: Heard[] = [];
  /** Sizes of the pieces that came. */
  readonly pieces: number[] = [];
  #held: Record<string, string> = {};
  #drawn = 7;

  constructor(clock: VirtualClock, link: AirLink, how: { pairing: string; keys?: Keys }) {
    this.clock = clock;
    this.link = link;
    this.pairingUuid = how.pairing;
    this.keys = how.keys;
  }

  async listen(which: readonly string[] = [this.pairingUuid, E201, E202]): Promise<void> {
    for (const uuid of which) await this.link.subscribe(uuid, piece => this.#hear(uuid, piece));
  }

  random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => (this.#drawn = (this.#drawn * 73 + 41) % 251));
  }

  // ---- writing

  async write(uuid: string, frame: string): Promise<void> {
    const sent = this.link.write(uuid, bytes(frame), { response: true });
    sent.catch(() => undefined);
    await this.clock.advance(ANSWER_MS);
    await sent.catch(() => undefined);
  }

  plain(command: number, payload: string): string {
    const covered = u16(command) + payload;
    return covered + crc(covered);
  }

  sealed(command: number, payload: string, how: Partial<Keys> & { crc?: string; outside?: number } = {}): string {
    const { authId = 0, shared = new Uint8Array(32) } = { ...this.keys, ...how };
    const covered = u32(authId) + u16(command) + payload;
    const nonce = this.random(24);
    const box = nacl.secretbox(bytes(covered + (how.crc ?? crc(covered))), nonce, shared);
    return hex(nonce) + u32(how.outside ?? authId) + u16(box.length) + hex(box);
  }

  /** All that came since, while an answer may take to come. */
  async plainAsk(command: number, payload: string): Promise<string> {
    const before = this.heard.length;
    await this.write(this.pairingUuid, this.plain(command, payload));
    return said(this.heard.slice(before));
  }

  async ask(command: number, payload = ''): Promise<string> {
    const before = this.heard.length;
    await this.write(E202, this.sealed(command, payload));
    return said(this.heard.slice(before));
  }

  async nonce(): Promise<string> {
    const [, payload = ''] = (await this.ask(0x01, '0400')).split(' ');
    return payload;
  }

  /** With a challenge. */
  async challenged(command: number, payload = ''): Promise<string> {
    return this.ask(command, payload + (await this.nonce()));
  }

  /** With a challenge and the PIN, in hex as it is sent. */
  async owned(command: number, payload: string, pin: string): Promise<string> {
    return this.ask(command, payload + (await this.nonce()) + pin);
  }

  async state(): Promise<string> {
    return (await this.ask(0x01, '0c00')).replace(/^0c /, '');
  }

  // ---- pairing

  /** Up to where the generations part; the answer is the shared key. */
  async agree(): Promise<Uint8Array> {
    const own = nacl.box.keyPair.fromSecretKey(this.random(32));
    const [, lockKey = ''] = (await this.plainAsk(0x01, '0300')).split(' ');
    const [, challenge = ''] = (await this.plainAsk(0x03, hex(own.publicKey))).split(' ');
    const shared = nacl.box.before(bytes(lockKey), own.secretKey);
    this.proof = hex(own.publicKey) + lockKey + challenge;
    return shared;
  }

  /** What 0x0005 seals. */
  proof = '';

  async pair4(how: { type?: number; appId?: number; name?: string } = {}): Promise<Keys> {
    const { type = 0, appId = APP_ID, name = 'test' } = how;
    const shared = await this.agree();
    const [, challenge = ''] = (await this.plainAsk(0x05, mac(shared, this.proof))).split(' ');
    const nonce = hex(this.random(32));
    const data = hex(Uint8Array.of(type)) + u32(appId) + textHex(name, 32) + nonce;
    const offered = await this.plainAsk(0x06, mac(shared, data + challenge) + data);
    const [, answer = ''] = offered.split(' ');
    if (!offered.startsWith('07 ')) throw new RangeError(`The lock said "${offered}".`);
    const [ours, theirs] = [answer.slice(0, 64), answer.slice(64)];
    if (ours !== mac(shared, theirs + nonce)) throw new RangeError('The lock has proven nothing.');
    const authId = Buffer.from(theirs, 'hex').readUInt32LE(0);
    const lockNonce = theirs.slice(40);
    const end = await this.plainAsk(0x1e, mac(shared, u32(authId) + lockNonce) + u32(authId));
    if (end !== '0e 00') throw new RangeError(`The lock said "${end}".`);
    return (this.keys = { authId, shared, uuid: theirs.slice(8, 40) });
  }

  async pair5(how: { pin?: number; appId?: number; name?: string; authId?: number } = {}): Promise<Keys> {
    const { pin = 123_456, appId = APP_ID, name = 'test', authId = 0x7fff_ffff } = how;
    const shared = await this.agree();
    await this.plainAsk(0x05, mac(shared, this.proof));
    this.keys = { authId, shared, uuid: '' };
    const before = this.heard.length;
    await this.write(this.pairingUuid, this.sealed(0x06, u32(appId) + textHex(name, 32) + u32(pin)));
    const answer = said(this.heard.slice(before));
    const [, payload = ''] = answer.split(' ');
    if (!answer.startsWith('07 ')) throw new RangeError(`The lock said "${answer}".`);
    return (this.keys = { ...idIn(payload), shared, uuid: payload.slice(8) });
  }

  // ---- hearing

  #hear(uuid: string, piece: Uint8Array): void {
    this.pieces.push(piece.length);
    const held = (this.#held[uuid] ?? '') + hex(piece);
    this.#held[uuid] = held;
    const message = this.#read(uuid, held);
    if (!message) return;
    this.#held[uuid] = '';
    this.heard.push({ ...message, at: this.clock.elapsed() });
  }

  #read(uuid: string, held: string): Omit<Heard, 'at'> | undefined {
    const isPlain = held.length >= 10 && crc(held.slice(0, -4)) === held.slice(-4);
    if (isPlain && uuid !== E202) return { where: 'plain', command: numberOf(held), payload: held.slice(4, -4) };
    if (held.length < 60) return undefined;
    const size = 30 + Buffer.from(held, 'hex').readUInt16LE(28);
    if (held.length < size * 2 || !this.keys) return undefined;
    const inside = nacl.secretbox.open(bytes(held.slice(60)), bytes(held.slice(0, 48)), this.keys.shared);
    if (!inside) return { where: 'unreadable', command: -1, payload: held };
    const text = hex(inside);
    const good = crc(text.slice(0, -4)) === text.slice(-4) && text.slice(0, 8) === held.slice(48, 56);
    if (!good) return { where: 'unreadable', command: -1, payload: text };
    return { where: 'sealed', command: numberOf(text.slice(8)), payload: text.slice(12, -4) };
  }
}

export function mac(key: Uint8Array, parts: string): string {
  return createHmac('sha256', key).update(bytes(parts)).digest('hex');
}

/** `12 210000`: command and payload of each message; unreadable ones as `?`. */
export function said(heard: readonly Heard[]): string {
  return heard
    .map(({ where, command, payload }) =>
      where === 'unreadable' ? '?' : `${command.toString(16).padStart(2, '0')} ${payload}`,
    )
    .map(each => each.trimEnd())
    .join(', ');
}

function idIn(payload: string): { authId: number } {
  return { authId: Buffer.from(payload, 'hex').readUInt32LE(0) };
}

function numberOf(text: string): number {
  return Buffer.from(text, 'hex').readUInt16LE(0);
}
