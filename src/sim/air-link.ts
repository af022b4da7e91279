// One open connection through the air. Every piece can be lost, cut, repeated, held up or replaced on its way.
import type { AirKnobs, Central, Peripheral, Property, SimClock } from './air.ts';
import { Pipe } from './pipe.ts';
import { SimError } from './sim-error.ts';

/** A piece under way. `down` is towards the peripheral. */
export interface AirChunk {
  /** Counts the connections of this air, from 1. */
  link: number;
  address: string;
  direction: 'up' | 'down';
  /** request: write with response. command: without. subscribe: the two bytes of the CCCD. read: the value that was read. */
  kind: 'request' | 'command' | 'subscribe' | 'notify' | 'read';
  characteristic: string;
  bytes: Uint8Array;
  /** Number of the first byte among all bytes of this connection, both ways. */
  index: number;
  /** The same, of this direction alone. */
  indexInDirection: number;
}

/**
 * cut: the link drops instead. cutAfter: so many bytes still arrive, then it drops. stall: it and everything behind it is
 * late. replace: other bytes arrive.
 */
export type Fate =
  | 'deliver'
  | 'drop'
  | 'cut'
  | 'repeat'
  | { cutAfter: number }
  | { stall: number }
  | { replace: Uint8Array };

interface LinkParts {
  number: number;
  peripheral: Peripheral;
  mtu: number;
  clock: SimClock;
  knobs: Readonly<AirKnobs>;
  fate(chunk: AirChunk): Fate;
  /** The peripheral has let go. */
  freed(): void;
}

/** ATT spends three bytes of every packet on its header. */
const ATT_HEADER = 3;
/** The longest value that there is: with a response, what does not fit is prepared in pieces and then carried out at once. */
const LONGEST = 512;

export class AirLink {
  readonly number: number;
  readonly address: string;
  readonly mtu: number;
  /** Settles once, whoever ended it; never rejects. */
  readonly closed: Promise<void>;
  readonly #parts: LinkParts;
  readonly #down: Pipe;
  readonly #up: Pipe;
  readonly #heard = new Map<string, (bytes: Uint8Array) => void>();
  readonly #pending = new Set<(error: SimError) => void>();
  readonly #sent = { up: 0, down: 0 };
  #open = false;
  #settle: () => void = () => undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.number = parts.number;
    this.address = parts.peripheral.address.toLowerCase();
    this.mtu = parts.mtu;
    this.closed = new Promise(resolve => (this.#settle = resolve));
    this.#down = new Pipe(parts.clock);
    this.#up = new Pipe(parts.clock);
  }

  get open(): boolean {
    return this.#open;
  }

  /** False: the peripheral refused. Called once, by the air. */
  begin(): boolean {
    const central: Central = {
      mtu: this.mtu,
      notify: (characteristic, bytes) => this.#notify(characteristic, bytes),
      hangUp: () => this.#up.push(this.#parts.knobs.chunkMs, () => this.#end(0)),
    };
    this.#open = true;
    if (this.#parts.peripheral.connected(central)) return true;
    this.#open = false;
    this.#settle();
    return false;
  }

  onClosed(ear: () => void): void {
    void this.closed.then(ear);
  }

  /** Resolves when the piece has arrived or, without response, has been lost on the way. */
  write(characteristic: string, bytes: Uint8Array, how: { response?: boolean } = {}): Promise<void> {
    const kind = how.response ? 'request' : 'command';
    return this.#call(done => {
      this.#needs(characteristic, how.response ? ['write'] : ['writeWithoutResponse']);
      const most = how.response ? LONGEST : this.mtu - ATT_HEADER;
      if (bytes.length > most) {
        throw new SimError('invalid', `${bytes.length} bytes do not fit into one piece of ${most}.`);
      }
      const arrive = (piece: Uint8Array): void => this.#parts.peripheral.written(characteristic, piece);
      const fate = this.#send({ direction: 'down', kind, characteristic, bytes: Uint8Array.from(bytes) }, arrive, done);
      if (fate === 'drop' && kind === 'command') this.#down.push(this.#parts.knobs.chunkMs, done);
    });
  }

