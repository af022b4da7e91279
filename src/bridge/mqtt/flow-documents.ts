// Flows as MQTT shows them: pure functions from what the engine says to documents. Nothing secret is in any of it.
import { shown } from '../../base/log.ts';
import type { Plan, PlannedStep } from '../../flow/plan.ts';
import type { FlowView, Prompt, PublicLine, Residual, Suggestion, WorkOrder } from '../../flow/words.ts';
import { stamp } from './state.ts';

type Document = Readonly<Record<string, unknown>>;

/** A step's own words may be long; a name or a note may be anything. */
const MOST_TEXT = 400;

/** `<base>/flow/<id>/state`. `now` turns what is left of a step into a time. */
export function flowDocument(view: FlowView, now: number): Document {
  const { step, exposure, workOrder } = view;
  return {
    flow: view.id,
    type: view.type,
    reason: view.reason,
    ...aboutLock(view),
    state: view.state,
    step: step?.id ?? null,
    ...(step && {
      step_title: step.title,
      step_kind: step.kind,
      segment: step.segment,
      step_number: step.number,
      steps: step.of,
      // Between two steps it changes by a few ms; nobody needs to be told that.
      step_since: stamp(Math.floor(step.startedAt / 1000) * 1000),
    }),
    at_stake: view.atStake,
    prompts: view.prompts.map(each => each.id),
    progress: view.progress,
    ...(view.expiresInS === undefined
      ? {}
      : { expires_in_s: Math.round(view.expiresInS), expires_at: stamp(now + view.expiresInS * 1000) }),
    ...(exposure && {
      exposure: { what: exposure.what, seconds: Math.round(exposure.seconds), limit_seconds: exposure.limitSeconds },
    }),
    ...(view.stop && { stop: view.stop }),
    ...(workOrder && { work_order: workOrderDocument(workOrder) }),
    residuals: view.residuals.map(residualDocument),
    starter: shown(view.starter),
    ...(view.confirmer === undefined ? {} : { confirmer: shown(view.confirmer) }),
    holder: shown(view.holder),
    started_at: stamp(view.startedAt),
    ...(view.pivotAt === undefined ? {} : { pivot_at: stamp(view.pivotAt) }),
    ...(view.endedAt === undefined ? {} : { ended_at: stamp(view.endedAt) }),
    ...(view.lineage === undefined ? {} : { lineage: view.lineage }),
    ...(view.record === undefined ? {} : { record: view.record }),
  };
}

/** `<base>/flow/<id>/prompt`; the challenge comes back with the answer. */
export function promptDocument(view: FlowView, prompt: Prompt): Document {
  return {
    prompt: prompt.id,
    flow: prompt.flow,
    ...aboutLock(view),
    kind: prompt.kind,
    text_key: prompt.step,
    text: prompt.text,
    spoken: prompt.spoken,
    options: prompt.options,
    ...(prompt.challenge === undefined ? {} : { challenge: prompt.challenge }),
    ...(prompt.secret ? { secret: true } : {}),
    roles: prompt.roles,
    honours: prompt.honours,
    asked_at: stamp(prompt.askedAt),
    ...(prompt.expiresInS === undefined ? {} : { expires_in_s: Math.round(prompt.expiresInS) }),
  };
}

/** An answer to whoever asked for the whole of it. */
export function wholeFlowDocument(view: FlowView, now: number): Document {
  return {
    ...flowDocument(view, now),
    prompts: view.prompts.map(each => promptDocument(view, each)),
    plan: planDocument(view.plan),
  };
}

export function planDocument(plan: Plan): Document {
  return {
    type: plan.type,
    ...(plan.lock === undefined ? {} : { lock_id: plan.lock }),
    goal: plan.goal,
    rung: plan.rung,
    why_not_less: plan.whyNotLess,
    lost: plan.lost,
    bring: plan.bring,
    minutes: plan.minutes,
    human_steps: plan.humanSteps,
    notes: plan.notes,
    procedure: plan.procedure,
    restore: plan.restore,
    exposure: { what: plan.exposure.what, limit_seconds: plan.exposure.limitSeconds },
    steps: plan.steps.map(stepDocument),
    hash: plan.hash,
  };
}

function stepDocument(step: PlannedStep): Document {
  const { atStake, soft, hard, with: _with, ...rest } = step;
  return {
    ...rest,
    at_stake: atStake,
    ...(soft === undefined ? {} : { soft_s: soft }),
    ...(hard === undefined ? {} : { hard_s: hard }),
  };
}

export function workOrderDocument(order: WorkOrder): Document {
  return {
    text: order.text,
    unit: shown(order.unit),
    bring: order.bring,
    minutes: order.minutes,
    ...(order.latest === undefined ? {} : { latest: stamp(order.latest) }),
    fallback: order.fallback,
    raised_at: stamp(order.raisedAt),
  };
}

export function lineDocument(line: PublicLine): Document {
  return {
    number: line.number,
    at: stamp(line.at),
    kind: line.kind,
    ...(line.step === undefined ? {} : { step: line.step }),
    text: shown(line.text, MOST_TEXT),
    ...(line.grade === undefined ? {} : { grade: line.grade }),
    ...(line.by === undefined ? {} : { by: line.by }),
  };
}

export function suggestionDocument(suggestion: Suggestion): Document {
  const { lock, since, ...rest } = suggestion;
  return { ...rest, lock_id: lock, since: stamp(since) };
}

function residualDocument({ kind, text, until }: Residual): Document {
  return { kind, text, ...(until === undefined ? {} : { until: stamp(until) }) };
}

/** One line for lists. */
export function flowLine(view: FlowView): Document {
  return {
    flow: view.id,
    type: view.type,
    ...aboutLock(view),
    state: view.state,
    step: view.step?.id ?? null,
    prompts: view.prompts.map(each => each.id),
    started_at: stamp(view.startedAt),
    ...(view.endedAt === undefined ? {} : { ended_at: stamp(view.endedAt) }),
  };
}

function aboutLock({ lock, lockName }: FlowView): Document {
  return { lock: lockName === undefined ? null : shown(lockName), ...(lock === undefined ? {} : { lock_id: lock }) };
}
