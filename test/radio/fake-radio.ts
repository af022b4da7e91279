// A radio whose every move a test decides.
import type { Clock } from '../../src/base/clock.ts';
import { stopped } from '../../src/base/clock.ts';
import { LockError } from '../../src/base/errors.ts';
import type { Advert, Link, Radio, RadioAbilities, RadioState } from '../../src/radio/radio.ts';

export class FakeLink implements Link {
  readonly address: string;
  readonly mtu = 23;
  readonly closed: Promise<void>;
  isClosed = false;
  #heard: (bytes: Uint8Array) => void = () => undefined;
  #settle: () => void = () => undefined;

  constructor(address: string) {
    this.address = address;
    this.closed = new Promise(resolve => (this.#settle = resolve));
  }

  async write(): Promise<void> {
    if (this.isClosed) throw new LockError('unreachable', 'closed');
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array();
  }

  async subscribe(_characteristic: string, heard: (bytes: Uint8Array) => void): Promise<void> {
    this.#heard = heard;
  }

  push(bytes: Uint8Array): void {
    this.#heard(bytes);
  }

  async close(): Promise<void> {
    this.drop();
  }

  drop(): void {
    this.isClosed = true;
    this.#settle();
  }
}

interface Attempt {
  address: string;
  open(): FakeLink;
  fail(error: LockError): void;
}

export class FakeRadio implements Radio {
  readonly id: string;
  readonly abilities: RadioAbilities;
  readonly clock: Clock;
  /** Attempts that wait for the test's decision; with `opens` there are none. */
  readonly attempts: Attempt[] = [];
  readonly links: FakeLink[] = [];
  /** Every address asked for, in order. */
  readonly asked: string[] = [];
  /** How long a connect takes by itself; undefined: until the test decides. */
  opensAfter: number | undefined = undefined;
  /** Connects do not end when aborted. */
  ignoresAborts = false;
  /** A running scan does not end when aborted. */
  clings = false;
  scanError: LockError | undefined;
  scans = 0;
  scanning = false;
  /** Scans that were still running when a connect began. */
  overlaps = 0;
  resets = 0;
  resetHangs = false;
  stopped = false;
  #heard: ((advert: Advert) => void) | undefined;
  #endScan: (error?: LockError) => void = () => undefined;
  #state: RadioState = { ready: true };
  readonly #ears = new Set<(state: RadioState) => void>();

  constructor(clock: Clock, options: { id?: string; links?: number; scansWhileConnecting?: boolean } = {}) {
    this.clock = clock;
    this.id = options.id ?? 'hci0';
    this.abilities = {
      links: options.links ?? 5,
      extendedAdverts: false,
      bonding: false,
      scansWhileConnecting: options.scansWhileConnecting ?? false,
    };
  }

  state(): RadioState {
    return this.#state;
  }

  hearState(ear: (state: RadioState) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  get listeners(): number {
    return this.#ears.size;
  }

  become(state: RadioState): void {
    this.#state = state;
    if (!state.ready) this.#endScan(new LockError('unreachable', 'adapter lost'));
    for (const ear of Array.from(this.#ears)) ear(state);
  }

  async scan(heard: (advert: Advert) => void, signal: AbortSignal): Promise<void> {
    if (this.scanning) throw new LockError('busy', 'scans already');
    this.scans++;
    if (this.scanError) throw this.scanError;
    this.scanning = true;
    this.#heard = heard;
    await new Promise<void>((resolve, reject) => {
      this.#endScan = error => (error ? reject(error) : resolve());
      signal.addEventListener('abort', () => void (this.clings || resolve()), { once: true });
    }).finally(() => (this.scanning = false));
  }

  /** The scan ends by itself. */
  endScan(error?: LockError): void {
    this.#endScan(error);
  }

  /** Everybody in the room hears it, whoever scans or not. */
  say(address: string, advert: Partial<Advert> = {}): void {
    if (!this.scanning) return;
    this.#heard?.({
      address,
      addressType: 'public',
      connectable: true,
      name: 'lock',
      services: [],
      rssi: -60,
      at: this.clock.now(),
      ...advert,
    });
  }

  async connect(address: string, signal: AbortSignal): Promise<Link> {
    this.asked.push(address);
    if (this.scanning) this.overlaps++;
    return new Promise<Link>((resolve, reject) => {
      const attempt: Attempt = {
        address,
        open: () => {
          this.attempts.splice(this.attempts.indexOf(attempt), 1);
          const link = new FakeLink(address);
          this.links.push(link);
          resolve(link);
          return link;
        },
        fail: error => {
          this.attempts.splice(this.attempts.indexOf(attempt), 1);
          reject(error);
        },
      };
      this.attempts.push(attempt);
      if (this.opensAfter !== undefined) this.clock.after(this.opensAfter, () => attempt.open());
      if (!this.ignoresAborts) signal.addEventListener('abort', () => attempt.fail(stopped(signal)), { once: true });
    });
  }

  async reset(): Promise<void> {
    this.resets++;
    for (const link of this.links) link.drop();
    this.endScan(new LockError('unreachable', 'reset'));
    if (this.resetHangs) await new Promise<void>(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}

/** The address of the n-th lock. */
export function lock(n: number): string {
  return `c0:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 0xff).toString(16).padStart(2, '0')}`;
}

/** A promise's end, to be looked at without waiting for it. */
export function watch<T>(work: Promise<T>): { value?: T; error?: LockError; settled: boolean } {
  const seen: { value?: T; error?: LockError; settled: boolean } = { settled: false };
  work.then(
    value => Object.assign(seen, { value, settled: true }),
    (error: LockError) => Object.assign(seen, { error, settled: true }),
  );
  return seen;
}
