// One connection to a broker, for ever: protocol 5 first, 3.1.1 where that is refused, again and again after a loss.
// Every attempt is a client of its own with a clean session, so no command of yesterday waits anywhere.
import { connect, type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Clock, within } from '../../base/clock.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { Log, Secret } from '../../base/log.ts';
import type { Send } from './outbox.ts';
import { hasLogin, hostOf, isProtocolRefused, isSlow, reasonFor } from './reasons.ts';

export interface BrokerConfig {
  url: string;
  username?: string;
  password?: Secret<string>;
  /** PEM text of the authority that signed the broker's certificate, where it is not a public one. */
  ca?: string;
  clientId: string;
  /** Seconds; a silent broker is noticed after one and a half of it. */
  keepalive?: number;
}
export interface BrokerState {
  connected: boolean;
  protocol?: '5' | '3.1.1';
  /** Why it is not connected, or what is wrong although it is; for people. */
  reason?: string;
  /** What should be better although it works. */
  warning?: string;
}
export interface Received {
  topic: string;
  payload: Uint8Array;
  retain: boolean;
  dup: boolean;
  /** Protocol 5 only: seconds that it has left, and where an answer is wanted. */
  expiresIn?: number;
  answerOn?: string;
  correlation?: Uint8Array;
}
interface Ear {
  connected(send: Send, receiveMaximum: number | undefined): void;
  lost(): void;
  received(message: Received): void;
}
interface BrokerOptions {
  config: BrokerConfig;
  subscriptions: readonly string[];
  will: { topic: string; payload: string };
  /** A broker without logins is meant to be so: the demo's own. */
  anonymousIsFine: boolean;
  clock: Clock;
  log: Log;
}

/** Pauses between attempts: soon at first (a broker that restarts), then every 5 s. */
const PAUSES = [250, 500, 1000, 2000, 5000];
/** A wrong password stays wrong until somebody acts; brokers ban those who hurry. */
const REFUSED_PAUSE = 30_000;
/** A broker that answers nothing to CONNECT for so long will not answer. */
const CONNECT_LIMIT = 10_000;
/** A connection that lasted so long was a good one: the pauses begin anew. */
const GOOD_AFTER = 10_000;
/** So many short connections in a row look like somebody else with our client id. */
const TAKEN_OVER_AFTER = 3;
const KEEPALIVE_S = 30;
/** A broker that does not read any more must not hold up the end of the daemon. */
const GOODBYE_LIMIT = 1000;
/** Commands are at most 16 KiB; what is far over that a broker of protocol 5 need not send us. */
const LARGEST_PACKET = 65_536;
/** Protocol 5: disconnected because the session was taken over. */
const TAKEN_OVER = 142;

const ANONYMOUS =
  'The MQTT broker lets anyone in without a password: whoever reaches it can open the locks. Give it a login.';

