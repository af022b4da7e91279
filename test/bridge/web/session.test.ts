// Coming in with a browser: the first owner, passwords, links, the way out.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { BY, PASSWORD, type Served, serve } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const setUpLink = (): string => served.logins.links.setup(BY).token.reveal();
const owner = () => served.logins.accounts.add({ name: 'anna', role: 'owner', password: new Secret(PASSWORD) }, BY);

describe('where nobody has a login', () => {
  test('the page is told so', async () => {
    const { status, body } = await served.browser().get('/api/session');
    expect([status, body]).toEqual([200, { version: '0.1.0', demo: true, way: 'login', state: 'setup' }]);
  });

  test('the link of the command line makes the first owner, who is in', async () => {
    const browser = served.browser();
    const made = await browser.post('/api/setup', { token: setUpLink(), name: 'anna', password: PASSWORD });
    expect(made.body).toMatchObject({ state: 'in', who: { name: 'anna', role: 'owner' }, proved: true });
    expect((await browser.get('/api/session')).body).toEqual(made.body);
    expect((await browser.get('/api/locks')).status).toBe(200);
  });

  test('a password that is too weak says why and leaves the link good', async () => {
    const token = setUpLink();
    const weak = await served.browser().post('/api/setup', { token, name: 'anna', password: 'short' });
    expect(weak.body).toMatchObject({ status: 400, reason: 'weak_password' });
    const strong = await served.browser().post('/api/setup', { token, name: 'anna', password: PASSWORD });
    expect(strong.status).toBe(200);
  });

  test('the link makes one owner and no second', async () => {
    const token = setUpLink();
    await served.browser().post('/api/setup', { token, name: 'anna', password: PASSWORD });
    const again = await served.browser().post('/api/setup', { token, name: 'eve', password: PASSWORD });
    expect(again.body).toMatchObject({ status: 409, reason: 'already_set_up' });
  });

  test('two at once make one owner', async () => {
    const [one, two] = [setUpLink(), setUpLink()];
    const answers = await Promise.all([
      served.browser().post('/api/setup', { token: one, name: 'anna', password: PASSWORD }),
      served.browser().post('/api/setup', { token: two, name: 'eve', password: PASSWORD }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(served.logins.accounts.all()).toHaveLength(1);
  });

  test('a link that was made up makes nobody', async () => {
    const wanted = { token: 'x'.repeat(43), name: 'eve', password: PASSWORD };
    expect((await served.browser().post('/api/setup', wanted)).body).toMatchObject({ status: 401, reason: 'link' });
    expect(served.logins.accounts.all()).toEqual([]);
  });
});

describe('with a password', () => {
  beforeEach(owner);

  test('somebody is let in, and the cookie is out of reach of scripts and other sites', async () => {
    const browser = served.browser();
    const { status, headers } = await browser.post('/api/login', { name: 'ANNA', password: PASSWORD });
    expect(status).toBe(200);
    expect(headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('a page that came over TLS gets a cookie that only goes over TLS', async () => {
    const headers = { origin: `https://127.0.0.1:${served.port}` };
    const answer = await served.browser().post('/api/login', { name: 'anna', password: PASSWORD }, { headers });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  });

  test.each([
    ['anna', 'something else'],
    ['nobody', PASSWORD],
  ])('%s with %s is told the same', async (name, password) => {
    const { body } = await served.browser().post('/api/login', { name, password });
    expect(body).toMatchObject({ status: 401, reason: 'wrong_password', detail: 'Name and password do not fit.' });
  });

  test('who is not in is told to log in', async () => {
    expect((await served.browser().get('/api/locks')).body).toMatchObject({ status: 401, reason: 'login' });
  });

  test('who goes is out, and the cookie is worth nothing', async () => {
    const browser = await served.loggedIn('anna');
    const { cookie } = browser;
    expect((await browser.post('/api/logout')).body).toMatchObject({ state: 'login' });
    expect((await served.browser().get('/api/locks', { headers: { cookie } })).status).toBe(401);
  });

  test('the audit names who asked', async () => {
    const browser = await served.loggedIn('anna');
    await browser.post('/api/locks/front_door/command', { verb: 'lock' });
    expect(served.daemon.last('command')?.asker).toEqual({ via: 'web', who: 'login:anna', role: 'owner' });
  });
});

describe('a one-time link', () => {
  test('lets its owner in once', async () => {
    const token = served.logins.links.login(await owner(), BY).token.reveal();
    const first = await served.browser().post('/api/link', { token });
    expect(first.body).toMatchObject({ state: 'in', who: { name: 'anna' }, proved: false });
    expect((await served.browser().post('/api/link', { token })).body).toMatchObject({ status: 401, reason: 'link' });
  });

  test('is worth nothing after a quarter of an hour', async () => {
    const token = served.logins.links.login(await owner(), BY).token.reveal();
    await served.daemon.clock.advance(15 * 60_000);
    expect((await served.browser().post('/api/link', { token })).status).toBe(401);
  });

  test('for the first owner asks for a name and a password', async () => {
    const answer = await served.browser().post('/api/link', { token: setUpLink() });
    expect(answer.body).toMatchObject({ status: 409, reason: 'setup' });
  });
});
