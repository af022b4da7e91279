// Flows over MQTT: requests, and what the topics of a flow say.
import { describe, expect, test } from 'vitest';
import { CLEARANCE, OPEN_DOOR, WIPE } from '../../support/fake-flows.ts';
import { makeCounter } from './counter.ts';
import { makeView } from './fakes.ts';
import { FLOW, kept, makeKit, START } from './flow-kit.ts';
import { LOCK, TOKEN } from './house.ts';

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

  test('has it offline with that reason to its end, whatever becomes of the lock meanwhile', async () => {
    const kit = makeKit();
    const becomes = (lifecycle: 'factory' | 'managed'): void => {
      const view = {
        ...makeView(LOCK, 'front'),
        lifecycle,
        state: { ...makeView(LOCK, 'front').state, reachable: false },
      };
      kit.locks.views.set(LOCK, view);
      kit.locks.emit({ kind: 'changed', view });
    };
    await kit.ask('flow/start', START);
    becomes('factory');
    await kit.clock.settle();
    expect(kept(kit, 'latchbridge/front/availability')).toEqual({ state: 'offline', reason: 'flow' });
    await kit.ask('flow/cancel', { flow: 'f-1', token: TOKEN });
    expect(kept(kit, 'latchbridge/front/availability')).toEqual({ state: 'offline' });
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
