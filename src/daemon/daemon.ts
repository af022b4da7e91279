// Builds the parts of the daemon, joins them, and stops them in reverse.
import { readFileSync } from 'node:fs';
import type { LockView } from '../lock/lock.ts';
import { type Clock, every } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { KeptBy } from '../base/kept-by.ts';
import { type Log, Secret } from '../base/log.ts';
import { type Broker, supervisorMqtt } from '../base/supervisor.ts';
import { makeZone } from '../base/zone.ts';
import type { LogRing } from '../base/log-ring.ts';
import { type MqttBridge, startMqtt } from '../bridge/mqtt/mqtt.ts';
import type { Config } from '../config.ts';
import { makeAccess } from '../access/make-access.ts';
import type { Access, AccessUpkeep, TokenAccess } from '../access/access.ts';
import { type Logins, makeLogins } from '../access/login/logins.ts';
import { drivers } from '../drivers/index.ts';
import { Carrier } from '../flow/carry.ts';
import { Nearby } from '../flow/nearby.ts';
import { Pairer } from '../flow/pairing.ts';
import { Settler } from '../flow/settle.ts';
import { Unpairer } from '../flow/unpairing.ts';
import { makeGate } from '../lock/gate.ts';
import { makeLeases } from '../lock/leases.ts';
import { BlackBox } from '../lock/black-box.ts';
import type { LockRecord } from '../lock/ports.ts';
import type { MatterRemote } from '../lock/matter-remote.ts';
import { Registry } from '../lock/registry.ts';
import type { Workbench } from '../lock/locks.ts';
import { type Traces, makeTraces } from '../lock/trace.ts';
import type { Hands, Health, Pulse, Restarts, StagedLock } from '../lock/upkeep.ts';
import { CommandTally } from '../lock/tally.ts';
import { LockBench } from '../lock/workbench.ts';
import type { Radio } from '../radio/radio.ts';
import { type SharedRadios, shareRadios } from '../radio/shared.ts';
import { Tap } from '../radio/tap.ts';
import { makeLockValues } from '../store/lock-values.ts';
import { type Store, openStore } from '../store/store.ts';
import { DaemonFlows } from './flows.ts';
import { healthOf } from './health.ts';
import { LateMatter } from './matter.ts';
import type { Page } from './page.ts';
import { startPulse } from './pulse.ts';
import { restartsOf } from './restarts.ts';
import { backUp } from './second-copy.ts';
import { brokerPassword } from './settings.ts';

/** A card dies without warning: at most an hour of changes is lost with it. */
const BACKUP_EVERY = 3600_000;
/** Dead keys are shredded after their time, looked at this often. */
const TIDY_EVERY = 24 * 3600_000;
/** As an add-on without a broker: how often the Supervisor is asked for one (home-assistant.md 2.5). */
const BROKER_EVERY = 30_000;

export interface DaemonParts {
  config: Config;
  radios: readonly Radio[];
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  version: string;
  /** Ends this process so that whoever keeps it starts it again; absent where nobody would. */
  restart?: () => void;
  /** Who that is. */
  keptBy?: KeptBy;
  /** The newest lines of the log. */
  recent?: LogRing;
  /** The demo's: hands of virtual locks, tokens that make a message an owner's, addresses of locks to be held. */
  demo?: {
    hands: Hands;
    staged: () => readonly StagedLock[];
    owners: readonly Secret<string>[];
    held: readonly string[];
    /** Its own Matter controller, once it is there. */
    remote?: () => MatterRemote | undefined;
  };
}

export class Daemon {
  readonly store: Store;
  readonly radio: SharedRadios;
  readonly registry: Registry;
  readonly nearby: Nearby;
  readonly pairer: Pairer;
  readonly unpairer: Unpairer;
  readonly access: Access & AccessUpkeep;
  readonly tokens: TokenAccess;
  readonly carrier: Carrier;
  readonly workbench: Workbench;
  readonly traces: Traces;
  readonly blackBox: BlackBox;
  readonly flows: DaemonFlows;
  readonly matter: LateMatter;
  readonly logins: Logins;
  readonly restarts: Restarts;
  readonly tally = new CommandTally();
  readonly #pulse: ReturnType<typeof startPulse>;
  readonly startedAt: number;
  readonly parts: DaemonParts;
  /** Where the control socket failed, for health. */
  socketTrouble: string | undefined;
  /** Set once it is tried to offer it. */
  page: Page | undefined;
  readonly #settler: Settler;
  readonly #stops: (() => void)[] = [];
  #mqtt: MqttBridge | undefined;
  #anonymous = false;
  #stopAsking: (() => void) | undefined;
  #stopped = false;

