// Flows on the API: routes, refusals and the stream of events.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import { CLEARANCE, NEW_ADMIN, NEW_CODE, WIPE } from '../../support/fake-flows.ts';
import { type Answer, ask, Reader } from './client.ts';
import { FakeDaemon } from './fake-parts.ts';

const START = { type: 'unpair', lock: 'front_door', reason: 'replacing' };
let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-flows-'));
  daemon = new FakeDaemon();
  socket = await openControlSocket(join(folder, 'control.sock'), daemon.parts());
});
afterEach(async () => {
  await socket.close();
  rmSync(folder, { recursive: true, force: true });
});
function api(method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(socket.path, method, path, body === undefined ? {} : { body });
}

test('a flow is started by the name of a lock, answered and seen to its end', async () => {
  const started = await api('POST', '/api/flows', START);
  expect(started).toMatchObject({ status: 200, body: { id: 'f-1', state: 'waiting_human', lockName: 'front_door' } });
  expect(daemon.flows.started[0]).toMatchObject({
    request: { lock: '0123456789ab' },
    asker: { via: 'cli', role: 'owner' },
  });
  await api('POST', '/api/flows/f-1/answer', { prompt: 'p-1', answer: 'done' });
  const wrong = await api('POST', '/api/flows/f-1/answer', { prompt: 'p-2', answer: 'yes', challenge: '1' });
  expect(wrong).toMatchObject({ status: 400, body: { reason: 'wrong_challenge' } });
  const right = await api('POST', '/api/flows/f-1/answer', { prompt: 'p-2', answer: 'yes', challenge: '4071' });
  expect(right.body).toMatchObject({ state: 'succeeded', confirmer: 'cli' });
  expect((await api('GET', '/api/flows/f-1')).body).toMatchObject({
    state: 'succeeded',
    plan: { rung: 'factory_reset' },
  });
  const { lines } = (await api('GET', '/api/flows/f-1/lines')).body as { lines: { kind: string }[] };
  expect(lines.at(-1)).toMatchObject({ kind: 'closed' });
});

test('a plan is previewed without being kept, and kept without being begun', async () => {
  expect((await api('POST', '/api/flows/preview', START)).body).toMatchObject({ goal: expect.any(String) });
  expect((await api('GET', '/api/flows')).body).toEqual({ flows: [] });
  expect((await api('POST', '/api/flows', { ...START, plan_only: true })).body).toMatchObject({ state: 'planned' });
  expect((await api('POST', '/api/flows/f-1/resume')).body).toMatchObject({ state: 'waiting_human' });
});

test('flows are listed by lock, and whether they are open', async () => {
  await api('POST', '/api/flows', START);
  await api('POST', '/api/flows/f-1/cancel');
  await api('POST', '/api/flows', { ...START, lock: 'mailbox' });
  const ids = async (query: string) =>
    ((await api('GET', `/api/flows${query}`)).body as { flows: { id: string }[] }).flows.map(flow => flow.id);
  expect(await ids('')).toEqual(['f-2', 'f-1']);
  expect(await ids('?lock=front_door')).toEqual(['f-1']);
  expect(await ids('?open=true')).toEqual(['f-2']);
});

test('a flow is paused, handed over and ended by an emergency', async () => {
  await api('POST', '/api/flows', START);
  expect((await api('POST', '/api/flows/f-1/pause')).body).toMatchObject({ state: 'paused' });
  expect((await api('POST', '/api/flows/f-1/hand_over', { to: 'Bob' })).body).toMatchObject({ holder: 'Bob' });
  expect((await api('POST', '/api/flows/f-1/comment', { text: 'It beeps once.' })).status).toBe(200);
  expect((await api('POST', '/api/flows/f-1/comment', { text: ' ' })).status).toBe(400);
  expect((await api('POST', '/api/flows/emergency')).body).toMatchObject({
    flows: [{ id: 'f-1', state: 'aborted_clean' }],
  });
});

test('refusals are problem documents with the words of the engine', async () => {
  await api('POST', '/api/flows', START);
  expect(await api('POST', '/api/flows', START)).toMatchObject({
    status: 409,
    body: { code: 'busy', detail: expect.stringContaining('f-1') },
  });
  expect(await api('POST', '/api/flows', { ...START, lokc: 'x' })).toMatchObject({
    status: 400,
    body: { code: 'invalid' },
  });
  expect(await api('POST', '/api/flows', { ...START, lock: 'nowhere' })).toMatchObject({ status: 404 });
  expect(await api('GET', '/api/flows/f-9')).toMatchObject({ status: 404, body: { reason: 'unknown_flow' } });
});

test('a secret answer is taken and comes back nowhere', async () => {
  daemon.flows.script = [NEW_ADMIN, WIPE];
  const reader = new Reader(socket.path, '/api/events?flow=f-1');
  await reader.until(it => it.text.includes('retry:'));
  await api('POST', '/api/flows', START);
  const answered = await api('POST', '/api/flows/f-1/answer', { prompt: 'p-1', answer: NEW_CODE });
  await reader.until(it => it.text.includes('"ended"'));
  reader.close();
  expect(daemon.flows.answers[0]?.answer.answer).toBe(NEW_CODE);
  expect(answered.text + reader.text).not.toContain(NEW_CODE);
});

test('what happens in one flow can be listened to alone', async () => {
  const reader = new Reader(socket.path, '/api/events?flow=f-2');
  await reader.until(it => it.text.includes('retry:'));
  daemon.flows.script = [CLEARANCE, WIPE];
  await api('POST', '/api/flows', START);
  await api('POST', '/api/flows', { ...START, lock: 'mailbox' });
  await reader.until(it => it.text.includes('"prompt"'));
  reader.close();
  const flows = reader.events.map(event => (event['flow'] as { view: { id: string } }).view.id);
  expect(new Set(flows)).toEqual(new Set(['f-2']));
  expect(reader.events[0]).toMatchObject({ kind: 'flow', lock: { name: 'mailbox' }, flow: { kind: 'started' } });
});

test('suggestions say what was noticed', async () => {
  daemon.flows.suggested = [
    {
      id: 's1',
      lock: '0123456789ab',
      rule: 'drops',
      text: 'It drops.',
      suggests: ['diagnose'],
      evidence: ['9 a day'],
      since: 1,
    },
  ];
  expect((await api('GET', '/api/suggestions')).body).toMatchObject({
    suggestions: [{ rule: 'drops', evidence: ['9 a day'] }],
  });
});
