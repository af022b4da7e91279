// The desk without a broker, in virtual time: messages are put in by hand, and what goes out is collected.
import { silent } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { Received } from '../../../src/bridge/mqtt/client.ts';
import { Desk } from '../../../src/bridge/mqtt/desk.ts';
import type { MqttConfig, MqttOptions } from '../../../src/bridge/mqtt/mqtt.ts';
import type { Outgoing } from '../../../src/bridge/mqtt/outbox.ts';
import { FakeAccess, FakeLocks, FakePairing, makeUnpairing, makeView } from './fakes.ts';
import { configFor, LOCK, optionsFor } from './house.ts';

export interface Counter {
  clock: VirtualClock;
  desk: Desk;
  locks: FakeLocks;
  pairing: FakePairing;
  access: FakeAccess;
  unpairing: ReturnType<typeof makeUnpairing>;
  sent: Outgoing[];
  subscribed: string[];
  /** Puts a message in and lets everything happen that needs no time. */
  put(topic: string, payload: unknown, more?: Partial<Received>): Promise<void>;
  /** Puts a request in and gives its answer. */
  ask(command: string, body?: object): Promise<Record<string, any>>;
  json(topic: string): Record<string, any>[];
  /** What a broker would have retained by now. */
  kept(): Map<string, string>;
}

export function makeCounter(
  more: {
    protocol?: '5' | '3.1.1';
    config?: Partial<MqttConfig>;
    options?: Partial<MqttOptions>;
    locks?: FakeLocks;
    connect?: boolean;
  } = {},
): Counter {
  const clock = new VirtualClock();
  const locks = more.locks ?? new FakeLocks(makeView(LOCK, 'front'));
  const parts = { locks, pairing: new FakePairing(), access: new FakeAccess(), unpairing: makeUnpairing(locks) };
  const url = 'mqtt://127.0.0.1:1';
  const desk = new Desk({
    ...optionsFor(url, parts),
    clock,
    log: silent,
    ...more.options,
    config: configFor(url, more.config),
  });
  const sent: Outgoing[] = [];
  const subscribed: string[] = [];
  const connection = {
    send(message: Outgoing, done: (ok: boolean) => void) {
      sent.push(message);
      queueMicrotask(() => done(true));
    },
    receiveMaximum: undefined,
    subscriber: {
      subscribe: (topic: string) => void subscribed.push(`+ ${topic}`),
      unsubscribe: (topic: string) => void subscribed.push(`- ${topic}`),
    },
  };
  if (more.connect !== false) desk.connected(connection, { connected: true, protocol: more.protocol ?? '5' });
  let count = 0;
  const counter: Counter = {
    clock,
    desk,
    ...parts,
    sent,
    subscribed,
    async put(topic, payload, how = {}) {
      const bytes =
        payload instanceof Uint8Array
          ? payload
          : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
      desk.received({ topic, payload: bytes, retain: false, dup: false, ...how });
      await clock.settle();
    },
    async ask(command, body = {}) {
      const transaction = ++count;
      await counter.put(`latchbridge/bridge/request/${command}`, { ...body, transaction });
      return counter
        .json(`latchbridge/bridge/response/${command}`)
        .find(one => one['transaction'] === transaction) as Record<string, any>;
    },
    json: topic =>
      sent.flatMap(one => (one.topic === topic && one.payload !== '' ? [JSON.parse(one.payload) as object] : [])),
    kept() {
      const kept = new Map<string, string>();
      for (const one of sent) {
        if (one.retain && one.payload === '') kept.delete(one.topic);
        else if (one.retain) kept.set(one.topic, one.payload);
      }
      return kept;
    },
  };
  return counter;
}
