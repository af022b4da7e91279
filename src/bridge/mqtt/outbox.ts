// What is to be on the broker. Retained topics are kept here by topic, newest value only, and go out again after every
// connect; what is not retained waits in a short queue. Memory stays bounded however slow or absent the broker is.
import type { Clock } from '../../base/clock.ts';

export interface Outgoing {
  topic: string;
  payload: string;
  retain: boolean;
  qos: 0 | 1;
  /** Seconds after which the broker forgets it, and we too. */
  expiresIn?: number;
  correlation?: Uint8Array;
}
/** Hands one message to the connection; `done` when the broker has it (qos 1) or it has left (qos 0). */
export type Send = (message: Outgoing, done: (ok: boolean) => void) => void;

/** Unanswered messages at once: below every broker's usual receive maximum (Mosquitto 20). */
const MOST_IN_FLIGHT = 16;
/** Messages that wait; the oldest go first. Enough for a flood's answers and a few minutes of events. */
const MOST_WAITING = 256;
/** An event that reached nobody for so long is of no use any more. */
const EVENT_LIFE_S = 300;

export class Outbox {
  readonly #clock: Clock;
  /** What every retained topic should hold; '' is to be cleared and leaves once that has been sent. */
  readonly #retained = new Map<string, Outgoing>();
  readonly #dirty = new Set<string>();
  readonly #waiting: { message: Outgoing; until: number }[] = [];
  #send: Send | undefined;
  #most = MOST_IN_FLIGHT;
  #inFlight = 0;
  #connection = 0;
  #idle: (() => void)[] = [];
  /** Messages thrown away because too many waited. */
  dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps it on the broker. Sent only when it differs from what was kept, unless `always`. */
  keep(topic: string, payload: string, how: { always?: boolean } = {}): void {
    const before = this.#retained.get(topic);
    if (before?.payload === payload && !how.always) return;
    this.#retained.set(topic, { topic, payload, retain: true, qos: 1 });
    this.#dirty.add(topic);
    this.#flush();
  }

  /** Takes it off the broker, now or after the next connect. */
  clear(topic: string): void {
    this.#retained.set(topic, { topic, payload: '', retain: true, qos: 1 });
    this.#dirty.add(topic);
    this.#flush();
  }

  kept(topic: string): string | undefined {
    return this.#retained.get(topic)?.payload;
  }

  /** Says it once. */
  say(topic: string, payload: string, how: { qos?: 0 | 1; correlation?: Uint8Array } = {}): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting.shift();
      this.dropped++;
    }
    const message: Outgoing = {
      topic,
      payload,
      retain: false,
      qos: how.qos ?? 1,
      expiresIn: EVENT_LIFE_S,
      ...(how.correlation ? { correlation: how.correlation } : {}),
    };
    this.#waiting.push({ message, until: this.#clock.elapsed() + EVENT_LIFE_S * 1000 });
    this.#flush();
  }

  /** A connection is there: everything retained goes out. `receiveMaximum` is what the broker allows in flight. */
  attach(send: Send, receiveMaximum = MOST_IN_FLIGHT): void {
    this.#connection++;
    this.#inFlight = 0;
    this.#most = Math.max(1, Math.min(MOST_IN_FLIGHT, receiveMaximum));
    this.#send = send;
    this.repeat();
  }

  detach(): void {
    this.#send = undefined;
    this.#connection++;
    this.#inFlight = 0;
  }

  /** Sends every retained topic again, in the order in which they came to be. */
  repeat(): void {
    this.#dirty.clear();
    for (const topic of this.#retained.keys()) this.#dirty.add(topic);
    this.#flush();
  }

  /** Resolves when nothing waits and nothing is in flight, or no connection is left. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>(resolve => this.#idle.push(resolve));
  }

  #isIdle(): boolean {
    return !this.#send || (this.#inFlight === 0 && this.#dirty.size === 0 && this.#waiting.length === 0);
  }

  #flush(): void {
    while (this.#send && this.#inFlight < this.#most) {
      const next = this.#next();
      if (!next) break;
      this.#hand(next, this.#send);
    }
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** What is retained goes first: the state of a door matters more than the hundredth refusal. */
  #next(): Outgoing | undefined {
    for (const topic of this.#dirty) {
      this.#dirty.delete(topic);
      const message = this.#retained.get(topic);
      if (message) return message;
    }
    for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
      if (entry.until > this.#clock.elapsed()) return entry.message;
    }
    return undefined;
  }

  #hand(message: Outgoing, send: Send): void {
    const connection = this.#connection;
    this.#inFlight++;
    send(message, ok => {
      if (connection !== this.#connection) return;
      this.#inFlight--;
      const current = this.#retained.get(message.topic);
      if (ok && message.payload === '' && current === message) this.#retained.delete(message.topic);
      this.#flush();
    });
  }
}
