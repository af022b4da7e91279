// The one error of the simulation, since it may not share the program's.

/**
 * refused, gone, cancelled, radio_off: of the air. invalid: a call that makes no sense. memory: a memory file that is torn
 * or belongs to another lock.
 */
export type SimErrorCode = 'refused' | 'gone' | 'cancelled' | 'radio_off' | 'invalid' | 'memory';

export class SimError extends Error {
  override readonly name = 'SimError';
  readonly code: SimErrorCode;

  constructor(code: SimErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
