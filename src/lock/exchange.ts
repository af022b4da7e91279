// Questions and answers on one link. It knows no lock: a framer makes frames, the question says which frame answers it.
import { type Clock, stopped, within } from '../base/clock.ts';
import { pieces } from '../base/bytes.ts';
import { type Acted, LockError, asLockError, mayHaveActed, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Link } from '../radio/radio.ts';

/** Bytes in, whole frames out. Never throws; garbage is skipped. */
export interface Framer<F> {
  feed(bytes: Uint8Array): F[];
  clear(): void;
}

export interface Channel<F = never> {
  write: string;
  notify: string;
  /** Most bytes in one write. */
  pieceSize: number;
  response?: boolean;
  /** Further characteristics on which answers come, each with a framer of its own. */
  beside?: Readonly<Record<string, Framer<F>>>;
}

export interface Question<F, T> {
  /** For people, after "The lock did not answer": e.g. "to the login". */
  what: string;
  /** One deadline for writing and answering together. */
  withinMs: number;
  /** The answer, or undefined when this frame is not it. A throw is the answer "no". */
  take(frame: F): T | undefined;
  /** The lock moves or changes when it gets this: errors after the last piece say acted 'maybe'. */
  act?: boolean;
  /** Each piece is confirmed by the other radio: only the answer can get lost. */
  sure?: boolean;
  /** The link survives silence: for optional questions whose late answer cannot be mistaken for another. */
  optional?: boolean;
}

/** An adapter hangs up within some connection intervals; one that does not must not hold up the bad news. */
const GONE_MS = 1000;

interface Open<F> {
  /** The question is out: only now can a frame answer it. A frame that comes earlier answers something older. */
  asked: boolean;
  take(frame: F): unknown;
  settle(value: unknown): void;
  fail(error: LockError): void;
}

export interface Around<F> {
  clock: Clock;
  signal: AbortSignal;
  log: Log;
  /** Frames that answer nothing. */
  unasked(frame: F): void;
  roundTrip?(ms: number): void;
}

/**
 * Rules of this file: one question at a time; every question ends by its deadline, by the end of the link or by an
 * abort; whatever throws inside a notification fails the question and closes the link, never the process.
 */
export class Exchange<F> {
  readonly #link: Link;
  readonly #channel: Channel<F>;
  readonly #framer: Framer<F>;
  readonly #around: Around<F>;
  #open: Open<F> | undefined;
  #ended: LockError | undefined;
  #gone: Promise<void> = Promise.resolve();
  readonly #unhook: () => void;

  constructor(link: Link, channel: Channel<F>, framer: Framer<F>, around: Around<F>) {
    this.#link = link;
    this.#channel = channel;
    this.#framer = framer;
    this.#around = around;
    const aborted = (): void => void this.#end(stopped(around.signal));
    around.signal.addEventListener('abort', aborted, { once: true });
    this.#unhook = () => around.signal.removeEventListener('abort', aborted);
    void link.closed.then(() => this.#end(new LockError('unreachable', 'The connection to the lock was lost.')));
    if (around.signal.aborted) aborted();
  }

  get closed(): Promise<void> {
    return this.#link.closed;
  }

  /** Starts listening; must come before the first question. */
  async start(withinMs: number): Promise<void> {
    const framers = [[this.#channel.notify, this.#framer] as const, ...Object.entries(this.#channel.beside ?? {})];
    await this.within('to the start of notifications', withinMs, async () => {
      for (const [notify, framer] of framers) {
        await this.#link.subscribe(notify, bytes => this.#heard(framer, bytes));
      }
    });
  }

  /** Any other call on the link, with a deadline and the same ends as a question. */
  within<T>(what: string, withinMs: number, work: () => Promise<T>): Promise<T> {
    return this.#hold<T>({ what, withinMs, take: () => undefined }, async settle => settle(await work()), false);
  }

  /** Writes the frame piece by piece and waits for its answer. */
  ask<T>(frame: Uint8Array, question: Question<F, T>): Promise<T> {
    return this.#hold<T>(question, async (_settle, written, current) => {
      const parts = pieces(frame, this.#channel.pieceSize);
      for (const [i, part] of parts.entries()) {
        if (i === parts.length - 1) written();
        await this.#link.write(this.#channel.write, part, {
          response: question.sure ?? this.#channel.response ?? false,
        });
        // What is given up is not sent on: its rest would land in the middle of the next frame.
        if (!current()) return;
      }
    });
  }

