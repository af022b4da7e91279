// T12.1: who may come in through Home Assistant. The peer is judged by its socket alone; headers make nobody the Supervisor.
import { fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import type { Caller, Guarded } from '../../../src/bridge/web/caller.ts';
import { Door } from '../../../src/bridge/web/door.ts';
import { isOurPath, isSupervisor } from '../../../src/bridge/web/ingress.ts';
import { makeApi } from '../../../src/bridge/web/api.ts';
import { FakeDaemon } from './fake-parts.ts';
import { memoryLogins } from './logins.ts';
import { BY } from './served.ts';

const ENTRY = '/api/hassio_ingress/a-random-word';
const USER = '0123456789abcdef0123456789abcdef';

describe('a peer', () => {
  const forms: readonly ((last: number) => string)[] = [
    last => `172.30.32.${last}`,
    last => `::ffff:172.30.32.${last}`,
    last => `0:0:0:0:0:ffff:172.30.32.${last}`,
    last => `::FFFF:172.30.32.${last}`,
  ];

  test.each(forms.map((form, number) => [form(2), number] as const))(
    'in the form %s is the Supervisor at .2 only',
    (_f, number) => {
      const form = forms[number] as (last: number) => string;
      const let_in = Array.from({ length: 256 }, (_each, last) => form(last)).filter(isSupervisor);
      expect(let_in).toEqual([form(2)]);
    },
  );

  test.each([
    ...Array.from({ length: 256 }, (_each, last) => `fd0c:ac1e:2100::${last.toString(16)}`),
    '172.30.33.2',
    '172.130.32.2',
    '172.30.32.20',
    '1172.30.32.2',
    '::172.30.32.2',
    '64:ff9b::172.30.32.2',
    '::ffff:0:172.30.32.2',
    'fe80::ffff:172.30.32.2',
    '172.30.32.2%eth0 ',
    '172.30.32.2, 10.0.0.1',
    '127.0.0.1',
    '::1',
    '',
  ])('%s is not the Supervisor', peer => {
    expect(isSupervisor(peer)).toBe(false);
  });

  test('without an address, as of a socket that is gone, is not the Supervisor', () => {
    expect(isSupervisor(undefined)).toBe(false);
  });
});

test.each([
  [undefined, false],
  ['', false],
  ['/', false],
  ['/api/hassio_ingress/', false],
  [`${ENTRY}x`, false],
  [`/x${ENTRY}`, false],
  [ENTRY.toUpperCase(), false],
  [`${ENTRY}, ${ENTRY}`, false],
  [ENTRY, true],
  [`${ENTRY}/`, true],
])('the path %s is ours: %s', (path, ours) => {
  expect(isOurPath(path === undefined ? {} : { 'x-ingress-path': path }, ENTRY)).toBe(ours);
});

describe('behind Home Assistant', () => {
  const daemon = new FakeDaemon();
  let app: ReturnType<typeof fastify>;
  let logins: ReturnType<typeof memoryLogins>['logins'];
  let urls: string[];
  let door: Door;
  beforeEach(async () => {
    ({ logins } = memoryLogins(daemon.clock));
    const seal = new Secret('seal');
    urls = ['http://127.0.0.1:8099'];
    door = new Door({ logins, clock: daemon.clock, seal, owners: [], ingressEntry: () => ENTRY });
    app = fastify();
    await app.register(
      makeApi({ ...daemon.parts(), logins, urls: () => urls }, (request, route: Guarded): Caller =>
        door.enter(request, route),
      ),
    );
    daemon.noted.length = 0;
  });
  afterEach(() => app.close());

  const ofUser = (id: string | undefined, name = 'Anna'): Record<string, string> => ({
    host: 'homeassistant.local:8123',
    'x-ingress-path': ENTRY,
    ...(id !== undefined && { 'x-remote-user-id': id, 'x-remote-user-display-name': name }),
  });
  const session = async (headers: Record<string, string>) =>
    (await app.inject({ method: 'GET', url: '/api/session', headers })).json() as Record<string, unknown>;
  /** As the page asks there. */
  const ask = async (id: string | undefined, url: string, payload: object, change: Record<string, string> = {}) => {
    const headers = ofUser(id);
    const csrf = String((await session(headers))['csrf']);
    const page = { origin: 'http://homeassistant.local:8123', 'x-latchbridge-csrf': csrf };
    return app.inject({ method: 'POST', url, headers: { ...headers, ...page, ...change }, payload });
  };
  const command = (id: string | undefined, change?: Record<string, string>) =>
    ask(id, '/api/locks/front_door/command', { verb: 'unlock' }, change);

  test('who opens it first is asked, and by confirming becomes its owner, without a token', async () => {
    expect(await session(ofUser(USER))).toMatchObject({ way: 'ingress', state: 'setup', who: { name: 'Anna' } });
    expect((await ask(USER, '/api/setup', {})).json()).toMatchObject({ state: 'in', who: { role: 'owner' } });
    expect((await command(USER)).statusCode).toBe(200);
    expect(daemon.last('command')?.asker).toEqual({ via: 'web', who: 'login:Anna', role: 'owner' });
  });

  test('a second one does not become an owner by confirming, and may only look', async () => {
    await ask(USER, '/api/setup', {});
    const other = 'f'.repeat(32);
    expect((await ask(other, '/api/setup', {})).statusCode).toBe(409);
    expect((await command(other)).json()).toMatchObject({ status: 403, reason: 'not_authorised' });
    expect((await app.inject({ method: 'GET', url: '/api/locks', headers: ofUser(other) })).statusCode).toBe(200);
    expect(daemon.noted).toEqual([]);
  });

  test('a stranger who looked can be let in by an owner without typing an id', async () => {
    await ask(USER, '/api/setup', {});
    const other = 'f'.repeat(32);
    await session(ofUser(other, 'Ben'));
    expect(logins.accounts.strangers()).toEqual([{ home_assistant: other, name: 'Ben' }]);
    await logins.accounts.add({ name: 'ben', role: 'manager', haUser: other }, BY);
    expect((await command(other)).statusCode).toBe(200);
    expect(logins.accounts.strangers()).toEqual([]);
  });

  test('a login with an end is out after it, and looks no more either', async () => {
    await ask(USER, '/api/setup', {});
    const other = 'f'.repeat(32);
    const until = daemon.clock.now() + 60_000;
    await logins.accounts.add({ name: 'ben', role: 'manager', haUser: other, until }, BY);
    expect((await command(other)).statusCode).toBe(200);
    await daemon.clock.advance(60_000);
    const answer = await app.inject({ method: 'GET', url: '/api/locks', headers: ofUser(other, 'Ben') });
    expect(answer.json()).toMatchObject({ status: 403, reason: 'not_now' });
    expect(await session(ofUser(other, 'Ben'))).toMatchObject({ state: 'in', who: { name: 'Ben', role: 'viewer' } });
  });

  test('what goes on for a technician ends when the units change, or the time is over', async () => {
    await logins.accounts.add({ name: 'tom', role: 'technician', haUser: USER, units: ['Flat 3'] }, BY);
    const request = { headers: ofUser(USER), raw: { socket: {} } } as never;
    const enter = () => door.enter(request, { method: 'GET', right: 'anyone' });
    const before = enter();
    expect(before.still?.()).toBe(true);
    const until = daemon.clock.now() + 60_000;
    await logins.accounts.change('tom', { units: ['Flat 9'], until }, { asker: BY });
    const after = enter();
    expect([before.still?.(), after.still?.()]).toEqual([false, true]);
    await daemon.clock.advance(60_000);
    expect(after.still?.()).toBe(false);
  });

  test('somebody who can log in with a password, too, is no second person there', async () => {
    await logins.accounts.add(
      { name: 'ben', role: 'manager', haUser: USER, password: new Secret('three green doors') },
      BY,
    );
    await command(USER);
    expect(daemon.last('command')?.asker?.who).toBe('login:ben');
  });

  test('without a user nobody acts, nor becomes the owner', async () => {
    expect((await ask(undefined, '/api/setup', {})).statusCode).toBe(403);
    expect((await command(undefined)).statusCode).toBe(403);
    expect(daemon.noted).toEqual([]);
  });

  test.each([
    ['another path', { 'x-ingress-path': '/api/hassio_ingress/other' }, 'ingress'],
    ['the page of another site', { origin: 'https://evil.example' }, 'origin'],
    ["another user's token", { 'x-latchbridge-csrf': 'A'.repeat(43) }, 'csrf'],
    ['a form', { 'content-type': 'text/plain' }, 'not_json'],
  ])('%s is refused', async (_what, change, reason) => {
    await ask(USER, '/api/setup', {});
    expect((await command(USER, change)).json()).toMatchObject({ reason });
    expect(daemon.noted).toEqual([]);
  });

  test('a technician gets no link that leads nowhere, and one past Home Assistant where there is a way', async () => {
    await ask(USER, '/api/setup', {});
    const { id } = await daemon.flows.start({ type: 'diagnose', lock: '0123456789ab', reason: 'other' }, BY);
    const link = () => ask(USER, `/api/flows/${id}/link`, { as: 'technician' });
    expect((await link()).json()).toMatchObject({ status: 422, reason: 'ingress' });
    urls.push('http://192.168.1.20:8099');
    const { token, urls: found } = (await link()).json() as { token: string; urls: string[] };
    expect(found).toContain(`http://192.168.1.20:8099/#/link/${token}`);
  });

  test('a cookie or a token of ours counts for nothing there', async () => {
    const { key } = logins.tokens.add({ name: 'script', role: 'owner' }, BY);
    const answer = await command(undefined, { authorization: `Bearer ${key.reveal()}` });
    expect(answer.statusCode).toBe(403);
  });
});
