// One scan over noble: started and confirmed, ended when told to, and noticed when it ends by itself.
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { NobleAdapter } from './noble-adapter.ts';

/** Three commands, each answered within milliseconds by a healthy controller. */
const START_WITHIN = 5_000;
const STOP_WITHIN = 2_000;

export class Scan {
  readonly #adapter: NobleAdapter;
  readonly #clock: Clock;
  #fail: (error: LockError) => void = () => undefined;

  constructor(adapter: NobleAdapter, clock: Clock) {
    this.#adapter = adapter;
    this.#clock = clock;
  }

  /** Resolves when the signal has aborted and the controller listens no more; rejects when the scan fails or ends. */
  async run(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const aborted = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
    const failed = new Promise<never>((_, reject) => (this.#fail = reject));
    failed.catch(() => undefined);
    // Another program on this adapter ended our scan: only the commands of others are seen here.
    const commanded = (enabled: boolean): void => void (!enabled && this.#fail(scanEnded()));
    try {
      const started = this.#answers(2, () => this.#adapter.noble.startScanning([], true));
      await Promise.race([within(this.#clock, START_WITHIN, started, notStarted), aborted, failed]);
      this.#adapter.hci.on('leScanEnableSetCmd', commanded);
      await Promise.race([aborted, failed]);
    } finally {
      this.#adapter.hci.removeListener('leScanEnableSetCmd', commanded);
      if (!this.#adapter.ended) await this.#stop();
    }
  }

  /** The adapter is lost. */
  lost(error: LockError): void {
    this.#fail(error);
  }

  async #stop(): Promise<void> {
    const stopped = this.#answers(1, () => this.#adapter.noble.stopScanning());
    // A controller that does not answer is found out by whoever uses it next.
    await within(this.#clock, STOP_WITHIN, stopped, notStarted).catch(() => undefined);
  }

  /**
   * Waits for so many answers to "LE set scan enable"; the last one's status counts. To start, noble first switches
   * scanning off, and its own `scanStart` is that answer.
   */
  #answers(count: number, ask: () => void): Promise<void> {
    const { hci } = this.#adapter;
    return new Promise<void>((resolve, reject) => {
      let seen = 0;
      const heard = (status: number): void => {
        if (++seen < count) return;
        hci.removeListener('leScanEnableSet', heard);
        if (status === 0) resolve();
        else reject(notStarted());
      };
      hci.on('leScanEnableSet', heard);
      ask();
    });
  }
}

function notStarted(): LockError {
  const text = 'The Bluetooth adapter did not start to scan. Does another program use it?';
  return new LockError('unreachable', text, { reason: 'scan_failed' });
}

function scanEnded(): LockError {
  const text = 'Another program on this computer ended the Bluetooth scan. Give this program an adapter of its own.';
  return new LockError('unreachable', text, { reason: 'scan_ended' });
}
