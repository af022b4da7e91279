// What happens before a demo says that it is ready: the locks of the cast are known, and paired where they should be.
import { hex } from '../base/bytes.ts';
import { type Clock, sleep } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import type { PairRequest } from '../flow/flow.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { LockRecord } from '../lock/ports.ts';
import type { HandMove } from '../sim/family.ts';
import type { Actor } from './stage.ts';

const DEMO: Asker = { via: 'daemon', who: 'demo', role: 'owner' };
/** How often a lock whose last pairing was cut is looked at, and for how long. */
const LOOK_MS = 500;
const SETTLE_MS = 30_000;
/** The first sessions are open within this, or the demo says ready without them: boxes sleep. */
const FIRST_STATE_MS = 4000;

/** The little that opening the scene needs of the daemon. */
export interface SceneParts {
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  record(address: string): LockRecord | undefined;
  view(id: string): LockView | undefined;
  add(record: Omit<LockRecord, 'endpoint'>): void;
  unit(name: string): LockRecord['unit'];
  pair(request: PairRequest, asker: Asker): Promise<LockView>;
  tellCode(lock: string, code: Secret<string>, asker: Asker): Promise<void>;
  /** Somebody ends the demo before it is ready. */
  signal: AbortSignal;
}

export async function openScene(actors: readonly Actor[], parts: SceneParts): Promise<void> {
  for (const actor of actors) {
    if (actor.role.unpaired) prepare(actor, parts);
    else await pair(actor, parts);
  }
  const until = parts.clock.elapsed() + FIRST_STATE_MS;
  for (const { role, lock } of actors) if (!role.unpaired) await firstState(lock.address, until, parts);
}

/** A lock that nobody has paired yet, with its name and unit, as somebody who sets up a house would enter it. */
function prepare({ role, lock }: Actor, parts: SceneParts): void {
  if (parts.record(lock.address)) return;
  parts.add({
    id: hex(parts.random(6)),
    name: role.name,
    unit: parts.unit(role.unit),
    family: role.family.name,
    address: lock.address,
    addressType: lock.addressType,
    hardware: lock.address,
    lifecycle: 'factory',
    generation: 0,
    prepared: true,
    settings: {},
    facts: {},
    addedAt: parts.clock.now(),
  });
}

/** Through the real protocol, unless it was paired before or somebody has unpaired it since. */
async function pair({ role, lock }: Actor, parts: SceneParts): Promise<void> {
  const until = parts.clock.elapsed() + SETTLE_MS;
  for (;;) {
    const known = parts.record(lock.address);
    if (!known) break;
    if (known.lifecycle !== 'limbo' && known.lifecycle !== 'provisioning') return;
    if (parts.clock.elapsed() > until) return;
    move(lock, role.family.wake);
    await sleep(parts.clock, LOOK_MS, parts.signal);
  }
  // Its record was removed by force in an earlier run: whoever did that resets it, with its hands.
  if (lock.paired) return;
  move(lock, role.family.offer);
  const secret = lock.pin === undefined ? {} : { secret: new Secret(lock.pin) };
  const view = await parts
    .pair({ address: lock.address, name: role.name, unit: role.unit, seconds: 30, ...secret }, DEMO)
    .catch((thrown: unknown) => {
      if (!(thrown instanceof LockError)) throw thrown;
      throw new LockError(thrown.code, `The demo could not pair "${role.name}": ${thrown.message}`, { cause: thrown });
    });
  await tellCode({ role, lock }, view, parts);
}

function move({ hands }: Actor['lock'], { act, value }: HandMove): void {
  hands.act(act, value === undefined ? {} : { value });
}

/** As its owner would, who has it at hand: without it a lock that keeps such a code shows little of what it can. */
async function tellCode({ lock }: Actor, view: LockView, parts: SceneParts): Promise<void> {
  if (lock.pin === undefined || view.abilities?.adminCode?.known !== false) return;
  await parts.tellCode(view.id, new Secret(lock.pin), DEMO);
}

async function firstState(address: string, until: number, parts: SceneParts): Promise<void> {
  const known = (): boolean => {
    const record = parts.record(address);
    const view = record && parts.view(record.id);
    return view === undefined || view.lifecycle !== 'managed' || view.state.trust !== 'guessed';
  };
  while (!known() && parts.clock.elapsed() < until) await sleep(parts.clock, LOOK_MS / 5, parts.signal);
}
