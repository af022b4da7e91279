// Time as a part that can be swapped: the only file with timers. Deadlines use `elapsed`, stamps use `now`.
import { LockError } from './errors.ts';

export interface Clock {
  /** Wall clock, ms since the epoch. It may jump: for stamps only. */
  now(): number;
  /** ms since an arbitrary moment. It never jumps: for deadlines and intervals. */
  elapsed(): number;
  /** Calls once after `ms`; the answer cancels. A running timer keeps the process alive. */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects at once with `stopped` when the signal aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(stopped(signal));
    const ended = (): void => {
      cancel();
      reject(stopped(signal as AbortSignal));
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', ended);
      resolve();
    });
    signal?.addEventListener('abort', ended, { once: true });
  });
}

/** Calls every `ms` until cancelled; the next round is armed after the call, so a throw ends nothing. */
export function every(clock: Clock, ms: number, call: () => void): () => void {
  let cancel = clock.after(ms, round);
  let ended = false;
  function round(): void {
    try {
      call();
    } finally {
      if (!ended) cancel = clock.after(ms, round);
    }
  }
  return () => {
    ended = true;
    cancel();
  };
}

/**
 * The work, or the error of `late` after `ms`. The work itself is not stopped (most of what we wait for cannot be); its
 * late rejection is swallowed, so nothing is left unhandled.
 */
export function within<T>(clock: Clock, ms: number, work: Promise<T>, late: () => LockError): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(Math.max(0, ms), () => reject(late()));
    work.then(
      value => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error as Error);
      },
    );
  });
}

/** The work, or a rejection as soon as the signal aborts. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const ended = (): void => reject(stopped(signal));
    if (signal.aborted) ended();
    else signal.addEventListener('abort', ended, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
  });
}

/** Why a signal was aborted, as our error: the LockError given to `abort()`, or `stopped`. */
export function stopped(signal: AbortSignal): LockError {
  const reason: unknown = signal.reason;
  return reason instanceof LockError ? reason : new LockError('stopped', 'Stopped before it was done.');
}

/** A signal that aborts with the error of `late` after `ms`, or with the parent's reason; `clear` disarms it. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

export function deadline(clock: Clock, ms: number, late: () => LockError, parent?: AbortSignal): Deadline {
  const control = new AbortController();
  const cancel = clock.after(Math.max(0, ms), () => control.abort(late()));
  const ended = (): void => control.abort(stopped(parent as AbortSignal));
  if (parent?.aborted) ended();
  parent?.addEventListener('abort', ended, { once: true });
  return {
    signal: control.signal,
    clear() {
      cancel();
      parent?.removeEventListener('abort', ended);
    },
  };
}

/** Calls `ended` when the signal aborts (now, if it has) for as long as the work runs. */
export async function whileWorking<T>(signal: AbortSignal, ended: () => void, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) ended();
  signal.addEventListener('abort', ended, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', ended);
  }
}

/** This program was not there before: a Pi without network starts in 1970 or at its last shutdown. */
const BUILT_AT = Date.UTC(2026, 0, 1);

/** Whether the wall clock can be right at all. */
export function isPlausible(now: number): boolean {
  return now >= BUILT_AT;
}
