// The street's MQTT: the real bridge at a virtual broker that can be restarted, and what another client sees there.
import { LockError } from '../../src/base/errors.ts';
import { Secret, silent } from '../../src/base/log.ts';
import type { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type MqttBridge, type MqttOptions, startMqtt } from '../../src/bridge/mqtt/mqtt.ts';
import { VirtualBroker } from './virtual-broker.ts';

/** A command over MQTT has 15 s; its answer must be there soon after. */
const ANSWER_MS = 16_000;

type Parts = Pick<MqttOptions, 'locks' | 'pairing' | 'unpairing' | 'access' | 'tokens' | 'workbench' | 'random'>;

export class Wire {
  readonly broker: VirtualBroker;
  readonly #clock: VirtualClock;
  readonly #bridge: MqttBridge;
  #count = 0;

  constructor(clock: VirtualClock, parts: Parts) {
    this.#clock = clock;
    this.broker = new VirtualBroker(clock);
    const login = { username: 'soak', password: new Secret('soak') };
    const topics = { base: 'latchbridge', discoveryPrefix: 'homeassistant' };
    this.#bridge = startMqtt({
      ...parts,
      config: { url: this.broker.url, ...login, ...topics, clientId: 'soak', demo: false },
      health: () => ({ ready: true, version: '0', startedAt: 0, parts: [] }),
      version: '0',
      clock,
      log: silent,
    });
  }

  get connected(): boolean {
    return this.#bridge.state().connected;
  }

  /** What a client that comes now is told, by topic. */
  kept(): Map<string, string> {
    return new Map(this.broker.retained);
  }

  /** Rejects with what the answer says, or when there is none. */
  order(lock: string, verb: 'lock' | 'unlock'): Promise<void> {
    const transaction = ++this.#count;
    return new Promise((resolve, reject) => {
      const finish = (error?: LockError): void => {
        cancel();
        deaf();
        if (error) reject(error);
        else resolve();
      };
      const deaf = this.broker.hear((topic, text) => {
        if (topic !== `latchbridge/${lock}/result`) return;
        const answer = JSON.parse(text) as { transaction?: unknown; status: string; error?: string; code?: string };
        if (answer.transaction !== transaction) return;
        if (answer.status === 'ok') finish();
        else finish(new LockError('unreachable', `${answer.error}`, { reason: `${answer.code}` }));
      });
      const silence = new LockError('timeout', 'There was no answer over MQTT.', { reason: 'no_answer' });
      const cancel = this.#clock.after(ANSWER_MS, () => finish(silence));
      const order = { state: verb === 'lock' ? 'LOCK' : 'UNLOCK', transaction };
      this.broker.publish(`latchbridge/${lock}/set`, JSON.stringify(order));
    });
  }

  async stop(): Promise<void> {
    await this.#bridge.stop();
    this.broker.stop();
  }
}
