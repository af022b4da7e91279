// Matter beside the daemon: begun late, since loading its library takes seconds that no door should wait for, and without a way
// to hurt the rest.
import { within } from '../base/clock.ts';
import { computeFast } from '../base/memory.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { MatterBridge, MatterLockChoice, MatterParts } from '../bridge/matter/matter.ts';
import type { Config } from '../config.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import {
  BRIDGE,
  type MatterControl,
  type MatterFabric,
  type MatterNode,
  type MatterStatus,
} from '../lock/matter-port.ts';
import type { HealthPart } from '../lock/upkeep.ts';
import { copyMatter, openMatter } from '../store/matter-copies.ts';
import type { MatterDatabase } from '../store/matter.ts';

/** Doors and broker come first; this is how long they have before loading takes the processor. */
const PATIENCE = 5000;
const LOOK_EVERY = 200;
/** Of the time that stopping may take: controllers that are there need half a second, one that vanished five. */
const GOODBYE = 1200;
const TOLD = 'matter.told';
const DEFAULTS = { own: false, remotePin: false, latch: true, cards: false };

export interface LateMatterParts extends Omit<MatterParts, 'settings' | 'choice' | 'store' | 'environment'> {
  config: Config;
  /** Radio and broker are up, or not wanted. */
  others: () => boolean;
}

export class LateMatter implements MatterControl {
  readonly #parts: LateMatterParts;
  readonly #ears = new Set<() => void>();
  #bridge: MatterBridge | undefined;
  #database: MatterDatabase | undefined;
  #trouble: string | undefined;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(parts: LateMatterParts) {
    this.#parts = parts;
  }

  /** Waits for the others first, but not long. */
  begin(): void {
    const { clock, config, others } = this.#parts;
    if (!config.matter.enabled) return;
    const until = clock.elapsed() + PATIENCE;
    const look = (): void => {
      if (others() || clock.elapsed() >= until) void this.start('real');
      else this.#cancel = clock.after(LOOK_EVERY, look);
    };
    look();
  }

  /** At once; `environment` is a simulated network in a demo. Resolves when Matter runs or has failed. */
  async start(environment: MatterParts['environment']): Promise<void> {
    const { config, others: _others, ...parts } = this.#parts;
    try {
      this.#database ??= openMatter(config.data, parts.log);
      computeFast();
      const { startMatter } = await import('../bridge/matter/matter.ts');
      if (this.#stopped) return;
      const { port, ipv4, interface: chosen } = config.matter;
      this.#bridge = startMatter({
        ...parts,
        settings: { port, ipv4, ...(chosen !== undefined && { interface: chosen }) },
        choice: view => choiceOf(view, config),
        store: this.#database,
        environment,
      });
    } catch (thrown) {
      this.#trouble = textOf(thrown);
      parts.log.error({ err: this.#trouble }, 'Matter does not run');
      return;
    }
    this.#bridge.hear(() => this.#changed());
    await this.#bridge.settled;
  }

  status(): MatterStatus {
    if (this.#bridge) return this.#bridge.status();
    const { enabled } = this.#parts.config.matter;
    if (this.#trouble !== undefined) return { state: 'failed', reason: this.#trouble, nodes: [], locks: [] };
    return { state: enabled ? 'starting' : 'off', nodes: [], locks: [] };
  }

  health(): HealthPart {
    const part = { name: 'matter', ok: this.#trouble === undefined };
    if (this.#bridge) return this.#bridge.health();
    if (this.#trouble !== undefined) return { ...part, text: this.#trouble, fix: 'Look at the disk and at the log.' };
    return { ...part, text: this.#parts.config.matter.enabled ? 'Matter is starting.' : 'Matter is switched off.' };
  }

  fabrics(): MatterFabric[] {
    return this.#bridge?.fabrics() ?? [];
  }

  hear(ear: () => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  async openWindow(seconds: number, asker: Asker, node?: string): Promise<MatterNode> {
    return this.#running().openWindow(seconds, asker, node);
  }

  async closeWindow(asker: Asker, node?: string): Promise<void> {
    await this.#running().closeWindow(asker, node);
  }

  async removeFabric(index: number, asker: Asker, node?: string): Promise<void> {
    await this.#running().removeFabric(index, asker, node);
  }

  async factoryReset(asker: Asker, node?: string): Promise<void> {
    this.#parts.notes.remove(`${TOLD}.${node ?? BRIDGE}`);
    await this.#running().factoryReset(asker, node);
  }

  /** Into the data folder, and once a day a second time. Rejects `disk`. */
  async backUp(): Promise<void> {
    const { config, clock } = this.#parts;
    if (this.#database) await copyMatter(this.#database, config.data, clock.now());
  }

  /** What does not end in time is left to the end of the process: everything is on the disk already. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    const { clock, log } = this.#parts;
    const late = (): LockError => new LockError('timeout', 'Matter did not say goodbye in time.');
    try {
      if (this.#bridge) await within(clock, GOODBYE, this.#bridge.stop(), late);
      this.#database?.close();
    } catch (thrown) {
      log.debug({ err: textOf(thrown) }, 'Matter was left to the end of the process');
    }
  }

  #running(): MatterBridge {
    if (this.#bridge) return this.#bridge;
    const { reason, state } = this.status();
    const text = state === 'off' ? 'Matter is switched off (matter.enabled).' : (reason ?? 'Matter is still starting.');
    throw new LockError('unreachable', text, { reason: 'matter_off' });
  }

  #changed(): void {
    this.#tellCode();
    for (const ear of this.#ears) ear();
  }

  /** The code of each node is logged once, not at every start: afterwards there is `latchbridge matter show`. */
  #tellCode(): void {
    const { notes, log } = this.#parts;
    for (const { id, lock, codes, commissioned } of this.status().nodes) {
      if (commissioned || codes === undefined || notes.get(`${TOLD}.${id}`) === true) continue;
      const what = lock === undefined ? 'Matter' : `"${lock}" as a Matter device`;
      log.info({ manual: codes.manual, qr: codes.qr }, `${what} can be added with this code; it is not logged again`);
      notes.set(`${TOLD}.${id}`, true);
    }
  }
}

function choiceOf({ id, name }: LockView, { locks }: Config): MatterLockChoice {
  const { own, remotePin, latch, cards } = (locks[id] ?? locks[name])?.matter ?? DEFAULTS;
  return { own, remotePin, latch, tokens: cards };
}
