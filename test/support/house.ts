// Everything but the bridges, in virtual time: virtual locks in the air, real drivers, keepers, flows and a store.
import { makeAccess } from '../../src/access/make-access.ts';
import { Secret, silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { utc } from '../../src/base/zone.ts';
import { AirRadio } from '../../src/demo/air-radio.ts';
import { drivers } from '../../src/drivers/index.ts';
import { Nearby } from '../../src/flow/nearby.ts';
import { Pairer } from '../../src/flow/pairing.ts';
import { Settler } from '../../src/flow/settle.ts';
import { Unpairer } from '../../src/flow/unpairing.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { type Leases, makeLeases } from '../../src/lock/leases.ts';
import type { Asker, LockEvent, LockSettings, LockView, Outcome, Verb } from '../../src/lock/lock.ts';
import type { LockShelf, Vault } from '../../src/lock/ports.ts';
import { Registry } from '../../src/lock/registry.ts';
import { LockBench } from '../../src/lock/workbench.ts';
import { type Traces, makeTraces } from '../../src/lock/trace.ts';
import type { Radio } from '../../src/radio/radio.ts';
import { type SharedRadios, shareRadios } from '../../src/radio/shared.ts';
import { Tap } from '../../src/radio/tap.ts';
import { Air } from '../../src/sim/air.ts';
import type { HandMove, SimFamily, VirtualLock } from '../../src/sim/family.ts';
import { ttlock } from '../../src/sim/ttlock/family.ts';
import type { Knobs } from '../../src/sim/ttlock/knobs.ts';
import type { VariantName } from '../../src/sim/ttlock/variants.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { makeLockValues } from '../../src/store/lock-values.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import type { Engine } from '../../src/flow/engine/engine.ts';
import type { FlowShelf } from '../../src/flow/journal.ts';
import { makeEngine } from './engine.ts';
import { OWNER } from './fake-family.ts';

/** Seeded bytes: the same each run. */
export function seeded(seed: number): (bytes: number) => Uint8Array {
  let state = seed >>> 0 || 1;
  return count =>
    Uint8Array.from({ length: count }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 8) & 0xff;
    });
}

export interface Place<L extends VirtualLock = VirtualTTLock> {
  clock: VirtualClock;
  air: Air;
  lock: L;
  family: SimFamily;
}

/** One virtual lock within reach. */
export function makePlace(
  options: { variant?: VariantName; knobs?: Partial<Knobs>; seed?: number; mtu?: number } = {},
): Place {
  const clock = new VirtualClock();
  const random = seeded(options.seed ?? 11);
  const air = new Air({ clock, random, mtu: options.mtu ?? 23 });
  const lock = new VirtualTTLock({
    name: 'front_door',
    address: 'f2:c1:ad:4c:ae:fd',
    variant: options.variant ?? 'deadbolt',
    clock,
    random,
    knobs: options.knobs ?? {},
  });
  // As a person leaves it who is about to pair it; key boxes have no thumb-turn and say so.
  lock.hands.act('thumb', { value: 'unlock' });
  air.add(lock);
  return { clock, air, lock, family: ttlock };
}

/** The same of any family. */
export function makeFamilyPlace(
  family: SimFamily,
  options: { variant?: string; seed?: number; mtu?: number } = {},
): Place<VirtualLock> {
  const clock = new VirtualClock();
  const random = seeded(options.seed ?? 11);
  const air = new Air({ clock, random, mtu: options.mtu ?? 247 });
  const address = family.address(Uint8Array.of(0x21, 0xc1, 0xad, 0x4c, 0xae, 0xfd));
  const { variant = family.usual } = options;
  const lock = family.make({ name: 'front_door', address, variant, clock, random });
  lock.hands.act('thumb', { value: 'unlock' });
  air.add(lock);
  return { clock, air, lock, family };
}

/** What makes it offer itself for pairing. */
export function offer({ lock, family }: Pick<Place<VirtualLock>, 'lock' | 'family'>): void {
  hand(lock, family.offer);
}

/** Somebody touches it, for no other reason than that it is heard. */
export function wake({ lock, family }: Pick<Place<VirtualLock>, 'lock' | 'family'>): void {
  hand(lock, family.wake);
}

function hand({ hands }: VirtualLock, { act, value }: HandMove): void {
  hands.act(act, value === undefined ? {} : { value });
}

/** What pairing it asks for. */
export function secretOf({ pin }: VirtualLock): { secret?: Secret<string> } {
  return pin === undefined ? {} : { secret: new Secret(pin) };
}

/** What a test may put between the daemon and its disk. */
export interface Disk {
  shelf: (shelf: LockShelf) => LockShelf;
  vault: (vault: Vault) => Vault;
  flows?: (shelf: FlowShelf) => FlowShelf;
}

export interface HouseOptions {
  store?: Store;
  settings?: Partial<LockSettings>;
  seed?: number;
  disk?: Disk;
  /** Default: one in the air of the place. */
  radios?: readonly Radio[];
  /** Everything is joined, nothing is started yet. */
  joined?: (house: House<VirtualLock>) => void;
}

