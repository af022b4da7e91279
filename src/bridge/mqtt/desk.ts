// Everything of the bridge but the connection: what goes out, what comes in, and who is listened to.
import { every } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { Announcer, exposed } from './announcer.ts';
import { makeAskers } from './askers.ts';
import { Birth } from './birth.ts';
import { Bulletin, told } from './bulletin.ts';
import type { BrokerState, Received } from './client.ts';
import { Commands } from './commands.ts';
import { makeFlowAnswers } from './flow-answers.ts';
import { FlowNews } from './flow-news.ts';
import { guarded } from './guard.ts';
import { findLock, Inbox } from './inbox.ts';
import type { MqttOptions } from './mqtt.ts';
import { Outbox, type Send } from './outbox.ts';
import { makeRequests } from './requests.ts';
import { Settings } from './settings.ts';
import { type Subscriber, Sweep } from './sweep.ts';
import { makeTopics, type Topics } from './topics.ts';
import { Users } from './users.ts';

export interface Connection {
  send: Send;
  /** What the broker allows in flight, where it says so. */
  receiveMaximum: number | undefined;
  subscriber: Subscriber;
}

/** Signals and health change without a word. */
const LOOK_EVERY = 60_000;
const ONLINE = JSON.stringify({ state: 'online' });
export const OFFLINE = JSON.stringify({ state: 'offline' });

/** Throws `invalid` for impossible topics. */
export class Desk {
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly #options: MqttOptions;
  readonly #announcer: Announcer;
  readonly #bulletin: Bulletin;
  readonly #birth: Birth;
  readonly #sweep: Sweep;
  readonly #users: Users;
  readonly #settings: Settings | undefined;
  readonly #flows: FlowNews | undefined;
  readonly #inbox: Inbox;
  readonly #ends: (() => void)[];
  /** Ends what waits for a person. */
  readonly #ended = new AbortController();
  #broker: BrokerState = { connected: false };
  #connected = false;

  constructor(given: MqttOptions) {
    const options = guarded(given);
    const { config, clock, locks, access, pairing, log, version, random, workbench, flows } = options;
    this.#options = options;
    this.topics = makeTopics(config.base, config.discoveryPrefix);
    this.outbox = new Outbox(clock);
    this.outbox.keep(this.topics.bridge('state'), ONLINE);
    const out = { topics: this.topics, outbox: this.outbox };
    this.#announcer = new Announcer({
      locks,
      ...out,
      clock,
      version,
      ...(workbench && { workbench }),
      ...(flows && { inFlow: (lock: string) => this.#flows?.holds(lock) ?? false }),
    });
    this.#bulletin = new Bulletin(options, this.topics, this.outbox);
    this.#birth = new Birth({ clock, random, outbox: this.outbox });
    this.#flows =
      flows &&
      new FlowNews({ flows, locks, ...out, clock, announcer: this.#announcer, connected: () => this.#connected });
    const isKept = (flow: string): boolean => this.#flows?.isKept(flow) ?? false;
    this.#sweep = new Sweep({ ...out, locks, clock, log, isKept });
    this.#users = new Users({ access, announcer: this.#announcer, clock, log });
    this.#settings = workbench && new Settings({ workbench, clock, log });
    this.#inbox = this.#makeInbox();
    this.#ends = [
      locks.hear(event => {
        this.#announcer.heard(event);
        // A new name has new topics.
        if (event.kind !== 'state' && event.kind !== 'happened') this.#flows?.lock(event.view.id);
      }),
      ...(flows ? [flows.hear(event => this.#flows?.heard(event))] : []),
      pairing.hear(event => {
        this.#announcer.event(...told(event));
        this.#publish();
      }),
      access.hear((lock, slot, kind) => {
        const view = locks.find(lock);
        if (kind === 'code' && view && exposed(view)) this.#users.tell(view, slot);
      }),
      ...(workbench ? [workbench.hear(lock => this.#announcer.look(lock))] : []),
      ...(options.matter ? [options.matter.hear(() => this.#publish())] : []),
      every(clock, LOOK_EVERY, () => {
        this.#announcer.look();
        this.#flows?.look();
        this.#publish();
      }),
    ];
  }

  /** What to subscribe to. */
  get subscriptions(): string[] {
    const { config, hands } = this.#options;
    return this.topics.subscriptions(config.demo && hands !== undefined);
  }

  connected(connection: Connection, broker: BrokerState): void {
    this.#broker = broker;
    this.#publish();
    this.outbox.attach(connection.send, connection.receiveMaximum);
    this.#connected = true;
    this.#flows?.connected();
    this.#sweep.begin(connection.subscriber);
  }

  lost(): void {
    this.#connected = false;
    this.outbox.detach();
    this.#sweep.cancel();
  }

  received(message: Received): void {
    this.#inbox.receive(message, this.#broker.protocol ?? '3.1.1');
  }

  /** Listens to nobody any more, and says that it is offline. */
  close(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#ended.abort(new LockError('stopped', 'Latchbridge is stopping; what was waited for was not done.'));
    this.#birth.cancel();
    this.#sweep.cancel();
    this.outbox.keep(this.topics.bridge('state'), OFFLINE);
  }

  #publish(): void {
    this.#bulletin.publish(this.#broker);
  }

  #makeInbox(): Inbox {
    const { config, locks, clock, log, random, hands, flows } = this.#options;
    const askerOf = makeAskers(config.owners ?? []);
    const settings = this.#settings ? { settings: this.#settings } : {};
    const find = (lock: string): ReturnType<typeof locks.find> => locks.find(lock);
    const answers = flows && this.#flows ? { flowAnswers: makeFlowAnswers({ flows, find }, this.#flows) } : {};
    return new Inbox({
      topics: this.topics,
      outbox: this.outbox,
      announcer: this.#announcer,
      users: this.#users,
      ...settings,
      ...answers,
      commands: new Commands({ locks, users: this.#users, ...settings, clock, random, askerOf }),
      requests: makeRequests({
        ...this.#options,
        demo: config.demo,
        lock: lock => findLock(locks, lock),
        find,
        tell: (type, data) => this.#announcer.event(type, data),
        ended: this.#ended.signal,
      }),
      homeAssistantBorn: () => this.#birth.heard(),
      sweep: this.#sweep,
      ...(hands && config.demo ? { hands } : {}),
      locks,
      askerOf,
      clock,
      log,
    });
  }
}
