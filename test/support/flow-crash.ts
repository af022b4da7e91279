// Kills a flow before and after every line of its journal, starts anew, and says everything that is not as it must be.
import type { Recipe } from '../../src/flow/step.ts';
import { CLOSED, type FlowRequest, type FlowView } from '../../src/flow/words.ts';
import type { Asker } from '../../src/lock/lock.ts';
import { OWNER } from './fake-family.ts';
import { FlowHouse, type FlowHouseOptions, type KillAt } from './flow-house.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import type { VirtualTTLock } from '../../src/sim/ttlock/virtual-ttlock.ts';
import { type Place, makePlace, wake } from './house.ts';

/** One flow that is killed again and again. */
export interface Killed<L extends VirtualLock = VirtualTTLock> {
  name: string;
  recipes: readonly Recipe[];
  options?: Partial<FlowHouseOptions>;
  place?: () => Place<L>;
  /** Brings the lock to where the flow begins; by default it is paired. */
  before?: (house: FlowHouse<L>) => Promise<void>;
  request: Partial<FlowRequest> & Pick<FlowRequest, 'type'>;
  asker?: Asker;
  /** Takes the flow to its end, as a person would; called again after the restart. By default yes to everything. */
  drive?: (house: FlowHouse<L>) => Promise<FlowView>;
  /** How often the pivot was sent, seen from outside. */
  sent?: (house: FlowHouse<L>) => number;
  /** What else must hold at the end. */
  judge?: (house: FlowHouse<L>, view: FlowView | undefined) => string[] | Promise<string[]>;
}

/** Every how many lines, so that CI samples and the night has all of them. */
export const STRIDE = process.env['LATCHBRIDGE_NIGHTLY'] === undefined ? 5 : 1;

/** Gives everything that is wrong, over all kills; `stride` 1 is every line. */
export async function killEverywhere<L extends VirtualLock = VirtualTTLock>(
  flow: Killed<L>,
  stride = STRIDE,
): Promise<{ lines: number; wrong: string[] }> {
  const whole = await killedAt(flow);
  const wrong = [...whole.wrong];
  for (let line = 1; line <= whole.lines; line += 1) {
    if ((line - 1) % stride !== 0 && !whole.sharp.includes(line)) continue;
    for (const when of ['before', 'after'] as const) wrong.push(...(await killedAt(flow, { line, when })).wrong);
  }
  return { lines: whole.lines, wrong };
}

interface Ended {
  lines: number;
  /** Lines about the pivot: always killed there, also when the rest is sampled. */
  sharp: number[];
  wrong: string[];
}

async function killedAt<L extends VirtualLock>(flow: Killed<L>, kill?: KillAt): Promise<Ended> {
  const place = flow.place?.() ?? (makePlace() as unknown as Place<L>);
  const { clock } = place;
  const house = new FlowHouse(place, { recipes: flow.recipes, ...flow.options });
  await (flow.before?.(house) ?? house.house.pair().then(() => undefined));
  await house.restart(kill);
  const drive = flow.drive ?? ((one: FlowHouse<L>) => one.agree());
  const known = new Set(house.engine.all().map(({ id }) => id));
  const first = await begun(house, flow, drive);
  const { lines } = house.death;
  if (house.death.dead) {
    await house.restart();
    for (let i = 0; i < 5; i++) {
      wake(place);
      await clock.advance(3000);
    }
  }
  const wrong: string[] = [];
  const isThere = house.engine.all().some(({ id }) => !known.has(id));
  const end = isThere ? await goneOn(house, flow, drive, wrong) : undefined;
  wrong.push(...legal(house, end ?? first), ...(await (flow.judge?.(house, end) ?? [])));
  const sent = flow.sent?.(house) ?? 0;
  if (sent > 1) wrong.push(`the pivot was sent ${sent} times`);
  const sharp = sharpLines(house);
  await house.stop();
  place.lock.stop();
  if (clock.armed > 0) wrong.push(`${clock.armed} timers left`);
  const where = kill ? `killed ${kill.when} line ${kill.line}: ` : '';
  return { lines, sharp, wrong: wrong.map(text => where + text) };
}

/** Until it is killed, or to its end. */
async function begun<L extends VirtualLock>(
  house: FlowHouse<L>,
  flow: Killed<L>,
  drive: NonNullable<Killed<L>['drive']>,
): Promise<FlowView | undefined> {
  try {
    await house.start(flow.request, flow.asker ?? OWNER);
    return await raceDeath(house, drive(house));
  } catch (thrown) {
    if (house.death.dead) return undefined;
    throw thrown;
  }
}

/** A dead process says nothing any more: the drive that waits for it is left alone. */
async function raceDeath<L extends VirtualLock>(
  house: FlowHouse<L>,
  work: Promise<FlowView>,
): Promise<FlowView | undefined> {
  work.catch(() => undefined);
  return work.catch((thrown: unknown) => {
    if (house.death.dead) return undefined;
    throw thrown;
  });
}

async function goneOn<L extends VirtualLock>(
  house: FlowHouse<L>,
  flow: Killed<L>,
  drive: NonNullable<Killed<L>['drive']>,
  wrong: string[],
): Promise<FlowView | undefined> {
  try {
    const end = await drive(house);
    if (end.state === 'needs_attention') wrong.push(`it needs attention: ${end.stop?.code} ${end.stop?.text}`);
    else if (!CLOSED.includes(end.state)) wrong.push(`it ends ${end.state}`);
    return end;
  } catch (thrown) {
    wrong.push(`${flow.name} does not go on: ${String(thrown)}`);
    return undefined;
  }
}

/** No flow that is closed keeps a lock, its journal is whole, and what it says of the lock is so. */
function legal<L extends VirtualLock>(house: FlowHouse<L>, view: FlowView | undefined): string[] {
  const wrong: string[] = [];
  const { registry, leases } = house.house;
  for (const { id, state, lock } of house.engine.all()) {
    const check = house.store.flows.check(id);
    if (!check.ok) wrong.push(`the journal of ${id} is broken at line ${check.number}`);
    if (!CLOSED.includes(state) || lock === undefined) continue;
    if (leases.of(lock)) wrong.push(`a flow that is ${state} holds the lease still`);
    if (registry.find(lock)?.lifecycle === 'suspended') wrong.push(`a flow that is ${state} left the lock suspended`);
  }
  return [...wrong, ...keys(house, view)];
}

/** At least one recorded secret opens the lock, or it is factory-new. */
function keys<L extends VirtualLock>(house: FlowHouse<L>, view: FlowView | undefined): string[] {
  const { lock } = house.place;
  const id = view?.lock ?? house.house.registry.find('front_door')?.id;
  const live = id === undefined ? [] : house.store.vault.of(id).filter(({ status }) => status === 'live');
  if (live.length > 1) return ['two keys are believed'];
  // What takes many clients may know one of ours that was never finished, and others besides.
  if (house.house.registry.natures()[house.place.family.name]?.owners === 'many') return [];
  if (lock.paired && live.length === 0) return ['the lock is paired and no key of ours is live'];
  if (!lock.paired && live.length > 0) return ['the lock is factory-new and a key is believed'];
  return [];
}

function sharpLines<L extends VirtualLock>(house: FlowHouse<L>): number[] {
  const [flow] = house.engine.all();
  if (!flow) return [];
  const lines = house.store.flows.lines(flow.id);
  const pivots = lines
    .filter(({ kind, data }) => kind === 'intent' && data['pivot'] === true)
    .map(({ number }) => number);
  return pivots.flatMap(number => [number - 1, number, number + 1, number + 2]);
}