export class House<L extends VirtualLock = VirtualTTLock> {
  readonly place: Place<L>;
  readonly store: Store;
  readonly radio: SharedRadios;
  readonly registry: Registry;
  readonly pairer: Pairer;
  readonly unpairer: Unpairer;
  readonly access: ReturnType<typeof makeAccess>;
  readonly workbench: LockBench;
  readonly nearby: Nearby;
  readonly settler: Settler;
  readonly traces: Traces;
  readonly tap: Tap;
  readonly leases: Leases;
  readonly shelf: LockShelf;
  readonly vault: Vault;
  /** Flows, unless the test joins its own. */
  readonly engine: Engine | undefined;
  readonly events: LockEvent[] = [];
  readonly wiped: string[] = [];
  readonly clock: VirtualClock;

  constructor(place: Place<L>, how: HouseOptions = {}) {
    this.place = place;
    const { clock } = place;
    this.clock = clock;
    const random = seeded(how.seed ?? 5);
    this.store = how.store ?? openStore({ clock, random, log: silent });
    const shelf = how.disk?.shelf(this.store.locks) ?? this.store.locks;
    const vault = how.disk?.vault(this.store.vault) ?? this.store.vault;
    this.radio = shareRadios(how.radios ?? [new AirRadio(place.air)], { clock, log: silent, random });
    const tap = new Tap(this.radio, clock);
    this.tap = tap;
    const leases = makeLeases(clock);
    this.leases = leases;
    this.shelf = shelf;
    this.vault = vault;
    const shared = { clock, random, shelf, vault, audit: this.store.audit, leases, log: silent };
    const configured = (): Partial<LockSettings> => how.settings ?? {};
    this.registry = new Registry({
      ...shared,
      radio: tap,
      drivers,
      gate: makeGate(clock, leases),
      zone: utc,
      configured,
    });
    this.traces = makeTraces({ ...shared, locks: this.registry, tap });
    const { registry } = this;
    const values = makeLockValues(this.store.settings);
    this.workbench = new LockBench({ ...shared, registry, values });
    this.access = makeAccess({
      ...shared,
      shelf: this.store.access,
      secrets: this.store.vault,
      work: (...order) => registry.work(...order),
      view: lock => registry.find(lock),
    });
    registry.annotateWith((lock, happening) => {
      const { kind, value } = happening.credential ?? {};
      if (!value || (kind !== 'code' && kind !== 'card' && kind !== 'finger')) return happening;
      return { ...happening, ...this.access.match(lock, kind, value) };
    });
    const wiped = (lock: string): void => {
      this.wiped.push(lock);
      this.access.wiped(lock);
    };
    const flow = { ...shared, registry, wiped };
    this.nearby = new Nearby(flow);
    this.settler = new Settler(flow);
    this.pairer = new Pairer({ ...flow, nearby: this.nearby, settler: this.settler });
    this.unpairer = new Unpairer(flow);
    this.registry.hear(event => void this.events.push(event));
    if (how.joined) how.joined(this);
    else this.engine = this.#flows(how, wiped);
    this.engine?.open();
    this.settler.start();
    this.nearby.start();
    this.pairer.start();
    this.unpairer.start();
    this.registry.start();
    this.radio.start();
  }

  /** Wakes the lock and pairs it under the name front_door. */
  async pair(): Promise<LockView> {
    offer(this.place);
    const wish = { name: 'front_door', seconds: 20, ...secretOf(this.place.lock) };
    return this.clock.run(this.pairer.pair(wish, OWNER));
  }

  /** Tells us the code of its owner, where the lock keeps things from who does not know it. */
  async tellCode(): Promise<void> {
    const { pin } = this.place.lock;
    if (pin === undefined || this.view.abilities?.adminCode?.known !== false) return;
    await this.clock.run(this.workbench.tellAdminCode('front_door', new Secret(pin), OWNER));
  }

  command(verb: Verb, ms = 15_000, asker: Asker = OWNER): Promise<Outcome> {
    return this.registry.command({ id: 'c', lock: 'front_door', verb, asker, deadline: this.clock.elapsed() + ms });
  }

  get view(): LockView {
    return this.registry.find('front_door') as LockView;
  }

  #flows(how: HouseOptions, wiped: (lock: string) => void): Engine {
    const { store, registry, nearby, settler, pairer, unpairer, access, workbench, vault, leases, clock } = this;
    const flows = how.disk?.flows?.(store.flows) ?? store.flows;
    // Another process: its flows have other ids.
    const seed = (how.seed ?? 5) + 100 + store.flows.all({ most: 1000 }).length;
    const ports = { registry, nearby, settler, pairer, unpairer, access, workbench };
    return makeEngine({ ...ports, store, flows, vault, leases, clock, random: seeded(seed), wiped });
  }

  async stop(): Promise<void> {
    this.unpairer.stop();
    await this.clock.run(this.pairer.stop());
    if (this.engine) await this.clock.run(this.engine.stop());
    this.settler.stop();
    this.nearby.stop();
    await this.clock.run(Promise.all([this.pairer.stop(), this.registry.stop(), this.radio.stop()]));
  }

  /** As kill -9: nothing is told to anybody; the link ends when the controller notices. */
  async crash(): Promise<void> {
    this.place.air.power(false);
    await this.stop().catch(() => undefined);
    this.place.air.power(true);
  }
}
