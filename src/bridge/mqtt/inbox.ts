// Everything that comes in: dropped, refused or carried out, and always answered. Nothing is queued here.
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { type Log, shown } from '../../base/log.ts';
import { nearest } from '../../base/nearest.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import type { Hands } from '../../lock/upkeep.ts';
import { type Announcer, exposed } from './announcer.ts';
import { AUTOMATION } from './askers.ts';
import type { Received } from './client.ts';
import type { Commands } from './commands.ts';
import { bodyOf, checked, type Envelope, failed, succeeded, transactionOf } from './envelope.ts';
import type { FlowAnswers } from './flow-answers.ts';
import { AboutFlow } from './flow-requests.ts';
import { useHands } from './hands.ts';
import { Buckets, MOST_PAYLOAD, Notices } from './limits.ts';
import { Once } from './once.ts';
import type { Outbox } from './outbox.ts';
import type { Request } from './request.ts';
import { requestNamed } from './requests.ts';
import type { Settings } from './settings.ts';
import type { Sweep } from './sweep.ts';
import type { Incoming, Topics } from './topics.ts';
import { pinCodeQuestion, type Users } from './users.ts';

export interface InboxOptions {
  topics: Topics;
  outbox: Outbox;
  announcer: Announcer;
  locks: Locks;
  commands: Commands;
  users: Users;
  settings?: Settings;
  requests: ReadonlyMap<string, Request>;
  askerOf: (token: unknown) => Asker;
  hands?: Hands;
  /** Home Assistant has started: it wants everything again. */
  homeAssistantBorn: () => void;
  sweep: Sweep;
  flowAnswers?: FlowAnswers;
  clock: Clock;
  log: Log;
}
/** What the broker has kept, looked at after connecting. */
type Kept = Extract<Incoming, { kind: 'discovery' | 'availability' | 'flow_state' }>;
/** One message on its way: where from, what it says and where its answer goes. */
interface Matter {
  message: Received;
  incoming: Exclude<Incoming, Kept | { kind: 'home_assistant' }>;
  text: string;
  answerTopic: string;
}

