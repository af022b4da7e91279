// How we stand with a lock: whether it still takes our key, and why it cannot be used now, in words.
import type { LockError } from '../base/errors.ts';
import type { LockView } from './lock.ts';

/** One refusal may be a damaged frame; three in a row are a changed key (sessions.md 9.10). */
const STRIKES = 3;

export class Standing {
  #strikes = 0;
  #trouble: LockView['trouble'];

  /** It refused our key too often to be asked again by itself. */
  get refused(): boolean {
    return this.#strikes >= STRIKES;
  }

  get trouble(): LockView['trouble'] {
    return this.#trouble;
  }

  good(): void {
    this.#strikes = 0;
    this.#trouble = undefined;
  }

  /** An attempt to open a session failed. */
  failed(error: LockError): void {
    if (isRefusal(error)) this.#strikes += 1;
    if (error.code !== 'stopped') this.#trouble = { reason: error.reason, text: error.message };
  }

  heard(): void {
    if (this.#trouble?.reason === 'not_heard') this.#trouble = undefined;
  }

  silent(): void {
    const text = 'The lock is not heard any more. Is it in range, and are its batteries good?';
    this.#trouble = { reason: 'not_heard', text };
  }
}

/** The lock's own word about our key; a sealed vault says nothing about the lock. */
export function isRefusal(error: LockError): boolean {
  return error.code === 'unauthenticated' && error.reason !== 'sealed';
}
