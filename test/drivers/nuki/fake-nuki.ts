// A Nuki that answers as a test tells it to, byte for byte: for what a well-behaved virtual lock never does.
import { ByteWriter, equal, fromHex, hex, pieces } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { openFrame, plainFrame, sealedFrame } from '../../../src/drivers/nuki/frame.ts';
import { COMPLETE, type Generation, command, pinBytes } from '../../../src/drivers/nuki/wire.ts';
import type { Link } from '../../../src/radio/radio.ts';
import { PairingSide } from './pairing-side.ts';

export const KEY = new Uint8Array(32).fill(0x42);
export const OTHER_KEY = new Uint8Array(32).fill(0x43);
export const AUTH_ID = 34_808;
const uuid = (short: string): string => `a92e${short}550111e4916c0800200c9a66`;
const SEALED = uuid('e202');
const PLAIN = uuid('e201');
export const NOT_AUTHORISED = fromHex('120020000013d7');

/** `state` is 27 bytes of Keyturner States. */
export const LOCKED = '020100ea07010f141e2d0000ac03000200000200050001c39f0303';
export const standing = (lockState: number): string => hex(fromHex(LOCKED).with(1, lockState));

/** "000c 0201.." is sealed; "plain:0012 200000" goes without a seal; "raw:.." as it is; "wait" lets the clock pass. */
export type Answer = readonly string[] | 'drop';
export type Answers = Readonly<Record<string, Answer | ((payload: string, count: number) => Answer)>>;

/** With a challenge behind it, and those that want the PIN as well. */
const CHALLENGED: readonly number[] = [command.action, command.requestConfig, command.requestAdvancedConfig];
const GUARDED: readonly number[] = [
  command.removeAuthorisation,
  command.requestAuthorisations,
  command.invite,
  command.setConfig,
  command.setPin,
  command.calibrate,
  command.reboot,
  command.verifyPin,
  command.updateTime,
  command.requestLog,
  command.enableLogging,
  command.setAdvancedConfig,
  command.addTimer,
  command.removeTimer,
  command.requestTimers,
  command.updateTimer,
  command.addCode,
  command.requestCodes,
  command.updateCode,
  command.removeCode,
];
const CHALLENGE = 32;

export const DONE = '000e 00';
export const ACCEPTED = '000e 01';
export const no = (code: number, of = 0): string => `0012 ${hex(new ByteWriter().u8(code).u16le(of).done())}`;

export class FakeNuki implements Link {
  readonly mtu = 247;
  readonly closed: Promise<void>;
  /** Every question: "0001 0c00", or "000d 0100000000" without challenge and PIN. */
  readonly asked: string[] = [];
  /** How every write was made. */
  readonly confirmed: boolean[] = [];
  /** The PINs that were tried. */
  readonly pins: string[] = [];
  readonly subscribed: string[] = [];
  key: Uint8Array = KEY;
  authId = AUTH_ID;
  pin = '4711';
  answers: Answers;
  state = LOCKED;
  /** Bytes of one indication. */
  piece = 244;
  /** Before each write, its number; a test may cut the link there. */
  onWrite: (count: number) => void = () => undefined;
  readonly pairing: PairingSide;
  readonly #generation: Generation;
  readonly #counts = new Map<string, number>();
  readonly #ears = new Map<string, (bytes: Uint8Array) => void>();
  #challenge: Uint8Array | undefined;
  #drawn = 0;
  #writes = 0;
  #open = true;
  #end: () => void = () => undefined;

