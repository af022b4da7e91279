// Keeps the topics of flows true: the state of each, what is asked of people, what happens, and for each lock the flow it is in.
import type { Clock } from '../../base/clock.ts';
import { shown } from '../../base/log.ts';
import type { FlowEvent, Flows, FlowView, Prompt } from '../../flow/words.ts';
import { CLOSED } from '../../flow/words.ts';
import type { LockView } from '../../lock/lock.ts';
import type { Locks } from '../../lock/locks.ts';
import type { Announcer } from './announcer.ts';
import { exposed } from './announcer.ts';
import { flowDocument, lineDocument, promptDocument, workOrderDocument } from './flow-documents.ts';
import { flowOfLockDocument } from './flow-of-lock.ts';
import { isShown } from './flow-requests.ts';
import type { Outbox } from './outbox.ts';
import { stamp } from './state.ts';
import type { Topics } from './topics.ts';

export interface FlowNewsParts {
  flows: Flows;
  locks: Locks;
  topics: Topics;
  outbox: Outbox;
  clock: Clock;
  announcer: Announcer;
  /** Whether somebody could hear it now. */
  connected: () => boolean;
}

/** How long the state of a closed flow stays on the broker: who came late still sees how it ended. */
const KEPT_CLOSED = 3600_000;
/** So many closed flows are looked through for that at the start; there are never more in an hour. */
const MOST_CLOSED = 50;

export class FlowNews {
  readonly #parts: FlowNewsParts;
  /** Flows whose state is on the broker, and when they closed. */
  readonly #kept = new Map<string, number | undefined>();
  /** What was said last of each, so that parking is told once. */
  readonly #states = new Map<string, string>();
  /** Locks by the flow that has them in hand. */
  readonly #held = new Map<string, string>();

