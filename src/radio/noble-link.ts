// One open connection over noble. Every call ends by its answer, its deadline, a refusal or the end of the link; noble
// itself settles none of them when the lock is gone.
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LEAST_MTU } from './noble-att.ts';
import type { NobleCharacteristic, NoblePeripheral } from './noble-parts.ts';
import type { Link } from './radio.ts';

/** All services and characteristics: about 12 questions, each two connection intervals of at most 30 ms. */
const DISCOVER_WITHIN = 10_000;
/** The standard gives 30 s; a lock that took 10 has missed any deadline a person would wait for. */
const ANSWER_WITHIN = 10_000;
/** The controller reports a disconnection at once, or after the supervision timeout of 4 s. */
const DISCONNECT_WITHIN = 5_000;

/** ATT request opcodes, to know which question a refusal answers. */
const READ_REQUESTS = [0x0a, 0x0c];
const WRITE_REQUESTS = [0x12, 0x16, 0x18];
const SUBSCRIBE_REQUESTS = [0x08, 0x12];

interface Question<T> {
  /** For people, after "The lock did not answer". */
  what: string;
  requests: readonly number[];
  /** Asks; the answer undoes what it hooked. */
  begin(settle: (value: T) => void): () => void;
}

interface LinkAround {
  clock: Clock;
  log: Log;
  /** The controller did not end the link when told to. */
  hung(): void;
}

export class NobleLink implements Link {
  readonly address: string;
  readonly handle: number;
  readonly closed: Promise<void>;
  readonly #peripheral: NoblePeripheral;
  readonly #around: LinkAround;
  readonly #characteristics = new Map<string, NobleCharacteristic>();
  #settleClosed: () => void = () => undefined;
  #ended: LockError | undefined;
  #closing: LockError | undefined;
  #asking: { requests: readonly number[]; fail(error: LockError): void } | undefined;
  /** One question at a time: an answer or a refusal then belongs to it. */
  #queue: Promise<void> = Promise.resolve();