  read(characteristic: string): Promise<Uint8Array> {
    return this.#call<Uint8Array>(done => {
      this.#needs(characteristic, ['read']);
      this.#down.push(this.#parts.knobs.chunkMs, () => {
        const bytes = this.#parts.peripheral.read(characteristic);
        this.#send({ direction: 'up', kind: 'read', characteristic, bytes }, done);
      });
    });
  }

  subscribe(characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    return this.#call(done => {
      this.#needs(characteristic, ['notify', 'indicate']);
      this.#send({ direction: 'down', kind: 'subscribe', characteristic, bytes: Uint8Array.of(1, 0) }, () => {
        this.#heard.set(characteristic, heard);
        this.#parts.peripheral.subscribed(characteristic);
        done();
      });
    });
  }

  /** The central hangs up. */
  close(): Promise<void> {
    this.#end(0);
    return this.closed;
  }

  /** The link is lost: the central knows at once, the peripheral after `lingerMs`. */
  cut(): void {
    this.#end(this.#parts.knobs.lingerMs);
  }

  #notify(characteristic: string, bytes: Uint8Array): void {
    if (!this.#open || !this.#heard.has(characteristic)) return;
    const piece = Uint8Array.from(bytes.subarray(0, this.mtu - ATT_HEADER));
    this.#send({ direction: 'up', kind: 'notify', characteristic, bytes: piece }, arrived =>
      this.#heard.get(characteristic)?.(arrived),
    );
  }

  #send(
    what: Pick<AirChunk, 'direction' | 'kind' | 'characteristic' | 'bytes'>,
    arrive: (bytes: Uint8Array) => void,
    then: () => void = () => undefined,
  ): Fate {
    const { direction, bytes } = what;
    const counted = { index: this.#sent.up + this.#sent.down, indexInDirection: this.#sent[direction] };
    this.#sent[direction] += bytes.length;
    const fate = this.#parts.fate({ link: this.number, address: this.address, ...what, ...counted });
    const pipe = direction === 'up' ? this.#up : this.#down;
    const delay = this.#parts.knobs.chunkMs;
    const bring = (piece: Uint8Array, more = 0): void =>
      pipe.push(delay + more, () => {
        arrive(piece);
        then();
      });
    if (fate === 'cut') pipe.push(delay, () => this.cut());
    else if (fate === 'repeat') {
      bring(bytes);
      bring(bytes);
    } else if (fate === 'deliver') bring(bytes);
    else if (fate !== 'drop') this.#bend(fate, { bytes, bring, pipe, arrive });
    return fate;
  }

  #bend(
    fate: Exclude<Fate, string>,
    way: {
      bytes: Uint8Array;
      bring(piece: Uint8Array, more?: number): void;
      pipe: Pipe;
      arrive(bytes: Uint8Array): void;
    },
  ): void {
    if ('stall' in fate) return way.bring(way.bytes, fate.stall);
    if ('replace' in fate) return way.bring(fate.replace);
    // Of a long write nothing counts before its last piece.
    const isWhole = way.bytes.length <= this.mtu - ATT_HEADER;
    way.pipe.push(this.#parts.knobs.chunkMs, () => {
      if (fate.cutAfter > 0 && isWhole) way.arrive(way.bytes.subarray(0, fate.cutAfter));
      this.cut();
    });
  }

  #needs(characteristic: string, properties: readonly Property[]): void {
    const all = this.#parts.peripheral.services.flatMap(service => service.characteristics);
    const found = all.find(({ uuid }) => uuid === characteristic);
    if (!found) throw new SimError('invalid', `There is no characteristic ${characteristic}.`);
    if (properties.some(property => found.properties.includes(property))) return;
    throw new SimError('invalid', `The characteristic ${characteristic} cannot ${properties.join(' or ')}.`);
  }

  /** Settles with what `start` reports, or rejects when the link ends first. */
  #call<T = void>(start: (done: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#open) return reject(new SimError('gone', 'The link is closed.'));
      const fail = (error: SimError): void => reject(error);
      this.#pending.add(fail);
      try {
        start(value => {
          this.#pending.delete(fail);
          resolve(value);
        });
      } catch (cause) {
        this.#pending.delete(fail);
        reject(cause as SimError);
      }
    });
  }

  #end(lingerMs: number): void {
    if (!this.#open) return;
    this.#open = false;
    this.#down.close();
    this.#up.close();
    for (const fail of this.#pending) fail(new SimError('gone', 'The link dropped.'));
    this.#pending.clear();
    this.#heard.clear();
    this.#settle();
    const letGo = (): void => {
      this.#parts.peripheral.disconnected();
      this.#parts.freed();
    };
    if (lingerMs > 0) this.#parts.clock.after(lingerMs, letGo);
    else letGo();
  }
}
