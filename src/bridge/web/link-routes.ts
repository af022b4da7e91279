// Links that let somebody in once: made on the machine itself, or by an owner.
import { z } from 'zod';
import type { Logins } from '../../access/login/logins.ts';
import { LockError } from '../../base/errors.ts';
import { type Route, route } from './route.ts';

export interface LinkParts {
  logins: Logins;
  /** Where browsers find the page. */
  urls: () => readonly string[];
}

export function linkRoutes({ logins, urls }: LinkParts): Route[] {
  const { accounts, links } = logins;
  return [
    route({
      method: 'POST',
      url: '/api/links',
      right: 'owner',
      prove: true,
      about: 'A one-time link: for the first owner while there is none, then for a login (default: the first owner).',
      body: z.strictObject({ as: z.string().min(1).max(64).optional() }),
      handle({ body, asker }) {
        if (urls().length === 0) throw notServed();
        const login =
          body.as === undefined ? accounts.all().find(({ role }) => role === 'owner') : accounts.must(body.as);
        const made = login ? links.login(login, asker) : links.setup(asker);
        const { token, expires } = made;
        return {
          purpose: login ? 'login' : 'setup',
          ...(login && { name: login.name }),
          token: token.reveal(),
          expires,
          urls: urls().map(url => `${url}/#/link/${token.reveal()}`),
        };
      },
    }),
  ];
}

function notServed(): LockError {
  const text =
    'The page is not offered here. Look at `latchbridge doctor`: http.enabled may be false, or its port be taken.';
  return new LockError('unsupported', text, { reason: 'no_page' });
}
