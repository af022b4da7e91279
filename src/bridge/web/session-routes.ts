// Coming in and going: what the page asks first, the first owner, passwords, one-time links.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { isLoginName } from '../../access/login/accounts.ts';
import { type Caller, notAllowed } from './caller.ts';
import { Reception, type ReceptionParts } from './reception.ts';
import { type Route, route } from './route.ts';
import { sessionView } from './shapes/login-shapes.ts';

const secret = z.string().min(1).max(1024);
const name = z.string().min(1).max(64);
const link = z.string().regex(/^[\w-]{20,64}$/, 'must be the whole link');

export function sessionRoutes(parts: ReceptionParts): Route[] {
  const { logins } = parts;
  const reception = new Reception(parts);
  return [
    route({
      method: 'GET',
      url: '/api/session',
      right: 'open',
      about: 'Who asks, and whether a login or the first owner is needed. Always answers.',
      answer: sessionView,
      handle: ({ caller }) => reception.view(caller),
    }),
    route({
      method: 'POST',
      url: '/api/setup',
      right: 'open',
      about:
        'Makes the first owner: with the token of `latchbridge web link`, or of who first opens it in Home Assistant.',
      answer: sessionView,
      fails: ['unauthenticated', 'forbidden', 'rejected', 'busy'],
      body: z.strictObject({ token: link.optional(), name: name.optional(), password: secret.optional() }),
      handle({ caller, body }, reply) {
        logins.accounts.mayBeFirst();
        return caller.way === 'ingress' ? setUpInHome(parts, caller) : setUp(parts, { caller, body, reply, reception });
      },
    }),
    route({
      method: 'POST',
      url: '/api/login',
      right: 'open',
      about: 'Opens a session with name and password.',
      answer: sessionView,
      fails: ['unauthenticated', 'forbidden', 'busy'],
      body: z.strictObject({ name, password: secret }),
      async handle({ caller, body }, reply) {
        onlyPages(caller);
        const login = await logins.accounts.check(body.name, new Secret(body.password), caller.source);
        return reception.admit(caller, { login, role: login.role, proved: true }, reply);
      },
    }),
    linkRoute(parts, reception),
    route({
      method: 'POST',
      url: '/api/logout',
      right: 'open',
      about: 'Ends the session.',
      fails: ['forbidden'],
      answer: sessionView,
      handle({ caller }, reply) {
        onlyPages(caller);
        return reception.leave(caller, reply);
      },
    }),
    route({
      method: 'POST',
      url: '/api/session/prove',
      right: 'open',
      about: 'The password once more: for five minutes nothing asks for it again.',
      answer: sessionView,
      fails: ['unauthenticated', 'forbidden', 'busy'],
      body: z.strictObject({ password: secret }),
      async handle({ caller, body }) {
        const { session } = caller;
        if (!session?.login) throw notAllowed('There is no password to type here.');
        await logins.accounts.prove(session.login.id, new Secret(body.password), caller.source);
        logins.sessions.prove(session.id);
        return reception.view({ ...caller, proof: 'given' });
      },
    }),
  ];
}

function linkRoute(parts: ReceptionParts, reception: Reception): Route {
  const { logins } = parts;
  return route({
    method: 'POST',
    url: '/api/link',
    right: 'open',
    about: 'Opens a session with a one-time link.',
    answer: sessionView,
    fails: ['unauthenticated', 'forbidden', 'rejected'],
    body: z.strictObject({ token: link }),
    handle({ caller, body }, reply) {
      onlyPages(caller);
      const token = new Secret(body.token);
      if (logins.links.look(token)?.purpose === 'setup') {
        const text = 'This link is for the first owner: choose a name and a password.';
        throw new LockError('rejected', text, { reason: 'setup' });
      }
      const { login: id, role, flow, sessionUntil } = logins.links.take(token);
      const login = id === undefined ? undefined : logins.accounts.find(id);
      const limits = {
        ...(flow !== undefined && { flow }),
        ...(sessionUntil !== undefined && { until: sessionUntil }),
      };
      return reception.admit(caller, { role: login?.role ?? role, ...(login && { login }), ...limits }, reply);
    },
  });
}

interface SetUp {
  caller: Caller;
  body: { token?: string | undefined; name?: string | undefined; password?: string | undefined };
  reply: Parameters<Reception['leave']>[1];
  reception: Reception;
}

async function setUp({ logins }: ReceptionParts, { caller, body, reply, reception }: SetUp): Promise<unknown> {
  onlyPages(caller);
  if (body.token === undefined || body.name === undefined || body.password === undefined) {
    const text = 'Type the link that `latchbridge web link` prints on the machine, a name and a password.';
    throw new LockError('invalid', text, { reason: 'request' });
  }
  const token = new Secret(body.token);
  // Looked at first: a password that is too weak does not use the link up.
  if (logins.links.look(token)?.purpose !== 'setup') logins.links.refuse();
  const by = { via: 'web', who: 'setup', role: 'owner' } as const;
  const login = await logins.accounts.addFirst({ name: body.name, password: new Secret(body.password) }, by);
  logins.links.take(token);
  return reception.admit(caller, { login, role: login.role, proved: true }, reply);
}

/** Whoever opens the page first and confirms is its owner; Home Assistant shows it to administrators only. */
async function setUpInHome({ logins, ...parts }: ReceptionParts, caller: Caller): Promise<unknown> {
  if (caller.id === 'unknown')
    throw notAllowed('Home Assistant did not say who you are. Open the page from its sidebar.');
  const plain = caller.name
    .replace(/[^\p{L}\p{N} ._@-]/gu, '')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim();
  const own = isLoginName(plain) ? plain : `user ${caller.id.slice(0, 8)}`;
  const by = { via: 'web', who: caller.asker.who, role: 'owner' } as const;
  const login = await logins.accounts.addFirst({ name: own, haUser: caller.id }, by);
  const owner = { ...caller, name: login.name, asker: { ...caller.asker, role: login.role }, looks: false };
  return new Reception({ logins, ...parts }).view(owner);
}

/** The control socket needs no login, a token is one, and Home Assistant has its own. */
function onlyPages({ way }: Caller): void {
  if (way === 'nobody' || way === 'login') return;
  throw notAllowed('You are in already; a login is for the page outside Home Assistant.');
}
