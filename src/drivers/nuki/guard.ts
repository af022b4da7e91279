// What a lock wants before it does something (nuki.md 7, 11): a fresh challenge answered each time, and for most its PIN.
import { sleep } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Ground } from '../../lock/driver.ts';
import { type Key, without } from './credential.ts';
import type { Message } from './frame.ts';
import { CODE_BARRED, LOCK_BUSY, STALE_REASONS, WRONG_CODE, refusedFor } from './refusals.ts';
import { type States, readStates } from './state-wire.ts';
import { reportStates } from './status.ts';
import { type Asking, type Talk, done, only } from './talk.ts';
import { command, guarded, message, pinBytes, readChallenge, requestData } from './wire.ts';

/** A motor runs for 2 to 12 s; a lock that is busy longer is told of by its refusal. */
const BUSY_PAUSE_MS = 1500;
const BUSY_TRIES = 3;
/** Nobody knows how long a lock bars its PIN; asked too early it may bar it for longer. */
const BARRED_MS = 15 * 60_000;

export interface GuardParts {
  talk: Talk;
  ground: Ground;
  key(): Key;
  /** What the PIN turned out to be: the session keeps it. */
  become(key: Key): void;
}

export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** How the lock stands, told as well. */
  async states(): Promise<States> {
    const { talk, ground } = this.#parts;
    const how = { what: 'to how it stands', read: only(command.state, readStates), again: true };
    const states = await talk.ask(requestData(command.state), how);
    reportStates(ground, states);
    return states;
  }

  /**
   * Proves with a fresh challenge that we are there now. Repeated only after the lock's own no: with another challenge when
   * it called this one stale, after a pause while it is busy.
   */
  async challenged<T>(asked: Message, how: Asking<T>, pin?: Uint8Array): Promise<T> {
    const { talk, ground } = this.#parts;
    const ask = { what: 'to the request for a challenge', read: only(command.challenge, readChallenge), again: true };
    for (let stale = 0, busy = 1; ;) {
      const challenge = await talk.ask(requestData(command.challenge), ask);
      try {
        return await talk.ask(guarded(asked, challenge, pin), how);
      } catch (thrown) {
        if (refusedFor(thrown, STALE_REASONS) && stale++ === 0) continue;
        if (!refusedFor(thrown, [LOCK_BUSY]) || busy++ >= BUSY_TRIES) throw thrown;
        await sleep(ground.clock, BUSY_PAUSE_MS, ground.signal);
      }
    }
  }

  /** The same with the PIN. One that the lock refused is never sent again. */
  async withPin<T>(asked: Message, how: Asking<T>): Promise<T> {
    await this.settled();
    return this.withKnownPin(asked, how);
  }

  /** Throws without the PIN; finds out which of two it is, after a change whose answer was lost. */
  async settled(): Promise<void> {
    const { pin, nextPin } = this.#parts.key();
    if (pin === undefined) throw unknownPin();
    if (nextPin === undefined) return;
    const become = (is: string): void => this.#parts.become({ ...without(this.#parts.key(), 'nextPin'), pin: is });
    try {
      await this.verify(nextPin);
      become(nextPin);
    } catch (thrown) {
      if (!refusedFor(thrown, [WRONG_CODE])) throw thrown;
      become(pin);
    }
  }

  /** After `settled`. */
  async withKnownPin<T>(asked: Message, how: Asking<T>): Promise<T> {
    const key = this.#parts.key();
    this.checkRest(key);
    try {
      return await this.challenged(asked, how, pinBytes(key.generation, key.pin ?? ''));
    } catch (thrown) {
      if (refusedFor(thrown, [CODE_BARRED])) throw this.#barred(thrown);
      if (!refusedFor(thrown, [WRONG_CODE])) throw thrown;
      this.#parts.become(without(this.#parts.key(), 'pin', 'nextPin'));
      throw changedElsewhere(thrown);
    }
  }

  /** Tries this PIN at the lock, once. */
  async verify(digits: string): Promise<void> {
    const key = this.#parts.key();
    this.checkRest(key);
    try {
      const how = { what: 'this PIN', read: done };
      await this.challenged(message(command.verifyPin), how, pinBytes(key.generation, digits));
    } catch (thrown) {
      throw refusedFor(thrown, [CODE_BARRED]) ? this.#barred(thrown) : thrown;
    }
  }

  /** Throws `rejected` (reason `code_barred`) while no PIN may be tried. */
  checkRest({ pinNotBefore }: Key): void {
    const left = (pinNotBefore ?? 0) - this.#parts.ground.clock.now();
    if (left <= 0) return;
    const minutes = Math.ceil(left / 60_000);
    const text = `The PIN of this lock was wrong too often. Wait ${minutes} min before the next try, or it may be barred for longer.`;
    throw new LockError('rejected', text, { reason: CODE_BARRED });
  }

  #barred(refused: LockError): LockError {
    this.#parts.become({ ...this.#parts.key(), pinNotBefore: this.#parts.ground.clock.now() + BARRED_MS });
    return refused;
  }
}

function unknownPin(): LockError {
  const text = 'The lock does this only for somebody who knows its PIN. Tell it here first: admin-code LOCK tell.';
  return new LockError('forbidden', text, { reason: 'admin_code_needed' });
}

function changedElsewhere(refused: LockError): LockError {
  const text =
    'The PIN that we have of this lock is not its PIN any more. Tell the new one (admin-code LOCK tell); until then none is tried.';
  return new LockError('rejected', text, { reason: WRONG_CODE, cause: refused });
}