  constructor(parts: DaemonParts) {
    this.parts = parts;
    const { config, clock, random, log } = parts;
    this.startedAt = clock.now();
    this.store = openStore({ folder: config.data, clock, random, log: log.child({ part: 'store' }) });
    const write = (): void => this.store.settings.set('daemon.alive', Math.round(clock.now()));
    this.#pulse = startPulse({ clock, write });
    this.radio = shareRadios(parts.radios, { clock, log: log.child({ part: 'radio' }), random });
    const tap = new Tap(this.radio, clock);
    const { locks: shelf, vault, audit } = this.store;
    const leases = makeLeases(clock);
    const shared = { clock, random, vault, audit, shelf, leases };
    this.registry = new Registry({
      ...shared,
      tally: this.tally,
      radio: tap,
      drivers,
      gate: makeGate(clock, leases, config.policy),
      zone: makeZone(config.timeZone),
      log: log.child({ part: 'lock' }),
      configured: record => this.#configured(record),
    });
    const { registry } = this;
    this.traces = makeTraces({ locks: registry, tap, vault, audit, clock, random });
    this.blackBox = new BlackBox({ tap, locks: registry, vault, random });
    const flowLog = log.child({ part: 'flow' });
    this.nearby = new Nearby({ registry, vault, clock });
    const wiped = (lock: string): void => this.access.wiped(lock);
    this.#settler = new Settler({ ...shared, registry, log: flowLog, wiped });
    const flow = { ...shared, registry, settler: this.#settler, log: flowLog };
    const options = (lock: LockRecord): Readonly<Record<string, string>> => this.#chosen(lock)?.options ?? {};
    this.pairer = new Pairer({ ...flow, nearby: this.nearby, options, wiped });
    this.unpairer = new Unpairer(flow);
    this.carrier = new Carrier({ ...flow, drivers });
    const access = makeAccess({
      ...shared,
      shelf: this.store.access,
      secrets: vault,
      work: (...order) => registry.work(...order),
      view: lock => registry.find(lock),
      log: log.child({ part: 'access' }),
    });
    this.access = access;
    this.tokens = access.tokens;
    const values = makeLockValues(this.store.settings);
    this.workbench = new LockBench({ ...flow, vault, audit, values, log: log.child({ part: 'lock' }) });
    this.flows = new DaemonFlows({
      ...flow,
      config,
      store: this.store,
      nearby: this.nearby,
      pairer: this.pairer,
      access,
      tokens: this.tokens,
      workbench: this.workbench,
      health: () => this.health(),
      wiped,
      isDemo: parts.demo !== undefined,
    });
    this.logins = makeLogins({ shelf: this.store.logins, audit, clock, random });
    this.restarts = restartsOf(this, parts.restart);
    this.pairer.serve(this.flows.engine);
    this.unpairer.serve(this.flows.engine);
    this.matter = new LateMatter({
      config,
      locks: registry,
      access,
      tokens: this.tokens,
      workbench: this.workbench,
      audit,
      notes: this.store.settings,
      clock,
      zone: makeZone(config.timeZone),
      random,
      log: log.child({ part: 'matter' }),
      version: parts.version,
      others: () => this.radio.state().ready && (config.mqtt.url === undefined || this.mqtt?.connected === true),
    });
    registry.annotateWith((lock, happening) => {
      const { kind, value } = happening.credential ?? {};
      if (!value || (kind !== 'code' && kind !== 'card' && kind !== 'finger')) return happening;
      return { ...happening, ...this.access.match(lock, kind, value) };
    });
  }

  /** Nothing is waited for: without broker, adapter or network the daemon runs and says what is missing. */
  start(): void {
    const { clock, config, log } = this.parts;
    for (const warning of config.warnings) log.warn(warning);
    const audit = this.store.audit.check();
    if (!audit.ok) log.error({ line: audit.number }, `the audit is not what it was: ${audit.text}`);
    this.#startMqtt();
    this.#settler.start();
    this.nearby.start();
    // Before anybody may open a session: what a flow had in hand stays in its hand.
    this.flows.start();
    this.pairer.start();
    this.unpairer.start();
    this.registry.start();
    this.radio.start();
    this.#assignUnits();
    this.#stops.push(every(clock, BACKUP_EVERY, () => this.#backUp()));
    // The key of a lock just paired is in no older copy.
    this.#stops.push(this.pairer.hear(event => void (event.kind === 'paired' && this.#backUp())));
    const { escrowDays } = config.policy.flows;
    const tidy = (): void => void this.store.vault.tidy(clock.now(), escrowDays);
    this.#stops.push(every(clock, TIDY_EVERY, () => this.#tried('old keys', tidy)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopAsking?.();
    for (const stop of this.#stops.splice(0)) stop();
    this.#pulse.stop();
    await this.matter.stop();
    this.unpairer.stop();
    await this.pairer.stop();
    await this.flows.stop();
    this.#settler.stop();
    this.nearby.stop();
    await this.registry.stop();
    this.blackBox.stop();
    await this.#mqtt?.stop();
    await this.radio.stop();
    await this.store.close();
  }

  get mqtt(): { connected: boolean; protocol?: string; reason?: string; anonymous: boolean } | undefined {
    const state = this.#mqtt?.state();
    return state && { ...state, anonymous: this.#anonymous };
  }

  pulse(): Pulse {
    return this.#pulse.pulse();
  }

  health(): Health {
    return healthOf({
      version: this.parts.version,
      startedAt: this.startedAt,
      clock: this.parts.clock,
      folder: this.parts.config.data,
      store: this.store,
      radio: () => this.radio.state(),
      mqtt: () => this.mqtt,
      socket: () => this.socketTrouble,
      page: () => this.page?.health() ?? [],
      matter: () => this.matter.health(),
      flows: () => this.flows.health(),
    });
  }

  #configured(record: LockRecord): Partial<LockView['settings']> {
    const { demo } = this.parts;
    const chosen = this.#chosen(record);
    return {
      ...(demo?.held.includes(record.address) && { session: 'held' as const }),
      ...(chosen?.session && { session: chosen.session }),
      ...(chosen?.exposed && { exposed: chosen.exposed }),
    };
  }

  /** What the file says of it, by its id or its name. */
  #chosen({ id, name }: LockRecord): Config['locks'][string] | undefined {
    const { locks } = this.parts.config;
    return locks[id] ?? locks[name];
  }

  /** The file's units are for locks that nobody has put into a unit yet. */
  #assignUnits(): void {
    for (const unit of this.parts.config.units) {
      for (const name of unit.locks) {
        const view = this.registry.find(name);
        if (!view || view.unit.name !== view.name || unit.name === view.name) continue;
        const asker = { via: 'daemon', who: 'settings', role: 'owner' } as const;
        this.#tried('units', () => this.registry.assign(view.id, unit.name, asker));
      }
    }
  }

