// Questions and answers on the sealed characteristic (nuki.md 7): seals, opens, matches, and hears what comes unasked.
import { ByteReader, hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Ground } from '../../lock/driver.ts';
import { Exchange } from '../../lock/exchange.ts';
import type { Link } from '../../radio/radio.ts';
import { Gatherer, type Heard, LONGEST, type Message, type Opened, nonceOf, openFrame, sealedFrame } from './frame.ts';
import { NONCE } from './keys.ts';
import { refusal } from './refusals.ts';
import { COMPLETE, type ErrorReport, command, readError, readStatus } from './wire.ts';

/** Locks answer within some tenths of a second; other clients give them three (nuki.md 12). */
export const ANSWER_MS = 3000;
/** What changes nothing is asked once more before all patience is spent: an answer may get lost. */
const AGAIN_AFTER_MS = 1500;
/** Finding services on some radios, and both subscriptions. */
const START_MS = 5000;
/** The "done" behind an answer that came already: not every lock sends it (23.1). */
const TRAILING_MS = 1000;
/** Enough to know a message that the radio brings twice. */
const REMEMBERED = 64;

const SEALED = 'a92ee202550111e4916c0800200c9a66';
const PLAIN = 'a92ee201550111e4916c0800200c9a66';

/** What a question gives for a message that belongs to its answer without being the end of it. */
export const MORE: unique symbol = Symbol('more');

export interface Asking<T> {
  /** For people, after "The lock did not answer" and "The lock refused". */
  what: string;
  /** The answer, MORE, or undefined when this has nothing to do with it. */
  read(message: Message): T | typeof MORE | undefined;
  withinMs?: number;
  /** The lock moves or changes by it. */
  act?: boolean;
  /** The link survives its silence. */
  optional?: boolean;
  /** It changes nothing and a late answer does no harm: asked again after a silence. */
  again?: boolean;
}

/** For answers of one message. */
export function only<T>(of: number, read: (data: ByteReader) => T): Asking<T>['read'] {
  return message => (message.command === of ? read(new ByteReader(message.payload)) : undefined);
}

/** For what is answered by "done" alone. */
export function done(message: Message): true | typeof MORE | undefined {
  if (message.command !== command.status) return undefined;
  return readStatus(new ByteReader(message.payload)) === COMPLETE ? true : MORE;
}

export class Talk {
  readonly #ground: Ground;
  readonly #exchange: Exchange<Heard>;
  readonly #key: Uint8Array;
  readonly #authId: number;
  readonly #ear: (message: Message) => void;
  readonly #nonces = new Set<string>();
  #opened: { frame: Heard; message: Opened } | undefined;
  /** It was part of an answer, so it is not told again. */
  #taken: Heard | undefined;
  /** What came behind the last answer: "done", or a no. */
  #behind: 'done' | ErrorReport | undefined;

  /** `heard` gets what answers nothing. */
  constructor(link: Link, ground: Ground, how: { key: Uint8Array; authId: number; heard: (message: Message) => void }) {
    this.#ground = ground;
    this.#key = how.key;
    this.#authId = how.authId;
    this.#ear = how.heard;
    const channel = {
      write: SEALED,
      notify: SEALED,
      // A message is one write, long or not: nothing on the way marks where one begins.
      pieceSize: LONGEST,
      response: true,
      beside: { [PLAIN]: new Gatherer('plain') },
    };
    this.#exchange = new Exchange(link, channel, new Gatherer('sealed'), {
      clock: ground.clock,
      signal: ground.signal,
      log: ground.log,
      unasked: frame => this.#unasked(frame),
      roundTrip: ms => ground.report({ kind: 'roundTrip', ms }),
    });
  }

  get closed(): Promise<void> {
    return this.#exchange.closed;
  }

  start(): Promise<void> {
    return this.#exchange.start(START_MS);
  }

  async ask<T>(message: Message, how: Asking<T>): Promise<T> {
    if (!how.again) return this.#ask(message, how);
    try {
      return await this.#ask(message, { ...how, withinMs: AGAIN_AFTER_MS, optional: true });
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'timeout') throw thrown;
      return this.#ask(message, how);
    }
  }

  /** Waits for the "done" that may follow an answer; whether it came. The lock may still say no. */
  async trailing(what: string, withinMs = TRAILING_MS): Promise<boolean> {
    if (this.#behind === 'done') return true;
    if (this.#behind) throw refusal(this.#behind, plainly(what));
    try {
      const take = (frame: Heard): true | undefined => (this.#take(frame, { what, read: done }) ? true : undefined);
      return await this.#exchange.wait({ what, withinMs, optional: true, take });
    } catch (thrown) {
      if (thrown instanceof LockError && thrown.code === 'timeout') return false;
      throw thrown;
    }
  }

  close(): Promise<void> {
    return this.#exchange.close();
  }

  #ask<T>(message: Message, how: Asking<T>): Promise<T> {
    this.#behind = undefined;
    const nonce = this.#ground.random(NONCE);
    const frame = sealedFrame({ key: this.#key, authId: this.#authId, nonce }, message);
    return this.#exchange.ask<T>(frame, {
      what: how.what,
      withinMs: how.withinMs ?? ANSWER_MS,
      take: heard => this.#take(heard, how),
      ...(how.act && { act: true }),
      ...(how.optional && { optional: true }),
    });
  }

  #take<T>(frame: Heard, how: Pick<Asking<T>, 'what' | 'read'>): T | undefined {
    const what = plainly(how.what);
    if ('plain' in frame) {
      if (frame.plain.command !== command.error) return undefined;
      throw unsealed(refusal(readError(new ByteReader(frame.plain.payload)), what));
    }
    const message = this.#open(frame);
    if (!message) return undefined;
    if (message.command === command.error) throw refusal(readError(new ByteReader(message.payload)), what);
    const said = how.read(message);
    if (said === undefined) return undefined;
    this.#taken = frame;
    if (said !== MORE) return said;
    return undefined;
  }

  /** Undefined for one that was heard before. */
  #open(frame: { sealed: Uint8Array }): Opened | undefined {
    if (this.#opened?.frame === frame) return this.#opened.message;
    const message = openFrame(this.#key, frame.sealed);
    if (message.authId !== this.#authId) {
      throw new LockError('malformed', 'The lock sent a message that was meant for another client.', {
        reason: 'authid',
      });
    }
    const nonce = hex(nonceOf(frame.sealed));
    if (this.#nonces.has(nonce)) return undefined;
    this.#nonces.add(nonce);
    for (const oldest of this.#nonces) if (this.#nonces.size > REMEMBERED) this.#nonces.delete(oldest);
    this.#opened = { frame, message };
    return message;
  }

  #unasked(frame: Heard): void {
    if (this.#taken === frame) return;
    let message: Message | undefined;
    try {
      message = 'plain' in frame ? frame.plain : this.#open(frame);
    } catch {
      return this.#ground.log.debug('heard a message that cannot be read');
    }
    if (!message || 'plain' in frame) return;
    if (message.command === command.error) this.#behind = readError(new ByteReader(message.payload));
    else if (message.command === command.status && done(message) === true) this.#behind = 'done';
    else this.#ear(message);
  }
}

function plainly(what: string): string {
  return what.replace(/^to /, '');
}

/** Without a seal anybody may have said it: not a no that counts as the lock's own. */
function unsealed(error: LockError): LockError {
  if (error.code === 'unauthenticated') return error;
  const text = 'The lock could not read what we said. Try again.';
  return new LockError('malformed', text, { reason: error.reason, cause: error });
}