/** Created running. Nobody waits for it: without a broker everything else goes on. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #ear: Ear;
  #client: MqttClient | undefined;
  #protocol: 4 | 5 = 5;
  #reason: string | undefined = 'Not connected yet.';
  #connectedAt: number | undefined;
  #failures = 0;
  #short = 0;
  #warned = false;
  #stopped = false;
  #cancelRetry: () => void = () => undefined;

  constructor(options: BrokerOptions, ear: Ear) {
    this.#options = options;
    this.#ear = ear;
    this.#attempt();
  }

  state(): BrokerState {
    const connected = this.#connectedAt !== undefined;
    return {
      connected,
      ...(connected ? { protocol: this.#protocol === 5 ? ('5' as const) : ('3.1.1' as const) } : {}),
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      ...(connected ? this.#warning() : {}),
    };
  }

  subscribe(topic: string): void {
    this.#client?.subscribe(topic, { qos: 1, rap: true, nl: true, rh: 0 }, () => undefined);
  }

  unsubscribe(topic: string): void {
    this.#client?.unsubscribe(topic, () => undefined);
  }

  /** Says goodbye, so that the will stays unsaid; what is to be said instead must be sent before. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    const client = this.#client;
    this.#client = undefined;
    const connected = this.#connectedAt !== undefined;
    this.#connectedAt = undefined;
    this.#reason = 'Stopped.';
    if (!client) return;
    const ended = new Promise<void>(resolve => client.end(!connected, {}, () => resolve()));
    await within(this.#options.clock, GOODBYE_LIMIT, ended, late).catch(() => client.stream.destroy());
  }

  #warning(): { warning?: string } {
    const since = this.#options.clock.elapsed() - (this.#connectedAt ?? 0);
    if (this.#short >= TAKEN_OVER_AFTER && since < GOOD_AFTER) return { warning: this.#takenOver() };
    return this.#anonymous() ? { warning: ANONYMOUS } : {};
  }

  #takenOver(): string {
    const { url, clientId } = this.#options.config;
    return `The broker at ${hostOf(url)} keeps hanging up: another program may use the client id "${clientId}".`;
  }

  #anonymous(): boolean {
    const { config, anonymousIsFine } = this.#options;
    return !anonymousIsFine && config.username === undefined && !hasLogin(config.url);
  }

  #attempt(): void {
    if (this.#stopped) return;
    const version = this.#protocol;
    let client: MqttClient;
    try {
      client = connect(this.#options.config.url, this.#clientOptions(version));
    } catch (error) {
      this.#ended(undefined, textOf(error));
      return;
    }
    this.#client = client;
    let reached = false;
    let failure: unknown;
    client.stream.once('connect', () => (reached = true));
    // The library passes on some socket errors only; and it leaves a refused connection for the broker to close.
    client.stream.on('error', (error: unknown) => (failure ??= error));
    client.on('error', error => {
      failure ??= error;
      client.end(true);
    });
    client.on('connect', packet => this.#connected(client, packet));
    client.on('message', (topic, payload, packet) => {
      if (this.#client === client) this.#ear.received(received(topic, payload, packet));
    });
    client.on('disconnect', packet => {
      if (packet.reasonCode === TAKEN_OVER) this.#short = TAKEN_OVER_AFTER;
    });
    client.on('close', () => {
      client.end(true);
      if (this.#client !== client) return;
      const answered = this.#connectedAt !== undefined || failure !== undefined;
      if (isProtocolRefused(failure)) this.#protocol = 4;
      // Some brokers hang up on a protocol that they do not know; if it is not that, the next round tries 5 again.
      else if (!answered && reached) this.#protocol = version === 5 ? 4 : 5;
      this.#ended(failure, undefined, isProtocolRefused(failure) && version === 5);
    });
  }

  #clientOptions(protocolVersion: 4 | 5): IClientOptions {
    const { config, will } = this.#options;
    return {
      protocolVersion,
      clientId: config.clientId,
      clean: true,
      keepalive: config.keepalive ?? KEEPALIVE_S,
      connectTimeout: CONNECT_LIMIT,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // Of every number up to 65,535 as bytes: 8 MiB, for packets that we send a few of a second.
      writeCache: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      ...(config.username === undefined ? {} : { username: config.username }),
      ...(config.password === undefined ? {} : { password: config.password.reveal() }),
      ...(config.ca === undefined ? {} : { ca: config.ca }),
      ...(protocolVersion === 5 ? { properties: { sessionExpiryInterval: 0, maximumPacketSize: LARGEST_PACKET } } : {}),
    };
  }

  #connected(client: MqttClient, packet: IConnackPacket): void {
    if (this.#client !== client) return;
    const { config, clock, log, subscriptions } = this.#options;
    // Small messages one by one: waiting to fill a segment doubles the round trip.
    const stream = client.stream as { setNoDelay?: (on: boolean) => void };
    stream.setNoDelay?.(true);
    this.#connectedAt = clock.elapsed();
    this.#reason = undefined;
    log.info({ broker: hostOf(config.url), protocol: this.#protocol }, 'Connected to the MQTT broker.');
    if (this.#anonymous() && !this.#warned) log.warn({ broker: hostOf(config.url) }, ANONYMOUS);
    this.#warned = true;
    client.subscribe([...subscriptions], { qos: 1, rap: true, nl: true, rh: 0 }, (error, granted) => {
      if (this.#client !== client || client.disconnecting) return;
      if (!error && granted?.every(({ qos }) => (qos as number) < 128)) return;
      this.#reason = 'The broker does not let us subscribe to our command topics; commands over MQTT do not arrive.';
      log.error({ broker: hostOf(config.url) }, this.#reason);
    });
    this.#ear.connected(sender(client, this.#protocol), packet.properties?.receiveMaximum);
  }

  /** An attempt or a connection is over: say why once, and try again after a pause. */
  #ended(failure: unknown, text: string | undefined, atOnce = false): void {
    const { config, clock, log } = this.#options;
    const lasted = this.#connectedAt === undefined ? undefined : clock.elapsed() - this.#connectedAt;
    this.#client = undefined;
    this.#connectedAt = undefined;
    if (lasted !== undefined) {
      this.#ear.lost();
      this.#short = lasted < GOOD_AFTER ? this.#short + 1 : 0;
      if (lasted >= GOOD_AFTER) this.#failures = 0;
    }
    if (this.#stopped) return;
    const pause = isSlow(failure) ? REFUSED_PAUSE : (PAUSES[Math.min(this.#failures, PAUSES.length - 1)] as number);
    this.#failures++;
    if (atOnce) {
      this.#failures = 0;
      this.#cancelRetry = clock.after(0, () => this.#attempt());
      return;
    }
    const fought = lasted !== undefined && this.#short >= TAKEN_OVER_AFTER;
    const reason = fought ? this.#takenOver() : reasonFor(failure, hostOf(config.url), text);
    if (reason !== this.#reason) log.warn({ broker: hostOf(config.url) }, reason);
    this.#reason = reason;
    this.#cancelRetry = clock.after(pause, () => this.#attempt());
  }
}

function late(): LockError {
  return new LockError('timeout', 'The MQTT broker did not take our goodbye.');
}

function sender(client: MqttClient, protocol: 4 | 5): Send {
  return (message, done) => {
    const { topic, payload, qos, retain } = message;
    const properties =
      protocol === 5
        ? {
            ...(message.expiresIn === undefined ? {} : { messageExpiryInterval: message.expiresIn }),
            ...(message.correlation ? { correlationData: Buffer.from(message.correlation) } : {}),
          }
        : undefined;
    client.publish(topic, payload, { qos, retain, ...(properties ? { properties } : {}) }, error => done(!error));
  };
}

function received(topic: string, payload: Uint8Array, packet: IPublishPacket): Received {
  const { messageExpiryInterval, responseTopic, correlationData } = packet.properties ?? {};
  return {
    topic,
    payload,
    retain: packet.retain,
    dup: packet.dup,
    ...(messageExpiryInterval === undefined ? {} : { expiresIn: messageExpiryInterval }),
    ...(responseTopic === undefined ? {} : { answerOn: responseTopic }),
    ...(correlationData === undefined ? {} : { correlation: correlationData }),
  };
}
