// What a page is told of itself, and the moment in which somebody comes in.
import type { FastifyReply } from 'fastify';
import { given } from '../../base/given.ts';
import { isOpen, notNow } from '../../access/login/accounts.ts';
import { derived } from '../../access/login/keys.ts';
import type { Logins } from '../../access/login/logins.ts';
import type { SessionWish } from '../../access/login/sessions.ts';
import type { Role } from '../../lock/lock.ts';
import type { KeptLogin } from '../../lock/logins.ts';
import type { Caller } from './caller.ts';
import { clearCookie, writeCookie } from './cookie.ts';
import type { ApiParts } from './parts.ts';

/** `scope`: what a link was for. `proved`: no password is asked for now. */
export interface SessionView {
  version: string;
  demo: boolean;
  way: 'login' | 'ingress' | 'none';
  state: 'setup' | 'login' | 'in';
  who?: { id: string; name: string; role: Role };
  csrf?: string;
  proved?: boolean;
  scope?: { flow: string };
}

export type ReceptionParts = Pick<ApiParts, 'version' | 'hands' | 'clock'> & { logins: Logins };

export class Reception {
  readonly #parts: ReceptionParts;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  view(caller: Caller): SessionView {
    const { accounts } = this.#parts.logins;
    const { asker, id, name, csrf, proof } = caller;
    const who = { id, name, role: asker.role };
    switch (caller.way) {
      case 'nobody':
        return { ...this.#head('login'), state: accounts.hasOwner ? 'login' : 'setup' };
      case 'ingress': {
        const state = asker.role === 'viewer' && !accounts.hasOwner ? 'setup' : 'in';
        return { ...this.#head('ingress'), state, who, proved: true, ...given({ csrf }) };
      }
      case 'login': {
        const flow = caller.session?.flow;
        const more = given({ csrf, scope: flow === undefined ? undefined : { flow } });
        return { ...this.#head('login'), state: 'in', who, proved: proof !== 'needed', ...more };
      }
      default:
        return { ...this.#head('none'), state: 'in', who };
    }
  }

  /** Opens a session and gives the browser its cookie. This browser's session before it ends: nobody could end it later. */
  admit(caller: Caller, wish: Omit<SessionWish, 'device'>, reply: FastifyReply): SessionView {
    const { logins, clock } = this.#parts;
    const { login } = wish;
    if (login && !isOpen(login, clock.now())) throw notNow();
    if (caller.session) logins.sessions.close(caller.session.id);
    const device = deviceOf(reply, caller);
    const { key, session } = logins.sessions.open({ ...wish, device });
    writeCookie(reply, key);
    const who = { id: login?.id ?? session.id, name: nameOf(login), role: session.role };
    const proved = wish.proved === true || login?.password === undefined;
    const more = given({ scope: session.flow === undefined ? undefined : { flow: session.flow } });
    return { ...this.#head('login'), state: 'in', who, csrf: derived(key, 'csrf'), proved, ...more };
  }

  leave(caller: Caller, reply: FastifyReply): SessionView {
    const { logins } = this.#parts;
    if (caller.session) logins.sessions.close(caller.session.id);
    clearCookie(reply);
    return { ...this.#head('login'), state: logins.accounts.hasOwner ? 'login' : 'setup' };
  }

  #head(way: SessionView['way']): Pick<SessionView, 'version' | 'demo' | 'way'> {
    return { version: this.#parts.version, demo: this.#parts.hands !== undefined, way };
  }
}

/** Somebody who came with a link for one flow has no name here. */
export function nameOf(login: KeptLogin | undefined): string {
  return login?.name ?? 'Technician';
}

/** For the list of one's sessions: which browser, and from where. */
function deviceOf({ request }: FastifyReply, { source }: Caller): string {
  const agent = request.headers['user-agent'] ?? '';
  const [browser = 'browser'] = /Firefox|Edg|OPR|SamsungBrowser|Chrome|Safari|curl/.exec(agent) ?? [];
  const [system = 'unknown'] = /iPhone|iPad|Android|Windows|Mac OS|Linux/.exec(agent) ?? [];
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', SamsungBrowser: 'Samsung Internet' };
  return `${names[browser] ?? browser} on ${system}, ${source}`;
}
