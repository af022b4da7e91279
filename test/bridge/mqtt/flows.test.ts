// Flows over MQTT: requests, the topics of a flow, prompts and answers.
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { MqttConfig } from '../../../src/bridge/mqtt/mqtt.ts';
import { CLEARANCE, FakeFlows, NEW_ADMIN, NEW_CODE, OPEN_DOOR, WIPE } from '../../support/fake-flows.ts';
import { type Counter, makeCounter } from './counter.ts';
import { FakeLocks, makeView } from './fakes.ts';
import { LOCK, TOKEN } from './house.ts';

const FLOW = 'latchbridge/flow/f-1';
const START = { type: 'unpair', lock: 'front', reason: 'replacing', token: TOKEN };

interface Kit extends Counter {
  flows: FakeFlows;
}

function makeKit(
  more: {
    protocol?: '5' | '3.1.1';
    connect?: boolean;
    config?: Partial<MqttConfig>;
    before?: (flows: FakeFlows) => void;
  } = {},
): Kit {
  const clock = new VirtualClock();
  const locks = new FakeLocks(makeView(LOCK, 'front'));
  const flows = new FakeFlows(clock, lock => locks.find(lock)?.name);
  more.before?.(flows);
  const counter = makeCounter({
    ...more,
    locks,
    options: { flows, clock, record: flow => (flow === 'f-1' ? '{"record":{}}' : undefined) },
  });
  return { ...counter, clock, flows };
}

/** What the broker has kept on it. */
function kept(kit: Kit, topic: string): Record<string, any> | undefined {
  const text = kit.kept().get(topic);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, any>);
}

describe('flow/start', () => {
  test('answers with the flow beside the data, and the plan in it', async () => {
    const kit = makeKit();
    const answer = await kit.ask('flow/start', START);
    expect(answer).toMatchObject({
      status: 'ok',
      flow: 'f-1',
      transaction: 1,
      data: {
        flow: 'f-1',
        state: 'waiting_human',
        plan: { rung: 'factory_reset', human_steps: 2, why_not_less: expect.any(String) },
      },
    });
    expect(answer['data'].plan.steps[0]).toMatchObject({
      id: 'opening.open_door',
      honours: ['S0-03'],
      at_stake: expect.any(String),
    });
    expect(kit.flows.started[0]).toMatchObject({
      request: { lock: LOCK, reason: 'replacing' },
      asker: { role: 'owner' },
    });
  });

  test('takes the token in "by" too', async () => {
    const kit = makeKit();
    const { token, ...body } = START;
    await kit.ask('flow/start', { ...body, by: token });
    expect(kit.flows.started[0]?.asker.role).toBe('owner');
    expect(await kit.ask('flow/start', { ...body, by: 'nonsense' })).toMatchObject({ code: 'bad_token' });
  });

  test('without a token is an automation’s', async () => {
    const kit = makeKit();
    const { token: _token, ...body } = START;
    expect(await kit.ask('flow/start', body)).toMatchObject({ status: 'ok', data: { state: 'planned' } });
    expect(kit.flows.started[0]?.asker).toMatchObject({ via: 'mqtt', role: 'automation' });
  });

  test('takes times as ISO 8601 and as ms', async () => {
    const kit = makeKit();
    const at = Date.UTC(2026, 4, 11, 13);
    const times = { checkout: '2026-05-11T15:00:00+02:00', next_checkin: at + 1000, deadline: at };
    await kit.ask('flow/start', { ...START, type: 'turnover', ...times });
    expect(kit.flows.started[0]?.request).toMatchObject({ checkout: at, next_checkin: at + 1000, deadline: at });
    expect(await kit.ask('flow/start', { ...START, deadline: 'tomorrow' })).toMatchObject({ code: 'invalid' });
  });

  test('of a body with an unknown key does nothing and guesses', async () => {
    const kit = makeKit();
    const answer = await kit.ask('flow/start', { ...START, resaon: 'other' });
    expect(answer).toMatchObject({ status: 'error', code: 'unknown_key' });
    expect(answer['error']).toContain('Did you mean "reason"?');
    expect(kit.flows.started).toEqual([]);
  });

  test('needs a reason', async () => {
    const kit = makeKit();
    const answer = await kit.ask('flow/start', { type: 'unpair', lock: 'front' });
    expect(answer).toMatchObject({ status: 'error', code: 'invalid' });
    expect(answer['error']).toContain('reason');
  });

  test('of a lock that a flow holds names that flow', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    expect(await kit.ask('flow/start', START)).toMatchObject({ status: 'error', code: 'busy', flow: 'f-1' });
  });

  test('that is retained, expired or a duplicate does nothing (R14)', async () => {
    const kit = makeKit();
    const topic = 'latchbridge/bridge/request/flow/start';
    await kit.put(topic, START, { retain: true });
    await kit.put(topic, START, { expiresIn: 0 });
    expect(kit.flows.started).toEqual([]);
    await kit.put(topic, { ...START, transaction: 'x' });
    await kit.put(topic, { ...START, transaction: 'x' });
    await kit.put(topic, { ...START, transaction: 'x' }, { dup: true });
    expect(kit.flows.started).toHaveLength(1);
  });
});

