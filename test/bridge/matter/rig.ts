// A house with one virtual lock, the Matter bridge on a simulated network, and a controller beside it. The library has its own
// timers, so the virtual clock of the house is driven along with real time.
import '../../../src/bridge/matter/switches.ts';
import { Bytes, type Endpoint, Environment } from '@matter/main';
import { DoorLockClient } from '@matter/main/behaviors/door-lock';
import { BridgedDeviceBasicInformationClient } from '@matter/main/behaviors/bridged-device-basic-information';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { ManualPairingCodeCodec } from '@matter/main/types';
import { CommissioningController } from '@project-chip/matter.js';
import type { PairedNode } from '@project-chip/matter.js/device';
import { sleep, systemClock } from '../../../src/base/clock.ts';
import { type Log, silent } from '../../../src/base/log.ts';
import { utc } from '../../../src/base/zone.ts';
import { keepIn } from '../../../src/bridge/matter/drawer.ts';
import { type MatterBridge, type MatterLockChoice, startMatter } from '../../../src/bridge/matter/matter.ts';
import { Simulation, closeRealNetwork } from '../../../src/bridge/matter/simulation.ts';
import type { LockSettings, LockView } from '../../../src/lock/lock.ts';
import type { Knobs } from '../../../src/sim/ttlock/knobs.ts';
import type { VariantName } from '../../../src/sim/ttlock/variants.ts';
import { type MatterDatabase, openMatterStore } from '../../../src/store/matter.ts';
import { OWNER } from '../../support/fake-family.ts';
import { House, type Place, makePlace, seeded } from '../../support/house.ts';

/** Real ms between two looks at the time: often enough for a lock, and the library has the processor in between. */
const STEP_MS = 2;
/** Virtual ms at a time where nobody but the lock has anything to wait for. */
const LEAP_MS = 20;

export interface RigOptions {
  variant?: VariantName;
  choice?: Partial<MatterLockChoice>;
  settings?: Partial<LockSettings>;
  knobs?: Partial<Knobs>;
  log?: Log;
  /** The lock is not paired, and nobody commissions. */
  alone?: boolean;
  /** Named, and not paired yet. */
  prepared?: boolean;
}

export class Rig {
  readonly place: Place;
  readonly house: House;
  readonly air = new Simulation();
  readonly #host = this.air.host('bridge');
  readonly store: MatterDatabase = openMatterStore();
  readonly events: { name: string; data: Record<string, unknown> }[] = [];
  readonly choice: MatterLockChoice;
  readonly #log: Log;
  bridge!: MatterBridge;
  controller!: CommissioningController;
  node!: PairedNode;
  #running = true;
  readonly #leaps: { ms: number; resolve: () => void }[] = [];
  #driving: Promise<void> = Promise.resolve();

  private constructor({ variant = 'deadbolt', choice = {}, log = silent, settings = {}, knobs = {} }: RigOptions) {
    this.place = makePlace({ variant, knobs });
    this.house = new House(this.place, { settings: { session: 'held', ...settings } });
    this.choice = { own: false, remotePin: false, latch: true, tokens: false, ...choice };
    this.#log = log;
  }

  static async make(options: RigOptions = {}): Promise<Rig> {
    closeRealNetwork();
    const rig = new Rig(options);
    if (options.alone !== true) {
      await rig.house.pair();
      await rig.house.clock.advance(3000);
    }
    if (options.prepared === true) rig.#prepare();
    rig.#driving = rig.#drive();
    await rig.start();
    if (options.alone !== true) await rig.commission();
    return rig;
  }

  /** The bridge, or again after it was stopped: what it keeps is still there. */
  async start(): Promise<void> {
    const { house, store, choice } = this;
    const { registry: locks, access, workbench, store: kept, clock } = house;
    this.bridge = startMatter({
      settings: { port: 5540 },
      choice: () => choice,
      locks,
      access,
      tokens: access.tokens,
      workbench,
      audit: kept.audit,
      store,
      notes: kept.settings,
      clock,
      zone: utc,
      random: seeded(77),
      log: this.#log,
      version: '0.1.0',
      environment: this.#host,
    });
    await this.bridge.settled;
  }

  async commission(node = 0, environment: Environment = this.air.host('controller')): Promise<void> {
    keepIn(environment, openMatterStore());
    this.controller = new CommissioningController({
      environment: { environment, id: 'controller' },
      autoConnect: false,
      adminFabricLabel: 'test',
      subscribeMinIntervalFloorSeconds: 0,
    });
    await this.controller.start();
    const code = ManualPairingCodeCodec.decode(this.bridge.status().nodes[node]?.codes?.manual ?? '');
    const id = await this.controller.commissionNode(
      {
        commissioning: {},
        discovery: { identifierData: { shortDiscriminator: code.shortDiscriminator ?? 0 }, discoveryCapabilities: {} },
        passcode: code.passcode,
      },
      { connectNodeAfterCommissioning: false },
    );
    this.node = await this.controller.getNode(id);
    this.node.events.eventTriggered.on(({ path, events }) => {
      for (const { data } of events) {
        this.events.push({ name: path.eventName, data: { ...(data as Record<string, unknown>) } });
      }
    });
    const read = new Promise<void>(resolve => this.node.events.initializedFromRemote.once(() => resolve()));
    this.node.connect({ subscribeMinIntervalFloorSeconds: 0 });
    await read;
  }

