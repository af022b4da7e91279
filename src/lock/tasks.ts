// What is done in a lock's turn, each with one limit for waiting, connecting and doing.
import { type Clock, type Deadline, deadline, stopped, whileWorking } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Link, Urgency } from '../radio/radio.ts';
import type { Credential, Ground, LockSession } from './driver.ts';
import type { Opener } from './opener.ts';
import type { Turns } from './turns.ts';

/** How long an on-demand link stays after routine work, and after a command (people often send a second one). */
export const LINGER_MS = 5000;
export const LINGER_COMMAND_MS = 25_000;
/** Work that takes longer than this is stuck. */
const ROUTINE_MS = 60_000;

export type How = { urgency: Urgency; signal: AbortSignal; hurry?: AbortSignal };
/** `signal` ends it and the session; `ms` is for work that waits for a person. */
export type WorkLimits = { ms?: number; signal?: AbortSignal };
/** `what` as in "it was not possible to …". */
export type Work = { urgency: Urgency; what: string } & WorkLimits;

export interface TaskParts {
  clock: Clock;
  turns: Turns;
  opener: Opener;
  stopping: AbortSignal;
  /** The open session, or a new one. */
  open: (how: How) => Promise<LockSession>;
  /** The session was used and should stay for so long. */
  used: (ms: number) => void;
}

export class Tasks {
  readonly #parts: TaskParts;

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** The session ends when it fails by anything but the lock's own "no". */
  async work<T>(how: Work, task: (session: LockSession) => Promise<T>): Promise<T> {
    const { turns, opener, open, used } = this.#parts;
    const { urgency, what, ms = ROUTINE_MS } = how;
    const { signal, clear } = this.limit(ms, what, how.signal);
    const run = async (hurry: AbortSignal): Promise<T> => task(await open({ urgency, signal, hurry }));
    const ended = (): void => void opener.end(stopped(signal));
    try {
      return await turns.take(urgency, signal, hurry => whileWorking(signal, ended, () => run(hurry)));
    } finally {
      clear();
      opener.note();
      used(urgency === 'person' ? LINGER_COMMAND_MS : LINGER_MS);
    }
  }

  /** A bare link, for at most `ms`. */
  async lend<T>(ms: number, task: (link: Link, ground: Ground) => Promise<T>): Promise<T> {
    const { turns, opener } = this.#parts;
    const { signal, clear } = this.limit(ms, 'finish with the lock');
    try {
      return await turns.take('person', signal, () => opener.lend({ urgency: 'person', signal }, task));
    } finally {
      clear();
    }
  }

  /** A session with a credential that need not be the live one. */
  async probe(credential: Credential, ms: number): Promise<LockSession> {
    const { turns, opener, used } = this.#parts;
    const { signal, clear } = this.limit(ms, 'ask the lock');
    try {
      return await turns.take('person', signal, () => opener.open({ urgency: 'person', signal, with: credential }));
    } finally {
      clear();
      used(LINGER_MS);
    }
  }

  limit(ms: number, what: string, wanted?: AbortSignal): Deadline {
    const { clock, stopping } = this.#parts;
    const seconds = Math.max(0, Math.round(ms / 100) / 10);
    const text = `It was not possible to ${what} within ${seconds} s. Is it in range and awake?`;
    const parent = wanted ? AbortSignal.any([stopping, wanted]) : stopping;
    return deadline(clock, ms, () => new LockError('timeout', text), parent);
  }
}
