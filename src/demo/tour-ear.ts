// Hears and speaks MQTT for the tour, and prints the lines that matter.
import { type MqttClient, connectAsync } from 'mqtt';
import { type Clock, unlessAborted, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';

/** One message; `body` is empty when it is not an object. */
export interface Line {
  topic: string;
  body: Readonly<Record<string, unknown>>;
  /** Where it is one. */
  list?: readonly unknown[];
}

const BASE = 'latchbridge';
/** Each step of the story takes far less; a broken one should not hold up CI. */
const SEE_MS = 20_000;
const MOST_SHOWN = 150;

interface Watch {
  topic: string;
  wanted(line: Line): boolean;
  found(line: Line): void;
}
type Newest = (topic: string) => Line | undefined;

export class Ear {
  readonly #client: MqttClient;
  readonly #clock: Clock;
  readonly #out: (line: string) => void;
  readonly #watches = new Set<Watch>();
  /** Looked at after every message. */
  readonly #looks = new Set<() => void>();
  /** The newest message of each topic. */
  readonly #newest = new Map<string, Line>();
  readonly #closed = new AbortController();
  #asked = 0;
  #shown = '';

  static async listen(url: string, parts: { clock: Clock; out: (line: string) => void }): Promise<Ear> {
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
    const ear = new Ear(client, parts);
    await client.subscribeAsync([`${BASE}/#`]);
    return ear;
  }

  private constructor(client: MqttClient, { clock, out }: { clock: Clock; out: (line: string) => void }) {
    this.#client = client;
    this.#clock = clock;
    this.#out = out;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => this.#heard(topic.slice(BASE.length + 1), payload.toString()));
  }

  async close(): Promise<void> {
    this.#closed.abort(new LockError('stopped', 'nobody listens any more'));
    await this.#client.endAsync(true);
  }

  async publish(topic: string, text: string): Promise<void> {
    this.#show('→', topic, text);
    await this.#client.publishAsync(`${BASE}/${topic}`, text, { qos: 1 });
  }

  /** Publishes a request and gives its envelope. */
  async ask(request: string, body: Readonly<Record<string, unknown>>): Promise<Line['body']> {
    this.#asked += 1;
    const transaction = `tour-${this.#asked}`;
    const answered = this.see(`bridge/response/${request}`, line => line.body['transaction'] === transaction);
    await this.publish(`bridge/request/${request}`, JSON.stringify({ ...body, transaction }));
    return (await answered).body;
  }

  /** The newest message of that topic if it is wanted, else the next one that is. */
  async now(topic: string, wanted: (line: Line) => boolean): Promise<Line> {
    const newest = this.#newest.get(topic);
    return newest && wanted(newest) ? newest : this.see(topic, wanted);
  }

  /** The next message of that topic that is wanted. */
  see(topic: string, wanted: (line: Line) => boolean): Promise<Line> {
    let watch: Watch | undefined;
    const found = new Promise<Line>(resolve => {
      watch = { topic, wanted, found: resolve };
      this.#watches.add(watch);
    });
    const late = (): LockError =>
      new LockError(
        'timeout',
        `nothing came on ${BASE}/${topic} that fits the story; the newest was ${JSON.stringify(this.#newest.get(topic)?.body ?? null)}`,
      );
    return within(this.#clock, SEE_MS, found, late).finally(() => watch && this.#watches.delete(watch));
  }

  /** What `look` finds in the newest messages, now or later. */
  until<T>(what: string, look: (newest: Newest) => T | undefined, limitMs = SEE_MS): Promise<T> {
    let again: () => void = () => undefined;
    const found = new Promise<T>(resolve => {
      again = () => {
        const it = look(topic => this.#newest.get(topic));
        if (it !== undefined) resolve(it);
      };
    });
    this.#looks.add(again);
    again();
    const late = (): LockError => new LockError('timeout', `${BASE}/${what} did not go on as the story has it`);
    const heard = unlessAborted(this.#closed.signal, found);
    return within(this.#clock, limitMs, heard, late).finally(() => this.#looks.delete(again));
  }

  #heard(topic: string, text: string): void {
    const list = listOf(text);
    const line: Line = { topic, body: bodyOf(text), ...(list && { list }) };
    this.#newest.set(topic, line);
    if (/^front_door(\/event)?$|^bridge\/response\/|^demo\/.*\/said$|^flow\/.*\/(state|prompt)$/.test(topic))
      this.#show('←', topic, text);
    for (const look of this.#looks) look();
    for (const watch of this.#watches) if (watch.topic === topic && watch.wanted(line)) watch.found(line);
  }

  /** Shows what matters of a message; the PIN of the story never does. */
  #show(arrow: string, topic: string, text: string): void {
    const whole = bodyOf(text);
    const { state, ha_state: ha, reachable, ...body } = whole;
    const isState = ha !== undefined || (state !== undefined && reachable !== undefined);
    const isFlow = topic.startsWith('flow/') && state !== undefined;
    const short = isState ? { state, ha_state: ha, reachable } : isFlow ? { state, step: body['step'] } : masked(body);
    const shown = Object.keys(whole).length === 0 ? text : JSON.stringify(short);
    const line = `   ${arrow} ${BASE}/${topic}  ${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}`;
    if (line === this.#shown) return;
    this.#shown = line;
    this.#out(line);
  }
}

function masked(body: Record<string, unknown>): Record<string, unknown> {
  const hidden = ['pin_code', 'digits', 'token', 'by', 'confirm_token'];
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, hidden.includes(key) ? '•••' : value]));
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function listOf(text: string): readonly unknown[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}
