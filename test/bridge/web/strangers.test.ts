// What is open without a login, and how much of it: nobody learns from outside how doors stand or when they are used.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BY, type Served, serve } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
  served.daemon.system.tally.note({ lock: '0123456789ab', verb: 'unlock', via: 'mqtt', outcome: 'done', tookMs: 800 });
});
afterEach(() => served.close());

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
/** As somebody in the network asks, by the name of the machine. */
const OUTSIDE = { host: 'house.local:8099' };

describe('figures', () => {
  const read = async (headers: Record<string, string> = {}): Promise<string> =>
    (await served.browser().get('/metrics', { headers })).text;

  test('of the daemon are for everybody', async () => {
    expect(await read(OUTSIDE)).toMatch(/^latchbridge_ready 1$/m);
  });

  test.each([
    ['who asks from elsewhere', OUTSIDE],
    ['who comes through a proxy on this machine', { 'x-forwarded-for': '10.1.1.7' }],
  ])('of locks are nothing for %s', async (_who, headers) => {
    const text = await read(headers);
    expect(text).not.toMatch(/front_door|0123456789ab|latchbridge_lock_|latchbridge_command/);
  });

  test('of locks are for what runs on this machine', async () => {
    expect(await read()).toMatch(/^latchbridge_lock_bolt\{.*name="front_door",bolt="locked"\} 1$/m);
  });

  test('of locks are for a program with a token, from anywhere', async () => {
    const { key } = served.logins.tokens.add({ name: 'prometheus', role: 'viewer' }, BY);
    const text = await read({ ...OUTSIDE, ...bearer(key.reveal()) });
    expect(text).toContain('latchbridge_lock_bolt{');
    expect(text).toContain('latchbridge_commands_total{');
  });

  test('of other locks are nothing for a token for some', async () => {
    const { key } = served.logins.tokens.add({ name: 'hall', role: 'viewer', locks: ['ffffffffffff'] }, BY);
    const text = await read(bearer(key.reveal()));
    expect(text).toContain('name="mailbox"');
    expect(text).not.toContain('front_door');
  });

  test('are refused to a token that was revoked, so that whoever draws curves sees why they end', async () => {
    const { status, body } = await served.browser().get('/metrics', { headers: bearer('was-revoked') });
    expect([status, body['reason']]).toEqual([401, 'token']);
  });
});

test.each(['/api/openapi.json', '/health/live', '/api/session'])(
  '%s answers whatever token comes along',
  async path => {
    expect((await served.browser().get(path, { headers: bearer('made-up') })).status).toBe(200);
  },
);

test('the password of a proxy before us is no token of ours', async () => {
  const headers = { authorization: `Basic ${Buffer.from('anna:secret').toString('base64')}` };
  expect((await served.browser().get('/api/locks', { headers })).body).toMatchObject({ status: 401, reason: 'login' });
});
