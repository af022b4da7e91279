// A broker in this process, a second client that listens to everything, and the bridge between them and the fakes.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { Secret, silent } from '../../../src/base/log.ts';
import { startMqtt, type MqttBridge, type MqttConfig, type MqttOptions } from '../../../src/bridge/mqtt/mqtt.ts';
import { FakeAccess, FakeLocks, FakePairing, makeUnpairing, makeView } from './fakes.ts';

/** How long a test waits for something that must come. */
const PATIENCE = 5000;
export const TOKEN = 'owner-token-4711';
export const LOCK = 'a1b2c3d4e5f6';

/** Real time, but pauses are twenty times shorter: for waiting out retries. */
export const hurried: Clock = {
  now: () => systemClock.now(),
  elapsed: () => systemClock.elapsed() * 20,
  after: (ms, call) => systemClock.after(ms / 20, call),
};

interface Persistence {
  createRetainedStreamCombi(topics: string[]): AsyncIterable<IPublishPacket>;
}

export class TestBroker {
  readonly aedes: Aedes;
  readonly port: number;
  readonly #server: Server;
  readonly #frozen: (() => void)[] = [];
  readonly #sockets: Set<Socket>;

  private constructor(aedes: Aedes, server: Server, sockets: Set<Socket>) {
    this.aedes = aedes;
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(port = 0, prepare: (aedes: Aedes) => void = () => undefined): Promise<TestBroker> {
    const aedes = await Aedes.createBroker();
    prepare(aedes);
    const sockets = new Set<Socket>();
    const server = createServer(socket => {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    return new TestBroker(aedes, server, sockets);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** What a client that comes later is told. */
  async retained(): Promise<Map<string, string>> {
    const kept = new Map<string, string>();
    // aedes has it, its types do not say so.
    const { persistence } = this.aedes as unknown as { persistence: Persistence };
    for await (const packet of persistence.createRetainedStreamCombi(['#']))
      kept.set(packet.topic, packet.payload.toString());
    return kept;
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Reads nothing any more from whoever is connected, and hangs up on nobody. */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.removeAllListeners('data');
      socket.removeAllListeners('readable');
      socket.pause();
      // The broker's own keepalive would hang up at the very moment at which the client gives up.
      const destroy = socket.destroy.bind(socket);
      this.#frozen.push(() => void destroy());
      socket.destroy = () => socket;
      socket.end = () => socket;
    }
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    for (const end of this.#frozen) end();
    await new Promise<void>(resolve => this.aedes.close(() => resolve()));
    this.cut();
    await closed;
  }
}

export interface Heard {
  topic: string;
  text: string;
  retain: boolean;
  packet: IPublishPacket;
  at: number;
}

/** A client that hears everything and can wait for something. */
export class Listener {
  readonly client: MqttClient;
  readonly heard: Heard[] = [];
  #waiting: (() => void)[] = [];

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (topic, payload, packet) => {
      this.heard.push({ topic, text: payload.toString(), retain: packet.retain, packet, at: performance.now() });
      for (const look of this.#waiting.splice(0)) look();
    });
  }

  static async join(url: string, options: IClientOptions = {}): Promise<Listener> {
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 100, ...options });
    (client.stream as Socket).setNoDelay(true);
    const listener = new Listener(client);
    await client.subscribeAsync('#', { qos: 1 });
    return listener;
  }

  on(topic: string): Heard[] {
    return this.heard.filter(heard => heard.topic === topic);
  }

  /** Parsed payloads of a topic, in order. */
  json(topic: string): Record<string, any>[] {
    return this.on(topic).flatMap(({ text }) => (text === '' ? [] : [JSON.parse(text) as Record<string, any>]));
  }

  publish(topic: string, payload: unknown, options: { retain?: boolean; qos?: 0 | 1 } = {}): Promise<unknown> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return this.client.publishAsync(topic, text, { qos: 1, ...options });
  }

  /** Waits until `look` finds something in what was heard. */
  async until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const found = look();
      if (found) return found;
      const left = end - performance.now();
      if (left <= 0) throw new RangeError(`waited in vain for ${what}`);
      await new Promise<void>(resolve => {
        const cancel = systemClock.after(Math.min(left, 20), resolve);
        this.#waiting.push(() => {
          cancel();
          resolve();
        });
      });
    }
  }

  /** The answer to a request, by its transaction. */
  async ask(topic: string, body: object, answer: string): Promise<Record<string, any>> {
    const transaction = `t${this.heard.length}-${Math.floor(performance.now() * 1000)}`;
    await this.publish(topic, { ...body, transaction });
    return this.until(`the answer on ${answer}`, () =>
      this.json(answer).find(one => one['transaction'] === transaction),
    );
  }

  async leave(): Promise<void> {
    await this.client.endAsync(true);
  }
}

export interface House {
  broker: TestBroker;
  listener: Listener;
  bridge: MqttBridge;
  locks: FakeLocks;
  pairing: FakePairing;
  access: FakeAccess;
  unpairing: ReturnType<typeof makeUnpairing>;
  request(command: string, body?: object): Promise<Record<string, any>>;
  /** What the broker keeps once the bridge has said everything that it has to say. */
  retained(): Promise<Map<string, string>>;
  end(): Promise<void>;
}

/** Everything, connected; the bridge has published its locks. */
export async function makeHouse(
  more: { config?: Partial<MqttConfig>; options?: Partial<MqttOptions>; locks?: FakeLocks; broker?: TestBroker } = {},
): Promise<House> {
  const broker = more.broker ?? (await TestBroker.start());
  const listener = await Listener.join(broker.url);
  const locks = more.locks ?? new FakeLocks(makeView(LOCK, 'front'));
  const parts = { locks, pairing: new FakePairing(), access: new FakeAccess(), unpairing: makeUnpairing(locks) };
  const bridge = startMqtt({
    ...optionsFor(broker.url, parts),
    ...more.options,
    config: configFor(broker.url, more.config),
  });
  await listener.until('the bridge', () => listener.on('latchbridge/bridge/radios').length > 0);
  for (const view of locks.all().filter(one => one.settings.exposed.includes('mqtt'))) {
    await listener.until('a state', () => listener.on(`latchbridge/${view.name}`).length > 0);
  }
  const request = (command: string, body: object = {}): Promise<Record<string, any>> =>
    listener.ask(`latchbridge/bridge/request/${command}`, body, `latchbridge/bridge/response/${command}`);
  return {
    broker,
    listener,
    bridge,
    ...parts,
    request,
    async retained() {
      await request('health_check');
      return broker.retained();
    },
    async end() {
      await bridge.stop();
      await listener.leave();
      await broker.stop();
    },
  };
}

export function configFor(url: string, more: Partial<MqttConfig> = {}): MqttConfig {
  return {
    url,
    base: 'latchbridge',
    discoveryPrefix: 'homeassistant',
    clientId: 'latchbridge-test',
    demo: true,
    owners: [new Secret(TOKEN)],
    ...more,
  };
}

export function optionsFor(
  url: string,
  parts: Pick<MqttOptions, 'locks' | 'pairing' | 'access' | 'unpairing'>,
): MqttOptions {
  let count = 0;
  return {
    ...parts,
    config: configFor(url),
    health: () => ({ ready: true, version: '0.1.0', startedAt: 0, parts: [] }),
    radios: () => [{ name: 'air' }],
    random: bytes => Uint8Array.from({ length: bytes }, () => count++ & 0xff),
    log: silent,
    clock: systemClock,
    version: '0.1.0',
  };
}
