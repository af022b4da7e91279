// Opening links over noble, one at a time. A cancelled attempt ends only when the controller has said so.
import { type Clock, unlessAborted, within } from '../base/clock.ts';
import { asLockError, LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { NobleAdapter } from './noble-adapter.ts';
import { NobleLink } from './noble-link.ts';
import type { NoblePeripheral } from './noble-parts.ts';

/** The controller listens for an advert of the lock; the slowest lock sends one every 10 s. */
const CONNECT_WITHIN = 20_000;
/** Cancelling is answered at once; some kernels swallow the answer. */
const CANCEL_WITHIN = 2_000;
/** A connection that comes this long after its cancellation is still ours to end. */
const ORPHAN_FOR = 60_000;
/** Units of 1.25 ms: 15 to 30 ms, quick for a lock's dozen of questions, and room for eight links. */
const CONNECTION = { minInterval: 12, maxInterval: 24, latency: 0, timeout: 400 };

const OUT_OF_LINKS = [0x09, 0x0d];
const CANCELLED = 0x02;

interface Completion {
  status: number;
  handle: number;
}

interface Waiting {
  address: string;
  settle(completion: Completion): void;
  fail(error: LockError): void;
}

export class Connector {
  readonly #adapter: NobleAdapter;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #links: Map<number, NobleLink>;
  #waiting: Waiting | undefined;
  #lost: LockError | undefined;
  /** Attempts we gave up, until when a connection of theirs is ours to end. Others on this computer connect too. */
  readonly #givenUp = new Map<string, number>();

  constructor(adapter: NobleAdapter, links: Map<number, NobleLink>, around: { clock: Clock; log: Log }) {
    this.#adapter = adapter;
    this.#links = links;
    this.#clock = around.clock;
    this.#log = around.log;
    adapter.hci.on(
      'leConnComplete',
      (status: number, handle: number, role: number | undefined, _type: unknown, address: string | undefined) => {
        if (role === undefined || role === 0) this.#completed({ status, handle }, address);
      },
    );
  }

  get busy(): boolean {
    return this.#waiting !== undefined;
  }

  async connect(address: string, addressType: 'public' | 'random', signal: AbortSignal): Promise<NobleLink> {
    const peripheral = this.#adapter.remember(address, addressType);
    let handle: number;
    try {
      handle = await this.#establish(peripheral, address, signal);
      // Lost again before anybody could listen to it.
      if (this.#lost ?? peripheral.state !== 'connected') throw this.#lost ?? goneAgain();
    } catch (thrown) {
      this.#adapter.forget(address);
      throw thrown;
    }
    const link = new NobleLink(
      peripheral,
      { address, handle },
      { clock: this.#clock, log: this.#log, hung: () => this.hung() },
    );
    this.#links.set(handle, link);
    void link.closed.then(() => {
      if (this.#links.get(handle) === link) this.#links.delete(handle);
      this.#adapter.forget(address);
    });
    try {
      await unlessAborted(signal, link.discover());
      return link;
    } catch (thrown) {
      await link.close();
      throw asLockError(thrown, 'unreachable', 'The lock could not be asked which services it has.');
    }
  }

  /** The adapter is lost: whatever waits fails. */
  lost(error: LockError): void {
    this.#lost = error;
    this.#waiting?.fail(error);
  }

  /** Set by the radio: the controller no longer does what it is told. */
  hung: () => void = () => undefined;

  async #establish(peripheral: NoblePeripheral, address: string, signal: AbortSignal): Promise<number> {
    let completion: Completion | undefined;
    const done = new Promise<Completion>((resolve, reject) => {
      this.#waiting = { address, settle: found => resolve((completion = found)), fail: reject };
    });
    done.catch(() => undefined);
    try {
      peripheral.connect(CONNECTION);
      const late = (): LockError => unanswered();
      const { status, handle } = await unlessAborted(signal, within(this.#clock, CONNECT_WITHIN, done, late));
      if (status !== 0) throw refused(status);
      return handle;
    } catch (thrown) {
      if (this.#waiting && !this.#adapter.ended) await this.#cancel(peripheral, done);
      // Aborted in the same moment.
      else if (completion?.status === 0 && !this.#adapter.ended) this.#disconnect(completion.handle, address);
      throw asLockError(thrown, 'unreachable', 'The connection to the lock could not be opened.');
    } finally {
      this.#waiting = undefined;
    }
  }

  /** noble opens no other link before the controller has reported the end of this one. */
  async #cancel(peripheral: NoblePeripheral, done: Promise<Completion>): Promise<void> {
    const { address } = this.#waiting as Waiting;
    this.#give(address);
    peripheral.cancelConnect();
    try {
      const { status, handle } = await within(this.#clock, CANCEL_WITHIN, done, unanswered);
      if (status === 0) this.#disconnect(handle, address);
    } catch (thrown) {
      if (this.#adapter.ended) return;
      this.#log.debug({ err: thrown, address }, 'the cancellation of a connection was not confirmed');
      this.#waiting = undefined;
      // What noble itself takes as the end of an attempt that the controller refused.
      this.#adapter.hci.emit('leConnComplete', CANCELLED);
    }
  }

  #give(address: string): void {
    const now = this.#clock.elapsed();
    for (const [old, until] of this.#givenUp) if (until < now) this.#givenUp.delete(old);
    this.#givenUp.set(address, now + ORPHAN_FOR);
  }

  #completed(completion: Completion, address: string | undefined): void {
    const waiting = this.#waiting;
    if (waiting && (completion.status !== 0 || address === waiting.address)) {
      this.#waiting = undefined;
      return waiting.settle(completion);
    }
    if (completion.status !== 0 || address === undefined) return;
    if ((this.#givenUp.get(address) ?? -1) >= this.#clock.elapsed()) this.#disconnect(completion.handle, address);
  }

  #disconnect(handle: number, address: string): void {
    this.#log.debug({ address }, 'a connection came after it was given up; it is ended');
    this.#adapter.hci.disconnect(handle);
  }
}

function goneAgain(): LockError {
  return new LockError('unreachable', 'The connection to the lock was lost at once.', { reason: 'not_established' });
}

function unanswered(): LockError {
  const text =
    'The lock did not answer the attempt to connect. It may be out of range, asleep, or connected to a phone: press a key on it, or close the app.';
  return new LockError('unreachable', text, { reason: 'connect_timeout' });
}

/** Status codes of the Bluetooth standard, volume 1 part F. */
function refused(status: number): LockError {
  if (OUT_OF_LINKS.includes(status)) {
    const text = 'The Bluetooth adapter has no connection left. Hold fewer sessions open, or add an adapter.';
    return new LockError('busy', text, { reason: 'no_slot' });
  }
  const number = `0x${status.toString(16).padStart(2, '0')}`;
  return new LockError('unreachable', `The Bluetooth adapter could not connect to the lock (error ${number}).`, {
    reason: 'connect_failed',
  });
}