  constructor(answers: Answers = {}, generation: Generation = 'g4') {
    this.answers = answers;
    this.#generation = generation;
    if (generation === 'g5') this.pin = '123456';
    this.pairing = new PairingSide(generation, count => this.#random(count));
    this.closed = new Promise(resolve => (this.#end = resolve));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The commands alone, in order; questions for data with what was asked for. */
  get commands(): string {
    return this.asked.map(line => (line.startsWith('0001') ? `?${line.slice(5, 7)}` : line.slice(2, 4))).join(' ');
  }

  async write(characteristic: string, bytes: Uint8Array, how: { response?: boolean } = {}): Promise<void> {
    this.#mustBeOpen();
    this.onWrite(++this.#writes);
    this.#mustBeOpen();
    this.confirmed.push(how.response === true);
    if (characteristic !== SEALED) {
      const answers = this.pairing.heard(bytes, this.pin);
      return queueMicrotask(() => {
        if (answers === 'drop') void this.close();
        else for (const answer of answers) this.#tell(characteristic, answer);
      });
    }
    const answer = this.#answerTo(bytes);
    queueMicrotask(() => this.#answer(answer));
  }

  async read(): Promise<Uint8Array> {
    throw new LockError('unsupported', 'Nothing is read of a Nuki.');
  }

  async subscribe(characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    this.#mustBeOpen();
    this.subscribed.push(characteristic.slice(4, 8));
    this.#ears.set(characteristic, heard);
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#end();
  }

  /** Says something now, unasked. */
  say(...lines: string[]): void {
    this.#answer(lines);
  }

  /** The bytes of a sealed message, e.g. to say it twice. */
  sealed(line: string): Uint8Array {
    const [number = '', payload = ''] = line.split(' ');
    const message = { command: Number.parseInt(number, 16), payload: fromHex(payload) };
    return sealedFrame({ key: this.key, authId: this.authId, nonce: this.#random(24) }, message);
  }

  #answerTo(bytes: Uint8Array): Answer {
    let opened;
    try {
      opened = openFrame(this.key, bytes);
    } catch {
      return ['plain:0012 200000'];
    }
    if (opened.authId !== this.authId) return ['plain:0012 200000'];
    const { command: of, payload } = opened;
    const pin = GUARDED.includes(of) ? pinBytes(this.#generation, this.pin).length : 0;
    const proof = pin > 0 || CHALLENGED.includes(of) ? CHALLENGE + pin : 0;
    const body = payload.subarray(0, payload.length - proof);
    const name = hex(Uint8Array.of(of >> 8, of & 0xff));
    this.asked.push(`${name} ${hex(body)}`.trim());
    if (proof > 0) {
      const challenge = payload.subarray(body.length, body.length + CHALLENGE);
      const given = this.#challenge;
      this.#challenge = undefined;
      if (!given || !equal(given, challenge)) return [no(0x22, of)];
      if (pin > 0) this.pins.push(hex(payload.subarray(-pin)));
      if (pin > 0 && !equal(payload.subarray(-pin), pinBytes(this.#generation, this.pin))) return [no(0x21, of)];
    }
    return this.#ruled(of === command.requestData ? `0001 ${hex(body)}` : name, hex(body));
  }

  #ruled(name: string, body: string): Answer {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const rule = this.answers[name];
    if (typeof rule === 'function') return rule(body, count);
    if (rule !== undefined) return rule;
    if (name === '0001 0400') return [`0004 ${hex((this.#challenge = this.#random(CHALLENGE)))}`];
    if (name === '0001 0c00') return [`000c ${this.state}`];
    return name === '0020' ? [`000e 0${COMPLETE}`] : [no(0xff)];
  }

  #answer(answer: Answer): void {
    if (answer === 'drop') return void this.close();
    for (const line of answer) {
      if (line.startsWith('plain:')) this.#tell(PLAIN, plainOf(line.slice(6)));
      else this.#tell(SEALED, line.startsWith('raw:') ? fromHex(line.slice(4)) : this.sealed(line));
    }
  }

  #tell(characteristic: string, bytes: Uint8Array): void {
    for (const piece of pieces(bytes, this.piece)) if (this.#open) this.#ears.get(characteristic)?.(piece);
  }

  #random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => ++this.#drawn & 0xff).with(count - 1, (this.#drawn >> 8) & 0xff);
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new LockError('unreachable', 'The link is gone.');
  }
}

function plainOf(line: string): Uint8Array {
  const [number = '', payload = ''] = line.split(' ');
  return plainFrame({ command: Number.parseInt(number, 16), payload: fromHex(payload) });
}
