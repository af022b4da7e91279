// The one error type of the project. Everything that can go wrong with a lock says whether the lock may have acted.

/** What kind of trouble, stable for programs. Finer, flow-level words go into `reason`. */
export type Code =
  | 'unreachable'
  | 'timeout'
  | 'rejected'
  | 'unauthenticated'
  | 'malformed'
  | 'forbidden'
  | 'unsupported'
  | 'busy'
  | 'not_found'
  | 'invalid'
  | 'disk'
  | 'stopped';

/** Whether the lock may have acted before this went wrong. Only 'no' makes an unlock safe to repeat. */
export type Acted = 'no' | 'maybe';

export interface ErrorDetail {
  /** Default 'no': most errors happen before anything is sent. */
  acted?: Acted;
  /** A stable lower_case word finer than the code, e.g. `battery_low`, `key_refused`, `asleep`. */
  reason?: string;
  cause?: unknown;
}

/**
 * The message is read by a person at a door: what was tried, what happened, what to do. It never holds a secret or raw
 * bytes.
 */
export class LockError extends Error {
  override readonly name = 'LockError';
  readonly code: Code;
  readonly acted: Acted;
  readonly reason: string;

  constructor(code: Code, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.acted = detail.acted ?? 'no';
    this.reason = detail.reason ?? code;
  }
}

/** Any thrown thing as a LockError; what is not one keeps its text out of reach of users and its cause for the log. */
export function asLockError(thrown: unknown, code: Code, message: string, detail: ErrorDetail = {}): LockError {
  return thrown instanceof LockError ? thrown : new LockError(code, message, { ...detail, cause: thrown });
}

const LOOK = 'It may have acted; look at it.';

/** The same error, but the lock may have acted: for what goes wrong after the last byte of an act was handed over. */
export function mayHaveActed(error: LockError): LockError {
  if (error.acted === 'maybe') return error;
  return new LockError(error.code, `${error.message} ${LOOK}`, {
    acted: 'maybe',
    reason: error.reason,
    cause: error.cause,
  });
}

/** The text of anything thrown, for a log line or a health page; never for matching. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