  /** Waits for a frame that the lock sends by itself, e.g. a card that a person presents. */
  wait<T>(question: Question<F, T>): Promise<T> {
    return this.#hold<T>(question, async (_settle, written) => written());
  }

  async close(): Promise<void> {
    await this.#end(new LockError('stopped', 'The session was closed.'));
  }

  #hold<T>(
    question: Question<F, T>,
    work: (settle: (value: T) => void, written: () => void, current: () => boolean) => Promise<void>,
    counts = true,
  ): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#open) return Promise.reject(new LockError('busy', 'The session is busy with another question.'));
    const { clock } = this.#around;
    const began = clock.elapsed();
    let acted: Acted = 'no';
    return new Promise<T>((resolve, reject) => {
      const done = (): void => {
        cancel();
        if (this.#open === open) this.#open = undefined;
      };
      const open: Open<F> = {
        asked: false,
        take: frame => question.take(frame),
        settle: value => {
          done();
          if (counts) this.#around.roundTrip?.(clock.elapsed() - began);
          resolve(value as T);
        },
        fail: error => {
          done();
          reject(acted === 'maybe' && error.code !== 'rejected' ? mayHaveActed(error) : error);
        },
      };
      const cancel = clock.after(question.withinMs, () => {
        this.#clear();
        const seconds = Math.round(question.withinMs / 100) / 10;
        const late = new LockError('timeout', `The lock did not answer ${question.what} within ${seconds} s.`);
        if (question.optional) open.fail(late);
        else void this.#end(late);
      });
      this.#open = open;
      work(
        value => this.#open === open && open.settle(value),
        () => {
          open.asked = true;
          acted = question.act ? 'maybe' : 'no';
        },
        () => this.#open === open,
      ).catch((thrown: unknown) => {
        if (this.#open !== open) return;
        void this.#end(asLockError(thrown, 'unreachable', 'The connection to the lock failed.'));
      });
    });
  }

  #heard(framer: Framer<F>, bytes: Uint8Array): void {
    if (this.#ended) return;
    try {
      for (const frame of framer.feed(bytes)) this.#hand(frame);
    } catch (thrown) {
      this.#around.log.warn({ err: thrown }, 'a notification could not be handled; the session ends');
      void this.#end(asLockError(thrown, 'malformed', 'The lock sent something that makes no sense.'));
    }
  }

  #hand(frame: F): void {
    const open = this.#open;
    if (!open?.asked) return this.#around.unasked(frame);
    let value: unknown;
    try {
      value = open.take(frame);
    } catch (thrown) {
      const error = asLockError(thrown, 'malformed', 'The lock sent an answer that makes no sense.');
      if (error.code === 'rejected') return open.fail(error);
      return void this.#end(error);
    }
    if (value === undefined) this.#around.unasked(frame);
    else open.settle(value);
  }

  #clear(): void {
    for (const framer of [this.#framer, ...Object.values(this.#channel.beside ?? {})]) framer.clear();
  }

  /** Whoever ends it too waits for the one end: until then the link looks open to others. */
  #end(error: LockError): Promise<void> {
    if (this.#ended) return this.#gone;
    this.#ended = error;
    this.#unhook();
    this.#clear();
    this.#open?.fail(error);
    const late = (): LockError => new LockError('timeout', 'The adapter did not confirm the end of a connection.');
    this.#gone = within(this.#around.clock, GONE_MS, this.#link.close(), late).catch((thrown: unknown) =>
      this.#around.log.debug({ err: textOf(thrown) }, 'closing a link'),
    );
    return this.#gone;
  }
}
