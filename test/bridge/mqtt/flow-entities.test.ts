// What Home Assistant makes of the flows of a lock.
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { flowEntities, FLOW_EVENT_TYPES } from '../../../src/bridge/mqtt/flow-of-lock.ts';
import { makeTopics } from '../../../src/bridge/mqtt/topics.ts';
import { FakeFlows } from '../../support/fake-flows.ts';
import { makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const topics = makeTopics('latchbridge', 'homeassistant');
const entities = flowEntities(makeView(LOCK, 'front'), topics) as Record<string, Record<string, any>>;
const PLANS = ['turnover', 'reset', 'unpair', 'repair'] as const;

function withFlows() {
  const clock = new VirtualClock();
  const locks = new FakeLocks(makeView(LOCK, 'front'));
  const flows = new FakeFlows(clock, lock => locks.find(lock)?.name);
  return { flows, ...makeCounter({ locks, options: { flows, clock } }), clock };
}

describe('the entities of flows', () => {
  test('are in the document of the lock, each with a name of its own', () => {
    const counter = withFlows();
    const document = counter.kept().get(`homeassistant/device/latchbridge_${LOCK}/config`) ?? '{}';
    const { components } = JSON.parse(document) as { components: Record<string, { unique_id: string }> };
    const mine = Object.keys(components).filter(key => key.startsWith('flow_'));
    expect(mine).toEqual(Object.keys(entities));
    const ids = Object.values(components).map(each => each.unique_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('are not there without flows', () => {
    const document = makeCounter().kept().get(`homeassistant/device/latchbridge_${LOCK}/config`);
    expect(document).not.toContain('flow_');
  });

  test('stay available while the lock is offline because of a flow', () => {
    for (const entity of Object.values(entities)) {
      expect(entity['availability']).toEqual([
        { topic: 'latchbridge/bridge/state', value_template: '{{ value_json.state }}' },
      ]);
    }
  });

  test('say that somebody is needed as a problem', () => {
    expect(entities['flow_attention']).toMatchObject({ platform: 'binary_sensor', device_class: 'problem' });
  });
});

describe.each(PLANS)('the button for a plan: %s', type => {
  const button = entities[`flow_plan_${type}`] as Record<string, any>;

  test('is off until somebody switches it on', () => {
    expect(button).toMatchObject({ platform: 'button', enabled_by_default: false, entity_category: 'config' });
  });

  test('makes a plan, and nothing more', async () => {
    const counter = withFlows();
    await counter.put(button['command_topic'] as string, button['payload_press'] as string);
    expect(counter.flows.started).toMatchObject([
      { request: { type, lock: LOCK, plan_only: true }, asker: { role: 'automation' } },
    ]);
    expect(counter.flows.get('f-1')?.state).toBe('planned');
  });
});

test('an event of a flow has a type that Home Assistant was told of', async () => {
  const counter = withFlows();
  await counter.ask('flow/start', { type: 'unpair', lock: 'front', reason: 'replacing', token: TOKEN });
  counter.flows.say('f-1', 'One moment.');
  counter.flows.notice('f-1', 'It begins.');
  counter.flows.notice('f-1', 'Nobody is there.', true);
  counter.flows.raise('f-1');
  counter.flows.park('f-1', { code: 'asleep', text: 'It sleeps.' });
  await counter.put('latchbridge/flow/f-1/answer', { prompt: 'p-1', answer: 'done', token: TOKEN });
  await counter.ask('flow/cancel', { flow: 'f-1', token: TOKEN });
  const types = counter.json('latchbridge/front/flow_event').map(one => one['event_type'] as string);
  expect(new Set(types)).toEqual(new Set(FLOW_EVENT_TYPES));
});