describe('the other requests', () => {
  test('preview, show, list, lines, suggestions and record', async () => {
    const kit = makeKit();
    expect(await kit.ask('flow/preview', START)).toMatchObject({ status: 'ok', data: { goal: expect.any(String) } });
    expect(kit.flows.started).toEqual([]);
    await kit.ask('flow/start', START);
    expect(await kit.ask('flow/show', { flow: 'f-1' })).toMatchObject({
      flow: 'f-1',
      data: { prompts: [{ prompt: 'p-1', spoken: 'Open the door, please.' }], plan: { type: 'unpair' } },
    });
    expect((await kit.ask('flow/list'))['data']).toEqual({
      flows: [expect.objectContaining({ flow: 'f-1', lock: 'front', step: 'opening.open_door', prompts: ['p-1'] })],
    });
    expect(await kit.ask('flow/lines', { flow: 'f-1' })).toMatchObject({
      data: { lines: [{ number: 1, kind: 'step' }] },
    });
    kit.flows.suggested = [
      {
        id: 's1',
        lock: LOCK,
        rule: 'drops',
        text: 'It loses its connection often.',
        suggests: ['diagnose'],
        evidence: [],
        since: 0,
      },
    ];
    expect(await kit.ask('flow/suggestions')).toMatchObject({
      data: { suggestions: [{ rule: 'drops', lock_id: LOCK }] },
    });
    expect(await kit.ask('flow/record', { flow: 'f-1' })).toMatchObject({ data: { record: '{"record":{}}' } });
  });

  test('pause, resume, hand_over, cancel and emergency', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    const own = { flow: 'f-1', token: TOKEN };
    expect(await kit.ask('flow/pause', own)).toMatchObject({ flow: 'f-1', data: { state: 'paused' } });
    expect(await kit.ask('flow/resume', own)).toMatchObject({ data: { state: 'waiting_human' } });
    expect(await kit.ask('flow/hand_over', { ...own, to: 'Bob' })).toMatchObject({ data: { holder: 'Bob' } });
    expect(await kit.ask('flow/cancel', own)).toMatchObject({ data: { state: 'aborted_clean' } });
    await kit.ask('flow/start', START);
    expect(await kit.ask('flow/emergency', { token: TOKEN })).toMatchObject({ data: { flows: [{ flow: 'f-2' }] } });
  });

  test('go lets a plan begin', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', { ...START, plan_only: true });
    expect(await kit.ask('flow/go', { flow: 'f-1' })).toMatchObject({
      status: 'error',
      code: 'not_authorised',
      flow: 'f-1',
    });
    expect(await kit.ask('flow/go', { flow: 'f-1', token: TOKEN })).toMatchObject({ data: { state: 'waiting_human' } });
  });

  test('of a flow that nobody knows is an error', async () => {
    const answer = await makeKit().ask('flow/show', { flow: 'f-9' });
    expect(answer).toMatchObject({ status: 'error', code: 'unknown_flow' });
    expect(answer).not.toHaveProperty('flow');
  });

  test('of a flow on a lock that MQTT does not show is an error', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    kit.locks.setOptions(LOCK, { exposed: ['matter'] }, { via: 'cli', who: 'cli', role: 'owner' });
    expect(await kit.ask('flow/show', { flow: 'f-1' })).toMatchObject({ code: 'unknown_flow' });
    expect((await kit.ask('flow/list'))['data']).toEqual({ flows: [] });
  });
});

