// All locks that Matter shows: doors on the bridge or as nodes of their own, put up and taken down while others run on.
import './switches.ts';
import { type Endpoint, Environment } from '@matter/main';
import type { AggregatorEndpoint } from '@matter/main/endpoints/aggregator';
import { Holders } from '../../access/holders.ts';
import { sleep } from '../../base/clock.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { LockEvent, LockView } from '../../lock/lock.ts';
import { BRIDGE, type MatterFabric, type MatterLock, type MatterNode } from '../../lock/matter-port.ts';
import { isReachable, nameOf } from './attributes.ts';
import { identityOf, renewPass } from './codes.ts';
import type { Surroundings } from './desk.ts';
import { Door } from './door.ts';
import { keepIn } from './drawer.ts';
import { outliveFaults } from './faults.ts';
import { Guard } from './guard.ts';
import { LockNotes } from './lock-note.ts';
import { logTo } from './logging.ts';
import type { MatterParts } from './matter.ts';
import { type Trouble, networkTrouble } from './network.ts';
import { Node, addAggregator } from './node.ts';
import { sameShape, shapeOf } from './shape.ts';

/** Adds the bridge up and starts it; `tell` is called after anything of its status changed. Rejects when it cannot run. */
export async function openBridge(parts: MatterParts, tell: () => void): Promise<Bridge> {
  logTo(parts.log);
  const environment = environmentOf(parts);
  keepIn(environment, parts.store);
  const bridge = new Bridge(parts, environment, tell);
  await bridge.start();
  return bridge;
}

/** Controllers take an endpoint that comes back with other features for the old one, unless they were told that it went. */
const GONE = 1500;
/** A lock of its own counts its ports from the bridge's. */
const MOST_PORTS = 200;

export class Bridge {
  readonly #parts: MatterParts;
  readonly #environment: Environment;
  readonly #tell: () => void;
  readonly #around: Surroundings;
  readonly #nodes = new Map<string, Node>();
  readonly #doors = new Map<string, Door>();
  readonly #stops: (() => void)[] = [];
  #aggregator: Endpoint<typeof AggregatorEndpoint> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #started = false;
  readonly #ending = new AbortController();

  constructor(parts: MatterParts, environment: Environment, tell: () => void) {
    this.#parts = parts;
    this.#environment = environment;
    this.#tell = tell;
    const { locks, access, tokens, workbench, notes, clock, zone, random, log } = parts;
    const holders = new Holders(access, notes);
    const guard = new Guard({ access, holders, notes, clock });
    const lockNotes = new LockNotes(notes, random);
    this.#around = { locks, access, tokens, workbench, holders, guard, lockNotes, clock, zone, random, log };
  }

