// A House with the flow engine, in virtual time, that can be killed at any line of a journal and started anew.
import { LockError } from '../../src/base/errors.ts';
import { silent } from '../../src/base/log.ts';
import { makeProcedures } from '../../src/flow/catalogue/load.ts';
import { Engine } from '../../src/flow/engine/engine.ts';
import type { FlowShelf } from '../../src/flow/journal.ts';
import { recipes as real } from '../../src/flow/recipes/index.ts';
import { Recorder } from '../../src/flow/record/recorder.ts';
import type { Recipe, Tools } from '../../src/flow/step.ts';
import type { FlowEvent, FlowPolicy, FlowRequest, FlowState, FlowView } from '../../src/flow/words.ts';
import { CLOSED } from '../../src/flow/words.ts';
import { Wiper } from '../../src/flow/wiping.ts';
import type { Asker } from '../../src/lock/lock.ts';
import type { Health } from '../../src/lock/upkeep.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import type { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import { OWNER } from './fake-family.ts';
import { type Disk, House, type HouseOptions, type Place, seeded } from './house.ts';

export const POLICY: FlowPolicy = {
  unattended: 'soft_wipe',
  confirmByMqtt: true,
  twoPersons: false,
  leastBattery: 40,
  pivotsPerHour: 3,
  minutesBetweenPivots: 10,
  escrowDays: 30,
  reserveMinutes: 60,
  graceMinutes: 30,
};

const procedures = makeProcedures();

/** Where the process dies: before or after the line of that number, counted over all flows from the making of this. */
export interface KillAt {
  line: number;
  when: 'before' | 'after';
}

/** The process dies while it writes a line: from then on nothing is written and nothing is sent. */
export class Death {
  dead = false;
  /** The disk takes nothing for now. */
  full = false;
  /** Lines that were asked for so far. */
  lines = 0;
  readonly #at: KillAt | undefined;
  readonly #place: Pick<Place<VirtualLock>, 'air' | 'clock'>;

  constructor(place: Pick<Place<VirtualLock>, 'air' | 'clock'>, at?: KillAt) {
    this.#at = at;
    this.#place = place;
    const before = place.air.knobs.fault;
    if (at) place.air.knobs.fault = chunk => (this.dead ? 'cut' : (before?.(chunk) ?? 'deliver'));
  }

  shelf(shelf: FlowShelf): FlowShelf {
    const line = <T>(write: () => T): T => {
      this.lines += 1;
      const isHere = this.lines === this.#at?.line;
      if (isHere && this.#at?.when === 'before') this.#die();
      this.#mustLive();
      const written = write();
      if (isHere) this.#die();
      this.#mustLive();
      return written;
    };
    return {
      ...shelf,
      add: (...args) => line(() => shelf.add(...args)),
      append: (...args) => line(() => shelf.append(...args)),
      save: (...args) => {
        this.#mustLive();
        shelf.save(...args);
      },
      keepRecord: record => {
        this.#mustLive();
        shelf.keepRecord(record);
      },
    };
  }

  get disk(): Disk {
    const dying = <T extends object>(target: T, writes: readonly string[]): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value: unknown = Reflect.get(object, name);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]): unknown => {
            if (writes.includes(String(name))) this.#mustLive();
            return value.apply(object, args);
          };
        },
      });
    return {
      shelf: shelf => dying(shelf, ['add', 'save', 'note', 'remove', 'unit']),
      vault: vault => dying(vault, ['keep', 'replace', 'promote', 'mark']),
    };
  }

  #die(): void {
    this.dead = true;
    this.#place.clock.after(0, () => this.dead && this.#place.air.power(false));
  }

  /** It is buried: what comes after is another process. */
  bury(): void {
    this.dead = false;
    this.#place.air.knobs.fault = undefined;
  }

  #mustLive(): void {
    if (this.dead) throw new LockError('disk', 'The process is dead.');
    if (this.full) throw new LockError('disk', 'The disk is full.', { reason: 'disk_full' });
  }
}

export interface FlowHouseOptions {
  recipes: readonly Recipe[];
  store?: Store;
  policy?: Partial<FlowPolicy>;
  kill?: KillAt;
  seed?: number;
  house?: Omit<HouseOptions, 'store' | 'disk' | 'joined'>;
  /** What the tools are instead. */
  tools?: (tools: Tools) => Tools;
}

const WELL: Health = { ready: true, version: 'test', startedAt: 0, parts: [] };

export class FlowHouse<L extends VirtualLock = VirtualTTLock> {
  readonly place: Place<L>;
  readonly store: Store;
  readonly events: FlowEvent[] = [];
  house!: House<L>;
  engine!: Engine;
  recorder!: Recorder;
  death: Death;
  policy: FlowPolicy;
  /** The daemon's own health; tests change it. */
  health: Health = WELL;
  /** Whether a second copy off the card is made. */
  second = true;
  backups = 0;
  readonly #options: FlowHouseOptions;
  #builds = 0;

  constructor(place: Place<L>, options: FlowHouseOptions) {
    this.place = place;
    this.#options = options;
    this.policy = { ...POLICY, ...options.policy };
    this.store = options.store ?? openStore({ clock: place.clock, random: seeded(3), log: silent });
    this.death = new Death(place, options.kill);
    this.#build();
  }

