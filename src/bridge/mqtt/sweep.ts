// Finds what an earlier run of ours left on the broker: discovery and topics of locks that were renamed or removed while
// there was no connection. Looks once after every connect, at what the broker has retained. One daemon has one base.
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { LOCK_NAME, RESERVED_NAMES } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import { exposed, retainedOf } from './announcer.ts';
import { ORIGIN } from './discovery.ts';
import type { Outbox } from './outbox.ts';
import { objectId, type Topics } from './topics.ts';

export interface SweepOptions {
  topics: Topics;
  outbox: Outbox;
  locks: Locks;
  /** Whether the state of that flow belongs on the broker. */
  isKept?: (flow: string) => boolean;
  clock: Clock;
  log: Log;
}
export interface Subscriber {
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

/** Retained messages come at once after subscribing; other people's later changes are none of our business. */
const LOOK = 5000;
/** Ours have some 5 KiB. */
const LARGEST = 65_536;

const ourDocument = z.object({
  origin: z.object({ name: z.literal(ORIGIN) }),
  components: z.object({ lock: z.object({ state_topic: z.string() }) }),
});

export class Sweep {
  readonly #options: SweepOptions;
  #cancel: () => void = () => undefined;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  begin(broker: Subscriber): void {
    const { topics, clock } = this.#options;
    const looked = [topics.discovery('+'), topics.lock('+', 'availability'), topics.flow('+', 'state')];
    this.#cancel();
    for (const topic of looked) broker.subscribe(topic);
    this.#cancel = clock.after(LOOK, () => {
      for (const topic of looked) broker.unsubscribe(topic);
    });
  }

  cancel(): void {
    this.#cancel();
  }

  /** A discovery document that the broker had kept for this lock id. */
  discovery(id: string, payload: Uint8Array): void {
    const { topics, locks, outbox, log } = this.#options;
    if (locks.all().some(view => view.id === id && exposed(view))) return;
    if (payload.length > LARGEST || !this.#isOurs(Buffer.from(payload).toString('utf8'))) return;
    log.info({ lock: id }, 'Clearing the discovery of a lock that is gone from the MQTT broker.');
    outbox.clear(topics.discovery(objectId(id)));
  }

  /** An availability that the broker had kept under this name; everything else goes with it. */
  availability(name: string): void {
    const { topics, locks, outbox, log } = this.#options;
    if (locks.all().some(view => view.name === name && exposed(view))) return;
    log.info({ lock: name }, 'Clearing the topics of a lock that is gone from the MQTT broker.');
    for (const topic of retainedOf(topics, name)) outbox.clear(topic);
  }

  /** The state of a flow that the broker had kept; of one that closed long ago it goes. */
  flowState(flow: string): void {
    const { topics, outbox, isKept } = this.#options;
    if (!isKept?.(flow)) outbox.clear(topics.flow(flow, 'state'));
  }

  /** A document of ours that speaks of our own tree; another daemon's has another base. */
  #isOurs(text: string): boolean {
    try {
      const topic = ourDocument.parse(JSON.parse(text)).components.lock.state_topic;
      const { base } = this.#options.topics;
      const name = topic.startsWith(`${base}/`) ? topic.slice(base.length + 1) : '';
      return LOCK_NAME.test(name) && !RESERVED_NAMES.includes(name);
    } catch {
      return false;
    }
  }
}