  /** Every known lock is there before anybody can look: what is missing for a moment loses its room in some homes. */
  async start(): Promise<void> {
    const { locks, access, workbench } = this.#parts;
    try {
      await this.#openNode();
      for (const view of locks.all()) if (this.#isShown(view)) await this.#show(view);
      for (const node of this.#nodes.values()) await node.start();
    } catch (thrown) {
      await this.#closeAll().catch(() => undefined);
      throw thrown;
    }
    this.#started = true;
    this.#stops.push(
      outliveFaults(this.#parts.log),
      locks.hear(event => this.#heard(event)),
      access.hear(lock => this.#doors.get(lock)?.peopleChanged()),
      workbench.hear(lock => this.#doors.get(lock)?.push()),
    );
    for (const door of this.#doors.values()) door.pushAll();
  }

  nodes(): MatterNode[] {
    const { locks } = this.#parts;
    return Array.from(this.#nodes.values(), node => {
      const lock = locks.find(node.id)?.name;
      return { ...node.status(), ...(lock !== undefined && { lock }) };
    });
  }

  locks(): MatterLock[] {
    const shown = Array.from(this.#doors.values(), door => ({ door, view: this.#parts.locks.find(door.lock) }));
    return shown.flatMap(({ door, view }) => {
      if (!view) return [];
      const { shape, choice, lock, endpoint } = door;
      const node = choice.own ? lock : BRIDGE;
      const at = { node, endpoint: endpoint.number };
      return [{ id: lock, name: view.name, ...at, reachable: isReachable(view), features: shape.features }];
    });
  }

  fabrics(): MatterFabric[] {
    return Array.from(this.#nodes.values()).flatMap(node => node.fabrics());
  }

  trouble(): Trouble | undefined {
    return this.#parts.environment === 'real' ? networkTrouble(this.#parts.settings) : undefined;
  }

  openWindow(node: string, seconds: number): Promise<MatterNode> {
    return this.#inTurn(() => this.#must(node).openWindow(seconds));
  }

  closeWindow(node: string): Promise<void> {
    return this.#inTurn(() => this.#must(node).closeWindow());
  }

  removeFabric(node: string, index: number): Promise<void> {
    return this.#inTurn(() => this.#must(node).removeFabric(index));
  }

  /** The node is made anew, since it takes its codes with it from the beginning. */
  reset(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { notes, random, store, locks } = this.#parts;
      const node = this.#must(id);
      const doors = this.#of(id);
      for (const { index } of node.fabrics()) this.#left(id, index);
      try {
        await node.erase();
      } finally {
        for (const door of doors) this.#doors.delete(door.lock);
        await node.close();
        this.#nodes.delete(id);
        store.clear(id);
        renewPass(id, notes, random);
        if (id === BRIDGE) await this.#openNode();
        for (const { lock } of doors) {
          const view = locks.find(lock);
          if (view) await this.#show(view);
        }
        await this.#nodes.get(id)?.start();
      }
    });
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    for (const stop of this.#stops.splice(0)) stop();
    this.#started = false;
    await this.#inTurn(() => this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    this.#doors.clear();
    const closing = Array.from(this.#nodes.values(), node => node.close());
    this.#nodes.clear();
    await Promise.all(closing);
  }

  #heard(event: LockEvent): void {
    const { view } = event;
    const door = this.#doors.get(view.id);
    if (event.kind === 'removed') return this.#later(() => this.#remove(view.id));
    if (door && this.#isShown(view) && !this.#isOther(door, view)) {
      door.heard(event);
      return this.#showNode(view.id);
    }
    if (event.kind === 'state' || event.kind === 'happened') return;
    if (!door && !this.#isShown(view)) return;
    this.#later(() => this.#replace(view.id));
  }

  /** Takes it off, and puts it up again as what it is now. */
  async #replace(lock: string): Promise<void> {
    const { locks, clock } = this.#parts;
    const { signal } = this.#ending;
    const wanted = (): LockView | undefined => {
      const view = locks.find(lock);
      return view && !signal.aborted && this.#isShown(view) ? view : undefined;
    };
    const door = this.#doors.get(lock);
    const view = wanted();
    // Several events may have asked for the same.
    if (door && view && !this.#isOther(door, view)) return door.push();
    await this.#hide(lock);
    if (door && wanted()) await sleep(clock, GONE, signal).catch(() => undefined);
    const now = wanted();
    if (now) await this.#show(now);
    this.#doors.get(lock)?.pushAll();
    this.#tell();
  }

  #isShown({ settings }: LockView): boolean {
    return settings.exposed.includes('matter');
  }

  #isOther(door: Door, view: LockView): boolean {
    const choice = this.#parts.choice(view);
    if (JSON.stringify(choice) !== JSON.stringify(door.choice)) return true;
    return !sameShape(door.shape, shapeOf(view.abilities, choice));
  }

  async #show(view: LockView): Promise<void> {
    const { id, abilities } = view;
    if (this.#doors.has(id)) return;
    const choice = this.#parts.choice(view);
    const shape = shapeOf(abilities, choice);
    const configured = (): void => this.#configured();
    const door = new Door({ lock: id, around: this.#around, shape, choice, configured });
    if (choice.own) await this.#showOwn(door, view);
    else await this.#aggregator?.add(door.endpoint);
    this.#doors.set(id, door);
    this.#configured();
  }

  async #showOwn(door: Door, view: LockView): Promise<void> {
    const { id } = view;
    const note = this.#around.lockNotes.of(id);
    const label = nameOf({ view, note });
    const node = await this.#makeNode({
      id,
      port: this.#portOf(id),
      label,
      product: 'Latchbridge lock',
    });
    await node.server.add(door.endpoint);
    if (this.#started) await node.start();
  }

  /** What else the bridge would say of a lock, its own node says of itself. */
  #showNode(lock: string): void {
    const view = this.#parts.locks.find(lock);
    const node = this.#nodes.get(lock);
    if (!node || !view) return;
    const note = this.#around.lockNotes.of(lock);
    node.show({ nodeLabel: nameOf({ view, note }), reachable: isReachable(view) }).catch((thrown: unknown) => {
      this.#parts.log.warn({ lock, err: textOf(thrown) }, 'Matter did not take what a lock said');
    });
  }

  /** Its number stays its own. */
  async #hide(lock: string, { gone = false } = {}): Promise<void> {
    const door = this.#doors.get(lock);
    if (!door) return;
    this.#doors.delete(lock);
    await door.close({ gone: gone && !door.choice.own });
    const node = this.#nodes.get(lock);
    this.#nodes.delete(lock);
    await node?.close();
    this.#configured();
  }

  async #remove(lock: string): Promise<void> {
    const own = this.#doors.get(lock)?.choice.own === true;
    await this.#hide(lock, { gone: true });
    const { holders, guard, lockNotes } = this.#around;
    const { store, notes } = this.#parts;
    if (own) store.clear(lock);
    for (const name of [`matter.node.${lock}`, `matter.port.${lock}`]) notes.remove(name);
    for (const one of [holders, guard, lockNotes]) one.forgetLock(lock);
    this.#tell();
  }

  async #openNode(): Promise<void> {
    const { settings } = this.#parts;
    const node = await this.#makeNode({
      id: BRIDGE,
      port: settings.port,
      label: 'Latchbridge',
      product: 'Latchbridge',
    });
    this.#aggregator = await addAggregator(node);
  }

  async #makeNode(what: { id: string; port: number; label: string; product: string }): Promise<Node> {
    const { notes, random, clock, log, version, settings } = this.#parts;
    const { id } = what;
    const node = await Node.make({
      ...what,
      ipv4: settings.ipv4 ?? true,
      identity: identityOf(id, notes, random),
      environment: this.#environment,
      clock,
      random,
      log,
      version,
      configuration: this.#version(),
      changed: () => this.#tell(),
      renewed: () => {
        this.#of(id).forEach(door => door.pushAll());
        this.#showNode(id);
      },
      left: fabric => this.#left(id, fabric),
    });
    this.#nodes.set(id, node);
    return node;
  }

  #of(node: string): Door[] {
    return [...this.#doors.values()].filter(door => (door.choice.own ? door.lock : BRIDGE) === node);
  }

  #left(node: string, fabric: number): void {
    for (const { lock } of this.#of(node)) {
      this.#around.guard.left(lock, fabric);
      this.#around.holders.left(lock, fabric);
    }
  }

  /** The bridge's own count goes up with that of each lock, and when locks come and go. */
  #configured(): void {
    if (!this.#started) return;
    const version = this.#version() + 1;
    this.#parts.notes.set('matter.version', version);
    for (const node of this.#nodes.values()) {
      node.configured(version).catch((thrown: unknown) => {
        this.#parts.log.warn({ err: textOf(thrown) }, 'Matter did not take a change of its configuration');
      });
    }
  }

  #version(): number {
    const kept = this.#parts.notes.get('matter.version');
    return typeof kept === 'number' && kept >= 1 ? kept : 1;
  }

  /** The same over restarts, so that controllers find it again at once. */
  #portOf(lock: string): number {
    const { notes, settings, locks } = this.#parts;
    const kept = notes.get(`matter.port.${lock}`);
    if (typeof kept === 'number') return kept;
    const taken = new Set(locks.all().map(view => notes.get(`matter.port.${view.id}`)));
    for (let port = settings.port + 1; port <= settings.port + MOST_PORTS; port++) {
      if (taken.has(port)) continue;
      notes.set(`matter.port.${lock}`, port);
      return port;
    }
    throw new LockError('busy', 'There is no port left for one more lock as a Matter node of its own.');
  }

  #must(id: string): Node {
    const node = this.#nodes.get(id);
    if (node) return node;
    throw new LockError('not_found', 'There is no Matter node of that name; look at the list of nodes.');
  }

  #later(work: () => Promise<void>): void {
    this.#inTurn(work).catch((thrown: unknown) => {
      this.#parts.log.error({ err: textOf(thrown) }, 'a lock could not be shown or hidden in Matter');
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The network of this machine, or a simulated one that was made for it. */
function environmentOf({ environment, settings }: MatterParts): Environment {
  if (environment !== 'real') return environment;
  const { interface: chosen, ipv4 } = settings;
  const trouble = networkTrouble(settings);
  if (trouble && chosen !== undefined) {
    throw new LockError('unreachable', `${trouble.reason} ${trouble.fix ?? ''}`.trim(), { reason: 'no_network' });
  }
  // The mDNS service is made in the outermost environment and asks there.
  const { vars } = Environment.default;
  if (chosen !== undefined) vars.set('mdns.networkInterface', chosen);
  if (ipv4 === false) vars.set('mdns.ipv4', false);
  return new Environment('latchbridge', Environment.default);
}
