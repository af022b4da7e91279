// The Matter bridge: locks as door locks of Apple, Google, Alexa, SmartThings and Home Assistant. This file starts it; nothing
// waits for it, since loading the library alone takes seconds. A simulated network for it
// is made by simulation.ts.
import type { Environment } from '@matter/main';
import type { Access, AccessUpkeep, TokenAccess } from '../../access/access.ts';
import { type Clock, within } from '../../base/clock.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Zone } from '../../base/zone.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Locks, Workbench } from '../../lock/locks.ts';
import {
  BRIDGE,
  type MatterControl,
  type MatterFabric,
  type MatterNode,
  type MatterNotes,
  type MatterState,
  type MatterStatus,
  type MatterStore,
} from '../../lock/matter-port.ts';
import type { Audit } from '../../lock/ports.ts';
import type { HealthPart } from '../../lock/upkeep.ts';
import type { Bridge } from './bridge.ts';
import { causesOf } from './faults.ts';
import type { Trouble } from './network.ts';

export interface MatterSettings {
  /** UDP, 5540 unless there is a reason: Alexa finds nothing else. A lock as a node of its own takes the next free one. */
  port: number;
  /** Where mDNS is spoken; without it on every interface. */
  interface?: string;
  /** mDNS over IPv4 as well; default true. */
  ipv4?: boolean;
}

/** What people chose for one lock. */
export interface MatterLockChoice {
  /** A node of its own: for controllers that manage codes only on a node's first lock. */
  own: boolean;
  /** Opening from a controller needs a PIN (Google asks for it; others that send none can then not open). */
  remotePin: boolean;
  /** Offers `unlatch` where the lock has it. */
  latch: boolean;
  /** Shows cards and fingerprints; some ecosystems stumble over them. */
  tokens: boolean;
}

export interface MatterParts {
  settings: MatterSettings;
  /** Asked whenever a lock is put up; locks that are not `exposed` to matter are not shown. */
  choice: (view: LockView) => MatterLockChoice;
  locks: Locks;
  access: Access & Pick<AccessUpkeep, 'setTimes'>;
  tokens: TokenAccess;
  workbench: Workbench;
  audit: Audit;
  /** The library's things, and ours: codes, users, wrong-code counts. */
  store: MatterStore;
  notes: MatterNotes;
  clock: Clock;
  zone: Zone;
  random: (bytes: number) => Uint8Array;
  log: Log;
  version: string;
  /** The network of this machine, or one of simulation.ts: then no socket is opened at all. */
  environment: 'real' | Environment;
}

export interface MatterBridge extends MatterControl {
  /** Settles when it runs or has failed; never rejects. */
  readonly settled: Promise<void>;
  health(): HealthPart;
  /** Says goodbye to controllers; takes 7 s at most. */
  stop(): Promise<void>;
}

/** Twice the time that controllers take to say goodbye to; one that has vanished takes 5 s. */
const LAST_WORDS = 7000;
/** A network that is not up yet, or a port that somebody else gives back: how often it is tried again. */
const AGAIN = 30_000;
const SHORTEST_WINDOW_S = 180;
const LONGEST_WINDOW_S = 900;

/** Starts at once and waits for nobody; what fails is told by `status` and `health` and tried again. */
export function startMatter(parts: MatterParts): MatterBridge {
  return new LateBridge(parts);
}

class LateBridge implements MatterBridge {
  readonly settled: Promise<void>;
  readonly #parts: MatterParts;
  readonly #ears = new Set<() => void>();
  #state: MatterState = 'starting';
  #trouble: Trouble | undefined;
  #bridge: Bridge | undefined;
  #starting: Promise<void>;
  #cancel: () => void = () => undefined;

  constructor(parts: MatterParts) {
    this.#parts = parts;
    this.#starting = this.#start();
    this.settled = this.#starting;
  }

  status(): MatterStatus {
    const { interface: name } = this.#parts.settings;
    const trouble = this.#trouble ?? this.#bridge?.trouble();
    return {
      state: this.#state,
      ...trouble,
      ...(name !== undefined && { interface: name }),
      nodes: this.#bridge?.nodes() ?? [],
      locks: this.#bridge?.locks() ?? [],
    };
  }

  health(): HealthPart {
    const { state, reason, fix, nodes } = this.status();
    if (reason !== undefined) return { name: 'matter', ok: false, text: reason, ...(fix !== undefined && { fix }) };
    if (state === 'starting') return { name: 'matter', ok: true, text: 'Matter is starting.' };
    const fabrics = nodes.reduce((sum, node) => sum + node.fabrics, 0);
    const text = fabrics === 0 ? 'Matter waits to be commissioned.' : `Matter is in use by ${fabrics} controller(s).`;
    return { name: 'matter', ok: true, text };
  }

  fabrics(): MatterFabric[] {
    return this.#bridge?.fabrics() ?? [];
  }

