// Logins, for owners: who may come in, and as what.
import { z } from 'zod';
import type { LoginChange, NewLogin } from '../../access/login/accounts.ts';
import type { Logins } from '../../access/login/logins.ts';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import type { KeptLogin, LoginRole } from '../../lock/logins.ts';
import { moment } from './code-routes.ts';
import { type Route, route } from './route.ts';
import { loginRole, loginView, strangers } from './shapes/login-shapes.ts';

export interface LoginView {
  id: string;
  name: string;
  role: LoginRole;
  password: boolean;
  home_assistant?: string;
  units?: readonly string[];
  from?: number;
  until?: number;
  made: number;
  seen?: number;
}

const params = z.strictObject({ login: z.string().min(1).max(64) });
const secret = z.string().min(1).max(1024);
const units = z.array(z.string().min(1).max(64)).min(1).max(100);
const newLogin = z
  .strictObject({
    name: z.string().min(1).max(64),
    role: loginRole,
    password: secret.optional(),
    home_assistant: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    units: units.optional(),
    from: moment.optional(),
    until: moment.optional(),
  })
  .refine(it => it.role !== 'technician' || it.units !== undefined, 'say which units a technician works in')
  .refine(it => it.role === 'technician' || it.units === undefined, 'only a technician has units')
  .refine(it => it.role !== 'owner' || it.until === undefined, 'an owner has no end');
const change = z
  .strictObject({
    role: loginRole.optional(),
    password: secret.nullable().optional(),
    units: units.nullable().optional(),
    from: moment.nullable().optional(),
    until: moment.nullable().optional(),
  })
  .refine(it => Object.keys(it).length > 0, 'give role, password, units, from or until');

export function loginRoutes(logins: Logins): Route[] {
  const { accounts, sessions } = logins;
  const shown = (login: KeptLogin): LoginView => viewOf(login, sessions.of(login.id)[0]?.seenAt);
  return [
    route({
      method: 'GET',
      url: '/api/logins',
      right: 'owner',
      about: 'Who may come in, and users of Home Assistant who have looked and are nobody here.',
      answer: z.strictObject({ logins: z.array(loginView), strangers }),
      handle: () => ({ logins: accounts.all().map(shown), strangers: accounts.strangers() }),
    }),
    route({
      method: 'POST',
      url: '/api/logins',
      right: 'owner',
      prove: true,
      about: 'Lets somebody in: with a password, as a user of Home Assistant, or, with neither, by links only.',
      answer: loginView,
      body: newLogin,
      async handle({ body, asker }) {
        const { name, role, password, home_assistant: haUser, units: in_, from, until } = body;
        const more = given({ password: hidden(password), haUser, units: in_, from, until });
        return shown(await accounts.add({ name, role, ...more } as NewLogin, asker));
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/logins/:login',
      right: 'owner',
      prove: true,
      about: 'Changes what somebody may, or the password; they are logged out everywhere. null takes something away.',
      answer: loginView,
      fails: ['rejected'],
      params,
      body: change,
      async handle({ params: { login }, body, asker, caller }) {
        const password = body.password === null ? null : hidden(body.password);
        const wanted = {
          ...given({ role: body.role, units: body.units, from: body.from, until: body.until }),
          ...nulls(body),
        };
        const by = { asker, ...(caller.session && { keep: caller.session.id }) };
        return shown(await accounts.change(login, { ...wanted, ...(password !== undefined && { password }) }, by));
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/logins/:login',
      right: 'owner',
      prove: true,
      about: 'Lets somebody in no more. The last owner stays.',
      answer: z.strictObject({ removed: z.strictObject({ id: z.string(), name: z.string() }) }),
      fails: ['rejected'],
      params,
      handle({ params: { login }, asker }) {
        const { id, name } = accounts.remove(login, asker);
        return { removed: { id, name } };
      },
    }),
  ];
}

/** What is to be taken away. */
function nulls(body: z.infer<typeof change>): LoginChange {
  const gone = (['units', 'from', 'until'] as const).filter(key => body[key] === null);
  return Object.fromEntries(gone.map(key => [key, null]));
}

function hidden(password: string | undefined): Secret<string> | undefined {
  return password === undefined ? undefined : new Secret(password);
}

function viewOf(login: KeptLogin, seen: number | undefined): LoginView {
  const { id, name, role, password, haUser, units: in_, from, until, madeAt } = login;
  const more = given({ home_assistant: haUser, units: in_, from, until, seen });
  return { id, name, role, password: password !== undefined, made: madeAt, ...more };
}
