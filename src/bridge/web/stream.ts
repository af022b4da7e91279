// Server-sent events: one reader, its heartbeat, and an end when it falls behind.
import type { FastifyReply } from 'fastify';
import { every, type Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Caller } from './caller.ts';

/** Each reader costs memory and a heartbeat; of all streams together. */
const MOST_READERS = 32;
/** Of one login, link or token: a guest with many tabs must not close the ears of everybody else. */
const MOST_OF_ONE = 16;
/** A reader that has fallen so far behind is cut off; it takes up again where it was. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** How soon a browser comes back. */
const RETRY_MS = 2000;
/** Proxies cut a silent stream after 30 s or later. */
export const HEARTBEAT_MS = 15_000;

export interface Sent {
  event: string;
  data: unknown;
  /** For Last-Event-ID. */
  id?: string;
}

/** All streams of an API: they are counted together. */
export class Streams {
  readonly #clock: Clock;
  #readers = 0;
  readonly #of = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes a stream of the answer. `begin` is called once with what sends, and gives back what ends it. Throws `busy` when
   * there are too many.
   */
  open(reply: FastifyReply, caller: Caller, begin: (send: (sent: Sent) => void) => () => void): void {
    const leave = this.#enter(caller);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const write = (text: string): void => {
      if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
      else if (!raw.destroyed) raw.write(text);
    };
    write(`retry: ${RETRY_MS}\n\n`);
    const end = begin(({ event, data, id }) => {
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    const still = every(this.#clock, HEARTBEAT_MS, () => write(': still here\n\n'));
    raw.once('close', () => {
      leave();
      end();
      still();
    });
    raw.once('error', () => raw.destroy());
  }

  /** The answer takes it back. */
  #enter({ way, id }: Caller): () => void {
    const own = this.#of.get(id) ?? 0;
    // Whoever has the control socket has the machine.
    if (this.#readers >= MOST_READERS || (own >= MOST_OF_ONE && way !== 'cli')) {
      const text = 'Too many windows or programs listen at once; close one of them.';
      throw new LockError('busy', text, { reason: 'readers' });
    }
    this.#readers += 1;
    this.#of.set(id, own + 1);
    return () => {
      this.#readers -= 1;
      const left = (this.#of.get(id) ?? 1) - 1;
      if (left > 0) this.#of.set(id, left);
      else this.#of.delete(id);
    };
  }
}