  hear(ear: () => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  async openWindow(seconds: number, asker: Asker, node = BRIDGE): Promise<MatterNode> {
    if (!Number.isInteger(seconds) || seconds < SHORTEST_WINDOW_S || seconds > LONGEST_WINDOW_S) {
      const text = `A window for commissioning is open for ${SHORTEST_WINDOW_S} to ${LONGEST_WINDOW_S} seconds.`;
      throw new LockError('invalid', text, { reason: 'window' });
    }
    return this.#audited({ asker, what: 'matter_window_opened', detail: `${node}, ${seconds} s` }, bridge =>
      bridge.openWindow(node, seconds),
    );
  }

  async closeWindow(asker: Asker, node = BRIDGE): Promise<void> {
    await this.#audited({ asker, what: 'matter_window_closed', detail: node }, bridge => bridge.closeWindow(node));
  }

  async removeFabric(index: number, asker: Asker, node = BRIDGE): Promise<void> {
    const detail = `${node}, fabric ${index}`;
    await this.#audited({ asker, what: 'matter_fabric_removed', detail }, bridge => bridge.removeFabric(node, index));
  }

  async factoryReset(asker: Asker, node = BRIDGE): Promise<void> {
    await this.#audited({ asker, what: 'matter_reset', detail: node, owner: true }, bridge => bridge.reset(node));
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancel();
    const { clock, log } = this.#parts;
    const ended = this.#starting.then(() => this.#bridge?.stop());
    const late = (): LockError => new LockError('timeout', 'Matter did not say goodbye in time.');
    await within(clock, LAST_WORDS, ended, late).catch((thrown: unknown) =>
      log.warn({ err: textOf(thrown) }, 'Matter was not stopped properly'),
    );
    this.#bridge = undefined;
  }

  async #start(): Promise<void> {
    const { log, clock } = this.#parts;
    try {
      const { openBridge } = await import('./bridge.ts');
      if (this.#stopped) return;
      this.#bridge = await openBridge(this.#parts, () => this.#tell());
      if (!this.#stopped) this.#state = 'running';
      this.#trouble = undefined;
    } catch (thrown) {
      if (this.#stopped) return;
      this.#state = 'failed';
      this.#trouble = troubleOf(thrown, this.#parts.settings);
      log.error({ err: textOf(thrown) }, `Matter does not run: ${this.#trouble.reason}`);
      this.#cancel = clock.after(AGAIN, () => void (this.#starting = this.#start()));
    }
    this.#tell();
  }

  get #stopped(): boolean {
    return this.#state === 'stopped';
  }

  #tell(): void {
    for (const ear of this.#ears) {
      try {
        ear();
      } catch (thrown) {
        this.#parts.log.error({ err: thrown }, 'a listener failed to take what became of Matter');
      }
    }
  }

  async #audited<T>({ asker, what, detail, owner }: Deed, act: (bridge: Bridge) => Promise<T>): Promise<T> {
    const { audit } = this.#parts;
    const { via, who } = asker;
    mayChange(asker, owner === true);
    if (!this.#bridge || this.#state !== 'running') {
      const text = this.#trouble?.reason ?? 'Matter is not running yet; try again in a moment.';
      throw new LockError('unreachable', text, { reason: 'matter_off' });
    }
    try {
      const value = await act(this.#bridge);
      audit.write({ via, who, what, detail });
      return value;
    } catch (thrown) {
      const reason = thrown instanceof LockError ? thrown.reason : 'unexpected';
      audit.write({ via, who, what: 'failed', detail: `${what}: ${reason}` });
      throw thrown;
    } finally {
      this.#tell();
    }
  }
}

interface Deed {
  asker: Asker;
  what: string;
  detail: string;
  owner?: boolean;
}

function mayChange({ role }: Asker, ownersOnly: boolean): void {
  if (role === 'owner' || (role === 'manager' && !ownersOnly)) return;
  const who = ownersOnly ? 'an owner' : 'an owner or a manager';
  throw new LockError('forbidden', `Only ${who} may do this to the Matter side.`, { reason: 'not_authorised' });
}

/** What went wrong at the start, in words, with what a person can do about it. */
function troubleOf(thrown: unknown, { port }: MatterSettings): Trouble {
  const causes = causesOf(thrown);
  const ours = causes.find(each => each instanceof LockError);
  if (ours) return { reason: textOf(ours) };
  if (causes.some(each => /(?:address|port).*in use|EADDRINUSE/i.test(textOf(each)))) {
    const fix = 'Stop the other Matter bridge on this machine, or set another matter.port (Alexa then finds nothing).';
    return { reason: `Something else on this machine uses the Matter port ${port}.`, fix };
  }
  const reason = `Matter could not be started: ${textOf(causes.at(-1))}`;
  return { reason, fix: 'Look at the log; it is tried again every half minute.' };
}
