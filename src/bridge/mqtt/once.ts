// What comes twice acts once: a resent packet, or the same request under the same transaction. Both get the one answer.
import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Received } from './client.ts';
import { type Envelope, keyOf } from './envelope.ts';

/** A resend comes within the life of a command; later it is a new wish under an old number. */
const REMEMBERED = 15_000;
const MOST_REMEMBERED = 512;

export class Once {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { at: number; answer: Promise<Envelope> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Acts, or gives the answer that the first of its kind got. Payloads are kept as digests only. */
  answer(message: Received, transaction: unknown, act: () => Promise<Envelope>): Promise<Envelope> {
    const digest = createHash('sha256').update(message.payload).digest('base64');
    const plain = `${message.topic} ${digest}`;
    const number = keyOf(transaction);
    const numbered = number === undefined ? undefined : `${plain} ${number}`;
    const earlier = this.#recall(numbered) ?? (message.dup ? this.#recall(plain) : undefined);
    if (earlier) return earlier;
    const answer = act();
    this.#remember(plain, answer);
    if (numbered !== undefined) this.#remember(numbered, answer);
    return this.#unlessTooFast(answer, [plain, ...(numbered === undefined ? [] : [numbered])]);
  }

  /** What was refused for coming too fast may be asked again under its number. */
  async #unlessTooFast(answer: Promise<Envelope>, keys: string[]): Promise<Envelope> {
    const envelope = await answer;
    if (envelope.code === 'rate') for (const key of keys) this.#answers.delete(key);
    return envelope;
  }

  #recall(key: string | undefined): Promise<Envelope> | undefined {
    const entry = key === undefined ? undefined : this.#answers.get(key);
    return entry && this.#clock.elapsed() - entry.at <= REMEMBERED ? entry.answer : undefined;
  }

  #remember(key: string, answer: Promise<Envelope>): void {
    this.#answers.delete(key);
    this.#answers.set(key, { at: this.#clock.elapsed(), answer });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST_REMEMBERED && oldest !== undefined) this.#answers.delete(oldest);
  }
}