  /** A disk that takes nothing ends nothing here: doors go on, and it is tried again in its time. */
  #tried(what: string, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.parts.log.error({ what, err: textOf(thrown) }, 'something could not be kept');
    }
  }

  #backUp(): void {
    backUp(this.store, this.parts.config, () => this.matter.backUp()).catch((thrown: unknown) =>
      this.parts.log.error({ err: textOf(thrown) }, 'the hourly backup failed'),
    );
  }

  #startMqtt(broker?: Broker): void {
    const { config } = this.parts;
    const url = config.mqtt.url ?? broker?.url;
    if (url) this.#connect(url, broker);
    else if (config.supervisor) this.#askSupervisor();
    else this.parts.log.warn('no MQTT broker is set up; set mqtt.url in latchbridge.yaml');
  }

  #askSupervisor(): void {
    const { supervisor } = this.parts.config;
    const { clock, log } = this.parts;
    if (!supervisor || this.#stopped) return;
    const again = (): void => {
      if (!this.#stopped) this.#stopAsking = clock.after(BROKER_EVERY, () => this.#askSupervisor());
    };
    supervisorMqtt(supervisor, { fetch, clock })
      .then(broker => (broker && !this.#stopped ? this.#startMqtt(broker) : again()))
      .catch((thrown: unknown) => {
        log.warn({ err: textOf(thrown) }, 'Home Assistant did not say which MQTT broker to use');
        again();
      });
  }

  #connect(url: string, broker: Broker | undefined): void {
    const { config, clock, log, version, random, demo } = this.parts;
    const { mqtt } = config;
    const username = mqtt.username ?? broker?.username;
    const chosen = brokerPassword(this);
    const password = chosen ?? (broker?.password === undefined ? undefined : new Secret(broker.password));
    this.#anonymous = username === undefined && !mqtt.allowAnonymous && !demo;
    if (this.#anonymous) log.warn('the MQTT broker is used without a login: whoever reaches it can open doors');
    this.#mqtt = startMqtt({
      config: {
        url,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(mqtt.caFile !== undefined && { ca: readCertificate(mqtt.caFile) }),
        base: mqtt.baseTopic,
        discoveryPrefix: mqtt.discoveryPrefix,
        clientId: mqtt.clientId ?? this.#clientId(),
        owners: demo?.owners ?? [],
        demo: demo !== undefined,
        policy: config.policy,
      },
      locks: this.registry,
      pairing: this.pairer,
      unpairing: this.unpairer,
      access: this.access,
      workbench: this.workbench,
      tokens: this.tokens,
      matter: this.matter,
      restarts: this.restarts,
      flows: this.flows.engine,
      record: flow => this.flows.recorder.get(flow)?.text,
      health: () => this.health(),
      radios: () => this.radio.status(),
      random,
      clock,
      log: log.child({ part: 'mqtt' }),
      version,
      ...(demo && { hands: demo.hands }),
    });
  }

  /** Stable per installation, so that a second daemon on the same folder is noticed by the broker. */
  #clientId(): string {
    const kept = this.store.settings.get('mqtt.client_id');
    if (typeof kept === 'string') return kept;
    const made = `latchbridge_${Buffer.from(this.parts.random(4)).toString('hex')}`;
    this.#tried('the name for the broker', () => this.store.settings.set('mqtt.client_id', made));
    return made;
  }
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LockError('invalid', `The certificate ${path} cannot be read (mqtt.ca_file).`, { cause });
  }
}