describe('the state of a flow', () => {
  test('is retained with step, segment and what is at stake', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({
      state: 'waiting_human',
      step: 'opening.open_door',
      segment: 'reversible',
      at_stake: 'Nothing has changed. You can stop.',
      lock: 'front',
      prompts: ['p-1'],
    });
  });

  test('stays for an hour after the end and is cleared then', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    await kit.ask('flow/cancel', { flow: 'f-1', token: TOKEN });
    await kit.clock.advance(3500_000);
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ state: 'aborted_clean' });
    await kit.clock.advance(200_000);
    expect(kit.kept().has(`${FLOW}/state`)).toBe(false);
  });

  test('of a flow that closed before a restart is found on the broker and cleared', async () => {
    const kit = makeKit();
    await kit.put('latchbridge/flow/f-old/state', { state: 'succeeded' }, { retain: true });
    expect(kit.sent.at(-1)).toMatchObject({ topic: 'latchbridge/flow/f-old/state', payload: '', retain: true });
  });

  test('of one that is open is there at once after a restart', async () => {
    const kit = makeKit({
      before: flows =>
        void flows.start(
          { type: 'reset', lock: LOCK, reason: 'lost_admin' },
          { via: 'cli', who: 'cli', role: 'owner' },
        ),
    });
    await kit.clock.settle();
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ type: 'reset', state: 'waiting_human' });
  });
});

describe('a prompt', () => {
  test('is said once with options, challenge and who may answer, and not retained', async () => {
    const kit = makeKit();
    kit.flows.script = [CLEARANCE, WIPE];
    await kit.ask('flow/start', START);
    expect(kit.json(`${FLOW}/prompt`)).toEqual([
      expect.objectContaining({
        prompt: 'p-1',
        kind: 'clearance',
        challenge: '4071',
        text_key: 'opening.clearance',
        roles: ['owner', 'manager'],
        options: [
          { value: 'yes', label: 'Yes', means: 'yes' },
          { value: 'no', label: 'No', means: 'no' },
        ],
      }),
    ]);
    expect(kit.kept().has(`${FLOW}/prompt`)).toBe(false);
  });

  test('is said again after a new connection, and not twice on the way', async () => {
    const kit = makeKit({ connect: false });
    await kit.flows.start(
      { type: 'unpair', lock: LOCK, reason: 'replacing' },
      { via: 'cli', who: 'cli', role: 'owner' },
    );
    const connection = {
      send(message: (typeof kit.sent)[number], done: (ok: boolean) => void) {
        kit.sent.push(message);
        queueMicrotask(() => done(true));
      },
      receiveMaximum: undefined,
      subscriber: { subscribe: () => undefined, unsubscribe: () => undefined },
    };
    kit.desk.connected(connection, { connected: true, protocol: '5' });
    await kit.clock.settle();
    expect(kit.json(`${FLOW}/prompt`)).toHaveLength(1);
    kit.desk.lost();
    kit.desk.connected(connection, { connected: true, protocol: '5' });
    await kit.clock.settle();
    expect(kit.json(`${FLOW}/prompt`)).toHaveLength(2);
  });
});

