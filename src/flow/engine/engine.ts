// All flows of this daemon: who may start which, which are open, and all of them again after a restart.
import { hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { type Log, shown } from '../../base/log.ts';
import type { Leases } from '../../lock/leases.ts';
import type { Asker, LockView } from '../../lock/lock.ts';
import type { Audit } from '../../lock/ports.ts';
import type { FlowShelf, KeptFlow } from '../journal.ts';
import type { Plan } from '../plan.ts';
import type { Planning, Recipe, Tools } from '../step.ts';
import {
  type AnswerRequest,
  type FlowEvent,
  type FlowPolicy,
  type FlowRequest,
  type Flows,
  type FlowView,
  type PublicLine,
  type Suggestion,
  type WorkOrder,
} from '../words.ts';
import { isLockedIn } from './asking.ts';
import { isMaster, mayGo, mayStart, mayStop, maySteer } from './authority.ts';
import { givesWay, mustBeFree, mustNotCutOff } from './guards.ts';
import { Past } from './past.ts';
import { isWhole, makePlan } from './planner.ts';
import { Run } from './run.ts';
import type { RunParts, Told } from './stage.ts';
import { publicLine } from './view.ts';
import { WorkOrders } from './work-orders.ts';

export interface EngineParts {
  shelf: FlowShelf;
  recipes: readonly Recipe[];
  tools: Tools;
  leases: Leases;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  /** What the owner of a lock allows; without a lock, in general. */
  policy(lock: LockView | undefined): FlowPolicy;
  suggestions?(): readonly Suggestion[];
  /** Makes the signed record of a flow that is closed, once; its id. */
  record?(flow: string, lock: LockView | undefined): string | undefined;
}

const MOST = 50;
/** A sentence or two. */
const MOST_COMMENT = 300;

export class Engine implements Flows {
  readonly #parts: EngineParts;
  /** Open ones, and those that ended since the start. */
  readonly #runs = new Map<string, Run>();
  readonly #past: Past;
  readonly #orders: WorkOrders;
  readonly #ears = new Set<(event: FlowEvent) => void>();
  #cancelWake: (() => void) | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#past = new Past(parts.shelf, parts.clock);
    this.#orders = new WorkOrders({
      clock: parts.clock,
      policy: view => this.#policy(view.lock),
      raise: (flow, order) => this.#raise(flow, order),
      close: flow => this.#guarded(() => this.#runs.get(flow)?.stage.book.write('work_order', { done: true })),
    });
  }

  /** Before any session is opened: open flows keep their locks first, and go on once everything runs. */
  open(): void {
    for (const kept of this.#parts.shelf.all({ open: true })) {
      // Somebody may have asked for it already.
      if (this.#runs.has(kept.id)) continue;
      try {
        this.#load(kept);
      } catch (thrown) {
        this.#parts.log.error({ flow: kept.id, err: thrown }, 'an open flow cannot be gone on with');
      }
    }
    this.#cancelWake = this.#parts.clock.after(0, () => {
      for (const run of this.#runs.values()) run.wake();
    });
  }

  async stop(): Promise<void> {
    this.#cancelWake?.();
    this.#orders.stop();
    await Promise.all(Array.from(this.#runs.values(), run => run.stop()));
  }

  async start(request: FlowRequest, asker: Asker): Promise<FlowView> {
    const { clock, random, audit } = this.#parts;
    const about = this.#planning(request, asker);
    mayStart(request, asker);
    const plan = this.#plan(request, about);
    const go = mayGo(plan.type, plan.rung, { asker, policy: about.policy }) && request.plan_only !== true;
    const giving = go ? this.#mayBegin(plan, about.lock, { asker }) : [];
    const lock = about.lock?.id;
    const kept: KeptFlow = {
      id: `f-${hex(random(6))}`,
      type: plan.type,
      ...(lock !== undefined && { lock }),
      plan,
      starter: asker,
      state: go ? 'running' : 'planned',
      startedAt: clock.now(),
    };
    audit.write({ what: 'flow_asked', via: asker.via, who: asker.who, ...(lock && { lock }), detail: plan.type });
    const run = this.#run(kept);
    for (const other of giving) other.giveWay(kept.id, asker);
    run.begin(asker, go);
    this.#runs.set(kept.id, run);
    this.#tell(run, { kind: 'started' });
    return run.view();
  }

  async preview(request: FlowRequest, asker: Asker): Promise<Plan> {
    mayStart(request, asker);
    return this.#plan(request, this.#planning(request, asker));
  }

  get(flow: string): FlowView | undefined {
    return this.#find(flow)?.view();
  }

  all({ lock, open, most = MOST }: { lock?: string; open?: boolean; most?: number } = {}): FlowView[] {
    const id = lock === undefined ? undefined : (this.#parts.tools.registry.find(lock)?.id ?? lock);
    const query = { most, ...(id !== undefined && { lock: id }), ...(open !== undefined && { open }) };
    return this.#parts.shelf.all(query).flatMap(({ id: flow }) => this.#known(flow) ?? []);
  }

  /** One that only another version understands is no reason to leave the others out. */
  #known(flow: string): FlowView | undefined {
    try {
      return this.get(flow);
    } catch (thrown) {
      this.#parts.log.error({ flow, err: thrown }, 'a flow cannot be read');
      return undefined;
    }
  }

  async answer(flow: string, answer: AnswerRequest, asker: Asker): Promise<FlowView> {
    const run = this.#must(flow);
    if (isLockedIn(answer.answer)) return this.#lockedIn(run, asker);
    run.answer(answer, asker);
    return run.view();
  }

  async cancel(flow: string, asker: Asker): Promise<FlowView> {
    mayStop(asker);
    const run = this.#must(flow);
    run.cancel(asker);
    return run.view();
  }

  async pause(flow: string, asker: Asker): Promise<FlowView> {
    mayStop(asker);
    const run = this.#must(flow);
    run.pause(asker);
    return run.view();
  }

  async resume(flow: string, asker: Asker): Promise<FlowView> {
    const run = this.#must(flow);
    const { kept, memory } = run.stage.book;
    const letGo = memory.go !== undefined;
    maySteer(asker, { starter: kept.starter, holder: memory.holder ?? kept.starter.who, letGo });
    if (letGo) run.resume(asker);
    else {
      for (const other of this.#mayBegin(kept.plan, run.stage.view(), { asker, but: run.id }))
        other.giveWay(run.id, asker);
      run.go(asker);
    }
    return run.view();
  }

  async handOver(flow: string, to: string, asker: Asker): Promise<FlowView> {
    const run = this.#must(flow);
    const { kept, memory } = run.stage.book;
    maySteer(asker, { starter: kept.starter, holder: memory.holder ?? kept.starter.who, letGo: true });
    if (to.trim() === '' || to.length > 64) throw new LockError('invalid', 'Say to whom, in 1 to 64 characters.');
    run.handOver(to.trim(), asker);
    return run.view();
  }

  async comment(flow: string, text: string, asker: Asker): Promise<FlowView> {
    mayStop(asker);
    const run = this.#must(flow);
    const said = shown(text.trim(), MOST_COMMENT);
    if (said === '') throw new LockError('invalid', 'Say something, in 1 to 300 characters.');
    run.comment(said, asker);
    return run.view();
  }

  async emergency(asker: Asker): Promise<FlowView[]> {
    const open = Array.from(this.#runs.values()).filter(
      run => run.isOpen && run.stage.book.memory.pivotAt === undefined,
    );
    // One that cannot be stopped keeps none of the others going.
    for (const run of open) this.#guarded(() => run.cancel(asker, 'emergency'));
    return open.map(run => run.view());
  }

  async settled(flow: string): Promise<FlowView> {
    const run = this.#must(flow);
    await run.settled();
    return run.view();
  }

  failure(flow: string): LockError | undefined {
    return this.#runs.get(flow)?.failure;
  }

  lines(flow: string): PublicLine[] {
    const run = this.#must(flow);
    const { memory } = run.stage.book;
    return this.#parts.shelf.lines(run.id).flatMap(line => publicLine(line, memory) ?? []);
  }

  suggestions(): readonly Suggestion[] {
    return this.#parts.suggestions?.() ?? [];
  }

  hear(ear: (event: FlowEvent) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** R12: whatever else is asked and whoever says it, somebody who cannot get out comes first; a full disk hinders nothing. */
  #lockedIn(run: Run, asker: Asker): FlowView {
    if (!run.isOpen) throw new LockError('rejected', 'This flow has ended already.', { reason: 'expired' });
    const name = run.stage.view()?.name ?? 'a lock';
    const text = `"${name}": ${asker.who} reports that somebody is locked in. The flow is stopped.`;
    try {
      run.stage.notify(text, true);
    } catch {
      this.#tell(run, { kind: 'notice', text, urgent: true });
    }
    this.#guarded(() => run.cancel(asker, 'emergency'));
    return run.view();
  }

  #planning(request: FlowRequest, asker: Asker): Planning {
    const { tools } = this.#parts;
    const lock = request.lock === undefined ? undefined : tools.registry.find(request.lock);
    if (request.lock !== undefined && !lock) {
      throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    }
    this.#mustGoOn(request, lock);
    return {
      request,
      asker,
      unattended: asker.role === 'automation',
      ...(lock && { lock }),
      procedure: tools.procedures.for(lock),
      policy: this.#policy(lock?.id),
      tools,
    };
  }

  /** A lineage frees from the pause between two pivots, and hands settings on: only of this lock. */
  #mustGoOn({ lineage }: FlowRequest, lock: LockView | undefined): void {
    if (lineage === undefined) return;
    const before = this.#parts.shelf.get(lineage);
    if (before && (!lock || before.lock === lock.id)) return;
    throw new LockError('not_found', 'There is no flow of that name for this lock to go on from.');
  }

  #plan(request: FlowRequest, about: Planning): Plan {
    const recipe = this.#recipe(request.type);
    return makePlan(recipe, about);
  }

  #recipe(type: FlowRequest['type']): Recipe {
    const recipe = this.#parts.recipes.find(one => one.type === type);
    if (recipe) return recipe;
    throw new LockError('unsupported', `This version of Latchbridge has no ${type}.`);
  }

  /** Guards that hold when it begins, whoever let it go. Throws `busy` or `forbidden`. Gives the flows that make way for it. */
  #mayBegin(plan: Plan, lock: LockView | undefined, by: { asker: Asker; but?: string }): Run[] {
    if (!lock) return [];
    const { tools, clock } = this.#parts;
    const others = Array.from(this.#runs.values()).filter(run => run.id !== by.but && run.isOpen);
    const giving = others.filter(run => isMaster(by.asker) && givesWay(run.view(), plan));
    const open = others.filter(run => !giving.includes(run)).map(run => run.view());
    mustBeFree(plan, lock, { open, find: id => tools.registry.find(id) });
    const unattended = by.asker.role === 'automation';
    mustNotCutOff({ plan, credentials: tools.access.credentials(lock.id), unattended, now: clock.now() });
    return giving;
  }

  #policy(lock: string | undefined): FlowPolicy {
    return this.#parts.policy(lock === undefined ? undefined : this.#parts.tools.registry.find(lock));
  }

  #must(flow: string): Run {
    const run = this.#find(flow);
    if (!run) throw new LockError('not_found', 'There is no flow of that name. Look at the list of flows.');
    return run;
  }

  /** One that ended before this start is read again. */
  #find(flow: string): Run | undefined {
    const known = this.#runs.get(flow);
    if (known) return known;
    const kept = this.#parts.shelf.get(flow);
    return kept && this.#load(kept);
  }

  #load(kept: KeptFlow): Run {
    const { shelf } = this.#parts;
    const run = this.#run(kept);
    run.recover(shelf.lines(kept.id), shelf.check(kept.id).ok && isWhole(kept.plan));
    this.#runs.set(kept.id, run);
    return run;
  }

  #run(kept: KeptFlow): Run {
    const { shelf, tools, leases, audit, clock, log } = this.#parts;
    const parts: RunParts = {
      tools,
      shelf,
      leases,
      audit,
      clock,
      log,
      recipe: this.#recipe(kept.type),
      policy: this.#policy(kept.lock),
      pivots: lineage => this.#past.pivots(lineage),
      inherited: (name, of) => this.#past.inherited(name, of),
      record: (flow, lock) => this.#parts.record?.(flow, lock),
      tell: told => this.#tell(run, told),
    };
    const run: Run = new Run(kept, parts);
    return run;
  }

  #raise(flow: string, order: WorkOrder): void {
    const run = this.#runs.get(flow);
    if (!run) return;
    this.#guarded(() => {
      run.stage.book.write('work_order', { ...order, bring: [...order.bring] });
      this.#tell(run, { kind: 'work_order', order });
      run.stage.notify(`Work order: ${order.text}`);
    });
  }

  /** Bridges hear it with the newest view; what fails in them is theirs. */
  #tell(run: Run, told: Told): void {
    if (!this.#runs.has(run.id) && told.kind !== 'started') return;
    const view = run.view();
    for (const ear of this.#ears) this.#guarded(() => ear({ ...told, view } as FlowEvent));
    if (told.kind === 'changed' || told.kind === 'ended') this.#orders.look(view, circumstances(run));
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (thrown) {
      this.#parts.log.error({ err: thrown }, 'somebody failed to take what a flow said');
    }
  }
}

function circumstances({ stage }: Run): { unit: string; unattended: boolean; red: readonly string[] } {
  const red = stage.book.memory.recall('rehearsal.red');
  return {
    unit: stage.view()?.unit.name ?? '',
    unattended: stage.unattended,
    red: Array.isArray(red) ? red.filter(one => typeof one === 'string') : [],
  };
}
