// Flows, what they ask and what they tell, as the API shows them.
import { z } from 'zod';
import type {
  FlowEvent,
  FlowState,
  FlowView,
  Prompt,
  PromptOption,
  PublicLine,
  Residual,
  Suggestion,
  WorkOrder,
} from '../../../flow/words.ts';
import type { Role } from '../../../lock/lock.ts';
import { flowType, grade, plan, reason, segment, stepKind } from './plan-shapes.ts';
import { at, count, shape } from './shape.ts';

export const role = shape<Role>('Role')(z.enum(['owner', 'manager', 'technician', 'automation', 'voice', 'viewer']));

const flowState = shape<FlowState>('FlowState')(
  z.enum([
    'planned',
    'awaiting_clearance',
    'running',
    'waiting_human',
    'waiting_radio',
    'waiting_window',
    'paused',
    'verifying',
    'compensating',
    'recovering',
    'needs_attention',
    'succeeded',
    'succeeded_with_residuals',
    'aborted_clean',
    'aborted',
  ]),
);

const promptOption = shape<PromptOption>('PromptOption')(
  z.strictObject({
    value: z.string(),
    label: z.string(),
    means: z.enum(['yes', 'no', 'skip', 'help']).exactOptional(),
  }),
);
export const prompt = shape<Prompt>('Prompt')(
  z.strictObject({
    id: z.string(),
    flow: z.string(),
    step: z.string(),
    kind: z.enum(['human_do', 'human_confirm', 'human_input', 'human_choice', 'clearance', 'plan']),
    text: z.string(),
    spoken: z.string().describe('At most 20 words, for a voice.'),
    options: z.array(promptOption),
    challenge: z.string().exactOptional().describe('To be sent back with the answer: one time, four digits.'),
    secret: z.boolean().exactOptional().describe('What is typed is secret.'),
    roles: z.array(role),
    honours: z.array(z.string()),
    askedAt: at,
    expiresInS: z.number().exactOptional(),
    hold: z
      .strictObject({ least: z.number(), most: z.number(), letGo: z.number() })
      .exactOptional()
      .describe('A button is held from the answer on, for so many seconds.'),
    says: z.array(z.string()).exactOptional().describe('What a yes also says, one sentence each.'),
    atStake: z.string().exactOptional().describe('What is true while this is asked.'),
  }),
);

const residual = shape<Residual>('Residual')(
  z.strictObject({ kind: z.string(), text: z.string(), until: at.exactOptional() }),
);

const workOrder = shape<WorkOrder>('WorkOrder')(
  z.strictObject({
    flow: z.string(),
    lock: z.string(),
    unit: z.string(),
    text: z.string(),
    bring: z.array(z.string()),
    minutes: z.number(),
    latest: at.exactOptional(),
    fallback: z.string(),
    raisedAt: at,
  }),
);

export const flowView = shape<FlowView>('FlowView')(
  z.strictObject({
    id: z.string(),
    type: flowType,
    reason,
    lock: z.string().exactOptional(),
    lockName: z.string().exactOptional(),
    state: flowState,
    step: z
      .strictObject({
        id: z.string(),
        title: z.string(),
        kind: stepKind,
        segment,
        number: count,
        of: count,
        startedAt: at,
      })
      .exactOptional(),
    atStake: z.string().describe('What is true if it stops exactly here.'),
    prompts: z.array(prompt),
    progress: z.array(z.string()),
    stop: z.strictObject({ code: z.string(), text: z.string(), next: z.string().exactOptional() }).exactOptional(),
    expiresInS: z.number().exactOptional(),
    exposure: z
      .strictObject({ what: z.string(), seconds: z.number(), limitSeconds: z.number() })
      .exactOptional()
      .describe('While the door opens to a public code or to anyone.'),
    workOrder: workOrder.exactOptional(),
    residuals: z.array(residual),
    starter: z.string(),
    confirmer: z.string().exactOptional(),
    holder: z.string(),
    startedAt: at,
    pivotAt: at.exactOptional(),
    endedAt: at.exactOptional(),
    lineage: z.string().exactOptional(),
    plan,
    record: z.string().exactOptional(),
  }),
);

export const publicLine = shape<PublicLine>('PublicLine')(
  z.strictObject({
    number: count,
    at,
    kind: z.string(),
    step: z.string().exactOptional(),
    text: z.string(),
    grade: grade.exactOptional(),
    by: z.string().exactOptional(),
  }),
);

export const flowEvent = shape<FlowEvent>('FlowEvent')(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['started', 'changed', 'ended']), view: flowView }),
    z.strictObject({ kind: z.literal('prompt'), view: flowView, prompt }),
    z.strictObject({ kind: z.literal('answered'), view: flowView, prompt: z.string(), by: z.string() }),
    z.strictObject({ kind: z.literal('line'), view: flowView, line: publicLine }),
    z.strictObject({ kind: z.literal('notice'), view: flowView, text: z.string(), urgent: z.boolean() }),
    z.strictObject({ kind: z.literal('work_order'), view: flowView, order: workOrder }),
  ]),
);

export const suggestion = shape<Suggestion>('Suggestion')(
  z.strictObject({
    id: z.string(),
    lock: z.string(),
    rule: z.string(),
    text: z.string(),
    suggests: z.array(flowType),
    evidence: z.array(z.string()),
    since: at,
  }),
);

export const flowList = z.strictObject({ flows: z.array(flowView) });
const recordKeys = { id: z.string(), flow: z.string(), at, kind: z.string(), title: z.string() };
export const recordList = z.strictObject({ records: z.array(z.strictObject(recordKeys)) });
export const record = z.strictObject({ ...recordKeys, document: z.string().describe('The signed file.') });