describe('an answer', () => {
  const answer = (kit: Kit, body: object, more = {}): Promise<void> => kit.put(`${FLOW}/answer`, body, more);

  test('on the topic of the flow takes it on, and is told as an event', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: 'done', by: TOKEN });
    expect(kit.flows.answers).toHaveLength(1);
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ state: 'awaiting_clearance', prompts: ['p-2'] });
    expect(kit.json(`${FLOW}/event`)).toContainEqual(
      expect.objectContaining({ event_type: 'answered', prompt: 'p-1' }),
    );
    await answer(kit, { prompt: 'p-2', answer: 'yes', challenge: '4071', by: TOKEN });
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ state: 'succeeded' });
  });

  test('as a request works the same', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    const body = { flow: 'f-1', prompt: 'p-1', answer: 'ok', token: TOKEN };
    expect(await kit.ask('flow/answer', body)).toMatchObject({
      status: 'ok',
      flow: 'f-1',
      data: { state: 'awaiting_clearance' },
    });
  });

  test('without a token is refused with one error on the event topic', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: 'done' });
    const refused = kit.json(`${FLOW}/event`).filter(one => one['event_type'] === 'refused');
    expect(refused).toEqual([expect.objectContaining({ code: 'not_authorised', error: 'You may not answer this.' })]);
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ state: 'waiting_human' });
  });

  test('that is wrong is told on the response topic too, with protocol 5', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    const correlation = Buffer.from('c1');
    const wrong = { prompt: 'p-1', answer: 'perhaps', by: TOKEN, transaction: 7 };
    await answer(kit, wrong, { answerOn: 'me/answers', correlation });
    expect(kit.json('me/answers')).toEqual([
      { status: 'error', data: {}, error: 'Answer one of done, skip.', code: 'unknown_answer', transaction: 7 },
    ]);
    expect(kit.sent.find(one => one.topic === 'me/answers')?.correlation).toBe(correlation);
    expect(kit.json(`${FLOW}/event`).filter(one => one['event_type'] === 'refused')).toHaveLength(1);
  });

  test('to a clearance needs its challenge', async () => {
    const kit = makeKit();
    kit.flows.script = [CLEARANCE, WIPE];
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: 'yes', challenge: '1111', by: TOKEN });
    await answer(kit, { prompt: 'p-1', answer: 'yes', by: TOKEN });
    expect(kit.flows.answers).toEqual([]);
  });

  test('to a clearance is refused where the policy says so', async () => {
    const kit = makeKit();
    kit.flows.script = [CLEARANCE, WIPE];
    kit.flows.confirmByMqtt = false;
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: 'yes', challenge: '4071', by: TOKEN });
    expect(kit.json(`${FLOW}/event`)).toContainEqual(
      expect.objectContaining({ event_type: 'refused', code: 'not_authorised' }),
    );
    expect(kept(kit, `${FLOW}/state`)).toMatchObject({ state: 'awaiting_clearance' });
  });

  test('that is retained, expired or a duplicate does nothing (R14)', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    const body = { prompt: 'p-1', answer: 'done', by: TOKEN };
    await answer(kit, body, { retain: true });
    await answer(kit, body, { expiresIn: 0 });
    expect(kit.flows.answers).toEqual([]);
    await answer(kit, body);
    await answer(kit, body, { dup: true });
    expect(kit.flows.answers).toHaveLength(1);
  });

  test('does not stay on a broker of 3.1.1', async () => {
    const kit = makeKit({ protocol: '3.1.1' });
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: 'done', by: TOKEN });
    expect(kit.sent.filter(one => one.topic === `${FLOW}/answer`)).toEqual([
      expect.objectContaining({ payload: '', retain: true }),
    ]);
  });

  test('to a flow that is not there publishes nothing under its name', async () => {
    const kit = makeKit();
    await kit.put('latchbridge/flow/f-77/answer', { prompt: 'p-1', answer: 'done' });
    expect(kit.sent.filter(one => one.topic.startsWith('latchbridge/flow/f-77'))).toEqual([]);
  });

  test('of a secret never goes over MQTT: refused, not used and not repeated', async () => {
    const kit = makeKit();
    kit.flows.script = [NEW_ADMIN, WIPE];
    await kit.ask('flow/start', START);
    await answer(kit, { prompt: 'p-1', answer: NEW_CODE, by: TOKEN });
    expect(kit.flows.answers).toEqual([]);
    const [refused] = kit.json(`${FLOW}/event`).filter(one => one['event_type'] === 'refused');
    expect(refused).toMatchObject({ code: 'secret_over_mqtt' });
    expect(refused?.['error']).toContain('latchbridge flow answer f-1');
    expect(JSON.stringify(kit.sent)).not.toContain(NEW_CODE);
  });
});