  #prepare(): void {
    const { address } = this.place.lock;
    const { registry, store, clock } = this.house;
    const named = { name: 'front_door', unit: store.locks.unit('front_door'), prepared: true };
    const nothing = { lifecycle: 'factory', generation: 0, settings: {}, facts: {} } as const;
    const radio = { family: 'ttlock', address, addressType: 'public', hardware: address } as const;
    registry.add({ id: '0123456789ab', ...named, ...nothing, ...radio, addedAt: clock.now() });
  }

  get view(): LockView {
    return this.house.view;
  }

  get notes() {
    return this.house.store.settings;
  }

  /** The lock as the controller has it. */
  get lock(): Endpoint {
    return [...this.node.node.endpoints].find(one => one.behaviors.has(DoorLockClient)) as Endpoint;
  }

  get commands() {
    return this.lock.commandsOf(DoorLockClient);
  }

  get state() {
    return this.lock.stateOf(DoorLockClient);
  }

  get device() {
    return this.lock.stateOf(BridgedDeviceBasicInformationClient);
  }

  of(name: string): Record<string, unknown>[] {
    return this.events.filter(event => event.name === name).map(event => event.data);
  }

  /** As a controller does that lets the lock choose the user. */
  setPin(pin: string, how: { slot?: number; user?: number | null; modify?: boolean } = {}) {
    const { slot = 1, user = null, modify = false } = how;
    const set = this.commands.setCredential({
      operationType: modify ? DoorLock.DataOperationType.Modify : DoorLock.DataOperationType.Add,
      credential: { credentialType: DoorLock.CredentialType.Pin, credentialIndex: slot },
      credentialData: Bytes.fromString(pin),
      userIndex: user,
      userStatus: null,
      userType: null,
    });
    return this.#hasten(set);
  }

  setUser(userIndex: number, more: Partial<DoorLock.SetUserRequest> = {}) {
    return this.commands.setUser({
      operationType: DoorLock.DataOperationType.Add,
      userIndex,
      userName: null,
      userUniqueId: null,
      userStatus: null,
      userType: null,
      credentialRule: null,
      ...more,
    });
  }

  unlock(pin?: string) {
    return this.commands.unlockDoor(pin === undefined ? {} : { pinCode: Bytes.fromString(pin) });
  }

  type(digits: string): void {
    this.place.lock.hands.act('type_code', { digits });
  }

  /** What an unpairing leaves: a lock as new, keys that are dead, a record without a pairing. */
  unpair(): void {
    const { registry, store, access } = this.house;
    const keeper = registry.keeper('front_door');
    if (!keeper) return;
    this.place.lock.hands.act('hold_reset', { seconds: 10 });
    for (const kept of store.vault.of(keeper.record.id)) store.vault.mark(kept.id, 'dead');
    access.wiped(keeper.record.id);
    registry.save({ ...keeper.record, lifecycle: 'factory' });
  }

  async pairAgain(): Promise<LockView> {
    this.place.lock.hands.act('press_key');
    return this.#hasten(this.house.pairer.pair({ lock: 'front_door', seconds: 20 }, OWNER));
  }

  /** Time leaps until it is done: for what waits for the lock alone. */
  async #hasten<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const watched = work.finally(() => (done = true));
    watched.catch(() => undefined);
    while (!done) await this.pass(LEAP_MS);
    return watched;
  }

  /** The bridge first: to a controller that has gone it says goodbye for half a second. */
  async stop(): Promise<void> {
    await this.bridge.stop();
    await this.controller?.close();
    this.#running = false;
    await this.#driving;
    await this.house.stop();
    this.place.lock.stop();
  }

  /** So much virtual time at once; the clock can be moved from one place only. */
  pass(ms: number): Promise<void> {
    return new Promise(resolve => this.#leaps.push({ ms, resolve }));
  }

  async #drive(): Promise<void> {
    const { clock } = this.house;
    let last = systemClock.elapsed();
    while (this.#running) {
      await sleep(systemClock, STEP_MS);
      const now = systemClock.elapsed();
      await clock.advance(now - last);
      last = now;
      for (const { ms, resolve } of this.#leaps.splice(0)) {
        await clock.advance(ms);
        resolve();
      }
    }
  }
}
