// Narrow rights: technicians, links for one flow, tokens for some locks, and what asks for the password once more.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import type { Browser } from './browser.ts';
import { BY, PASSWORD, type Served, serve } from './served.ts';

let served: Served;
let owner: Browser;
beforeEach(async () => {
  served = await serve();
  await served.logins.accounts.add({ name: 'anna', role: 'owner', password: new Secret(PASSWORD) }, BY);
  owner = await served.loggedIn('anna');
});
afterEach(() => served.close());

const bearer = (key: unknown): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${String(key)}` },
});

describe('a token for one lock', () => {
  let how: { headers: Record<string, string> };
  beforeEach(async () => {
    const made = await owner.post('/api/api_tokens', { name: 'hall', role: 'manager', locks: ['front_door'] });
    how = bearer(made.body['token']);
  });

  test('commands that lock, and the audit knows which token', async () => {
    const browser = served.browser();
    const answer = await browser.post('/api/locks/front_door/command', { verb: 'lock' }, how);
    expect(answer.status).toBe(200);
    expect(served.daemon.last('command')?.asker?.who).toMatch(/^token:[0-9a-f]{8}$/);
  });

  test('sees no other one', async () => {
    const { body } = await served.browser().get('/api/locks', how);
    expect((body['locks'] as { name: string }[]).map(({ name }) => name)).toEqual(['front_door']);
    expect((await served.browser().get('/api/locks/mailbox', how)).status).toBe(404);
    const command = await served.browser().post('/api/locks/mailbox/command', { verb: 'unlock' }, how);
    expect([command.status, served.daemon.noted]).toEqual([404, []]);
  });

  test.each(['/api/audit', '/api/nearby', '/api/doctor'])('is not for %s, which is about all', async path => {
    expect((await served.browser().get(path, how)).body).toMatchObject({ status: 403, reason: 'not_authorised' });
  });

  test('is worth nothing once it is revoked, by its name or its id', async () => {
    expect((await owner.ask('DELETE', '/api/api_tokens/hall', { body: {} })).status).toBe(200);
    expect((await served.browser().get('/api/locks', how)).body).toMatchObject({ status: 401, reason: 'token' });
  });

  test('is kept as a hash, and shown once', async () => {
    const listed = await owner.get('/api/api_tokens');
    expect(listed.text).not.toContain(how.headers['authorization']?.slice(7));
    expect(JSON.stringify(served.store.logins.tokens())).not.toContain(how.headers['authorization']?.slice(7));
  });
});

test('a token with an end is worth nothing after it', async () => {
  const until = served.daemon.clock.now() + 60_000;
  const made = await owner.post('/api/api_tokens', { name: 'today', role: 'viewer', until });
  expect((await served.browser().get('/api/locks', bearer(made.body['token']))).status).toBe(200);
  await served.daemon.clock.advance(60_000);
  expect((await served.browser().get('/api/locks', bearer(made.body['token']))).status).toBe(401);
});

describe('a technician', () => {
  const hours = () => ({ from: served.daemon.clock.now(), until: served.daemon.clock.now() + 3600_000 });
  const hire = (units: string[]) =>
    owner.post('/api/logins', { name: 'tom', role: 'technician', password: PASSWORD, units, ...hours() });

  test('sees the locks of the assigned units only', async () => {
    served.daemon.locks = served.daemon.locks.map(view =>
      view.name === 'mailbox' ? { ...view, unit: { id: 'u9', name: 'Flat 9' } } : view,
    );
    await hire(['Flat 9']);
    const { body } = await (await served.loggedIn('tom')).get('/api/locks');
    expect((body['locks'] as { name: string }[]).map(({ name }) => name)).toEqual(['mailbox']);
  });

  test('may open nothing', async () => {
    await hire(['Flat 3']);
    const tom = await served.loggedIn('tom');
    const { status } = await tom.post('/api/locks/front_door/command', { verb: 'unlock' });
    expect([status, served.daemon.noted]).toEqual([403, []]);
  });

  test('finds out what is wrong with a lock of the own units, and begins nothing elsewhere', async () => {
    await hire(['Flat 3']);
    served.daemon.locks = served.daemon.locks.map(view =>
      view.name === 'mailbox' ? { ...view, unit: { id: 'u9', name: 'Flat 9' } } : view,
    );
    const tom = await served.loggedIn('tom');
    const begin = async (lock: object): Promise<number> =>
      (await tom.post('/api/flows', { type: 'diagnose', reason: 'not_responding', ...lock })).status;
    expect(await begin({ lock: 'mailbox' })).toBe(404);
    expect(await begin({})).toBe(404);
    expect(served.daemon.flows.all()).toEqual([]);
    expect(await begin({ lock: 'front_door' })).toBe(200);
    expect(served.daemon.flows.all()).toMatchObject([{ type: 'diagnose', lock: '0123456789ab' }]);
  });

  test('is out when the time is over, in the middle of a session', async () => {
    await hire(['Flat 3']);
    const tom = await served.loggedIn('tom');
    await served.daemon.clock.advance(3600_000);
    expect((await tom.get('/api/locks')).status).toBe(401);
    const { body } = await served.browser().post('/api/login', { name: 'tom', password: PASSWORD });
    expect(body).toMatchObject({ status: 403, reason: 'not_now' });
  });
});

describe('a link for one flow', () => {
  let flow: string;
  let other: string;
  beforeEach(async () => {
    flow = (await served.daemon.flows.start({ type: 'diagnose', lock: '0123456789ab', reason: 'other' }, BY)).id;
    other = (await served.daemon.flows.start({ type: 'diagnose', lock: 'ffffffffffff', reason: 'other' }, BY)).id;
  });
  const opened = async (as: 'me' | 'technician', minutes?: number): Promise<Browser> => {
    const made = await owner.post(`/api/flows/${flow}/link`, { as, ...(minutes !== undefined && { minutes }) });
    const phone = served.browser();
    const answer = await phone.post('/api/link', { token: made.body['token'] });
    expect(answer.body).toMatchObject({ state: 'in', scope: { flow } });
    return phone;
  };

  test.each(['me', 'technician'] as const)('as %s reaches that flow and its lock, and nothing else', async as => {
    const phone = await opened(as);
    const paths = [`/api/flows/${flow}`, `/api/flows/${other}`, '/api/locks/front_door', '/api/locks/mailbox'];
    const answers = await Promise.all(paths.map(path => phone.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 404]);
    const listed = (await phone.get('/api/flows')).body['flows'] as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual([flow]);
  });

  test('lets nobody make another link or see who has logins', async () => {
    const phone = await opened('me');
    const link = await phone.post(`/api/flows/${flow}/link`, { as: 'me' });
    expect([link.status, (await phone.get('/api/logins')).status, (await phone.get('/api/sessions')).status]).toEqual([
      403, 403, 403,
    ]);
  });

  test('begins no other flow, also not on its own lock', async () => {
    const phone = await opened('me');
    const { status } = await phone.post('/api/flows', { type: 'diagnose', reason: 'other', lock: 'front_door' });
    expect(status).toBe(403);
  });

  test('shows how the flow ended, and the lock no more', async () => {
    const phone = await opened('technician');
    await served.daemon.flows.cancel(flow, BY);
    expect((await phone.get(`/api/flows/${flow}`)).status).toBe(200);
    expect((await phone.get('/api/locks/front_door')).status).toBe(404);
    expect((await phone.get('/api/locks')).body).toEqual({ locks: [] });
  });

  test('ends when its minutes are over', async () => {
    const phone = await opened('technician', 5);
    await served.daemon.clock.advance(5 * 60_000);
    expect((await phone.get(`/api/flows/${flow}`)).status).toBe(401);
  });
});

describe('what cannot be undone', () => {
  const confirm = (browser: Browser) =>
    browser.post('/api/locks/front_door/unpair/confirm', { confirm_token: 'token-1' });
  const late = () => served.daemon.clock.advance(5 * 60_000);

  test('goes through right after the password was typed', async () => {
    expect((await confirm(owner)).status).toBe(200);
  });

  test('asks for the password once more later, and then goes through', async () => {
    await late();
    expect((await confirm(owner)).body).toMatchObject({ status: 403, reason: 'prove' });
    expect(served.daemon.noted).toEqual([]);
    const wrong = await owner.post('/api/session/prove', { password: 'not that one' });
    // Only the password was asked for.
    expect(wrong.body).toMatchObject({ status: 401, detail: 'That is not your password. Type it once more.' });
    expect((await owner.post('/api/session/prove', { password: PASSWORD })).body).toMatchObject({ proved: true });
    expect((await confirm(owner)).status).toBe(200);
  });

  test('is refused to a program with a token, even of an owner', async () => {
    const { key } = served.logins.tokens.add({ name: 'script', role: 'owner' }, BY);
    const how = bearer(key.reveal());
    const answer = await served
      .browser()
      .post('/api/locks/front_door/unpair/confirm', { confirm_token: 'token-1' }, how);
    expect(answer.body).toMatchObject({ status: 403, reason: 'not_authorised' });
  });
});
