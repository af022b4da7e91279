// Questions and answers while pairing (nuki.md 5, 6): plain on one characteristic, sealed at the end of the fifth generation.
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Ground } from '../../lock/driver.ts';
import { Exchange } from '../../lock/exchange.ts';
import type { Link } from '../../radio/radio.ts';
import { Gatherer, type Heard, LONGEST, type Message, openFrame, plainFrame, sealedFrame } from './frame.ts';
import { NONCE } from './keys.ts';
import { NO_AUTH_ID } from './pair-wire.ts';
import { NOT_AUTHORISED, refusal } from './refusals.ts';
import { command, readError } from './wire.ts';

/** Agreeing on keys takes a small processor a while; other clients give the whole pairing 30 s (nuki.md 12). */
const STEP_MS = 8000;
const START_MS = 5000;

export interface PairStep<T> {
  /** For people, after "The lock did not answer". */
  what: string;
  /** What may come, by command. */
  answers: Readonly<Record<number, (data: ByteReader) => T>>;
  /** The lock may list us from now on. */
  act?: boolean;
}

export class PairTalk {
  readonly #ground: Ground;
  readonly #exchange: Exchange<Heard>;
  readonly #gatherer = new Gatherer('plain');

  constructor(link: Link, ground: Ground, characteristic: string) {
    this.#ground = ground;
    const channel = { write: characteristic, notify: characteristic, pieceSize: LONGEST, response: true };
    this.#exchange = new Exchange(link, channel, this.#gatherer, {
      clock: ground.clock,
      signal: ground.signal,
      log: ground.log,
      unasked: () => ground.log.debug('the lock said something out of turn while pairing'),
    });
  }

  start(): Promise<void> {
    return this.#exchange.start(START_MS);
  }

  ask<T>(message: Message, step: PairStep<T>): Promise<T> {
    return this.#ask(plainFrame(message), step, heard => ('plain' in heard ? heard.plain : undefined));
  }

  /** From here on the lock answers sealed, or with a plain error. */
  askSealed<T>(shared: Uint8Array, message: Message, step: PairStep<T>): Promise<T> {
    this.#gatherer.expects = 'sealed';
    const frame = sealedFrame({ key: shared, authId: NO_AUTH_ID, nonce: this.#ground.random(NONCE) }, message);
    return this.#ask(frame, step, heard => ('plain' in heard ? heard.plain : openFrame(shared, heard.sealed)));
  }

  close(): Promise<void> {
    return this.#exchange.close();
  }

  #ask<T>(frame: Uint8Array, step: PairStep<T>, open: (heard: Heard) => Message | undefined): Promise<T> {
    return this.#exchange.ask<T>(frame, {
      what: step.what,
      withinMs: STEP_MS,
      ...(step.act && { act: true }),
      take: heard => {
        const message = open(heard);
        if (!message) return undefined;
        const data = new ByteReader(message.payload);
        if (message.command === command.error) throw refused(readError(data).code, step.what);
        return step.answers[message.command]?.(data);
      },
    });
  }
}

/** While pairing nobody is known yet: "not authorised" is then a no like any other. */
function refused(code: number, what: string): LockError {
  const plainly = what.replace(/^to /, '');
  if (code !== NOT_AUTHORISED) return refusal({ code, command: 0 }, plainly);
  const text = `The lock refused ${plainly}. Hold its button and pair it again.`;
  return new LockError('rejected', text, { reason: 'pairing_refused' });
}
