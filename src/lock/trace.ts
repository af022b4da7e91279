// Writes down what goes on between us and one lock, masked by its driver: test vectors of a lock that we do not own.
import { type Clock, deadline } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Traffic } from '../radio/tap.ts';
import type { Json, LockDriver } from './driver.ts';
import type { Asker, LockView } from './lock.ts';
import type { Audit, Vault } from './ports.ts';

/** As a file of test vectors. `vectors` is empty when nothing was heard. */
export interface Trace {
  meta: { readonly family: string; readonly [key: string]: Json };
  vectors: readonly Json[];
}

/** How an order to record is given. `signal`: nobody waits for it any more. */
export interface TraceOrder {
  lock: string;
  seconds: number;
  asker: Asker;
  signal?: AbortSignal;
}

export interface Traces {
  /** Resolves after so many seconds, or when it is ended. `busy` while the lock is being traced already. */
  record(order: TraceOrder): Promise<Trace>;
  /** Ends the recording of a lock early; false when there is none. */
  end(lock: string): boolean;
}

export interface TraceParts {
  locks: { find(lock: string): LockView | undefined; driver(family: string): LockDriver };
  tap: { listen(address: () => string, ear: (traffic: Traffic) => void): () => void };
  vault: Pick<Vault, 'of'>;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}

/** Longer than anybody waits; a request to the daemon stays open for it. */
export const LONGEST_TRACE_S = 600;
/** An hour of a held session is some 8000 pieces; more than this is not read by anybody. */
const MOST_PIECES = 20_000;

export function makeTraces(parts: TraceParts): Traces {
  return new Recorder(parts);
}

class Recorder implements Traces {
  readonly #parts: TraceParts;
  readonly #running = new Map<string, AbortController>();

  constructor(parts: TraceParts) {
    this.#parts = parts;
  }

  async record({ lock, seconds, asker, signal }: TraceOrder): Promise<Trace> {
    const { locks, audit, vault, random } = this.#parts;
    if (asker.role !== 'owner') throw new LockError('forbidden', 'Only an owner may trace a lock.');
    const view = this.#must(lock);
    const driver = locks.driver(view.family);
    if (!driver.mask) throw new LockError('unsupported', 'Locks of this family cannot be traced yet.');
    if (this.#running.has(view.id)) {
      throw new LockError('busy', `"${view.name}" is being traced already; wait until that ends.`);
    }
    audit.write({ lock: view.id, via: asker.via, who: asker.who, what: 'trace', detail: `${seconds} s` });
    const { pieces, missed } = await this.#listen(view.id, seconds, signal);
    // A pairing within the trace has made new keys.
    const credentials = vault.of(view.id).map(kept => kept.credential);
    const { meta, vectors } = driver.mask(pieces, { credentials, random });
    const { model, hardware, firmware, raw } = this.#parts.locks.find(view.id)?.facts ?? {};
    const facts = { ...raw, ...(model && { model }), ...(hardware && { hardware }), ...(firmware && { firmware }) };
    return { meta: { family: view.family, seconds, facts, missed, ...meta }, vectors };
  }

  end(lock: string): boolean {
    const running = this.#running.get(this.#must(lock).id);
    running?.abort();
    return running !== undefined;
  }

  async #listen(id: string, seconds: number, signal?: AbortSignal): Promise<{ pieces: Traffic[]; missed: number }> {
    const { tap, clock, locks } = this.#parts;
    const ender = new AbortController();
    const over = (): LockError => new LockError('stopped', 'The time of the trace is over.');
    const { signal: until, clear } = deadline(clock, seconds * 1000, over, ender.signal);
    const pieces: Traffic[] = [];
    let missed = 0;
    const gone = (): void => ender.abort();
    signal?.addEventListener('abort', gone, { once: true });
    this.#running.set(id, ender);
    const stop = tap.listen(
      () => locks.find(id)?.address ?? '',
      traffic => void (pieces.length < MOST_PIECES ? pieces.push(traffic) : (missed += 1)),
    );
    try {
      await new Promise<void>(resolve => {
        if (until.aborted || signal?.aborted) resolve();
        else until.addEventListener('abort', () => resolve(), { once: true });
      });
      return { pieces, missed };
    } finally {
      stop();
      clear();
      this.#running.delete(id);
      signal?.removeEventListener('abort', gone);
    }
  }

  #must(lock: string): LockView {
    const view = this.#parts.locks.find(lock);
    if (!view) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return view;
  }
}
