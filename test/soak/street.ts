// A street of virtual locks around one radio, in virtual time: everything of the daemon, under fire.
import { makeEngine } from '../support/engine.ts';
import { makeAccess } from '../../src/access/make-access.ts';
import { silent } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { utc } from '../../src/base/zone.ts';
import { AirRadio } from '../../src/demo/air-radio.ts';
import { drivers } from '../../src/drivers/index.ts';
import { Nearby } from '../../src/flow/nearby.ts';
import { Pairer } from '../../src/flow/pairing.ts';
import { Settler } from '../../src/flow/settle.ts';
import type { Unpairing } from '../../src/flow/flow.ts';
import { LockError } from '../../src/base/errors.ts';
import { makeGate } from '../../src/lock/gate.ts';
import { makeLeases } from '../../src/lock/leases.ts';
import type { LockView, SessionMode } from '../../src/lock/lock.ts';
import { Registry } from '../../src/lock/registry.ts';
import { LockBench } from '../../src/lock/workbench.ts';
import { type SharedRadios, shareRadios } from '../../src/radio/shared.ts';
import { Air } from '../../src/sim/air.ts';
import { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { makeLockValues } from '../../src/store/lock-values.ts';
import { type Store, openStore } from '../../src/store/store.ts';
import { OWNER } from '../support/fake-family.ts';
import { seeded } from '../support/house.ts';
import { Wire } from './wire.ts';

/** As slow as a lock may be; everything faster is only kinder. */
const ADVERT_EVERY_MS = 10_000;
const COMMAND_MS = 15_000;
const VARIANTS = ['deadbolt', 'lever', 'cylinder'] as const;

/** Nobody gives a lock away here. */
const refused = (): never => {
  throw new LockError('unsupported', 'Nothing is unpaired on this street.');
};
const nothingLeaves: Unpairing = { plan: refused, confirm: refused };

export interface Door {
  name: string;
  lock: VirtualTTLock;
}

/** What became of one command. */
export interface Told {
  door: string;
  verb: 'lock' | 'unlock';
  outcome: 'ok' | LockError;
  /** Virtual ms. */
  took: number;
  moves: number;
  /** Whether the bolt stands where it was told to, when the outcome came. */
  done: boolean;
}

export class Street {
  readonly clock = new VirtualClock(undefined, 1);
  readonly air: Air;
  readonly radio: AirRadio;
  readonly shared: SharedRadios;
  readonly store: Store;
  readonly registry: Registry;
  readonly doors: Door[] = [];
  readonly wire: Wire;
  readonly random: (bytes: number) => Uint8Array;
  readonly #pairer: Pairer;
  readonly #stops: (() => void | Promise<void>)[];

  constructor(seed: number, modes: readonly SessionMode[]) {
    const { clock } = this;
    this.random = seeded(seed);
    this.air = new Air({ clock, random: seeded(seed + 1), mtu: 23 });
    this.radio = new AirRadio(this.air);
    this.shared = shareRadios([this.radio], { clock, log: silent, random: seeded(seed + 2) });
    this.store = openStore({ clock, random: seeded(seed + 3), log: silent });
    const leases = makeLeases(clock);
    const { locks: shelf, vault, audit } = this.store;
    const parts = { clock, random: seeded(seed + 4), shelf, vault, audit, leases, log: silent };
    const gate = makeGate(clock, leases);
    const configured = (): object => ({});
    this.registry = new Registry({ ...parts, radio: this.shared, drivers, gate, zone: utc, configured });
    const nearby = new Nearby({ ...parts, registry: this.registry });
    const access = makeAccess({
      ...parts,
      shelf: this.store.access,
      secrets: vault,
      work: (...order) => this.registry.work(...order),
      view: lock => this.registry.find(lock),
    });
    const wiped = (lock: string): void => access.wiped(lock);
    const settler = new Settler({ ...parts, registry: this.registry, wiped });
    const flow = { ...parts, registry: this.registry, nearby, settler, wiped };
    this.#pairer = new Pairer(flow);
    const values = makeLockValues(this.store.settings);
    const workbench = new LockBench({ ...parts, registry: this.registry, values });
    const engine = makeEngine({ ...flow, store: this.store, pairer: this.#pairer, access, workbench });
    engine.open();
    this.wire = new Wire(clock, {
      locks: this.registry,
      pairing: this.#pairer,
      unpairing: nothingLeaves,
      access,
      tokens: access.tokens,
      workbench,
      random: seeded(seed + 5),
    });
    for (const part of [settler, nearby, this.#pairer, this.registry, this.shared]) part.start();
    const stop = [this.wire, this.#pairer, this.registry, this.shared].map(part => () => part.stop());
    this.#stops = [() => engine.stop(), () => settler.stop(), () => nearby.stop(), ...stop];
    modes.forEach((mode, i) => this.#build(`door_${i + 1}`, i, seed, mode));
  }

  /** Pairs all, one after the other, without loss. */
  async pairAll(modes: readonly SessionMode[]): Promise<void> {
    for (const [i, { name, lock }] of this.doors.entries()) {
      lock.hands.act('press_key');
      await this.clock.run(this.#pairer.pair({ address: lock.address, name, seconds: 60 }, OWNER));
      this.registry.setOptions(name, { session: modes[i] ?? 'on_demand' }, OWNER);
    }
    await this.clock.advance(60_000);
  }

  view(name: string): LockView {
    return this.registry.find(name) as LockView;
  }

  /** Sends a command and lets time go on until it is answered. */
  command(door: Door, verb: 'lock' | 'unlock'): Promise<Told> {
    return this.#watch(door, verb, async deadline => {
      await this.registry.command({ id: 'c', lock: door.name, verb, asker: OWNER, deadline });
    });
  }

  /** The same over MQTT. */
  order(door: Door, verb: 'lock' | 'unlock'): Promise<Told> {
    return this.#watch(door, verb, () => this.wire.order(door.name, verb));
  }

  async #watch(door: Door, verb: 'lock' | 'unlock', ask: (deadline: number) => Promise<void>): Promise<Told> {
    const began = this.clock.elapsed();
    const moves = door.lock.moves;
    const told: Promise<'ok' | LockError> = ask(began + COMMAND_MS).then(
      () => 'ok',
      (thrown: unknown) => {
        if (thrown instanceof LockError) return thrown;
        throw thrown;
      },
    );
    const outcome = await this.clock.run(told);
    return {
      door: door.name,
      verb,
      outcome,
      took: this.clock.elapsed() - began,
      moves: door.lock.moves - moves,
      done: door.lock.bolt === (verb === 'lock' ? 'locked' : 'unlocked'),
    };
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    const [high = 0, low = 0] = this.random(2);
    return high * 256 + low < probability * 65_536;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await this.clock.run(Promise.resolve(stop()));
    for (const { lock } of this.doors) lock.stop();
    await this.store.close();
  }

  #build(name: string, index: number, seed: number, mode: SessionMode): void {
    const lock = new VirtualTTLock({
      name,
      address: `c0:00:00:00:00:${(index + 1).toString(16).padStart(2, '0')}`,
      variant: mode === 'held' ? 'deadbolt' : (VARIANTS[index % VARIANTS.length] ?? 'deadbolt'),
      clock: this.clock,
      random: seeded(seed + 100 + index),
    });
    Object.defineProperty(lock, 'advertEveryMs', { get: () => ADVERT_EVERY_MS });
    this.air.add(lock);
    this.doors.push({ name, lock });
  }
}
