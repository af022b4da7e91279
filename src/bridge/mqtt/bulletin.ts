// The retained pages about the bridge itself, and how its pairing is told.
import { shown } from '../../base/log.ts';
import type { PairingEvent } from '../../flow/flow.ts';
import type { BrokerState } from './client.ts';
import { matterDocument } from './matter-requests.ts';
import type { MqttOptions } from './mqtt.ts';
import type { Outbox } from './outbox.ts';
import { stamp } from './state.ts';
import type { Topics } from './topics.ts';

/** `info`, `health` and `radios`; sent when they have changed. */
export class Bulletin {
  readonly #options: MqttOptions;
  readonly #topics: Topics;
  readonly #outbox: Outbox;

  constructor(options: MqttOptions, topics: Topics, outbox: Outbox) {
    this.#options = options;
    this.#topics = topics;
    this.#outbox = outbox;
  }

  publish(broker: BrokerState): void {
    const { version, pairing, health, radios, config, matter } = this.#options;
    const { openUntil } = pairing;
    this.#keep('info', {
      version,
      permit_join: openUntil !== undefined,
      ...(openUntil === undefined ? {} : { permit_join_end: stamp(openUntil) }),
      demo: config.demo,
      ...(matter && { matter: matterDocument(matter.status()) }),
      mqtt: { base_topic: config.base, discovery_prefix: config.discoveryPrefix, protocol: broker.protocol ?? null },
    });
    this.#keep('health', { ...health(), messages_dropped: this.#outbox.dropped });
    this.#keep('radios', radios?.() ?? []);
  }

  #keep(leaf: string, document: object): void {
    this.#outbox.keep(this.#topics.bridge(leaf), JSON.stringify(document));
  }
}

/** A pairing event as `bridge/event` tells it: type and data. */
export function told(event: PairingEvent): [string, Readonly<Record<string, unknown>>] {
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
