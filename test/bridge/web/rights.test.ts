// Every route, every role, every way in: who is refused, and that nothing happened where somebody was.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import type { Route } from '../../../src/bridge/web/route.ts';
import type { Browser, How } from './browser.ts';
import { allRoutes } from './contract.ts';
import { BY, DEMO_TOKEN, PASSWORD, type Served, serve } from './served.ts';

const ROLES = ['owner', 'manager', 'technician', 'viewer'] as const;
const TOKENS = ['owner', 'manager', 'automation', 'viewer'] as const;

let served: Served;
let routes: Route[];
/** How each of them asks. */
const ways = new Map<string, { browser: Browser; how: How }>();

beforeAll(async () => {
  served = await serve();
  const { logins } = served;
  for (const role of ROLES) {
    const password = new Secret(PASSWORD);
    const units = role === 'technician' ? { units: ['Flat 3'] } : {};
    await logins.accounts.add({ name: role, role, password, ...units }, BY);
    ways.set(`login ${role}`, { browser: await served.loggedIn(role), how: {} });
  }
  for (const role of TOKENS) {
    for (const looks of [true, false]) {
      const { key } = logins.tokens.add({ name: role, role, looks }, BY);
      const headers = { authorization: `Bearer ${key.reveal()}` };
      ways.set(`token ${role}${looks ? ', looks only' : ''}`, { browser: served.browser(), how: { headers } });
    }
  }
  ways.set('nobody', { browser: served.browser(), how: {} });
  const headers = { authorization: `Bearer ${DEMO_TOKEN}` };
  ways.set('demo token owner', { browser: served.browser(), how: { headers } });
  // Those that end what the test stands on are asked elsewhere; a stream has no end.
  const apart = ['/api/logout', '/api/sessions/:session', '/api/events'];
  routes = allRoutes().filter(({ url, media }) => !apart.includes(url) && media !== 'text/event-stream');
});
afterAll(() => served.close());

/** What the rules say, written a second time and more simply than the program does it. */
function expected(way: string, { right, method, prove, onSite, own }: Route): 'in' | 401 | 403 {
  if (right === 'open') return 'in';
  if (way === 'nobody') return 401;
  const role = ['owner', 'manager', 'technician', 'automation', 'viewer'].find(word => way.includes(word));
  const isProgram = way.startsWith('token');
  if (own) return prove && isProgram ? 403 : 'in';
  if (right === 'owner' && role !== 'owner') return 403;
  if (right === 'manager' && role !== 'owner' && role !== 'manager') return 403;
  if (method !== 'GET' && (role === 'viewer' || way.includes('looks only'))) return 403;
  if (role === 'technician' && !onSite) return 403;
  return prove && isProgram ? 403 : 'in';
}

const REFUSALS = ['login', 'not_authorised', 'prove'];

describe('every route', () => {
  test('is refused to whom it is not for, before anything happens', async () => {
    const wrong: string[] = [];
    for (const [way, { browser, how }] of ways) {
      for (const [number, route] of routes.entries()) {
        // Nobody may change more than sixty things a minute.
        if (number % 50 === 49) await served.daemon.clock.advance(60_000);
        const path = route.url.replace(':lock', 'front_door').replace(':name', 'front_door').replaceAll(/:\w+/g, '1');
        served.daemon.noted.length = 0;
        // A body of the wrong shape: whoever is let in is told so, and nothing is changed for the next one.
        const body = route.method === 'GET' ? {} : { body: { no: 'such key' } };
        const answer = await browser.ask(route.method, path, { ...how, ...body });
        const told =
          answer.status === 401 || (answer.status === 403 && REFUSALS.includes(String(answer.body['reason'])));
        const found = told ? answer.status : 'in';
        const wanted = expected(way, route);
        const fits = found === wanted || isOwnAffair(route, answer.status);
        if (!fits) wrong.push(`${way}: ${route.method} ${route.url} is ${found}, not ${wanted} (${answer.text})`);
        if (found !== 'in' && served.daemon.noted.length > 0) wrong.push(`${way}: ${route.url} did something`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

/** Of what is one's own, a program and a guest have none: the route itself says so. */
function isOwnAffair({ own, url }: Route, status: number): boolean {
  return (own === true || url === '/api/flows/:flow/link') && status === 403;
}
