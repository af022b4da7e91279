// An act: what is about to be done is on the disk before it is done, and what became of it right after. Source: flows.md 4.7.
import { sleep, stopped } from '../../base/clock.ts';
import { LockError, asLockError } from '../../base/errors.ts';
import type { Json } from '../../lock/driver.ts';
import type { Keeper } from '../../lock/keeper.ts';
import type { Clearance } from '../clearance.ts';
import { type Findings, findings, stated } from '../findings.ts';
import { natureOf } from '../nature.ts';
import type { PlannedStep } from '../plan.ts';
import { isMaster, isSoft } from './authority.ts';
import { makeClearance } from './preflight.ts';
import type { Case } from './rules.ts';
import { isRadio, stopOf } from './stops.ts';
import type { Stage } from './stage.ts';

/** Connection, login and one answer, right before a wipe. */
const LOOK_MS = 30_000;
/** Between tries at that. */
const PAUSES_MS = [2000, 5000];
/** What a person said or somebody saw may be so long ago; a restart makes all of it old. */
const FRESH_MS = 30 * 60_000;

export class Acting {
  readonly #stage: Stage;
  readonly #step: PlannedStep;
  /** Made and not yet handed out. */
  #made: Clearance | undefined;
  /** One was made in this run of the step, and no pivot was begun with it. */
  #issued = false;

  constructor(stage: Stage, step: PlannedStep) {
    this.#stage = stage;
    this.#step = step;
  }

