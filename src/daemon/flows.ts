// Flows beside the daemon's other parts: what their steps work with, what an owner allows, and how they are.
import { LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Clock } from '../base/clock.ts';
import type { Access, AccessUpkeep, TokenAccess } from '../access/access.ts';
import type { Config } from '../config.ts';
import { lateProcedures } from '../flow/catalogue/load.ts';
import { Engine } from '../flow/engine/engine.ts';
import type { Nearby } from '../flow/nearby.ts';
import type { Pairer } from '../flow/pairing.ts';
import type { Procedures } from '../flow/procedures.ts';
import { Recorder } from '../flow/record/recorder.ts';
import { recipes } from '../flow/recipes/index.ts';
import type { Settler } from '../flow/settle.ts';
import type { Tools } from '../flow/step.ts';
import { Suggestions } from '../flow/suggestions.ts';
import { Wiper } from '../flow/wiping.ts';
import type { FlowPolicy, FlowView } from '../flow/words.ts';
import type { Leases } from '../lock/leases.ts';
import type { LockView } from '../lock/lock.ts';
import type { Workbench } from '../lock/locks.ts';
import type { Registry } from '../lock/registry.ts';
import type { Health, HealthPart } from '../lock/upkeep.ts';
import type { Store } from '../store/store.ts';
import { copySecond } from './second-copy.ts';

/** In a demo one lock is unpaired, reset and turned over in a row: nobody lives behind its door. */
const HURRIED: Partial<FlowPolicy> = { minutesBetweenPivots: 0, pivotsPerHour: 60 };

export interface FlowParts {
  config: Config;
  store: Store;
  registry: Registry;
  nearby: Nearby;
  pairer: Pairer;
  settler: Settler;
  access: Access & AccessUpkeep;
  tokens: TokenAccess;
  workbench: Workbench;
  leases: Leases;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  health: () => Health;
  wiped: (lock: string) => void;
  /** In a demo a message with the owner's token may confirm what cannot be undone; otherwise no message ever does. */
  isDemo: boolean;
}

export class DaemonFlows {
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly suggestions: Suggestions;
  readonly procedures: Procedures;
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    const { store, registry, clock, random, log, leases } = parts;
    this.procedures = lateProcedures();
    this.recorder = new Recorder({ shelf: store.flows, secrets: store.vault, lock: id => registry.find(id) });
    this.suggestions = new Suggestions({ locks: registry, clock });
    this.engine = new Engine({
      shelf: store.flows,
      recipes,
      tools: this.#tools(),
      leases,
      audit: store.audit,
      clock,
      random,
      log,
      policy: lock => this.#policy(lock),
      suggestions: () => this.suggestions.all(),
      record: (flow, lock) => this.recorder.of(flow, lock)?.id,
    });
  }

  /** Before any session is opened. */
  start(): void {
    this.engine.open();
    this.suggestions.start();
  }

  async stop(): Promise<void> {
    this.suggestions.stop();
    await this.engine.stop();
  }

  health(): HealthPart[] {
    const open = this.engine.all({ open: true });
    return [parkedPart(open), exposurePart(open)];
  }

  /** What the file says of this lock, over what it says of all. */
  #policy(lock: LockView | undefined): FlowPolicy {
    const { config, isDemo } = this.#parts;
    const chosen = lock && (config.locks[lock.id] ?? config.locks[lock.name]);
    return { ...config.policy.flows, ...chosen?.flows, confirmByMqtt: isDemo, ...(isDemo && HURRIED) };
  }

  #tools(): Tools {
    const { registry, nearby, pairer, settler, access, tokens, workbench, clock, random, log } = this.#parts;
    const { store, health, wiped } = this.#parts;
    const { vault } = store;
    return {
      registry,
      nearby,
      pairer,
      settler,
      wiper: new Wiper({ registry, settler, vault, wiped }),
      vault,
      secrets: vault,
      access,
      tokens,
      workbench,
      procedures: this.procedures,
      clock,
      random,
      log,
      health,
      backUp: () => this.#backUp(),
    };
  }

  /** A stick that was pulled out keeps nobody from anything; a full disk does. */
  async #backUp(): Promise<{ second: boolean }> {
    const { store, config, log } = this.#parts;
    await store.backup();
    try {
      return { second: copySecond(config) !== undefined };
    } catch (thrown) {
      if (!(thrown instanceof LockError)) throw thrown;
      log.warn({ err: textOf(thrown) }, 'the second backup before a wipe failed');
      return { second: false };
    }
  }
}

function parkedPart(open: readonly FlowView[]): HealthPart {
  const parked = open.filter(({ state }) => state === 'needs_attention');
  if (parked.length === 0) return { name: 'flows', ok: true, text: `${open.length} open, none needs anybody.` };
  const text = parked
    .map(({ type, lockName, stop }) => `${type} of "${lockName ?? ''}": ${stop?.text ?? ''}`)
    .join(' ');
  const [first] = parked;
  const fix = `${first?.stop?.next ?? 'Look at the lock.'} Then: latchbridge flow show ${first?.id ?? ''}`;
  return { name: 'flows', ok: false, text, fix };
}

function exposurePart(open: readonly FlowView[]): HealthPart {
  const exposed = open.filter(({ exposure }) => exposure !== undefined);
  if (exposed.length === 0)
    return { name: 'exposure', ok: true, text: 'No door opens to the public because of a flow.' };
  const text = exposed
    .map(({ lockName, exposure }) => `"${lockName ?? ''}": ${exposure?.what ?? ''}, for ${exposure?.seconds ?? 0} s.`)
    .join(' ');
  return { name: 'exposure', ok: false, text, fix: 'Stay at the door, pair the lock, or secure the door another way.' };
}
