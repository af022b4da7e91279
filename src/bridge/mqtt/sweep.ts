// Finds what an earlier run of ours left on the broker: discovery and topics of locks that were renamed or removed while
// there was no connection. Looks once after every connect, at what the broker has retained.
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { LOCK_NAME, RESERVED_NAMES } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import { exposed } from './announcer.ts';
import { ORIGIN } from './discovery.ts';
import type { Outbox } from './outbox.ts';
import { objectId, type Topics } from './topics.ts';

export interface SweepOptions {
  topics: Topics;
  outbox: Outbox;
  locks: Locks;
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
    this.#cancel();
    broker.subscribe(topics.discovery('+'));
    this.#cancel = clock.after(LOOK, () => broker.unsubscribe(topics.discovery('+')));
  }

  cancel(): void {
    this.#cancel();
  }

  /** A discovery document that the broker had kept for this lock id. */
  found(id: string, payload: Uint8Array): void {
    const { topics, locks, outbox, log } = this.#options;
    const name = payload.length > LARGEST ? undefined : this.#nameIn(Buffer.from(payload).toString('utf8'));
    if (name === undefined) return;
    const shown = locks.all().filter(exposed);
    const current = shown.find(view => view.id === id);
    if (current?.name === name) return;
    log.info({ lock: name }, 'Clearing what an earlier run left on the MQTT broker.');
    if (!current) outbox.clear(topics.discovery(objectId(id)));
    if (shown.some(view => view.name === name)) return;
    outbox.clear(topics.lock(name));
    outbox.clear(topics.lock(name, 'availability'));
  }

  /** The lock's name in a document of ours that speaks of our own tree; another daemon's has another base. */
  #nameIn(text: string): string | undefined {
    const { base } = this.#options.topics;
    try {
      const topic = ourDocument.parse(JSON.parse(text)).components.lock.state_topic;
      const name = topic.startsWith(`${base}/`) ? topic.slice(base.length + 1) : '';
      return LOCK_NAME.test(name) && !RESERVED_NAMES.includes(name) ? name : undefined;
    } catch {
      return undefined;
    }
  }
}