  async act<T>(what: string, data: Readonly<Record<string, Json>>, run: () => Promise<T>): Promise<T> {
    const stage = this.#stage;
    const { book } = stage;
    const pivot = this.#step.segment === 'pivot';
    if (pivot) await this.#ready();
    stage.stopIfWanted();
    if (stage.control.signal.aborted) throw stopped(stage.control.signal);
    const soft = isSoft(book.kept.plan.rung);
    const { number } = book.write('intent', { what, pivot, soft, data }, this.#step.id);
    this.#issued = false;
    stage.acting += 1;
    try {
      if (pivot) this.#tellPivot();
      const value = await this.#run(number, pivot && soft, run);
      book.write('outcome', { intent: number, result: 'ok' }, this.#step.id);
      return value;
    } finally {
      stage.acting -= 1;
      if (stage.wanted) stage.control.abort(stage.wanted);
      stage.wanted = undefined;
    }
  }

  /** For the step, once. */
  clearance(): Clearance {
    const made = this.#made ?? this.#make();
    this.#made = undefined;
    return made;
  }

  /** What nobody knows stays open; only what the lock cannot have done is closed. Part of a soft wipe may always be done. */
  async #run<T>(number: number, isPart: boolean, run: () => Promise<T>): Promise<T> {
    const { book } = this.#stage;
    try {
      return await run();
    } catch (thrown) {
      const text = 'It is not known what became of it.';
      const error = asLockError(thrown, 'unreachable', text, { acted: 'maybe' });
      // Stopped in the middle: what the lock did until then is not known.
      const isStopped = thrown === this.#stage.control.signal.reason;
      if (error.acted === 'no' && !isPart && !isStopped) {
        book.write('outcome', { intent: number, result: 'refused', reason: error.reason }, this.#step.id);
      }
      throw error;
    }
  }

  /** The lock is looked at once more, and the right to do it is made, before anything of it is on the disk. */
  async #ready(): Promise<void> {
    if (this.#issued) return;
    if (!isSoft(this.#stage.book.kept.plan.rung)) await this.#look();
    this.#made = this.#make();
  }

  #make(): Clearance {
    const stage = this.#stage;
    const step = this.#step;
    if (step.segment !== 'pivot') {
      throw new LockError('forbidden', 'This step may not erase anything.', { reason: 'not_a_pivot' });
    }
    const { book, parts } = stage;
    const soft = isSoft(book.kept.plan.rung);
    const byPolicy = stage.unattended && soft && parts.policy.unattended === 'soft_wipe';
    const goesOn = soft && book.memory.pivotAt !== undefined;
    const about = caseOf(stage, step, findings(recaller(stage)));
    const made = makeClearance({
      book,
      keeper: stage.keeper(),
      clock: parts.clock,
      about,
      step: step.id,
      byPolicy,
      goesOn,
    });
    this.#issued = true;
    return made;
  }

  /** R01: asks the lock itself, now. What is closed by hand, or has no key of ours, cannot be asked. */
  async #look(): Promise<void> {
    const stage = this.#stage;
    const known = findings(recaller(stage));
    const keeper = stage.keeper();
    const isLive = stage.parts.tools.vault.of(keeper.record.id).some(({ status }) => status === 'live');
    if (known.bolt?.is === 'by_hand' || !isLive) return;
    await this.#asked(keeper);
    // No bolt can make that a gamble; where nothing of a moment counts, nothing is to be looked at again.
    if (stage.book.kept.plan.rung === 'own_key') return;
    const { bolt } = keeper.view().state;
    const all: Findings = { ...known, bolt: { grade: 'E3', at: stage.parts.clock.elapsed(), is: bolt } };
    stage.seen.set('bolt', stage.parts.clock.elapsed());
    stage.book.write('remembered', { name: 'found', value: all as unknown as Json }, this.#step.id);
  }

  /** A person waits for it: one lost connection is not the end. Its refusal is. */
  async #asked(keeper: Keeper): Promise<void> {
    const { control, parts } = this.#stage;
    const how = { urgency: 'person', what: 'ask the lock', ms: LOOK_MS, signal: control.signal } as const;
    for (let i = 0; ; i++) {
      try {
        return await keeper.work(how, session => session.readState());
      } catch (thrown) {
        const pause = PAUSES_MS[i];
        if (
          pause === undefined ||
          control.signal.aborted ||
          !isRadio(stopOf(thrown, natureOf(parts.tools.registry, keeper.record)).code)
        )
          throw thrown;
        await sleep(parts.clock, pause, control.signal);
      }
    }
  }

  #tellPivot(): void {
    const stage = this.#stage;
    const { plan } = stage.book.kept;
    const by = stage.book.memory.confirmer ?? 'the policy';
    stage.notify(`"${stage.view()?.name ?? ''}": ${plan.type} erases now, confirmed by ${by}.`, false, 'pivot');
  }
}

function recaller(stage: Stage): { recall(name: string): Json | undefined } {
  return { recall: name => stage.book.memory.recall(name) };
}

/** What the rules look at; `all` as it is once the confirmer has said yes. */
export function caseOf(stage: Stage, step: Pick<PlannedStep, 'kind' | 'with'>, all: Findings): Case {
  const { book, parts } = stage;
  const { clock, tools, policy } = parts;
  const { plan } = book.kept;
  const view = stage.keeper().view();
  return {
    plan,
    step,
    findings: all,
    isFresh: key => clock.elapsed() - (stage.seen.get(key) ?? Number.NEGATIVE_INFINITY) < FRESH_MS,
    view,
    procedure: tools.procedures.get(plan.procedure.id),
    policy,
    unattended: stage.unattended && !isConfirmedByPerson(stage),
    health: tools.health(),
    credentials: tools.access.credentials(view.id),
    pivots: parts.pivots(plan.request.lineage ?? book.kept.id),
    now: clock.now(),
  };
}

/** Before the last question is put: would a yes to it be enough? */
export function asIfConfirmed(stage: Stage, step: PlannedStep): Case {
  const all = stated(findings(recaller(stage)), stage.parts.clock.elapsed());
  return { ...caseOf(stage, step, all), unattended: false };
}

/** An owner or manager who answered a work order is somebody. */
function isConfirmedByPerson(stage: Stage): boolean {
  const { clearance } = stage.book.memory;
  return clearance !== undefined && clearance.via !== 'daemon' && isMaster(clearance);
}
