// Jobs for a person with a time, raised before it is urgent: what to bring, how long it takes, what happens otherwise.
import type { Clock } from '../../base/clock.ts';
import { CLOSED, type FlowPolicy, type FlowState, type FlowView, type WorkOrder } from '../words.ts';

/** A lock that is out of reach often comes back by itself; after this somebody should go there. */
const PATIENCE_MS = 30 * 60_000;
const MINUTE_MS = 60_000;
/** A visit: the way is in the reserve (flows.md 6.3). */
const VISIT_MINUTES = 10;

export interface WorkOrderParts {
  clock: Clock;
  policy(view: FlowView): Pick<FlowPolicy, 'reserveMinutes'>;
  /** Kept in the journal, shown, told. */
  raise(flow: string, order: WorkOrder): void;
  /** The flow goes on without it. */
  close(flow: string): void;
}

/** What the view does not say. */
export interface Circumstances {
  /** Name of the lock's unit. */
  unit: string;
  /** Nobody was there when it was begun. */
  unattended: boolean;
  /** What the last rehearsal found wrong (`rehearsal.red`). */
  red: readonly string[];
}

/** One job, from the moment it may become one. It belongs to a step: when the flow is past it, the job is done. */
interface Job {
  step: string;
  cancel: () => void;
}

/** Hears every new view of every flow, also after a restart. */
export class WorkOrders {
  readonly #parts: WorkOrderParts;
  readonly #jobs = new Map<string, Job>();

  constructor(parts: WorkOrderParts) {
    this.#parts = parts;
  }

  look(view: FlowView, about: Circumstances): void {
    const step = view.step?.id ?? '';
    const isPast = CLOSED.includes(view.state) || (this.#jobs.get(view.id)?.step ?? step) !== step;
    if (isPast) this.#end(view);
    if (CLOSED.includes(view.state) || this.#jobs.has(view.id)) return;
    const need = needOf(view, about);
    if (view.workOrder && !isPast) {
      // Raised before a restart. With nothing to wait for any more, it was done meanwhile.
      if (need === undefined) this.#end(view);
      else this.#jobs.set(view.id, { step, cancel: () => undefined });
      return;
    }
    if (need !== undefined) this.#arm(view, about, need);
  }

  stop(): void {
    for (const { cancel } of this.#jobs.values()) cancel();
    this.#jobs.clear();
  }

  #arm(view: FlowView, about: Circumstances, need: Need): void {
    const { clock } = this.#parts;
    const latest = latestOf(view, this.#parts.policy(view));
    const left = dueAt(need, { since: view.step?.startedAt ?? view.startedAt, latest }) - clock.now();
    const job: Job = { step: view.step?.id ?? '', cancel: () => undefined };
    this.#jobs.set(view.id, job);
    const call = (): void => this.#parts.raise(view.id, orderOf(view, about, { need, latest, now: clock.now() }));
    if (left <= 0) return call();
    job.cancel = clock.after(left, call);
  }

  #end(view: FlowView): void {
    this.#jobs.get(view.id)?.cancel();
    this.#jobs.delete(view.id);
    if (view.workOrder) this.#parts.close(view.id);
  }
}

type Need = 'reach' | 'hands' | 'parked' | 'red';

function needOf({ state, step, plan }: FlowView, { unattended, red }: Circumstances): Need | undefined {
  if (state === 'waiting_radio') return 'reach';
  if (state === 'needs_attention') return 'parked';
  if (red.length > 0 && state === 'waiting_window') return 'red';
  const code = plan.steps.find(one => one.id === step?.id);
  const asks: readonly FlowState[] = ['waiting_human', 'awaiting_clearance'];
  if (unattended && asks.includes(state) && code?.unattended !== 'skip_with_residual') return 'hands';
  return undefined;
}

/** Until then a person must have been there. */
function latestOf({ plan }: FlowView, { reserveMinutes }: Pick<FlowPolicy, 'reserveMinutes'>): number | undefined {
  const { deadline, next_checkin } = plan.request;
  const end = deadline ?? next_checkin;
  return end === undefined ? undefined : end - reserveMinutes * MINUTE_MS;
}

/** Always before `latest`, while there is time: at half of what is left, if patience does not end sooner. */
function dueAt(need: Need, { since, latest }: { since: number; latest: number | undefined }): number {
  if (need !== 'reach') return since;
  const patient = since + PATIENCE_MS;
  return latest === undefined ? patient : Math.min(patient, since + Math.max(0, latest - since) / 2);
}

function orderOf(
  view: FlowView,
  { unit, red }: Circumstances,
  { need, latest, now }: { need: Need; latest: number | undefined; now: number },
): WorkOrder {
  const { plan, lockName, lock } = view;
  const name = lockName ?? lock ?? 'the lock';
  const step = plan.steps.find(one => one.id === view.step?.id);
  const texts: Readonly<Record<Need, string>> = {
    reach: `"${name}" does not answer. Go there, wake it if it sleeps and look at its batteries; if it is heard only at the door, bring the adapter nearer. The flow goes on by itself as soon as the lock is heard.`,
    hands: `The flow of "${name}" waits for somebody. ${step?.title ?? 'Its next step'}: ${step?.text ?? view.atStake}`,
    parked: `The flow of "${name}" has stopped. ${view.stop?.text ?? view.atStake} ${view.stop?.next ?? 'Look at the lock, then let the flow go on.'}`,
    red: `"${name}" is not ready for its turnover: ${red.join('; ')}.`,
  };
  return {
    flow: view.id,
    lock: lock ?? '',
    unit,
    text: texts[need],
    bring: bringOf(plan.bring),
    minutes: Math.max(VISIT_MINUTES, plan.minutes),
    ...(latest !== undefined && { latest }),
    fallback: fallbackOf(view),
    raisedAt: now,
  };
}

function bringOf(planned: readonly string[]): string[] {
  const always = ['fresh batteries', 'a metal key to the door'];
  return [...planned, ...always.filter(one => !planned.some(other => other.startsWith(one)))];
}

/** What to do when nobody went there in time. */
function fallbackOf({ pivotAt, type, atStake }: FlowView): string {
  if (type !== 'turnover') return `If nobody goes there: ${atStake}`;
  return pivotAt === undefined
    ? 'If nobody goes there: the old codes still open the door, but for those that end by themselves. Do not promise this door to the next guest; hand over a metal key at another place.'
    : 'If nobody goes there: the old codes that were erased stay dead. Let the next guest in with a metal key until the flow is finished.';
}
