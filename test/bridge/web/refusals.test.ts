// What the API refuses, how it says so, and who may do what.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Code, LockError } from '../../../src/base/errors.ts';
import { makeApi } from '../../../src/bridge/web/api.ts';
import { CLI, callerOf } from '../../../src/bridge/web/caller.ts';
import { type ControlSocket, openControlSocket } from '../../../src/bridge/web/socket.ts';
import type { Role } from '../../../src/lock/lock.ts';
import { type Answer, ask } from './client.ts';
import { CANARIES, FakeDaemon } from './fake-parts.ts';

let folder: string;
let daemon: FakeDaemon;
let socket: ControlSocket;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-api-'));
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

describe('errors', () => {
  test.each([
    ['invalid', 400],
    ['forbidden', 403],
    ['unauthenticated', 403],
    ['not_found', 404],
    ['busy', 409],
    ['rejected', 409],
    ['unsupported', 422],
    ['malformed', 502],
    ['unreachable', 502],
    ['stopped', 503],
    ['timeout', 504],
    ['disk', 507],
  ] satisfies [Code, number][])('%s is a problem document with status %i', async (code, status) => {
    daemon.fails = new LockError(code, 'What happened.', { reason: 'finer', acted: 'maybe' });
    const answer = await api('POST', '/api/locks/front_door/command', { verb: 'lock' });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: `urn:latchbridge:problem:${code}`,
      title: expect.any(String) as string,
      status,
      code,
      reason: 'finer',
      detail: 'What happened.',
      acted: 'maybe',
    });
  });

  test('too many orders are 429', async () => {
    daemon.fails = new LockError('busy', 'Too many.', { reason: 'rate' });
    expect((await api('POST', '/api/locks/front_door/command', { verb: 'lock' })).status).toBe(429);
  });

  test('what is not ours is told without its text', async () => {
    daemon.fails = new TypeError(`canary ${CANARIES.key}`);
    const { status, text } = await api('POST', '/api/locks/front_door/command', { verb: 'lock' });
    expect([status, text.includes('canary')]).toEqual([500, false]);
  });

  test.each([
    ['a verb that does not exist', 'POST', '/api/locks/front_door/command', { verb: 'explode' }],
    ['an unknown key', 'POST', '/api/locks/front_door/command', { verb: 'lock', now: true }],
    ['a name that is not a topic', 'PATCH', '/api/locks/front_door', { name: 'Front Door' }],
    ['a change of nothing', 'PATCH', '/api/locks/front_door', {}],
    ['digits that are letters', 'PUT', '/api/locks/front_door/codes/1', { digits: 'abcd' }],
    ['a slot that is a word', 'PUT', '/api/locks/front_door/codes/one', { digits: '1234' }],
    ['a window of a day', 'POST', '/api/permit_join', { seconds: 86_400 }],
    ['a question that nobody knows', 'GET', '/api/audit?which=all', undefined],
  ])('%s is refused before anything happens', async (_what, method, path, body) => {
    const answer = await api(method, path, body);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid', reason: 'request' });
    expect(daemon.noted).toEqual([]);
  });

  test('a refusal does not repeat what was sent', async () => {
    const { text } = await api('PUT', '/api/locks/front_door/codes/1', {
      digits: `${CANARIES.pin}x`,
      until: CANARIES.pin,
    });
    expect(text).toContain('digits');
    expect(text).not.toContain(CANARIES.pin);
  });

  test.each([
    ['a form', { raw: 'verb=unlock', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['plain text', { raw: '{"verb":"unlock"}', headers: { 'content-type': 'text/plain' } }, 415],
    ['half a JSON text', { raw: '{"verb":', headers: {} }, 400],
    ['a prototype', { raw: '{"verb":"lock","__proto__":{"x":1}}', headers: {} }, 400],
    ['64 KiB and more', { raw: JSON.stringify({ verb: 'lock', transaction: 'x'.repeat(65_536) }), headers: {} }, 413],
  ])('%s is refused', async (_what, how, status) => {
    const answer = await ask(socket.path, 'POST', '/api/locks/front_door/command', how);
    expect(answer.body).toMatchObject({ status, code: 'invalid' });
    expect(daemon.noted).toEqual([]);
  });

  test('a lock that does not exist and an address that does not exist are told apart', async () => {
    expect((await api('GET', '/api/locks/nobody')).body).toMatchObject({ status: 404, reason: 'not_found' });
    expect((await api('GET', '/api/nothing')).body).toMatchObject({ status: 404, reason: 'route' });
  });
});

describe('rights', () => {
  let app: FastifyInstance;
  let role: Role;
  beforeEach(async () => {
    app = fastify();
    await app.register(makeApi(daemon.parts(), () => callerOf({ via: 'cli', who: 'someone', role }, 'cli')));
  });
  afterEach(() => app.close());

  test.each([
    ['automation', 'POST', '/api/locks/front_door/command', 200],
    ['automation', 'POST', '/api/locks/front_door/unpair', 200],
    ['automation', 'POST', '/api/locks/front_door/unpair/confirm', 403],
    ['automation', 'POST', '/api/pair', 403],
    ['automation', 'DELETE', '/api/locks/front_door', 403],
    ['technician', 'PUT', '/api/locks/front_door/codes/1', 403],
    ['voice', 'GET', '/api/audit', 403],
    ['manager', 'DELETE', '/api/locks/front_door', 200],
    ['manager', 'POST', '/api/export', 403],
    ['manager', 'POST', '/api/recovery_code/show', 403],
    ['owner', 'POST', '/api/recovery_code/show', 200],
  ] satisfies [Role, string, string, number][])('%s: %s %s is %i', async (who, method, url, status) => {
    role = who;
    const payload = url.endsWith('command')
      ? { verb: 'lock' }
      : url.endsWith('confirm')
        ? { confirm_token: 'token-1' }
        : {};
    const answer = await app.inject({ method: method as 'GET', url, ...(method === 'GET' ? {} : { payload }) });
    expect(answer.statusCode).toBe(status);
  });

  test('without hands there is no way to use them', async () => {
    const bare = fastify();
    const { hands: _hands, ...parts } = daemon.parts();
    await bare.register(makeApi(parts, () => CLI));
    const answer = await bare.inject({ method: 'POST', url: '/api/demo/front_door/hand', payload: { act: 'thumb' } });
    expect(answer.statusCode).toBe(404);
    await bare.close();
  });
});
