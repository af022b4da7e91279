// A lock that answers as a test tells it to, byte for byte: for what a well-behaved virtual lock never does.
import { concat, fromHex, hex, pieces } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { type Zone, utc } from '../../../src/base/zone.ts';
import { FrameCutter, type Header, ended, frameBytes } from '../../../src/drivers/ttlock/frame.ts';
import { FACTORY_KEY, seal, unseal } from '../../../src/drivers/ttlock/seal.ts';
import type { Credential, Ground, Json, Report } from '../../../src/lock/driver.ts';
import type { Advert, Link } from '../../../src/radio/radio.ts';

export const KEY = fromHex('00112233445566778899aabbccddeeff');
export const OTHER_KEY = fromHex('ffeeddccbbaa99887766554433221100');
export const HEADER: Header = { type: 5, version: 3, scene: 2, group: 1, org: 1 };

/** Plain replies in hex, e.g. `3001`; `push:` for the encrypt byte of pushes, `raw:` for bytes as they are. */
export type Answer = readonly string[] | 'drop';
export type Answers = Readonly<Record<string, Answer | ((payload: string, count: number) => Answer)>>;

export class FakeLock implements Link {
  readonly mtu = 23;
  readonly closed: Promise<void>;
  /** Command and plain payload of every request, e.g. `30 048c72cb`. */
  readonly asked: string[] = [];
  /** Commands whose last piece was to be confirmed. */
  readonly confirmed: string[] = [];
  readonly headers: Header[] = [];
  key: Uint8Array = KEY;
  header: Header = HEADER;
  answers: Answers;
  reads: string[] = [];
  /** After each piece that was written, its number; a test may cut the link there. */
  onPiece: (count: number) => void = () => undefined;
  readonly #cutter = new FrameCutter();
  readonly #counts = new Map<string, number>();
  #pieces = 0;
  #ears: ((bytes: Uint8Array) => void)[] = [];
  #open = true;
  #factoryUntil: string | undefined;
  #end: () => void = () => undefined;

  constructor(answers: Answers = {}) {
    this.answers = answers;
    this.closed = new Promise(resolve => (this.#end = resolve));
  }

  /** Speaks under the key of new locks up to the answer to this command; undefined: no longer. */
  keyUntil(command: string | undefined): void {
    this.#factoryUntil = command;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The commands alone, in order. */
  get commands(): string {
    return this.asked.map(line => line.slice(0, 2)).join(' ');
  }

  async write(_characteristic: string, piece: Uint8Array, how: { response?: boolean } = {}): Promise<void> {
    this.#mustBeOpen();
    this.onPiece(++this.#pieces);
    for (const frame of this.#cutter.feed(piece)) {
      const plain = unseal(this.key, frame.payload) ?? unseal(FACTORY_KEY, frame.payload);
      const name = hex(Uint8Array.of(frame.command));
      if (how.response) this.confirmed.push(name);
      this.asked.push(`${name} ${plain ? hex(plain) : '?'}`.trim());
      this.headers.push(frame.header);
      const count = (this.#counts.get(name) ?? 0) + 1;
      this.#counts.set(name, count);
      const rule = this.answers[name] ?? [`${name}001b`];
      const answer = typeof rule === 'function' ? rule(plain ? hex(plain) : '?', count) : rule;
      queueMicrotask(() => {
        this.#answer(answer);
        if (name === this.#factoryUntil) this.#factoryUntil = undefined;
      });
    }
  }

  async read(characteristic: string): Promise<Uint8Array> {
    this.#mustBeOpen();
    this.reads.push(characteristic);
    return Uint8Array.of(100);
  }

  async subscribe(_characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    this.#mustBeOpen();
    this.#ears.push(heard);
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#end();
  }

  /** Says something now, unasked. */
  say(...lines: string[]): void {
    this.#answer(lines);
  }

  #answer(answer: Answer): void {
    if (answer === 'drop') return void this.close();
    const all = concat(...answer.map(line => this.#bytes(line)));
    for (const piece of pieces(all, 20)) if (this.#open) for (const ear of this.#ears) ear(piece);
  }

  #bytes(line: string): Uint8Array {
    if (line.startsWith('raw:')) return fromHex(line.slice(4));
    const push = line.startsWith('push:');
    const plain = fromHex(push ? line.slice(5) : line);
    return ended(
      frameBytes(
        this.header,
        0x54,
        seal(this.#factoryUntil === undefined ? this.key : FACTORY_KEY, plain),
        push ? 0x00 : 0xaa,
      ),
    );
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new LockError('unreachable', 'The link is gone.');
  }
}

export interface Stage {
  clock: VirtualClock;
  ground: Ground;
  reports: Report[];
  stop: AbortController;
}

/** Time starts at 2026-05-11T14:23:07Z. `random` gives 5b1923-like bytes, always the same ones. */
export function stage(zone: Zone = utc): Stage {
  const clock = new VirtualClock();
  const reports: Report[] = [];
  const stop = new AbortController();
  let drawn = 0;
  const ground: Ground = {
    clock,
    zone,
    random: count => Uint8Array.from({ length: count }, () => ++drawn),
    report: report => void reports.push(report),
    signal: stop.signal,
    log: silent,
  };
  return { clock, ground, reports, stop };
}

/** What the lock said of its state, without round trips. */
export function states(reports: readonly Report[]): Report[] {
  return reports.filter(report => report.kind !== 'roundTrip');
}

export const advert: Advert = {
  address: 'f2:c1:ad:4c:ae:fd',
  addressType: 'random',
  connectable: true,
  name: 'D01_fdae4c',
  services: ['1910'],
  manufacturer: fromHex('0503021c64b000f4f95365fdae4cadc1f2'),
  rssi: -60,
  at: 0,
};

/** The feature value of a captured motor deadbolt: codes, relock, lock by command, direction, switches, no cards. */
export const DEADBOLT = '51071c4f5f1';

export function credential(change: Record<string, Json> = {}): Credential {
  const data: Record<string, Json> = {
    address: advert.address,
    aesKey: hex(KEY),
    adminPs: 73079075,
    unlockKey: 76257105,
    lockFlagPos: 0,
    uid: 0,
    token: 'SCIENER',
    status: 'committed',
    header: { ...HEADER },
    features: DEADBOLT,
    model: 'D01',
    ...change,
  };
  return { family: 'ttlock', data: new Secret(data) };
}

/** Answers of a lock in good health to both logins; challenge 56186. */
export const logins: Answers = { '55': ['55010000db7a'], '41': ['41010000db7a'], '30': ['3001'] };
/** The sum of that challenge and the unlock key. */
export const SUM = '048c72cb';

/** The error of a rejected promise; fails when it does not reject. */
export async function errorOf(work: Promise<unknown>): Promise<LockError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof LockError) return thrown;
    throw thrown;
  }
  throw new RangeError('It was expected to fail.');
}
