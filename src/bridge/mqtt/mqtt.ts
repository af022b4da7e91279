// The MQTT bridge: locks as topics, Home Assistant devices and requests. Builds its parts and joins them.
import type { Access } from '../../access/access.ts';
import { type Clock, every, within } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { type Log, type Secret, shown } from '../../base/log.ts';
import type { Pairing, PairingEvent, Unpairing } from '../../flow/flow.ts';
import type { Locks } from '../../lock/locks.ts';
import type { Hands, Health } from '../../lock/upkeep.ts';
import { Announcer, exposed } from './announcer.ts';
import { makeAskers } from './askers.ts';
import { Broker, type BrokerConfig, type BrokerState } from './client.ts';
import { Commands } from './commands.ts';
import { findLock, Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { makeRequests } from './requests.ts';
import { stamp } from './state.ts';
import { makeTopics, type Topics } from './topics.ts';
import { Users } from './users.ts';

export interface MqttConfig extends BrokerConfig {
  base: string;
  discoveryPrefix: string;
  /** A message that carries one of these as `token` is an owner's. */
  owners?: readonly Secret<string>[];
  /** Wipes may be confirmed over MQTT, and virtual locks have hands. */
  demo: boolean;
}
export interface MqttOptions {
  config: MqttConfig;
  locks: Locks;
  pairing: Pairing;
  unpairing: Unpairing;
  access: Access;
  health: () => Health;
  /** What `bridge/radios` lists. */
  radios?: () => readonly object[];
  random: (bytes: number) => Uint8Array;
  log: Log;
  clock: Clock;
  version: string;
  hands?: Hands;
}
export interface MqttBridge {
  state(): BrokerState;
  /** Says that we go offline, hangs up and forgets every timer and ear. */
  stop(): Promise<void>;
}

const HEALTH_EVERY = 60_000;
/** Home Assistant asks that not everybody answers its birth at once: 1 to 30 s. */
const BIRTH_PAUSE = 1000;
const BIRTH_SPREAD = 29_000;
/** What is still to be said at the end gets so long. */
const LAST_WORDS = 1000;
const ONLINE = JSON.stringify({ state: 'online' });
const OFFLINE = JSON.stringify({ state: 'offline' });

/** Starts at once and waits for nobody: without a broker everything else runs on. Throws `invalid` for impossible topics. */
export function startMqtt(options: MqttOptions): MqttBridge {
  const { config, clock, log, locks, pairing, access } = options;
  const topics = makeTopics(config.base, config.discoveryPrefix);
  const outbox = new Outbox(clock);
  outbox.keep(topics.bridge('state'), ONLINE);
  const announcer = new Announcer({ locks, topics, outbox, clock, version: options.version });
  const bulletin = new Bulletin(options, topics, outbox);
  const birth = new Birth(options, outbox);
  const { inbox, users } = makeInbox(options, { topics, outbox, announcer, born: () => birth.heard() });
  const hands = config.demo && options.hands !== undefined;
  const broker: Broker = new Broker(
    {
      config,
      subscriptions: topics.subscriptions(hands),
      will: { topic: topics.bridge('state'), payload: OFFLINE },
      clock,
      log,
    },
    {
      connected: (send, receiveMaximum) => {
        bulletin.publish(broker.state());
        outbox.attach(send, receiveMaximum);
      },
      lost: () => outbox.detach(),
      received: message => inbox.receive(message, broker.state().protocol ?? '3.1.1'),
    },
  );
  const unhear = [
    locks.hear(event => announcer.heard(event)),
    pairing.hear(event => {
      announcer.event(...told(event));
      bulletin.publish(broker.state());
    }),
    access.hear((lock, slot) => {
      const view = locks.find(lock);
      if (view && exposed(view)) users.tell(view, slot);
    }),
    every(clock, HEALTH_EVERY, () => bulletin.publish(broker.state())),
    () => birth.cancel(),
  ];
  return {
    state: () => broker.state(),
    async stop() {
      for (const end of unhear) end();
      outbox.keep(topics.bridge('state'), OFFLINE);
      await within(clock, LAST_WORDS, outbox.idle(), late).catch(() => undefined);
      await broker.stop();
      outbox.detach();
    },
  };
}

function makeInbox(
  options: MqttOptions,
  parts: { topics: Topics; outbox: Outbox; announcer: Announcer; born: () => void },
): { inbox: Inbox; users: Users } {
  const { config, locks, clock, log, access, random, hands } = options;
  const { topics, outbox, announcer, born } = parts;
  const askerOf = makeAskers(config.owners ?? []);
  const users = new Users({ access, announcer, clock, log });
  const inbox = new Inbox({
    topics,
    outbox,
    announcer,
    locks,
    users,
    askerOf,
    clock,
    log,
    commands: new Commands({ locks, users, clock, random, askerOf }),
    requests: makeRequests({ ...options, demo: config.demo, lock: lock => findLock(locks, lock) }),
    homeAssistantBorn: born,
    ...(hands && config.demo ? { hands } : {}),
  });
  return { inbox, users };
}

/** The retained pages about the bridge itself. */
class Bulletin {
  readonly #options: MqttOptions;
  readonly #topics: Topics;
  readonly #outbox: Outbox;

  constructor(options: MqttOptions, topics: Topics, outbox: Outbox) {
    this.#options = options;
    this.#topics = topics;
    this.#outbox = outbox;
  }

  publish(broker: BrokerState): void {
    const { version, pairing, health, radios, config } = this.#options;
    const { openUntil } = pairing;
    this.#keep('info', {
      version,
      permit_join: openUntil !== undefined,
      ...(openUntil === undefined ? {} : { permit_join_end: stamp(openUntil) }),
      demo: config.demo,
      mqtt: { base_topic: config.base, discovery_prefix: config.discoveryPrefix, protocol: broker.protocol ?? null },
    });
    this.#keep('health', { ...health(), messages_dropped: this.#outbox.dropped });
    this.#keep('radios', radios?.() ?? []);
  }

  #keep(leaf: string, document: object): void {
    this.#outbox.keep(this.#topics.bridge(leaf), JSON.stringify(document));
  }
}

