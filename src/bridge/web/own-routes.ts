// What everybody may see and change of their own: the sessions they have open, and their password.
import { z } from 'zod';
import type { Logins } from '../../access/login/logins.ts';
import { Secret } from '../../base/log.ts';
import type { KeptLogin } from '../../lock/logins.ts';
import { type Caller, notAllowed } from './caller.ts';
import { type Route, route } from './route.ts';
import { ownSession } from './shapes/login-shapes.ts';

export interface OwnSession {
  id: string;
  device: string;
  made: number;
  seen: number;
  ends: number;
  this: boolean;
}

export function ownRoutes({ accounts, sessions }: Logins): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/sessions',
      right: 'anyone',
      own: true,
      about: 'The browsers in which one is logged in.',
      answer: z.strictObject({ sessions: z.array(ownSession) }),
      handle({ caller }) {
        const own = sessions.of(loginOf(caller).id);
        const shown = own.map(({ id, device, madeAt, seenAt, endsAt }): OwnSession => {
          return { id, device, made: madeAt, seen: seenAt, ends: endsAt, this: id === caller.session?.id };
        });
        return { sessions: shown };
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/sessions/:session',
      right: 'anyone',
      own: true,
      about: 'Logs one of them out, such as a phone that was lost.',
      answer: z.strictObject({ ended: z.string() }),
      params: z.strictObject({ session: z.string().min(1).max(64) }),
      handle({ params, caller }) {
        sessions.closeOwn(params.session, loginOf(caller).id);
        return { ended: params.session };
      },
    }),
    route({
      method: 'PUT',
      url: '/api/session/password',
      right: 'anyone',
      own: true,
      prove: true,
      about: 'Changes the own password. Everywhere else one is logged out.',
      answer: z.strictObject({ changed: z.literal(true) }),
      body: z.strictObject({ password: z.string().min(1).max(1024) }),
      async handle({ body, caller, asker }) {
        const by = { asker, ...(caller.session && { keep: caller.session.id }) };
        await accounts.change(loginOf(caller).id, { password: new Secret(body.password) }, by);
        return { changed: true };
      },
    }),
  ];
}

/** A link for one flow changes nothing of the account that made it. */
function loginOf({ session }: Caller): KeptLogin {
  if (session?.login && session.flow === undefined) return session.login;
  throw notAllowed('This is for who has logged in on the page.');
}
