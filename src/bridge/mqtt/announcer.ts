// Keeps the retained topics of every lock and of the bridge true, says what happens, and clears what a lock leaves behind.
import type { Clock } from '../../base/clock.ts';
import type { Happening, LockEvent, LockView } from '../../lock/lock.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import { bridgeDiscovery, lockDiscovery, withoutGone } from './discovery.ts';
import type { Outbox } from './outbox.ts';
import {
  actionDocument,
  type Around,
  availabilityDocument,
  eventDocument,
  isOperation,
  listingDocument,
  settingsDocument,
  stateDocument,
} from './state.ts';
import { objectId, type Topics } from './topics.ts';

export interface AnnouncerOptions {
  locks: Locks;
  workbench?: Workbench;
  topics: Topics;
  outbox: Outbox;
  clock: Clock;
  version: string;
  /** Whether a flow has that lock in hand; without it locks have no flows to tell of. */
  inFlow?: (lock: string) => boolean;
}

interface Shown {
  name: string;
  /** What its discovery was made from: a held lock is shown every two seconds, and its discovery is some 5 KiB. */
  device: readonly unknown[];
  quiet: string;
  at: number;
  /** Entities that Home Assistant was told of since we started, and their platforms. */
  platforms: Readonly<Record<string, string>>;
}

/** A signal that wobbles, what a session costs and when nothing new was last said is told so often at most; everything else at once. */
const SIGNAL_EVERY = 60_000;
/** A lock's clock counts seconds and may be some off; its word comes in order all the same. */
const CLOCKS_APART = 10_000;