/** Requests at once from all of MQTT, then so many ms each: a page that loads asks a dozen. */
const REQUESTS = 64;
const REQUEST_EVERY = 100;
/** A state that is asked for is read from the lock so often at most. */
const REFRESH_EVERY = 10_000;
const MOST_CORRELATION = 1024;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #once: Once;
  readonly #requests: Buckets;
  readonly #questions: Buckets;
  readonly #refreshes: Buckets;
  readonly #notices: Notices;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#once = new Once(options.clock);
    this.#requests = new Buckets(options.clock, REQUESTS, REQUEST_EVERY);
    this.#questions = new Buckets(options.clock, REQUESTS, REQUEST_EVERY);
    this.#refreshes = new Buckets(options.clock, 1, REFRESH_EVERY);
    this.#notices = new Notices(options.clock);
  }

  /** Never throws and never waits. `live` retained messages of 3.1.1 look like any other. */
  receive(message: Received, protocol: '5' | '3.1.1'): void {
    const { topics, log, outbox } = this.#options;
    const incoming = topics.read(message.topic);
    if (!incoming) return;
    if (incoming.kind === 'discovery' || incoming.kind === 'availability' || incoming.kind === 'flow_state') {
      if (message.retain && message.payload.length > 0) this.#kept(incoming, message.payload);
      return;
    }
    const size = message.payload.length;
    const text = size > MOST_PAYLOAD ? '' : Buffer.from(message.payload).toString('utf8');
    if (incoming.kind === 'home_assistant') {
      if (text === 'online') this.#options.homeAssistantBorn();
      return;
    }
    const isOrder = incoming.kind === 'set' || incoming.kind === 'hand' || incoming.kind === 'answer';
    if (message.retain) {
      log.warn(
        { topic: shown(message.topic, 128) },
        'A retained MQTT message was dropped: commands must not be retained.',
      );
      if (isOrder && protocol === '3.1.1') outbox.clear(message.topic);
      return;
    }
    // The echo of our own clearing, or somebody else's.
    if (isOrder && size === 0) return;
    const matter = { message, incoming, text, answerTopic: this.#answerTopic(incoming) };
    this.#handle(matter, isOrder && protocol === '3.1.1').catch((error: unknown) =>
      log.error({ error }, 'A message over MQTT could not be answered.'),
    );
  }

  #kept(incoming: Kept, payload: Uint8Array): void {
    if (incoming.kind === 'discovery') this.#options.sweep.discovery(incoming.id, payload);
    else if (incoming.kind === 'flow_state') this.#options.sweep.flowState(incoming.flow);
    else this.#options.sweep.availability(incoming.lock);
  }

  async #handle(matter: Matter, mayBeRetained: boolean): Promise<void> {
    const { message, incoming, text } = matter;
    const transaction = transactionOf(text);
    const envelope = await this.#once.answer(message, transaction, async () => {
      try {
        const data = await this.#carryOut(matter);
        if (!(data instanceof AboutFlow)) return succeeded(data);
        const { flow, refused } = data;
        const envelope = refused === undefined ? succeeded(data.data) : this.#refusal(matter, refused);
        return flow === undefined ? envelope : { ...envelope, flow };
      } catch (error) {
        return this.#refusal(matter, error);
      }
    });
    // On 3.1.1 nobody can tell a live retained order from another; it must not wait there for the next connect.
    if (mayBeRetained && envelope.code !== 'rate' && envelope.code !== 'not_found')
      this.#options.outbox.clear(message.topic);
    const wanted = transaction !== undefined || message.answerOn !== undefined || incoming.kind === 'request';
    // Of a flood only some are told; and the answer to a question is the state itself.
    if (!wanted && (envelope.untold === true || (incoming.kind === 'get' && envelope.status === 'ok'))) return;
    const { untold: _untold, ...said } = envelope;
    this.#answer(matter, transaction === undefined ? said : { ...said, transaction });
  }

  #carryOut({ message, incoming, text }: Matter): Promise<unknown> {
    if (message.payload.length > MOST_PAYLOAD) throw tooLong();
    if (message.expiresIn === 0) throw stale();
    if (incoming.kind === 'request') return this.#request(incoming.command, text);
    if (incoming.kind === 'hand') return this.#hand(incoming.lock, text);
    if (incoming.kind === 'answer') return this.#flowAnswer(incoming.flow, text);
    if (incoming.kind === 'get') return this.#get(incoming.lock, text);
    return this.#set(incoming, message, text);
  }

  async #set(incoming: { lock: string; attribute?: string }, message: Received, text: string): Promise<unknown> {
    const { commands, announcer } = this.#options;
    const view = findLock(this.#options.locks, incoming.lock);
    const order = {
      view,
      text,
      ...(incoming.attribute === undefined ? {} : { attribute: incoming.attribute }),
      ...(message.expiresIn === undefined ? {} : { expiresIn: message.expiresIn }),
    };
    try {
      const done = await commands.set(order);
      announcer.restate(view.id);
      return done;
    } catch (error) {
      // Not for every message of a flood: nobody was told LOCKING on account of those.
      if (!(error instanceof LockError && error.reason === 'rate')) announcer.restate(view.id);
      throw error;
    }
  }

  /** Answers from what is known, at once; asks the lock too where that was not done just now. */
  async #get(lock: string, text: string): Promise<unknown> {
    const { announcer, users, locks, log } = this.#options;
    const view = findLock(this.#options.locks, lock);
    if (!this.#questions.spend(view.id)) throw tooMany();
    const body = bodyOf(text);
    if (Object.hasOwn(body, 'pin_code') || Object.hasOwn(body, 'users')) {
      users.get(view, checked(pinCodeQuestion, body['pin_code'] ?? null));
      return { lock: view.name };
    }
    const { settings } = this.#options;
    announcer.restate(view.id);
    if (settings && Object.keys(body).some(word => word === 'settings' || settings.has(view, word))) {
      settings.look(view);
      return { lock: view.name };
    }
    if (this.#refreshes.spend(view.id)) {
      locks.refresh(view.id, AUTOMATION).catch((error: unknown) => {
        log.debug({ lock: view.name, error }, 'The lock could not be asked for its state; what was known was told.');
      });
    }
    return { lock: view.name };
  }

  async #request(command: string, text: string): Promise<unknown> {
    const request = requestNamed(this.#options.requests, command);
    if (!this.#requests.spend('all')) throw tooMany();
    const body = bodyOf(text);
    return request(body, this.#options.askerOf(tokenOf(body, command.startsWith('flow/'))));
  }

  async #flowAnswer(flow: string, text: string): Promise<unknown> {
    const { flowAnswers, askerOf } = this.#options;
    if (!flowAnswers) throw new LockError('not_found', 'There are no flows here.', { reason: 'unknown_flow' });
    if (!this.#requests.spend('all')) throw tooMany();
    const body = bodyOf(text);
    return flowAnswers.take(flow, body, askerOf(tokenOf(body, true)));
  }

  async #hand(lock: string, text: string): Promise<unknown> {
    const { hands } = this.#options;
    if (!hands) throw new LockError('not_found', 'There are no virtual locks here.');
    if (!this.#requests.spend('hands')) throw tooMany();
    return useHands(hands, lock, text);
  }

  /** Says what went wrong wherever somebody may look; of a flood of the same, how many there were. */
  #refusal({ incoming }: Matter, thrown: unknown): Envelope {
    const { announcer, log, locks } = this.#options;
    const envelope = failed(thrown, log);
    const about =
      incoming.kind === 'request' || incoming.kind === 'answer'
        ? 'bridge'
        : this.#isKnown(incoming.lock)
          ? incoming.lock
          : 'unknown';
    const count = this.#notices.due(`${incoming.kind} ${about} ${envelope.code}`);
    if (count === 0) return { ...envelope, untold: true };
    const told = count > 1 ? `${envelope.error} (${count} times)` : `${envelope.error}`;
    announcer.logging('error', told);
    log.warn({ kind: incoming.kind, about, code: envelope.code, count }, 'Something asked over MQTT was not done.');
    const view = incoming.kind === 'set' ? locks.find(incoming.lock) : undefined;
    if (view && exposed(view)) announcer.lockEvent(view, this.#failedOperation(envelope, thrown, told));
    return { ...envelope, error: told };
  }

  #failedOperation(envelope: Envelope, thrown: unknown, text: string): Readonly<Record<string, unknown>> {
    const at = new Date(this.#options.clock.now()).toISOString();
    const acted = thrown instanceof LockError ? thrown.acted : 'maybe';
    return { event_type: 'operation_failed', source: 'remote', ok: false, at, code: envelope.code, text, acted };
  }

  /** Where the answer belongs, and on protocol 5 also where its asker wants it. */
  #answer({ message, incoming, answerTopic }: Matter, envelope: Envelope): void {
    const { outbox, topics } = this.#options;
    const payload = JSON.stringify(envelope);
    // The topic of a flow tells by itself what was taken, so only a refusal is to be told there.
    if (incoming.kind !== 'answer') outbox.say(answerTopic, payload);
    else if (envelope.status === 'error') this.#options.flowAnswers?.refused(incoming.flow, envelope);
    const { answerOn, correlation } = message;
    if (answerOn === undefined || answerOn === answerTopic || !topics.mayAnswerOn(answerOn)) return;
    const echoed = correlation && correlation.length <= MOST_CORRELATION ? { correlation } : {};
    outbox.say(answerOn, payload, echoed);
  }

  #answerTopic(incoming: Matter['incoming']): string {
    const { topics } = this.#options;
    if (incoming.kind === 'request') return topics.bridge(`response/${incoming.command}`);
    if (incoming.kind === 'answer') return topics.flow(incoming.flow, 'event');
    return incoming.kind === 'hand' ? topics.demo(incoming.lock, 'said') : topics.lock(incoming.lock, 'result');
  }

  #isKnown(lock: string): boolean {
    const view = this.#options.locks.find(lock);
    return view !== undefined && exposed(view);
  }
}

/** The lock of that id or name, as MQTT shows it; throws `not_found`, with what was probably meant. */
export function findLock(locks: Locks, lock: string): LockView {
  const view = locks.find(lock);
  if (view && exposed(view)) return view;
  const near = nearest(
    lock,
    locks
      .all()
      .filter(exposed)
      .map(known => known.name),
  );
  const advice = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new LockError('not_found', `There is no lock "${shown(lock)}".${advice}`);
}

/** About flows it may also stand in `by` (flows.md 4.14). */
function tokenOf(body: Readonly<Record<string, unknown>>, ofFlow: boolean): unknown {
  return ofFlow ? (body['token'] ?? body['by']) : body['token'];
}

function tooLong(): LockError {
  return new LockError('invalid', `The message is longer than ${MOST_PAYLOAD / 1024} KiB and was not read.`, {
    reason: 'too_long',
  });
}

function stale(): LockError {
  return new LockError('timeout', 'The message had expired when it arrived and was dropped.', { reason: 'stale' });
}

function tooMany(): LockError {
  return new LockError('busy', 'Too many requests at once; wait a few seconds.', { reason: 'rate' });
}