  get clock(): Place<L>['clock'] {
    return this.place.clock;
  }

  /** Kills what runs and starts anew on the same store and lock. `kill`: when the new one dies. */
  async restart(kill?: KillAt): Promise<void> {
    await this.crash();
    this.death = new Death(this.place, kill);
    this.#build();
    await this.clock.settle();
  }

  /** As kill -9: nothing is told to anybody. */
  async crash(): Promise<void> {
    this.place.air.power(false);
    this.death.dead = true;
    await this.clock.run(this.engine.stop()).catch(() => undefined);
    await this.house.stop().catch(() => undefined);
    this.death.bury();
    this.place.air.power(true);
  }

  async stop(): Promise<void> {
    await this.clock.run(this.engine.stop());
    await this.house.stop();
  }

  start(request: Partial<FlowRequest> & Pick<FlowRequest, 'type'>, asker: Asker = OWNER): Promise<FlowView> {
    return this.engine.start({ lock: 'front_door', reason: 'tenant_left', ...request }, asker);
  }

  /** The newest flow. */
  get flow(): FlowView {
    const [first] = this.engine.all({ most: 1 });
    if (!first) throw new RangeError('there is no flow');
    return first;
  }

  /** Time goes on until the newest flow is in one of these states, or closed or parked. */
  async until(states: readonly FlowState[] = [], mostMs = 2 * 3600_000): Promise<FlowView> {
    const ends: readonly FlowState[] = [...CLOSED, 'needs_attention', ...states];
    const limit = this.clock.elapsed() + mostMs;
    await this.clock.settle();
    while (!ends.includes(this.flow.state)) {
      if (this.clock.elapsed() >= limit) throw new RangeError(`it stays ${this.flow.state} at ${this.flow.step?.id}`);
      await this.clock.advance(200);
    }
    return this.flow;
  }

  /** Answers the prompt that is open, with its challenge. */
  async answer(answer = 'yes', asker: Asker = OWNER): Promise<FlowView> {
    const { id, prompts } = this.flow;
    const [prompt] = prompts;
    if (!prompt) throw new RangeError(`nothing is asked: ${this.flow.state}`);
    const challenge = prompt.challenge === undefined ? {} : { challenge: prompt.challenge };
    return this.engine.answer(id, { prompt: prompt.id, answer, ...challenge }, asker);
  }

  /** A person who says yes to everything, until the flow is closed or parked. */
  async agree(asker: Asker = OWNER, mostPrompts = 40): Promise<FlowView> {
    for (let i = 0; i <= mostPrompts; i++) {
      const { state } = await this.until(['waiting_human', 'awaiting_clearance', 'planned', 'paused']);
      if (state !== 'waiting_human' && state !== 'awaiting_clearance') return this.flow;
      await this.answer('yes', asker);
      await this.clock.settle();
    }
    throw new RangeError('it asks without end');
  }

  /** Kinds of its journal lines. */
  kinds(flow = this.flow.id): string[] {
    return this.store.flows.lines(flow).map(({ kind }) => kind);
  }

  notices(): string[] {
    return this.events.flatMap(event => (event.kind === 'notice' ? [event.text] : []));
  }

  #build(): void {
    const { store, clock, place } = this;
    const { recipes, seed = 5, house } = this.#options;
    // Whoever only brings a flow of his own wants locks that are paired all the same.
    const all = [...recipes, ...real.filter(one => !recipes.some(({ type }) => type === one.type))];
    const joined = (made: House<VirtualLock>): void => {
      // Another process draws other ids.
      const random = seeded(seed + 100 + this.#builds++);
      const shelf = this.death.shelf(store.flows);
      const secrets = store.vault;
      this.recorder = new Recorder({ shelf, secrets, lock: id => made.registry.find(id) });
      this.engine = new Engine({
        shelf,
        recipes: all,
        tools: this.#tools(made, random),
        leases: made.leases,
        audit: store.audit,
        clock,
        random,
        log: silent,
        policy: () => this.policy,
        record: (flow, lock) => this.recorder.of(flow, lock)?.id,
      });
      this.engine.hear(event => void this.events.push(event));
      made.pairer.serve(this.engine);
      made.unpairer.serve(this.engine);
      this.engine.open();
    };
    this.house = new House(place, { ...house, store, seed, disk: this.death.disk, joined });
  }

  #tools(made: House<VirtualLock>, random: Tools['random']): Tools {
    const { store, clock } = this;
    const { registry, settler, nearby, pairer, access, workbench, vault } = made;
    const wiped = (lock: string): void => access.wiped(lock);
    const tools = {
      registry,
      settler,
      nearby,
      pairer,
      access,
      workbench,
      vault,
      clock,
      random,
      log: silent,
      procedures,
      secrets: store.vault,
      tokens: access.tokens,
      wiper: new Wiper({ registry, settler, vault, wiped }),
      health: () => this.health,
      backUp: async () => {
        this.backups += 1;
        return { second: this.second };
      },
    } as unknown as Tools;
    return this.#options.tools?.(tools) ?? tools;
  }
}
