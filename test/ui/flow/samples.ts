// A flow as the daemon tells it, as small as a test needs it.
import type { FlowView, Plan, PlannedStep, Prompt, PublicLine, Segment, StepKind } from '../../../src/ui/api.d.ts';

export function step(id: string, segment: Segment, kind: StepKind = 'auto_ble'): PlannedStep {
  return {
    id,
    kind,
    segment,
    title: `T ${id}`,
    text: `Text of ${id}.`,
    honours: [],
    atStake: 'x',
    evidence: 'E0',
    unattended: 'run',
  };
}

export const STEPS = [
  step('look', 'reversible', 'check'),
  step('door', 'compensatable', 'human_confirm'),
  step('ways', 'reversible', 'check'),
  step('wipe', 'pivot'),
  step('find', 'retriable', 'human_do'),
  step('settle', 'retriable'),
];

const plan: Plan = {
  type: 'reset',
  request: { type: 'reset', reason: 'lost_admin' },
  goal: 'Reset it.',
  rung: 'factory_reset',
  whyNotLess: 'So.',
  lost: ['2 codes (Ada)'],
  bring: [],
  minutes: 3,
  humanSteps: 2,
  notes: [],
  procedure: { id: 'p', title: 'P', sure: true, sources: [] },
  restore: 'allowed',
  exposure: { what: 'it opens with its public code', limitSeconds: 600 },
  steps: STEPS,
  hash: 'h',
};

export function flowView(more: Partial<FlowView> = {}): FlowView {
  return {
    id: 'f-1',
    type: 'reset',
    reason: 'lost_admin',
    lock: 'l-1',
    lockName: 'front_door',
    state: 'running',
    atStake: 'Nothing has changed. You can stop.',
    prompts: [],
    progress: [],
    residuals: [],
    starter: 'Ada (web)',
    holder: 'Ada',
    startedAt: 0,
    plan,
    ...more,
  };
}

export function at(number: number): NonNullable<FlowView['step']> {
  const { id, title, kind, segment } = STEPS[number - 1] as PlannedStep;
  return { id, title, kind, segment, number, of: STEPS.length, startedAt: 0 };
}

export function prompt(more: Partial<Prompt> = {}): Prompt {
  return {
    id: 'p-1',
    flow: 'f-1',
    step: 'door',
    kind: 'human_confirm',
    text: 'Open the door.',
    spoken: 'Open the door.',
    options: [
      { value: 'done', label: 'Done', means: 'yes' },
      { value: 'cancel', label: 'Cancel', means: 'no' },
    ],
    roles: ['owner', 'manager', 'technician'],
    honours: [],
    askedAt: 0,
    ...more,
  };
}

let count = 0;
export function line(kind: string, text: string, more: Partial<PublicLine> = {}): PublicLine {
  count += 1;
  return { number: count, at: count, kind, text, ...more };
}