  constructor(parts: FlowNewsParts) {
    this.#parts = parts;
    for (const view of parts.flows.all({ most: MOST_CLOSED })) {
      if (this.#isKept(view)) this.#show(view);
      this.#hold(view);
    }
    for (const view of parts.locks.all()) this.lock(view.id);
  }

  /** Whether a flow has that lock in hand. */
  holds(lock: string): boolean {
    return [...this.#held.values()].includes(lock);
  }

  /** Whether its state belongs on the broker. */
  isKept(flow: string): boolean {
    const view = this.#parts.flows.get(flow);
    return view !== undefined && this.#isKept(view);
  }

  #isKept(view: FlowView): boolean {
    const { locks, clock } = this.#parts;
    if (!isShown({ find: lock => locks.find(lock) }, view)) return false;
    return view.endedAt === undefined || clock.now() - view.endedAt < KEPT_CLOSED;
  }

  /** What nobody heard while there was no connection is asked once more. */
  connected(): void {
    for (const view of this.#parts.flows.all({ open: true })) {
      if (this.#isKept(view)) for (const prompt of view.prompts) this.#prompt(view, prompt);
    }
  }

  /** What changes without a word: suggestions, and flows that closed long ago. */
  look(): void {
    const { outbox, topics, locks } = this.#parts;
    for (const flow of this.#kept.keys()) {
      if (this.isKept(flow)) continue;
      this.#kept.delete(flow);
      this.#states.delete(flow);
      outbox.clear(topics.flow(flow, 'state'));
    }
    for (const view of locks.all()) this.lock(view.id);
  }

  /** The flow that a lock is in, on the lock's own topic. */
  lock(id: string): void {
    const { flows, locks, outbox, topics } = this.#parts;
    const view = locks.find(id);
    if (!view || !exposed(view)) return;
    const mine = flows.all({ lock: view.id, most: 5 }).filter(flow => this.#isKept(flow));
    const suggestions = flows.suggestions().filter(each => each.lock === view.id);
    outbox.keep(topics.lock(view.name, 'flow'), JSON.stringify(flowOfLockDocument(mine, suggestions)));
  }

  heard(event: FlowEvent): void {
    const { view } = event;
    this.#hold(view);
    if (!this.#isKept(view)) return;
    this.#show(view);
    // A line changes nothing by itself; what it changes is told too.
    if (view.lock !== undefined && event.kind !== 'line') this.lock(view.lock);
    switch (event.kind) {
      case 'started':
        this.#tell(view, { event_type: 'started', text: view.plan.goal }, 'flow_started');
        break;
      case 'changed':
        break;
      case 'prompt':
        if (this.#parts.connected()) this.#prompt(view, event.prompt);
        this.#tell(view, {
          event_type: 'prompt',
          prompt: event.prompt.id,
          kind: event.prompt.kind,
          text: event.prompt.text,
        });
        break;
      case 'answered':
        this.#tell(view, { event_type: 'answered', prompt: event.prompt, by: shown(event.by) });
        break;
      case 'line':
        this.#say(view, { event_type: 'line', ...lineDocument(event.line) });
        if (event.line.kind === 'said') this.#ofLock(view, { event_type: 'progress', text: event.line.text });
        break;
      case 'notice': {
        const { text, urgent } = event;
        this.#tell(view, { event_type: urgent ? 'alarm' : 'notice', text }, 'flow_notice');
        break;
      }
      case 'work_order':
        this.#tell(view, { event_type: 'work_order', ...workOrderDocument(event.order) }, 'flow_work_order');
        break;
      case 'ended':
        this.#tell(view, { event_type: 'ended', state: view.state, text: endText(view) }, 'flow_ended');
        break;
    }
    this.#parked(view);
  }

  /** An answer on its topic was not taken; nobody waits for a response there. */
  refused(flow: string, told: Readonly<Record<string, unknown>>): void {
    const view = this.#parts.flows.get(flow);
    if (view && this.isKept(flow)) this.#say(view, { event_type: 'refused', ...told });
  }

  #hold({ id, lock, state }: FlowView): void {
    const holds = lock !== undefined && state !== 'planned' && !CLOSED.includes(state);
    if (holds === this.#held.has(id)) return;
    if (holds) this.#held.set(id, lock);
    else this.#held.delete(id);
    if (lock !== undefined) this.#parts.announcer.look(lock);
  }

  #show(view: FlowView): void {
    const { outbox, topics, clock } = this.#parts;
    this.#kept.set(view.id, view.endedAt);
    outbox.keep(topics.flow(view.id, 'state'), JSON.stringify(flowDocument(view, clock.now())));
  }

  #prompt(view: FlowView, prompt: Prompt): void {
    const { outbox, topics } = this.#parts;
    outbox.say(topics.flow(view.id, 'prompt'), JSON.stringify(promptDocument(view, prompt)));
  }

  /** Where it stops it says why, once. */
  #parked(view: FlowView): void {
    const before = this.#states.get(view.id);
    this.#states.set(view.id, view.state);
    if (CLOSED.includes(view.state)) this.#states.delete(view.id);
    if (view.state !== 'needs_attention' || before === view.state) return;
    this.#tell(view, { event_type: 'attention', code: view.stop?.code ?? null, text: endText(view) }, 'flow_attention');
  }

  /** On the flow's own topic, for its lock, and with `type` also to whoever listens to the bridge. */
  #tell(view: FlowView, event: Readonly<Record<string, unknown>>, type?: string): void {
    this.#say(view, event);
    this.#ofLock(view, event);
    const { event_type: _word, ...data } = event;
    if (type !== undefined) this.#parts.announcer.event(type, { ...this.#about(view), ...data });
  }

  #say(view: FlowView, event: Readonly<Record<string, unknown>>): void {
    const { outbox, topics, clock } = this.#parts;
    outbox.say(topics.flow(view.id, 'event'), JSON.stringify({ at: stamp(clock.now()), ...event }));
  }

  #ofLock(view: FlowView, event: Readonly<Record<string, unknown>>): void {
    const { outbox, topics, clock } = this.#parts;
    const lock = this.#lockOf(view);
    if (!lock) return;
    const told = { ...event, flow: view.id, type: view.type, at: stamp(clock.now()) };
    outbox.say(topics.lock(lock.name, 'flow_event'), JSON.stringify(told));
  }

  #about(view: FlowView): Readonly<Record<string, unknown>> {
    const lock = this.#lockOf(view);
    return { flow: view.id, flow_type: view.type, ...(lock ? { id: lock.id, lock: lock.name } : {}) };
  }

  #lockOf({ lock }: FlowView): LockView | undefined {
    const view = lock === undefined ? undefined : this.#parts.locks.find(lock);
    return view && exposed(view) ? view : undefined;
  }
}

function endText({ stop, atStake }: FlowView): string {
  if (!stop) return atStake;
  return stop.next === undefined ? stop.text : `${stop.text} ${stop.next}`;
}
