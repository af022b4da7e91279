// Answers over MQTT: who may give them, and what never comes that way.
import { describe, expect, test } from 'vitest';
import { CLEARANCE, NEW_ADMIN, NEW_CODE, WIPE } from '../../support/fake-flows.ts';
import { FLOW, kept, type Kit, makeKit, START } from './flow-kit.ts';
import { TOKEN } from './house.ts';

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

describe('a wish for a flow', () => {
  test('of a type or for a reason that does not exist hears which there are', async () => {
    const kit = makeKit();
    const types = await kit.ask('flow/start', { ...START, type: 'turnovr' });
    expect(types).toMatchObject({ code: 'invalid', error: expect.stringContaining('one of unpair, repair, reset') });
    const reasons = await kit.ask('flow/start', { ...START, reason: 'why' });
    expect(reasons).toMatchObject({ error: expect.stringContaining('tenant_left') });
    expect(kit.flows.started).toEqual([]);
  });
});
