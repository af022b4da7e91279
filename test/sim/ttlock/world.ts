// An air with one virtual TTLock, and a client that speaks to it by the page alone.
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { AirLink } from '../../../src/sim/air-link.ts';
import { Air } from '../../../src/sim/air.ts';
import { FACTORY_KEY, SimSplitter, type Checksum, cut, frame, seal, unseal } from '../../../src/sim/ttlock/frames.ts';
import { VirtualTTLock, type VirtualTTLockOptions } from '../../../src/sim/ttlock/virtual-ttlock.ts';

export const ADDRESS = 'f2:c1:ad:4c:ae:fd';
export const ADMIN_PS = 73_079_075;
export const UNLOCK_KEY = 76_257_105;
export const ALWAYS = '00011f0e00630b1e0e00';
export const SCIENER = '534349454e4552';

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
export const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
export const u32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
export const u16 = (value: number): string => value.toString(16).padStart(4, '0');

/** The same bytes for the same seed. */
export function seeded(seed: number): (count: number) => Uint8Array {
  let state = seed >>> 0;
  return count =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

export interface Reply {
  /** Hex of what stands behind the status. */
  data: string;
  /** done, the error code in hex, '' for refused without a code, or silence. */
  said: string;
}

export class Client {
  readonly #clock: VirtualClock;
  readonly link: AirLink;
  key: Uint8Array;
  header = { type: 5, version: 3, scene: 2, group: 1, organisation: 1 };
  checksum: Checksum = 'altered';
  /** Plain text of every frame that came, in hex; unreadable ones as `?`. */
  readonly heard: string[] = [];
  readonly encrypts: number[] = [];
  readonly checksums: string[] = [];
  readonly pieces: string[] = [];
  readonly #splitter = new SimSplitter();

  constructor(clock: VirtualClock, link: AirLink, key: Uint8Array) {
    this.#clock = clock;
    this.link = link;
    this.key = key;
  }

  listen(): Promise<void> {
    return this.link.subscribe('fff4', piece => {
      this.pieces.push(hex(piece));
      for (const found of this.#splitter.feed(piece, true)) {
        const plain = unseal(this.key, found.payload);
        this.heard.push(plain ? hex(plain) : '?');
        this.encrypts.push(found.encrypt);
        this.checksums.push(found.checksum);
      }
    });
  }

  async send(command: number, payload = '', tail = '0d0a'): Promise<void> {
    const sealed = seal(this.key, bytes(payload));
    const whole = frame(this.header, command, { sealed, checksum: this.checksum });
    for (const piece of cut(bytes(hex(whole) + tail), 20)) await this.link.write('fff2', piece);
  }

  /** Sends, lets 400 ms pass, and gives the first answer. */
  async ask(command: number, payload = ''): Promise<Reply> {
    const before = this.heard.length;
    const sent = this.send(command, payload);
    sent.catch(() => undefined);
    await this.#clock.advance(400);
    await sent.catch(() => undefined);
    const echo = command.toString(16).padStart(2, '0');
    const answer = this.heard.slice(before).find(plain => plain.startsWith(echo) || plain === '');
    if (answer === undefined) return { said: 'silence', data: '' };
    if (answer === '' || answer.startsWith(`${echo}01`)) return { said: 'done', data: answer.slice(4) };
    return { said: answer.slice(4), data: '' };
  }

  /** Like `ask`, for what has to work: its data. */
  async get(command: number, payload = ''): Promise<string> {
    const { said, data } = await this.ask(command, payload);
    if (said !== 'done') throw new RangeError(`${command.toString(16)} was answered ${said}`);
    return data;
  }

  async pair(): Promise<void> {
    await this.get(0x45);
    const key = bytes(await this.#withFactoryKey(SCIENER));
    this.key = key;
    await this.get(0x56, u32(ADMIN_PS) + u32(UNLOCK_KEY) + SCIENER);
    await this.get(0x43, '1a050b0e1707');
    await this.get(0x57);
  }

  async #withFactoryKey(token: string): Promise<string> {
    this.key = FACTORY_KEY;
    return this.get(0x19, token);
  }

  sum(challenge: string): string {
    return u32((Number.parseInt(challenge, 16) + UNLOCK_KEY) % 2 ** 32);
  }

  async admin(flagPos = 0): Promise<void> {
    await this.get(0x30, this.sum(await this.get(0x41, `${u32(ADMIN_PS)}${u32(flagPos).slice(2)}00000000`)));
  }

  async challenge(uid = 0): Promise<string> {
    return this.sum(await this.get(0x55, `${ALWAYS}000000${u32(uid)}`));
  }

  async turn(command: 0x47 | 0x58, unix = 1_778_509_387): Promise<Reply> {
    return this.ask(command, (await this.challenge()) + u32(unix));
  }
}

export class World {
  readonly clock: VirtualClock;
  readonly air: Air;
  readonly lock: VirtualTTLock;

  constructor(options: Partial<VirtualTTLockOptions> = {}, seed = 1) {
    this.clock = new VirtualClock();
    this.air = new Air({ clock: this.clock, random: seeded(seed + 1000) });
    this.lock = new VirtualTTLock({
      name: 'door',
      address: ADDRESS,
      clock: this.clock,
      random: seeded(seed),
      ...options,
    });
    this.air.add(this.lock);
  }

  async connect(key: Uint8Array = this.key()): Promise<Client> {
    const link = await this.clock.run(this.air.connect(ADDRESS));
    const client = new Client(this.clock, link, key);
    await client.listen();
    return client;
  }

  key(): Uint8Array {
    return this.lock.secrets ? bytes(this.lock.secrets.aesKey) : FACTORY_KEY;
  }

  /** Wakes it, pairs, and leaves; the client that did so is given back while `stay`. */
  async pair(): Promise<Client> {
    this.lock.hands.act('press_key');
    const client = await this.connect();
    await client.pair();
    return client;
  }

  /** Paired, logged in as administrator. */
  async admin(): Promise<Client> {
    const client = await this.pair();
    await client.admin();
    return client;
  }
}
