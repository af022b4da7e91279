// A broker and the client library's side of it in virtual time: what `bridge/mqtt/client.ts` uses of the package `mqtt`.
import { EventEmitter } from 'node:events';
import type { IClientOptions, IPublishPacket } from 'mqtt';
import { LockError } from '../../src/base/errors.ts';
import type { VirtualClock } from '../../src/base/virtual-clock.ts';

/** A local network. */
const TRIP_MS = 2;
/** As Mosquitto allows. */
const RECEIVE_MAXIMUM = 20;

type Told = (error?: Error) => void;
interface Ear {
  (topic: string, text: string): void;
}

/** Brokers by their URL, since `connect` gets nothing else. */
const brokers = new Map<string, VirtualBroker>();

export class VirtualBroker {
  readonly clock: VirtualClock;
  readonly retained = new Map<string, string>();
  readonly url: string;
  readonly #clients = new Set<VirtualClient>();
  readonly #ears = new Set<Ear>();
  #up = true;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.url = `mqtt://virtual-${brokers.size}`;
    brokers.set(this.url, this);
  }

  get up(): boolean {
    return this.#up;
  }

  /** Every connection drops; what was retained is gone, too, unless the broker keeps it on its disk. */
  goDown(how: { forgets: boolean }): void {
    this.#up = false;
    for (const client of this.#clients) client.cut();
    if (how.forgets) this.retained.clear();
  }

  comeUp(): void {
    this.#up = true;
  }

  /** Another client that hears what is published from now on. */
  hear(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** Another client says it. */
  publish(topic: string, text: string): void {
    this.take(topic, Buffer.from(text), { retain: false });
  }

  add(client: VirtualClient): void {
    this.#clients.add(client);
  }

  /** `tell`: nobody said goodbye, so its will is told. */
  remove(client: VirtualClient, tell: boolean): void {
    if (!this.#clients.delete(client)) return;
    const { will } = client.options;
    if (tell && will && this.#up) this.take(will.topic, will.payload as Buffer, { retain: will.retain === true });
  }

  take(topic: string, payload: Buffer, how: { retain: boolean; from?: VirtualClient }): void {
    if (how.retain && payload.length > 0) this.retained.set(topic, payload.toString());
    else if (how.retain) this.retained.delete(topic);
    for (const ear of this.#ears) ear(topic, payload.toString());
    for (const client of this.#clients) if (client !== how.from) client.deliver(topic, payload, false);
  }

  stop(): void {
    this.goDown({ forgets: true });
    brokers.delete(this.url);
  }
}

/** As much of an `MqttClient` as our bridge uses; nothing is resent or queued, as it is told to. */
class VirtualClient {
  readonly options: IClientOptions;
  readonly stream = Object.assign(new EventEmitter(), { setNoDelay: () => undefined, destroy: () => undefined });
  disconnecting = false;
  readonly #emitter = new EventEmitter();
  readonly #broker: VirtualBroker;
  readonly #filters = new Set<string>();
  readonly #pending = new Set<Told>();
  #connected = false;
  #closed = false;

  constructor(broker: VirtualBroker, options: IClientOptions) {
    this.#broker = broker;
    this.options = options;
    this.#later(() => (broker.up ? this.#connect() : this.#refuse()));
  }

  on(event: string, ear: (...said: never[]) => void): this {
    this.#emitter.on(event, ear as () => void);
    return this;
  }

  publish(topic: string, payload: string, how: { retain?: boolean }, told: Told): void {
    if (!this.#connected) return queueMicrotask(() => told(new RangeError('Connection closed')));
    this.#pending.add(told);
    this.#later(() => {
      if (!this.#connected) return;
      this.#broker.take(topic, Buffer.from(payload), { retain: how.retain === true, from: this });
      // The acknowledgement is a trip of its own.
      this.#later(() => void (this.#pending.delete(told) && told()));
    });
  }

  subscribe(
    filters: string | readonly string[],
    _how: object,
    told: (error: Error | null, granted?: object[]) => void,
  ): void {
    const all = typeof filters === 'string' ? [filters] : filters;
    this.#later(() => {
      if (!this.#connected) return told(new RangeError('Connection closed'));
      for (const filter of all) this.#filters.add(filter);
      told(
        null,
        all.map(topic => ({ topic, qos: 1 })),
      );
      const kept = [...this.#broker.retained].filter(([topic]) => all.some(filter => matches(filter, topic)));
      for (const [topic, text] of kept) this.deliver(topic, Buffer.from(text), true);
    });
  }

  unsubscribe(filter: string, told: () => void): void {
    this.#filters.delete(filter);
    this.#later(told);
  }

  deliver(topic: string, payload: Buffer, retain: boolean): void {
    this.#later(() => {
      if (!this.#connected || ![...this.#filters].some(filter => matches(filter, topic))) return;
      const packet = { cmd: 'publish', topic, payload, retain, dup: false, qos: 1 } as unknown as IPublishPacket;
      this.#emitter.emit('message', topic, payload, packet);
    });
  }

  end(force = false, _options: object = {}, ended: () => void = () => undefined): this {
    this.disconnecting = true;
    this.#close(force);
    this.#later(ended);
    return this;
  }

  /** The connection breaks without a word. */
  cut(): void {
    this.#close(true);
  }

  #connect(): void {
    if (this.#closed) return;
    this.#connected = true;
    this.#broker.add(this);
    this.stream.emit('connect');
    this.#emitter.emit('connect', { cmd: 'connack', reasonCode: 0, properties: { receiveMaximum: RECEIVE_MAXIMUM } });
  }

  #refuse(): void {
    if (this.#closed) return;
    this.#emitter.emit('error', Object.assign(new RangeError('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    this.#close(true);
  }

  #close(tell: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connected = false;
    this.#broker.remove(this, tell);
    for (const told of this.#pending) told(new RangeError('Connection closed'));
    this.#pending.clear();
    this.#emitter.emit('close');
  }

  #later(call: () => void): void {
    this.#broker.clock.after(TRIP_MS, call);
  }
}

/** What the package is called with. */
export function connect(url: string, options: IClientOptions): VirtualClient {
  const broker = brokers.get(url);
  if (!broker) throw new LockError('invalid', `There is no virtual broker ${url}.`);
  return new VirtualClient(broker, options);
}

/** A filter of MQTT: `+` is one level, `#` the rest. */
function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const parts = topic.split('/');
  return (
    wanted.every((part, i) => part === '#' || (i < parts.length && (part === '+' || part === parts[i]))) &&
    (wanted.at(-1) === '#' || wanted.length === parts.length)
  );
}
