// The flow engine on the parts of a test: with all recipes, and a policy under which nothing has to wait.
import type { Access, AccessUpkeep, TokenAccess } from '../../src/access/access.ts';
import { makeAccess } from '../../src/access/make-access.ts';
import { silent } from '../../src/base/log.ts';
import type { Clock } from '../../src/base/clock.ts';
import { makeProcedures } from '../../src/flow/catalogue/load.ts';
import { Engine } from '../../src/flow/engine/engine.ts';
import type { FlowShelf } from '../../src/flow/journal.ts';
import type { Nearby } from '../../src/flow/nearby.ts';
import type { Pairer } from '../../src/flow/pairing.ts';
import { recipes } from '../../src/flow/recipes/index.ts';
import type { Settler } from '../../src/flow/settle.ts';
import type { Tools } from '../../src/flow/step.ts';
import type { Unpairer } from '../../src/flow/unpairing.ts';
import { Wiper } from '../../src/flow/wiping.ts';
import type { FlowPolicy } from '../../src/flow/words.ts';
import type { Leases } from '../../src/lock/leases.ts';
import type { Workbench } from '../../src/lock/locks.ts';
import type { Vault } from '../../src/lock/ports.ts';
import type { Registry } from '../../src/lock/registry.ts';
import { LockBench } from '../../src/lock/workbench.ts';
import { makeLockValues } from '../../src/store/lock-values.ts';
import type { Store } from '../../src/store/store.ts';

const procedures = makeProcedures();

const POLICY: FlowPolicy = {
  unattended: 'soft_wipe',
  confirmByMqtt: true,
  twoPersons: false,
  leastBattery: 40,
  pivotsPerHour: 1000,
  minutesBetweenPivots: 0,
  escrowDays: 30,
  reserveMinutes: 60,
  graceMinutes: 30,
};

export interface EngineParts {
  store: Store;
  registry: Registry;
  nearby: Nearby;
  settler: Settler;
  pairer: Pairer;
  unpairer?: Unpairer;
  /** By default its own. */
  access?: Access & AccessUpkeep & { tokens: TokenAccess };
  workbench?: Workbench;
  /** Where a test stands between flows and disk. */
  flows?: FlowShelf;
  vault?: Vault;
  leases: Leases;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  wiped: (lock: string) => void;
  backUp?: () => Promise<void>;
}

/** Joined to the ports of pairing and unpairing; `open` is the caller's. */
export function makeEngine(parts: EngineParts): Engine {
  const { store, registry, settler, clock, random, wiped, backUp, pairer, unpairer, leases } = parts;
  const { vault = store.vault, flows = store.flows } = parts;
  const shared = { clock, random, vault, audit: store.audit, leases, log: silent };
  const access = parts.access ?? accessOf(parts);
  const values = makeLockValues(store.settings);
  const workbench = parts.workbench ?? new LockBench({ ...shared, registry, values });
  const tools: Tools = {
    ...shared,
    registry,
    settler,
    pairer,
    nearby: parts.nearby,
    access,
    tokens: access.tokens,
    workbench,
    secrets: store.vault,
    procedures,
    wiper: new Wiper({ registry, settler, vault, wiped }),
    health: () => ({ ready: true, version: 'test', startedAt: 0, parts: [] }),
    backUp: async () => {
      await backUp?.();
      return { second: false };
    },
  };
  const engine = new Engine({ ...shared, shelf: flows, recipes, tools, policy: () => POLICY });
  pairer.serve(engine);
  unpairer?.serve(engine);
  return engine;
}

function accessOf({ store, registry, clock, random }: EngineParts): NonNullable<EngineParts['access']> {
  return makeAccess({
    clock,
    random,
    log: silent,
    audit: store.audit,
    shelf: store.access,
    secrets: store.vault,
    work: (...order) => registry.work(...order),
    view: lock => registry.find(lock),
  });
}
