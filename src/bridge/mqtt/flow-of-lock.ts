// The flow that a lock is in, as one document on the lock's own topic, and the entities that Home Assistant makes of it.
import { CLOSED, type FlowType, type FlowView, type Reason, type Suggestion } from '../../flow/words.ts';
import type { LockView } from '../../lock/lock.ts';
import { suggestionDocument, workOrderDocument } from './flow-documents.ts';
import { objectId, type Topics } from './topics.ts';

type Document = Readonly<Record<string, unknown>>;

/** Home Assistant takes no longer state. */
const MOST_STATE = 255;

/** Every `event_type` of `<base>/<lock>/flow_event`; Home Assistant refuses others. */
export const FLOW_EVENT_TYPES = [
  'started',
  'prompt',
  'answered',
  'progress',
  'notice',
  'alarm',
  'work_order',
  'attention',
  'ended',
] as const;

/** Newest first; an open one that runs comes before a mere plan. */
export function flowOfLockDocument(flows: readonly FlowView[], suggestions: readonly Suggestion[]): Document {
  const open = flows.filter(view => !CLOSED.includes(view.state));
  const view = open.find(each => each.state !== 'planned') ?? open[0] ?? flows[0];
  const parked = open.find(each => each.state === 'needs_attention');
  const order = open.find(each => each.workOrder)?.workOrder;
  const text = parked?.stop?.text ?? order?.text ?? suggestions[0]?.text;
  return {
    flow: view?.id ?? null,
    type: view?.type ?? null,
    state: view?.state ?? 'none',
    step: view?.step?.id ?? null,
    step_title: (view?.step?.title ?? (view ? view.state.replaceAll('_', ' ') : 'none')).slice(0, MOST_STATE),
    ...(view && { reason: view.reason, at_stake: view.atStake }),
    ...(view?.step && { step_number: view.step.number, steps: view.step.of, segment: view.step.segment }),
    prompts: (view?.prompts ?? []).map(({ id, text: asked, spoken }) => ({ prompt: id, text: asked, spoken })),
    progress: view?.progress.at(-1) ?? null,
    attention: parked !== undefined || order !== undefined || suggestions.length > 0,
    attention_text: text ?? null,
    ...(order ? { work_order: workOrderDocument(order) } : {}),
    suggestions: suggestions.map(suggestionDocument),
  };
}

/** They say what goes on while the lock itself is offline because of a flow, so they do not go offline with it. */
export function flowEntities(view: LockView, topics: Topics): Record<string, Document> {
  const topic = topics.lock(view.name, 'flow');
  const shared = (key: string, name: string): Document => ({
    unique_id: `${objectId(view.id)}_${key}`,
    name,
    availability: [{ topic: topics.bridge('state'), value_template: '{{ value_json.state }}' }],
  });
  const attributes = { json_attributes_topic: topic, json_attributes_template: '{{ value_json | tojson }}' };
  return {
    flow_state: {
      platform: 'sensor',
      ...shared('flow_state', 'Flow'),
      icon: 'mdi:clipboard-list-outline',
      state_topic: topic,
      value_template: '{{ value_json.state }}',
      ...attributes,
    },
    flow_step: {
      platform: 'sensor',
      ...shared('flow_step', 'Flow step'),
      icon: 'mdi:shoe-print',
      state_topic: topic,
      value_template: '{{ value_json.step_title }}',
      ...attributes,
    },
    flow_event: {
      platform: 'event',
      ...shared('flow_event', 'Flow event'),
      state_topic: topics.lock(view.name, 'flow_event'),
      event_types: FLOW_EVENT_TYPES,
    },
    flow_attention: {
      platform: 'binary_sensor',
      ...shared('flow_attention', 'Needs somebody'),
      device_class: 'problem',
      state_topic: topic,
      value_template: "{{ 'ON' if value_json.attention else 'OFF' }}",
      json_attributes_topic: topic,
      json_attributes_template:
        '{{ dict(text=value_json.attention_text, work_order=value_json.work_order | default(none), suggestions=value_json.suggestions) | tojson }}',
    },
    ...Object.fromEntries(PLANS.map(plan => [`flow_plan_${plan.type}`, button(plan, view, topics, shared)])),
  };
}

/** What a button plans, and the reason that its plan says; somebody with the right to do so lets it go or starts another. */
const PLANS: readonly { type: FlowType; name: string; reason: Reason }[] = [
  { type: 'turnover', name: 'Plan a turnover', reason: 'tenant_left' },
  { type: 'reset', name: 'Plan a reset', reason: 'clean_slate' },
  { type: 'unpair', name: 'Plan an unpairing', reason: 'replacing' },
  { type: 'repair', name: 'Plan a pairing again', reason: 'not_responding' },
];

/** It makes a plan and nothing else; whoever wants it in a dashboard switches it on first. */
function button(
  { type, name, reason }: (typeof PLANS)[number],
  view: LockView,
  topics: Topics,
  shared: (key: string, name: string) => Document,
): Document {
  return {
    platform: 'button',
    ...shared(`flow_plan_${type}`, name),
    entity_category: 'config',
    enabled_by_default: false,
    command_topic: topics.bridge('request/flow/start'),
    payload_press: JSON.stringify({ type, lock: view.id, reason, plan_only: true }),
    retain: false,
  };
}
