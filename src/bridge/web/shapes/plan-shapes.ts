// Plans of flows as the API shows them.
import { z } from 'zod';
import type { Plan, PlannedStep } from '../../../flow/plan.ts';
import {
  FLOW_TYPES,
  type FlowRequest,
  type FlowType,
  type Grade,
  type Reason,
  type Segment,
  type StepKind,
} from '../../../flow/words.ts';
import { REASONS } from '../../../flow/request-shape.ts';
import { at, count, json, shape } from './shape.ts';

export const flowType = shape<FlowType>('FlowType')(z.enum(FLOW_TYPES));
export const reason = shape<Reason>('Reason')(z.enum(Object.keys(REASONS) as Reason[]));
export const segment = shape<Segment>('Segment')(z.enum(['reversible', 'compensatable', 'pivot', 'retriable']));
export const grade = shape<Grade>('Grade')(z.enum(['E0', 'E1', 'E2', 'E3']));
export const stepKind = shape<StepKind>('StepKind')(
  z.enum([
    'check',
    'auto_ble',
    'auto_sys',
    'human_do',
    'human_confirm',
    'human_input',
    'human_choice',
    'observe',
    'wait',
    'decide',
    'verify_pos',
    'verify_neg',
    'publish',
    'info',
  ]),
);

const sentences = z.array(z.string());
const honours = sentences.describe('Ids of the guides that this honours.');

/** What was asked for, with times in ms. */
export const askedFlow = shape<FlowRequest>('FlowRequest')(
  z.strictObject({
    type: flowType,
    lock: z.string().exactOptional(),
    reason,
    note: z.string().exactOptional(),
    deadline: at.exactOptional(),
    checkout: at.exactOptional(),
    next_checkin: at.exactOptional(),
    keep: z.array(z.int()).exactOptional(),
    phones: z.enum(['remove', 'keep']).exactOptional(),
    plan_only: z.boolean().exactOptional(),
    mode: z.enum(['guided', 'brief']).exactOptional(),
    remove: z.boolean().exactOptional(),
    forget_only: z.boolean().exactOptional(),
    address: z.string().exactOptional(),
    name: z.string().exactOptional(),
    unit: z.string().exactOptional(),
    seconds: z.number().exactOptional(),
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request; a schema is never awaited
    then: z.enum(['repair', 'nothing']).exactOptional(),
    overrides: z.array(z.strictObject({ rule: z.string(), sentence: z.string() })).exactOptional(),
    lineage: z.string().exactOptional(),
  }),
);

export const plannedStep = shape<PlannedStep>('PlannedStep')(
  z.strictObject({
    id: z.string(),
    kind: stepKind,
    segment,
    title: z.string(),
    text: z.string(),
    spoken: z.string().exactOptional(),
    honours,
    atStake: z.string(),
    evidence: grade,
    soft: z.number().exactOptional().describe('Seconds until the hints begin.'),
    hard: z.number().exactOptional().describe('Seconds until it ends.'),
    skippable: z.boolean().exactOptional(),
    unattended: z.enum(['run', 'skip_with_residual', 'work_order', 'park']),
    hints: z.array(z.strictObject({ text: z.string(), check: z.string().exactOptional(), honours })).exactOptional(),
    with: z.record(z.string(), json).exactOptional(),
  }),
);

export const plan = shape<Plan>('Plan')(
  z.strictObject({
    type: flowType,
    lock: z.string().exactOptional(),
    request: askedFlow,
    goal: z.string(),
    rung: z.enum(['look', 'own_key', 'one_person', 'all_guests', 'settings', 'factory_reset', 'metal', 'replace']),
    whyNotLess: z.string(),
    lost: sentences,
    bring: sentences,
    minutes: z.number(),
    humanSteps: count,
    notes: z.array(z.strictObject({ text: z.string(), honours })),
    procedure: z.strictObject({ id: z.string(), title: z.string(), sure: z.boolean(), sources: sentences }),
    restore: z.enum(['allowed', 'forbidden']),
    exposure: z.strictObject({ what: z.string(), limitSeconds: z.number() }),
    steps: z.array(plannedStep),
    hash: z.string(),
  }),
);