describe('what happens in a flow', () => {
  test('is told line by line, and notices also to the bridge', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    kit.flows.say('f-1', 'That was only a restart: hold longer.');
    kit.flows.notice('f-1', 'Nobody stands at the door.', true);
    await kit.clock.settle();
    const events = kit.json(`${FLOW}/event`);
    expect(events).toContainEqual(expect.objectContaining({ event_type: 'line', kind: 'said', number: 2 }));
    expect(events).toContainEqual(expect.objectContaining({ event_type: 'alarm', text: 'Nobody stands at the door.' }));
    expect(kit.json('latchbridge/bridge/event')).toContainEqual({
      type: 'flow_notice',
      data: { flow: 'f-1', flow_type: 'unpair', id: LOCK, lock: 'front', text: 'Nobody stands at the door.' },
    });
  });

  test('is told once when it stops for somebody', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    kit.flows.park('f-1', { code: 'not_heard', text: 'The lock is not heard.', next: 'Touch its keypad.' });
    kit.flows.change('f-1', { expiresInS: 9 });
    await kit.clock.settle();
    const parked = kit.json('latchbridge/bridge/event').filter(one => one['type'] === 'flow_attention');
    expect(parked).toEqual([
      {
        type: 'flow_attention',
        data: {
          flow: 'f-1',
          flow_type: 'unpair',
          id: LOCK,
          lock: 'front',
          code: 'not_heard',
          text: 'The lock is not heard. Touch its keypad.',
        },
      },
    ]);
  });

  test('of a lock that MQTT does not show is told nowhere', async () => {
    const kit = makeKit();
    kit.locks.setOptions(LOCK, { exposed: ['matter'] }, { via: 'cli', who: 'cli', role: 'owner' });
    const before = kit.sent.length;
    await kit.flows.start(
      { type: 'unpair', lock: LOCK, reason: 'replacing' },
      { via: 'cli', who: 'cli', role: 'owner' },
    );
    await kit.clock.settle();
    expect(kit.sent.slice(before)).toEqual([]);
  });
});

describe('the flow of a lock', () => {
  test('is on a topic of the lock, with what is asked but no challenge', async () => {
    const kit = makeKit();
    expect(kept(kit, 'latchbridge/front/flow')).toMatchObject({
      flow: null,
      state: 'none',
      step_title: 'none',
      attention: false,
    });
    kit.flows.script = [OPEN_DOOR, CLEARANCE];
    await kit.ask('flow/start', START);
    await kit.put(`${FLOW}/answer`, { prompt: 'p-1', answer: 'done', by: TOKEN });
    expect(kept(kit, 'latchbridge/front/flow')).toMatchObject({
      flow: 'f-1',
      state: 'awaiting_clearance',
      step_number: 2,
      steps: 2,
    });
    expect(kit.kept().get('latchbridge/front/flow')).not.toContain('4071');
  });

  test('asks for somebody when it is parked, has a work order or a rule suggests a flow', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    kit.flows.raise('f-1');
    await kit.clock.settle();
    expect(kept(kit, 'latchbridge/front/flow')).toMatchObject({
      attention: true,
      work_order: { bring: ['4 AA batteries'] },
    });
    await kit.ask('flow/cancel', { flow: 'f-1', token: TOKEN });
    expect(kept(kit, 'latchbridge/front/flow')).toMatchObject({ attention: false, state: 'aborted_clean' });
    kit.flows.suggested = [
      {
        id: 's1',
        lock: LOCK,
        rule: 'drops',
        text: 'It loses its connection often.',
        suggests: ['diagnose'],
        evidence: [],
        since: 0,
      },
    ];
    await kit.clock.advance(60_000);
    expect(kept(kit, 'latchbridge/front/flow')).toMatchObject({
      attention: true,
      attention_text: 'It loses its connection often.',
    });
  });

  test('moves with the name', async () => {
    const kit = makeKit();
    await kit.ask('flow/start', START);
    await kit.ask('lock/rename', { from: 'front', to: 'back' });
    expect(kit.kept().has('latchbridge/front/flow')).toBe(false);
    expect(kept(kit, 'latchbridge/back/flow')).toMatchObject({ flow: 'f-1' });
  });

  test('makes it offline for others while it is suspended, and says why', async () => {
    const kit = makeKit();
    const view = { ...makeView(LOCK, 'front'), lifecycle: 'suspended' as const };
    kit.locks.views.set(LOCK, view);
    kit.locks.emit({ kind: 'changed', view });
    await kit.clock.settle();
    expect(kept(kit, 'latchbridge/front/availability')).toEqual({ state: 'offline', reason: 'flow' });
  });
});

test('nothing but requests that nobody knows is there without flows', async () => {
  const counter = makeCounter();
  expect(await counter.ask('flow/list')).toMatchObject({ code: 'unknown_request' });
  expect([...counter.kept().keys()].filter(topic => topic.includes('flow'))).toEqual([]);
});
