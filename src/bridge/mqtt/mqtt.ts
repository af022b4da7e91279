// The MQTT bridge: locks as topics, Home Assistant devices and requests.
import type { Access, TokenAccess } from '../../access/access.ts';
import { type Clock, within } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Log, Secret } from '../../base/log.ts';
import type { Pairing, Unpairing } from '../../flow/flow.ts';
import type { Flows } from '../../flow/words.ts';
import type { Policy } from '../../lock/gate.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import type { MatterControl } from '../../lock/matter-port.ts';
import type { Hands, Health, Restarts } from '../../lock/upkeep.ts';
import { Broker, type BrokerConfig, type BrokerState } from './client.ts';
import { Desk, OFFLINE } from './desk.ts';

export interface MqttConfig extends BrokerConfig {
  base: string;
  discoveryPrefix: string;
  /** A message that carries one of these as `token` is an owner's. */
  owners?: readonly Secret<string>[];
  /** Wipes may be confirmed over MQTT, and virtual locks have hands. */
  demo: boolean;
  /** Default: doors may be opened. Commands are for the gate; here it is about codes and settings. */
  policy?: Policy;
}
export interface MqttOptions {
  config: MqttConfig;
  /** Complete: what the broker has kept of locks that are not among these is cleared. */
  locks: Locks;
  pairing: Pairing;
  unpairing: Unpairing;
  access: Access;
  /** Cards and fingerprints; without it they are not offered. */
  tokens?: TokenAccess;
  /** Settings, log and keys of the lock itself; without it they are not offered. */
  workbench?: Workbench;
  /** Without it there are no topics of flows. */
  flows?: Flows;
  /** The signed record of a flow, as it was signed. */
  record?: (flow: string) => string | undefined;
  /** Without it nothing is said of Matter. */
  matter?: MatterControl;
  /** Without it the bridge is not restarted over MQTT. */
  restarts?: Restarts;
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

/** What is still to be said at the end gets so long. */
const LAST_WORDS = 1000;

/** Starts at once and waits for nobody: without a broker everything else runs on. Throws `invalid` for impossible topics. */
export function startMqtt(options: MqttOptions): MqttBridge {
  const { config, clock, log } = options;
  const desk = new Desk(options);
  const broker: Broker = new Broker(
    {
      config,
      subscriptions: desk.subscriptions,
      will: { topic: desk.topics.bridge('state'), payload: OFFLINE },
      anonymousIsFine: config.demo,
      clock,
      log,
    },
    {
      connected: (send, receiveMaximum) => desk.connected({ send, receiveMaximum, subscriber: broker }, broker.state()),
      lost: () => desk.lost(),
      received: message => desk.received(message),
    },
  );
  return {
    state: () => broker.state(),
    async stop() {
      desk.close();
      await within(clock, LAST_WORDS, desk.outbox.idle(), late).catch(() => undefined);
      await broker.stop();
      desk.lost();
    },
  };
}

function late(): LockError {
  return new LockError('timeout', 'The MQTT broker did not take our last words.');
}
