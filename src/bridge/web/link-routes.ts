// Links that let somebody in once: made on the machine itself or by an owner, or from a flow for another device.
import { z } from 'zod';
import type { MadeLink } from '../../access/login/links.ts';
import type { Logins } from '../../access/login/logins.ts';
import { given } from '../../base/given.ts';
import { LockError } from '../../base/errors.ts';
import type { Asker } from '../../lock/lock.ts';
import { type Caller, notAllowed } from './caller.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { flowLink, madeLink } from './shapes/login-shapes.ts';
import { isLoopback } from './sources.ts';

/** Somebody who goes on with a flow on the phone needs no longer. */
const OWN_MINUTES = 60;
/** A working day. */
const TECHNICIAN_MINUTES = 8 * 60;
const MOST_MINUTES = 7 * 24 * 60;

export interface FlowLink {
  token: string;
  expires: number;
  urls: string[];
}

export interface LinkParts {
  logins: Logins;
  /** Where browsers find the page. */
  urls: () => readonly string[];
  flows: ApiParts['flows'];
}

export function linkRoutes({ logins, urls, flows }: LinkParts): Route[] {
  const { accounts, links } = logins;
  return [
    route({
      method: 'POST',
      url: '/api/links',
      right: 'owner',
      prove: true,
      about: 'A one-time link: for the first owner while there is none, then for a login (default: the first owner).',
      answer: madeLink,
      fails: ['unsupported', 'not_found'],
      body: z.strictObject({ as: z.string().min(1).max(64).optional() }),
      handle({ body, asker }) {
        if (urls().length === 0) throw notServed();
        const login =
          body.as === undefined ? accounts.all().find(({ role }) => role === 'owner') : accounts.must(body.as);
        const made = login ? links.login(login, asker) : links.setup(asker);
        const { name } = login ?? {};
        return { purpose: login ? 'login' : 'setup', ...given({ name }), ...shownLink(made, urls()) } as const;
      },
    }),
    route({
      method: 'POST',
      url: '/api/flows/:flow/link',
      right: 'anyone',
      about: 'A link for this flow alone, for another device: one’s own (`me`), or that of a technician.',
      answer: flowLink,
      fails: ['unsupported'],
      params: z.strictObject({ flow: z.string().min(1).max(64) }),
      body: z.strictObject({ as: z.enum(['me', 'technician']), minutes: z.int().min(1).max(MOST_MINUTES).optional() }),
      handle({ params, body, caller, asker }) {
        const flow = flows?.get(params.flow)?.id;
        if (flow === undefined)
          throw new LockError('not_found', 'There is no flow of that id. Look at the list of flows.');
        const { as, minutes } = body;
        if (caller.way === 'ingress' && !urls().some(isFromElsewhere)) throw noWayIn(as);
        const made =
          as === 'me'
            ? ownLink(logins, caller, { flow, minutes: minutes ?? OWN_MINUTES })
            : forTechnician(logins, asker, { flow, minutes: minutes ?? TECHNICIAN_MINUTES });
        return shownLink(made, urls());
      },
    }),
  ];
}

/** With the address to be opened under each name of the page. */
function shownLink({ token, expires }: MadeLink, urls: readonly string[]): FlowLink {
  const word = token.reveal();
  return { token: word, expires, urls: urls.map(url => `${url}/#/link/${word}`) };
}

/** Whether another device can open it. */
function isFromElsewhere(url: string): boolean {
  return URL.canParse(url) && !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

/** What Home Assistant shows is for its own users, and nobody else reaches it there. */
function noWayIn(as: 'me' | 'technician'): LockError {
  const text =
    as === 'me'
      ? 'Behind Home Assistant no link is needed: open Latchbridge there on the other device.'
      : 'A link leads nowhere yet: this page is in Home Assistant only. Set http.host in latchbridge.yaml to an address of this machine, restart, and make the link then. Or let them in as a user of Home Assistant, under System, People.';
  return new LockError('unsupported', text, { reason: 'ingress' });
}

interface Wish {
  flow: string;
  minutes: number;
}

function ownLink({ links }: Logins, { session, way, asker }: Caller, { flow, minutes }: Wish): MadeLink {
  if (way === 'ingress') throw noWayIn('me');
  if (!session?.login || session.flow !== undefined) throw notAllowed('Log in on the page to take the flow along.');
  return links.flow({ flow, role: session.role, login: session.login, sessionMs: minutes * 60_000 }, asker);
}

/** flows.md 6.2: human steps of one flow, and nothing after its time. */
function forTechnician({ links }: Logins, asker: Asker, { flow, minutes }: Wish): MadeLink {
  if (asker.role !== 'owner' && asker.role !== 'manager') {
    throw notAllowed('Only an owner or a manager may let a technician in.');
  }
  return links.flow({ flow, role: 'technician', sessionMs: minutes * 60_000 }, asker);
}

function notServed(): LockError {
  const text =
    'The page is not offered here. Look at `latchbridge doctor`: http.enabled may be false, or its port be taken.';
  return new LockError('unsupported', text, { reason: 'no_page' });
}
