// A house with one virtual lock, the Matter bridge on a simulated network, and a controller beside it. Real time: the Matter
// library has its own timers, so the clock of the house is driven along with them.
import type { LockView } from '../../../src/lock/lock.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret, type Log, silent } from '../../../src/base/log.ts';
import { utc } from '../../../src/base/zone.ts';
import type { ControllerNews, MatterController } from '../../../src/bridge/matter/controller.ts';
import { openController } from '../../../src/bridge/matter/controller-client.ts';
import { type MatterBridge, type MatterLockChoice, startMatter } from '../../../src/bridge/matter/matter.ts';
import { Simulation, closeRealNetwork } from '../../../src/bridge/matter/simulation.ts';
import type { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { VariantName } from '../../../src/sim/ttlock/variants.ts';
import { type MatterDatabase, openMatterStore } from '../../../src/store/matter.ts';
import { House, type Place, makePlace, seeded } from '../../support/house.ts';

export interface RigOptions {
  variant?: VariantName;
  choice?: Partial<MatterLockChoice>;
  log?: Log;
  /** Without a controller. */
  alone?: boolean;
}

export class Rig {
  readonly place: Place;
  readonly house: House;
  readonly air = new Simulation();
  readonly store: MatterDatabase = openMatterStore();
  readonly news: ControllerNews[] = [];
  readonly choice: MatterLockChoice;
  readonly log: Log;
  bridge!: MatterBridge;
  us!: MatterController;
  view!: LockView;
  #running = true;
  #driving: Promise<void> = Promise.resolve();

  constructor({ variant = 'deadbolt', choice = {}, log = silent }: RigOptions = {}) {
    this.place = makePlace({ variant });
    this.house = new House(this.place, { settings: { session: 'held' } });
    this.choice = { own: false, remotePin: false, latch: true, tokens: false, ...choice };
    this.log = log;
  }

  static async make(options: RigOptions = {}): Promise<Rig> {
    closeRealNetwork();
    const rig = new Rig(options);
    rig.view = await rig.house.pair();
    await rig.house.clock.advance(3000);
    rig.#driving = rig.#drive();
    await rig.start();
    if (options.alone !== true) await rig.commission();
    return rig;
  }

  /** The bridge, or again after a stop: what it keeps is still there. */
  async start(): Promise<void> {
    const { house, store, choice, log, air } = this;
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
      log,
      version: '0.1.0',
      environment: air.host('bridge'),
    });
    await this.bridge.settled;
  }

  async commission(): Promise<void> {
    this.us = await openController({
      environment: this.air.host('controller'),
      store: openMatterStore(),
      label: 'test',
      clock: systemClock,
    });
    this.us.hear(each => this.news.push(each));
    await this.us.commission(new Secret(this.bridge.status().nodes[0]?.codes?.manual ?? ''));
  }

  get at(): number {
    return this.view.endpoint;
  }

  get seen() {
    return this.us.locks().find(one => one.endpoint === this.at);
  }

  /** The events of that name so far. */
  events(name: string): unknown[] {
    return this.news.flatMap(each => (each.kind === 'event' && each.name === name ? [each.data] : []));
  }

  async stop(): Promise<void> {
    await this.us?.close();
    await this.bridge.stop();
    this.#running = false;
    await this.#driving;
    await this.house.stop();
    this.place.lock.stop();
  }

  /** Virtual time passes about as fast as real time, and goes on while the library waits for its own. */
  async #drive(): Promise<void> {
    const clock: VirtualClock = this.house.clock;
    let last = systemClock.elapsed();
    while (this.#running) {
      await clock.settle();
      const now = systemClock.elapsed();
      await clock.advance(now - last);
      last = now;
    }
  }
}