export class Announcer {
  readonly #options: AnnouncerOptions;
  /** What each lock has on the broker, by id. */
  readonly #shown = new Map<string, Shown>();
  /** Who moved each bolt last, by the lock's id. */
  readonly #last = new Map<string, Happening>();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    const { outbox, topics, version, locks } = options;
    outbox.keep(topics.discovery(topics.bridgeId), JSON.stringify(bridgeDiscovery(topics, version)));
    for (const view of locks.all()) this.#show(view);
    this.#list();
  }

  /** For Locks.hear. */
  heard(event: LockEvent): void {
    const { view } = event;
    if (event.kind === 'happened') {
      if (exposed(view)) this.#happened(view, event.happening);
      return;
    }
    if (event.kind === 'removed' || !exposed(view)) this.#clear(view.id);
    else this.#show(view);
    if (event.kind === 'state') return;
    this.#list();
    if (event.kind === 'added') this.event('lock_added', { id: view.id, name: view.name });
    if (event.kind === 'removed') this.event('lock_removed', { id: view.id, name: view.name });
    if (event.kind === 'renamed') this.event('lock_renamed', { id: view.id, from: event.from, to: view.name });
  }

  /** The true state once more, even if unchanged: after every command, so that nothing stays "locking". */
  restate(lock: string): void {
    const view = this.#options.locks.find(lock);
    if (view && exposed(view)) this.#show(view, { always: true });
  }

  /** What changed without a word of `Locks.hear`: of one lock, or the signals of all, now and then. */
  look(lock?: string): void {
    const { locks } = this.#options;
    const view = lock === undefined ? undefined : locks.find(lock);
    for (const each of lock === undefined ? locks.all() : view ? [view] : []) this.#show(each);
  }

  /** Something about a lock that did not come from the lock. */
  lockEvent(view: LockView, event: Readonly<Record<string, unknown>>): void {
    this.#options.outbox.say(this.#options.topics.lock(view.name, 'event'), JSON.stringify(event));
  }

  /** The state with more in it, once and not retained: zigbee2mqtt's way to tell an action or a user. */
  aside(view: LockView, more: Readonly<Record<string, unknown>>): void {
    const { outbox, topics } = this.#options;
    outbox.say(topics.lock(view.name), JSON.stringify({ ...stateDocument(view, this.#around(view)), ...more }));
  }

  event(type: string, data: Readonly<Record<string, unknown>>): void {
    const { outbox, topics } = this.#options;
    outbox.say(topics.bridge('event'), JSON.stringify({ type, data }));
  }

  logging(level: 'info' | 'warning' | 'error', message: string): void {
    const { outbox, topics } = this.#options;
    outbox.say(topics.bridge('logging'), JSON.stringify({ level, message, namespace: 'latchbridge:mqtt' }), { qos: 0 });
  }

  #show(view: LockView, how: { always?: boolean } = {}): void {
    if (!exposed(view)) return;
    const { outbox, topics, clock, inFlow } = this.#options;
    const before = this.#shown.get(view.id);
    // Its discovery stays: Home Assistant would forget the device and its history with it.
    if (before && before.name !== view.name) this.#clearName(before.name);
    outbox.keep(topics.lock(view.name, 'availability'), JSON.stringify(availabilityDocument(view, inFlow?.(view.id))));
    const found = this.#discover(view, before);
    if (before) Object.assign(before, found);
    const around = this.#around(view);
    const settings = topics.lock(view.name, 'settings');
    if (around.values && hasSettings(view)) {
      outbox.keep(settings, JSON.stringify(settingsDocument(view, around.values)), how);
    } else if (outbox.kept(settings)) outbox.clear(settings);
    const quiet = JSON.stringify(stateDocument(withoutWobble(view), withoutCost(around)));
    const now = clock.elapsed();
    const onlyWobble = before?.name === view.name && before.quiet === quiet;
    if (onlyWobble && !how.always && now - before.at < SIGNAL_EVERY) return;
    this.#shown.set(view.id, { name: view.name, quiet, at: now, ...found });
    outbox.keep(topics.lock(view.name), JSON.stringify(stateDocument(view, around)), how);
  }

  #discover(view: LockView, before: Shown | undefined): Pick<Shown, 'device' | 'platforms'> {
    const { outbox, topics, version, workbench, inFlow } = this.#options;
    const device = [view.name, view.address, view.family, view.facts, view.abilities];
    if (before && device.every((part, i) => part === before.device[i])) return { device, platforms: before.platforms };
    const offers = { version, workbench: workbench !== undefined, flows: inFlow !== undefined };
    const { document, platforms } = withoutGone(lockDiscovery(view, topics, offers), before?.platforms ?? {});
    outbox.keep(topics.discovery(objectId(view.id)), JSON.stringify(document));
    return { device, platforms };
  }

  /** Takes everything that was ever retained for this lock off the broker. */
  #clear(id: string): void {
    const before = this.#shown.get(id);
    if (!before) return;
    this.#shown.delete(id);
    this.#last.delete(id);
    this.#options.outbox.clear(this.#options.topics.discovery(objectId(id)));
    this.#clearName(before.name);
  }

  #clearName(name: string): void {
    const { outbox, topics } = this.#options;
    for (const topic of retainedOf(topics, name)) outbox.clear(topic);
  }

  #happened(view: LockView, happening: Happening): void {
    const { outbox, topics } = this.#options;
    this.lockEvent(view, eventDocument(happening));
    const action = actionDocument(happening);
    if (action) {
      this.aside(view, action);
      outbox.say(topics.lock(view.name, 'action'), action.action);
    }
    // The log is read late: after what was done from here, it may tell of what was before that.
    const { at = -Infinity } = this.#last.get(view.id) ?? {};
    if (!isOperation(happening) || happening.at < at - CLOCKS_APART) return;
    this.#last.set(view.id, happening);
    this.#show(view);
  }

  #around(view: LockView): Around {
    const { locks } = this.#options;
    // Of a lock that was just removed nothing is known any more.
    const workbench = locks.find(view.id) && this.#options.workbench;
    const last = this.#last.get(view.id);
    const cost = workbench?.costs(view.id).find(each => each.mode === view.settings.session);
    return { ...(workbench && { values: workbench.known(view.id) }), ...(cost && { cost }), ...(last && { last }) };
  }

  #list(): void {
    const { outbox, topics, locks } = this.#options;
    const listed = locks.all().filter(exposed);
    outbox.keep(topics.bridge('locks'), JSON.stringify(listed.map(listingDocument)));
  }
}

export function exposed(view: LockView): boolean {
  return view.settings.exposed.includes('mqtt');
}

/** Every topic but the discovery that the broker keeps for a lock of this name. */
export function retainedOf(topics: Topics, name: string): string[] {
  return [topics.lock(name), ...['availability', 'settings', 'flow'].map(leaf => topics.lock(name, leaf))];
}

function hasSettings(view: LockView): boolean {
  return (view.abilities?.settings.length ?? 0) > 0;
}

function withoutCost({ cost: _cost, ...around }: Around): Around {
  return around;
}

/** The signal changes with every advert, and a held lock says every two seconds that nothing is new: few need each of them. */
function withoutWobble({ rssi: _rssi, ...view }: LockView): LockView {
  return { ...view, state: { ...view.state, at: 0 } };
}