  constructor(peripheral: NoblePeripheral, at: { address: string; handle: number }, around: LinkAround) {
    this.#peripheral = peripheral;
    this.address = at.address;
    this.handle = at.handle;
    this.#around = around;
    this.closed = new Promise(resolve => (this.#settleClosed = resolve));
    peripheral.on('disconnect', (reason: unknown) => this.end(this.#closing ?? lost(reason)));
  }

  get mtu(): number {
    return this.#peripheral.mtu ?? LEAST_MTU;
  }

  /** Finds the characteristics; the link is of no use before. */
  async discover(): Promise<void> {
    const found = await within(
      this.#around.clock,
      DISCOVER_WITHIN,
      this.#ask<NobleCharacteristic[]>({
        what: 'which services it has',
        requests: [],
        begin: settle => {
          this.#peripheral.discoverAllServicesAndCharacteristics((error, _services, all) => !error && settle(all));
          return () => undefined;
        },
      }),
      () => silence('which services it has', DISCOVER_WITHIN),
    );
    for (const characteristic of found) {
      const uuid = characteristic.uuid.padStart(4, '0');
      if (!this.#characteristics.has(uuid)) this.#characteristics.set(uuid, characteristic);
    }
  }

  write(characteristic: string, bytes: Uint8Array, how: { response?: boolean } = {}): Promise<void> {
    return this.#with(characteristic, found => {
      const confirmed = isConfirmed(found.properties, how.response === true);
      return {
        what: 'a write',
        requests: confirmed ? WRITE_REQUESTS : [],
        begin: settle => {
          const done = (): void => settle(undefined);
          found.once('write', done);
          found.write(Buffer.from(bytes), !confirmed);
          return () => found.removeListener('write', done);
        },
      };
    });
  }

  read(characteristic: string): Promise<Uint8Array> {
    return this.#with(characteristic, found => ({
      what: 'a read',
      requests: READ_REQUESTS,
      begin: settle => {
        const heard = (data: Buffer, pushed: boolean): void => {
          if (!pushed) settle(new Uint8Array(data));
        };
        found.on('data', heard);
        found.read();
        return () => found.removeListener('data', heard);
      },
    }));
  }

  subscribe(characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    return this.#with(characteristic, found => ({
      what: 'the start of notifications',
      requests: SUBSCRIBE_REQUESTS,
      begin: settle => {
        let started = false;
        const done = (): void => settle(void (started = true));
        const pushed = (data: Buffer, isPush: boolean): void => void (isPush && this.#hand(heard, data));
        // Before the request: a lock may speak at once.
        found.on('data', pushed);
        found.once('notify', done);
        found.subscribe();
        return () => {
          found.removeListener('notify', done);
          if (!started) found.removeListener('data', pushed);
        };
      },
    }));
  }

  /** `why` is what waiting calls fail with. */
  async close(why = new LockError('unreachable', 'The connection to the lock was closed.')): Promise<void> {
    if (this.#ended || this.#closing) return this.closed;
    this.#closing = why;
    this.#asking?.fail(this.#closing);
    const cancel = this.#around.clock.after(DISCONNECT_WITHIN, () => {
      this.#around.log.warn({ address: this.address }, 'the Bluetooth adapter did not end a connection when told to');
      this.end(this.#closing as LockError);
      this.#around.hung();
    });
    try {
      this.#peripheral.disconnect();
    } catch {
      // noble no longer knows the link: there is nothing to end.
      this.end(this.#closing);
    }
    await this.closed;
    cancel();
  }

  /** The link is void: everything that waits fails, nothing is heard any more. */
  end(why: LockError): void {
    if (this.#ended) return;
    this.#ended = why;
    this.#asking?.fail(why);
    this.#peripheral.removeAllListeners();
    for (const characteristic of this.#characteristics.values()) characteristic.removeAllListeners();
    this.#settleClosed();
  }

  /** The lock refused a request; noble would give an empty answer or none. */
  refused({ request, code }: { request: number; code: number }): void {
    if (!this.#asking?.requests.includes(request)) return;
    const number = `0x${code.toString(16).padStart(2, '0')}`;
    const text = `The lock refused a Bluetooth request (ATT error ${number}).`;
    this.#asking.fail(new LockError('unreachable', text, { reason: 'gatt_refused' }));
  }

  #with<T>(uuid: string, question: (found: NobleCharacteristic) => Question<T>): Promise<T> {
    const ended = this.#ended ?? this.#closing;
    if (ended) return Promise.reject(ended);
    const found = this.#characteristics.get(uuid);
    if (!found) {
      const text = 'The lock lacks a Bluetooth characteristic that its kind should have. Is it really of this kind?';
      return Promise.reject(new LockError('unsupported', text, { reason: 'no_characteristic' }));
    }
    const asked = question(found);
    return within(this.#around.clock, ANSWER_WITHIN, this.#ask(asked), () => {
      void this.close();
      return silence(asked.what, ANSWER_WITHIN);
    });
  }

  async #ask<T>(question: Question<T>): Promise<T> {
    const before = this.#queue;
    let release: () => void = () => undefined;
    this.#queue = new Promise(resolve => (release = resolve));
    await before;
    let undo: () => void = () => undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const ended = this.#ended ?? this.#closing;
        if (ended) return reject(ended);
        this.#asking = { requests: question.requests, fail: reject };
        undo = question.begin(resolve);
      });
    } finally {
      this.#asking = undefined;
      undo();
      release();
    }
  }

  #hand(heard: (bytes: Uint8Array) => void, data: Buffer): void {
    if (this.#ended || this.#closing) return;
    try {
      heard(new Uint8Array(data));
    } catch (thrown) {
      this.#around.log.warn({ err: thrown, address: this.address }, 'a notification could not be handled');
    }
  }
}

function silence(what: string, ms: number): LockError {
  return new LockError('timeout', `The lock did not answer ${what} within ${ms / 1000} s.`, { reason: 'gatt_silent' });
}

/** Reasons of the Bluetooth standard, volume 1 part F. */
function lost(reason: unknown): LockError {
  if (reason === 0x13 || reason === 0x15) {
    return new LockError('unreachable', 'The lock ended the connection.', { reason: 'hung_up' });
  }
  if (reason === 0x3e) {
    const text = 'The connection to the lock could not be established. Go nearer, or move the adapter nearer.';
    return new LockError('unreachable', text, { reason: 'not_established' });
  }
  return new LockError('unreachable', 'The connection to the lock was lost.', { reason: 'lost' });
}

/** A wish: a characteristic that knows only one way of writing is written in that way. */
function isConfirmed(properties: readonly string[], wished: boolean): boolean {
  const confirmed = properties.includes('write');
  const plain = properties.includes('writeWithoutResponse');
  return wished ? confirmed || !plain : confirmed && !plain;
}
