// T12.2: what a page of somebody else can make the owner's browser send, and names that lead here and are not ours.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import type { Browser, How } from './browser.ts';
import { BY, PASSWORD, type Served, serve } from './served.ts';

let served: Served;
let owner: Browser;
beforeAll(async () => {
  served = await serve(['locks.example.org']);
  await served.logins.accounts.add({ name: 'anna', role: 'owner', password: new Secret(PASSWORD) }, BY);
  owner = await served.loggedIn('anna');
});
beforeEach(async () => {
  served.daemon.noted.length = 0;
  // Each of them is judged for itself, and not for how many there were.
  await served.daemon.clock.advance(1000);
});
afterAll(() => served.close());

const COMMAND = '/api/locks/front_door/command';
const UNLOCK = { verb: 'unlock' };
const json = JSON.stringify(UNLOCK);
const form = 'application/x-www-form-urlencoded';
const foreign = ['https://evil.example', 'http://evil.example:80', 'null', 'file://', 'http://127.0.0.1', ''];
const near = ['http://127.0.0.1.evil.example', 'http://evil.example/127.0.0.1', 'http://127.0.0.1@evil.example'];
const mine = (): string => `http://${owner.host}`;

describe('with the owner’s cookie', () => {
  const attacks: [string, How][] = [
    ...[...foreign, ...near].map((origin): [string, How] => [`from ${origin}`, { headers: { origin } }]),
    ['without a word of where from', { headers: { origin: undefined } }],
    ...['cross-site', 'same-site', 'none', 'anything'].map((site): [string, How] => [
      `with sec-fetch-site ${site}`,
      { headers: { 'sec-fetch-site': site } },
    ]),
    ...[
      form,
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/plain;application/json',
      'application/xml',
      '',
    ].map((type): [string, How] => [`of type ${type}`, { headers: { 'content-type': type } }]),
    ['of type text/json', { headers: { 'content-type': 'text/json' } }],
    ['of no type', { headers: { 'content-type': undefined } }],
    ...['', 'undefined', 'null', 'A'.repeat(43), '0', 'x'.repeat(1000)].map((csrf): [string, How] => [
      `with the token ${csrf.slice(0, 10)}`,
      { headers: { 'x-latchbridge-csrf': csrf } },
    ]),
    ['without a token', { headers: { 'x-latchbridge-csrf': undefined } }],
    ['as a form that looks like JSON', { raw: `{"verb":"unlock","x":"=`, headers: { 'content-type': 'text/plain' } }],
    ['as a form', { raw: 'verb=unlock', headers: { 'content-type': form, origin: 'https://evil.example' } }],
    ['as a form of ours', { raw: 'verb=unlock', headers: { 'content-type': form } }],
    ['with the token in the query', { headers: { 'x-latchbridge-csrf': undefined, 'x-csrf-token': 'A' } }],
  ];

  test.each(attacks)('a command %s does nothing', async (_what, how) => {
    const sent = how.raw === undefined ? { raw: json } : {};
    const { status } = await owner.ask('POST', COMMAND, { ...sent, ...how });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(served.daemon.noted).toEqual([]);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s without the token does nothing', async method => {
    const how = { body: {}, headers: { 'x-latchbridge-csrf': undefined } };
    expect((await owner.ask(method, '/api/locks/front_door', how)).status).toBeGreaterThanOrEqual(400);
    expect(served.daemon.noted).toEqual([]);
  });

  test("another session's token does nothing", async () => {
    const { csrf } = await served.loggedIn('anna');
    const how = { headers: { 'x-latchbridge-csrf': csrf } };
    expect((await owner.post(COMMAND, UNLOCK, how)).body).toMatchObject({ status: 403, reason: 'csrf' });
  });

  test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('%s changes nothing', async header => {
    await owner.get('/api/locks/front_door', { headers: { [header]: 'DELETE' } });
    await owner.get('/api/locks/front_door?_method=DELETE');
    expect(served.daemon.noted).toEqual([]);
  });

  test('a page elsewhere gets no leave to read or to ask in another way', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const asked = await owner.ask('OPTIONS', COMMAND, { headers });
    const read = await owner.get('/api/locks', { headers: { origin: 'https://evil.example' } });
    const names = [...Object.keys(asked.headers), ...Object.keys(read.headers)];
    expect([asked.status >= 400, names.filter(name => name.startsWith('access-control'))]).toEqual([true, []]);
  });

  test.each(['cross-site', 'same-site'])('a page elsewhere (%s) cannot have what is looked at', async site => {
    const { body } = await owner.get('/api/locks', { headers: { 'sec-fetch-site': site } });
    expect(body).toMatchObject({ status: 403, reason: 'origin' });
  });

  test('a login cannot be forced upon somebody', async () => {
    const how = { headers: { origin: 'https://evil.example' } };
    const answer = await served.browser().post('/api/login', { name: 'anna', password: PASSWORD }, how);
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('its own page is let through', async () => {
    expect((await owner.post(COMMAND, UNLOCK, { headers: { origin: mine() } })).status).toBe(200);
  });
});

describe('a name', () => {
  const hosts = (name: string): How => ({
    headers: { host: `${name}:${served.port}`, origin: `http://${name}:${served.port}` },
  });

  test.each([
    'evil.example',
    'evil.local.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'xlocks.example.org',
    'locks.example.org.evil.example',
    'lan.evil.example',
    'evil.example.',
    'fritz.box.evil.example',
    '127.0.0.1%00.evil.example',
    'evil.example/.local',
    'user@localhost',
    'a..example',
  ])('%s is not ours: no page, no API, no login', async name => {
    for (const path of ['/', '/api/session', '/api/locks', '/health/live']) {
      expect((await owner.get(path, hosts(name))).status).toBe(403);
    }
    expect((await owner.post(COMMAND, UNLOCK, hosts(name))).status).toBe(403);
    expect(served.daemon.noted).toEqual([]);
  });

  test.each([
    'localhost',
    'latchbridge',
    'latchbridge.local',
    'pi.fritz.box',
    'pi.home.arpa',
    'nas.lan',
    'host.internal',
    '192.168.1.5',
    '[fd00::5]',
    'LOCKS.example.org',
    'latchbridge.local.',
  ])('%s is ours', async name => {
    expect((await served.browser().get('/api/session', hosts(name))).status).toBe(200);
  });

  test('says nothing about who passed it on', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': owner.host, forwarded: `host=${owner.host}` };
    expect((await owner.get('/api/session', { headers })).status).toBe(403);
  });
});