/** After Home Assistant has started, everything once more, a little later. */
class Birth {
  readonly #options: MqttOptions;
  readonly #outbox: Outbox;
  #pending: (() => void) | undefined;

  constructor(options: MqttOptions, outbox: Outbox) {
    this.#options = options;
    this.#outbox = outbox;
  }

  heard(): void {
    if (this.#pending) return;
    const [part = 0] = this.#options.random(1);
    this.#pending = this.#options.clock.after(BIRTH_PAUSE + Math.floor((part / 256) * BIRTH_SPREAD), () => {
      this.#pending = undefined;
      this.#outbox.repeat();
    });
  }

  cancel(): void {
    this.#pending?.();
  }
}

/** A pairing event as `bridge/event` tells it: type and data. */
function told(event: PairingEvent): [string, Readonly<Record<string, unknown>>] {
  switch (event.kind) {
    case 'window':
      return ['permit_join', { open: event.open, ...(event.until === undefined ? {} : { until: stamp(event.until) }) }];
    case 'candidate': {
      const { name, model, address, family, state, rssi } = event.candidate;
      const named = name === undefined ? {} : { name: shown(name) };
      return ['lock_found', { address, family, model: shown(model), ...named, state, rssi }];
    }
    case 'started':
      return ['pairing_started', { address: event.address, ...(event.lock === undefined ? {} : { id: event.lock }) }];
    case 'paired':
      return ['lock_paired', { id: event.view.id, name: event.view.name, family: event.view.family }];
    case 'failed': {
      const address = event.address === undefined ? {} : { address: event.address };
      return ['pairing_failed', { ...address, code: event.reason, text: event.text }];
    }
  }
}

function late(): LockError {
  return new LockError('timeout', 'The MQTT broker did not take our last words.');
}
