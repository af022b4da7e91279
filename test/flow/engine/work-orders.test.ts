// Work orders: raised in time, once, and closed when the flow is past what it waited for.
import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { WorkOrders } from '../../../src/flow/engine/work-orders.ts';
import type { FlowRequest, FlowView, WorkOrder } from '../../../src/flow/words.ts';
import { planned } from '../../../src/flow/steps/planned.ts';

const HOUR = 3600_000;
let clock: VirtualClock;
let orders: WorkOrders;
let raised: WorkOrder[];
let closed: number;
beforeEach(() => {
  clock = new VirtualClock();
  raised = [];
  closed = 0;
  orders = new WorkOrders({
    clock,
    policy: () => ({ reserveMinutes: 60 }),
    raise: (_flow, order) => void raised.push(order),
    close: () => void (closed += 1),
  });
});

const step = planned({ id: 'turnover.reach', kind: 'auto_ble', title: 'Reach the lock', text: 'Asks the lock.' });
const ABOUT = { unit: 'Flat 3', unattended: true, red: [] };

function view(more: Partial<FlowView> = {}, request: Partial<FlowRequest> = {}): FlowView {
  const asked: FlowRequest = { type: 'turnover', lock: 'front_door', reason: 'tenant_left', ...request };
  return {
    id: 'f-1',
    type: 'turnover',
    reason: 'tenant_left',
    lock: 'aabbccddeeff',
    lockName: 'front_door',
    state: 'waiting_radio',
    step: {
      id: step.id,
      title: step.title,
      kind: step.kind,
      segment: step.segment,
      number: 2,
      of: 9,
      startedAt: clock.now(),
    },
    atStake: 'Nothing has changed.',
    prompts: [],
    progress: [],
    residuals: [],
    starter: 'mqtt',
    holder: 'mqtt',
    startedAt: clock.now(),
    plan: {
      type: 'turnover',
      request: asked,
      goal: '',
      rung: 'all_guests',
      whyNotLess: '',
      lost: [],
      bring: [],
      minutes: 2,
      humanSteps: 0,
      notes: [],
      procedure: { id: 'x', title: 'x', sure: true, sources: [] },
      restore: 'forbidden',
      exposure: { what: '', limitSeconds: 1 },
      steps: [step],
      hash: '',
    },
    ...more,
  };
}

describe('a lock out of reach', () => {
  test('raises a work order before the deadline less the reserve', async () => {
    const deadline = clock.now() + 2 * HOUR;
    orders.look(view({}, { deadline }), ABOUT);
    await clock.advance(HOUR - 1);
    expect(raised).toMatchObject([{ latest: deadline - HOUR, unit: 'Flat 3', flow: 'f-1' }]);
    expect(raised[0]?.raisedAt).toBeLessThan(deadline - HOUR);
  });

  test('raises one half an hour later where there is no deadline, and not sooner', async () => {
    orders.look(view(), ABOUT);
    await clock.advance(HOUR / 2 - 1000);
    expect(raised).toEqual([]);
    await clock.advance(2000);
    expect(raised).toHaveLength(1);
    expect(raised[0]?.latest).toBeUndefined();
  });

  test('raises it at once when it is late already', () => {
    orders.look(view({}, { next_checkin: clock.now() + HOUR / 2 }), ABOUT);
    expect(raised).toHaveLength(1);
  });

  test('that comes back in time raises none', async () => {
    const waiting = view();
    orders.look(waiting, ABOUT);
    await clock.advance(60_000);
    orders.look({ ...waiting, state: 'running', step: { ...waiting.step!, id: 'census.read', number: 3 } }, ABOUT);
    await clock.advance(5 * HOUR);
    expect([raised, closed]).toEqual([[], 0]);
  });

  test('raises it once, however often it is tried meanwhile, and closes it when the flow is past it', async () => {
    let now = view();
    for (let minute = 0; minute < 60; minute++) {
      orders.look({ ...now, state: 'running' }, ABOUT);
      orders.look(now, ABOUT);
      await clock.advance(60_000);
      const [order] = raised;
      if (order) now = { ...now, workOrder: order };
    }
    expect([raised.length, closed]).toEqual([1, 0]);
    orders.look({ ...now, state: 'running', step: { ...now.step!, id: 'census.read', number: 3 } }, ABOUT);
    expect(closed).toBe(1);
  });

  test('is not asked for twice after a restart', async () => {
    const order = { flow: 'f-1', lock: '', unit: '', text: '', bring: [], minutes: 1, fallback: '', raisedAt: 1 };
    orders.look(view({ workOrder: order }), ABOUT);
    await clock.advance(5 * HOUR);
    expect([raised, closed]).toEqual([[], 0]);
  });
});

describe('a person', () => {
  const asks = { ...step, id: 'opening.presence', unattended: 'work_order' } as const;
  const waiting = (): FlowView => {
    const one = view({ state: 'waiting_human' });
    return { ...one, step: { ...one.step!, id: asks.id }, plan: { ...one.plan, steps: [asks] } };
  };

  test('who is needed where nobody was there is sent at once, with what to do', () => {
    orders.look(waiting(), ABOUT);
    expect(raised[0]?.text).toContain('Asks the lock.');
  });

  test('who began the flow and is only slow gets no order', async () => {
    orders.look(waiting(), { ...ABOUT, unattended: false });
    await clock.advance(5 * HOUR);
    expect(raised).toEqual([]);
  });

  test('hears of what the rehearsal found wrong while there is time', () => {
    const red = ['its batteries have 12 %'];
    orders.look(view({ state: 'waiting_window' }), { ...ABOUT, red });
    expect(raised[0]?.text).toContain('12 %');
  });
});

test('a flow that ended leaves no order open', () => {
  const order = { flow: 'f-1', lock: '', unit: '', text: '', bring: [], minutes: 1, fallback: '', raisedAt: 1 };
  orders.look(view({ state: 'succeeded', workOrder: order }), ABOUT);
  expect(closed).toBe(1);
});
