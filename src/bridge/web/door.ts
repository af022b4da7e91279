// Who stands behind a request on TCP, and whether it may come in: by cookie, by token, or through Home Assistant.
import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import { isOpen, notNow } from '../../access/login/accounts.ts';
import { derived, hashOf } from '../../access/login/keys.ts';
import type { Logins } from '../../access/login/logins.ts';
import type { Session } from '../../access/login/sessions.ts';
import type { KeptLogin } from '../../lock/logins.ts';
import type { Caller, Guarded } from './caller.ts';
import { readCookie } from './cookie.ts';
import { hostName } from './hosts.ts';
import { type IngressUser, isOurPath, userOf } from './ingress.ts';
import { Rates } from './rates.ts';
import { checkLook, checkOrigin, checkToken, checkType } from './same-origin.ts';
import { isLoopback, sourceOf } from './sources.ts';

export interface DoorParts {
  logins: Logins;
  clock: Clock;
  /** Of this installation: makes the page's token behind ingress, where no cookie is. */
  seal: Secret<string>;
  /** The path under which Home Assistant shows the page, where the request came from there. */
  ingressEntry: (request: FastifyRequest) => string | undefined;
  /** The demo's: tokens that are an owner's. */
  owners: readonly Secret<string>[];
}

export class Door {
  readonly #parts: DoorParts;
  readonly #rates: Rates;
  readonly #owners: ReadonlySet<string>;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#rates = new Rates(parts.clock);
    this.#owners = new Set(parts.owners.map(hashOf));
  }

  /** Throws the LockError that turns the request away; what else the route asks of the caller is looked at after it. */
  enter(request: FastifyRequest, route: Guarded): Caller {
    const source = sourceOf(request.raw.socket.remoteAddress);
    const caller = this.#who(request, route, source);
    const { headers } = request;
    if (route.method === 'GET') checkLook(headers);
    else if (caller.way !== 'token') {
      checkType(headers);
      checkOrigin(headers, caller.way === 'ingress');
      if (caller.way !== 'nobody') checkToken(headers, caller.csrf);
    }
    this.#rates.spend(caller.way === 'nobody' ? `from ${source}` : caller.asker.who, kindOf(route));
    return caller;
  }

  /** Files of the page: only how often is looked at. */
  look(request: FastifyRequest): void {
    this.#rates.spend(`from ${sourceOf(request.raw.socket.remoteAddress)}`, 'look');
  }

  #who(request: FastifyRequest, route: Guarded, source: string): Caller {
    const entry = this.#parts.ingressEntry(request);
    if (entry !== undefined) return this.#fromIngress(request.headers, entry, { route, source });
    // Of another kind it is for a proxy before us, which hands it on.
    const [, word] = /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '') ?? [];
    const program = word === undefined ? undefined : this.#withToken(word, { route, source });
    if (program) return program;
    const key = readCookie(request);
    const session = key && this.#parts.logins.sessions.find(key);
    if (key && session) return this.#withSession(session, key, source);
    return { ...nobody(source), near: isNear(request) };
  }

  #withSession(session: Session, key: Secret<string>, source: string): Caller {
    const { login, role, flow, id } = session;
    const { sessions } = this.#parts.logins;
    const units = role === 'technician' && login ? (login.units ?? []) : undefined;
    const reach = given({ flow, units });
    const needed = login?.password !== undefined && !sessions.isProved(id);
    return {
      asker: { via: 'web', who: login ? `login:${login.name}` : `link:${id}`, role },
      way: 'login',
      id: login?.id ?? id,
      name: login?.name ?? (role === 'technician' ? 'Technician' : 'Guest'),
      looks: role === 'viewer',
      ...(Object.keys(reach).length > 0 && { reach }),
      proof: login?.password === undefined ? 'spared' : needed ? 'needed' : 'given',
      session,
      csrf: derived(key, 'csrf'),
      source,
      still: () => sessions.find(key)?.role === role,
    };
  }

  /** Undefined for a token that is not known, where nothing depends on it. */
  #withToken(word: string, { route, source }: { route: Guarded; source: string }): Caller | undefined {
    const key = /^[\w.~+/=-]{1,128}$/.test(word) ? new Secret(word) : undefined;
    if (key && this.#owners.has(hashOf(key))) return demoOwner(source);
    const token = key && this.#parts.logins.tokens.find(key);
    if (!token) {
      this.#rates.spend(`from ${source}`, 'change');
      if (isForAll(route)) return undefined;
      const text = 'That token is not known here. It was revoked, has ended or was copied in part.';
      throw new LockError('unauthenticated', text, { reason: 'token' });
    }
    return {
      asker: { via: 'web', who: `token:${token.id}`, role: token.role },
      way: 'token',
      id: token.id,
      name: token.name,
      looks: token.looks,
      ...(token.locks && { reach: { locks: token.locks } }),
      proof: 'never',
      source,
      still: () => this.#parts.logins.tokens.find(key) !== undefined,
    };
  }

  #fromIngress(
    headers: IncomingHttpHeaders,
    entry: string,
    { route, source }: { route: Guarded; source: string },
  ): Caller {
    if (!isOurPath(headers, entry)) {
      throw new LockError('forbidden', 'Open this page from Home Assistant.', { reason: 'ingress' });
    }
    const user = userOf(headers);
    const account = user && this.#parts.logins.accounts.ofHomeAssistant(user);
    const known = account && this.#isOpen(account) ? account : undefined;
    // The page has to come up to say so.
    if (account && !known && route.right !== 'open') throw notNow();
    const role = known?.role ?? 'viewer';
    const units = account && !known ? [] : role === 'technician' ? (known?.units ?? []) : undefined;
    // Whoever has a login is the same person by whichever way: where two are needed, one with two ways is not enough.
    const who = known ? `login:${known.name}` : `ha:${user?.id ?? 'unknown'}`;
    return {
      asker: { via: 'web', who, role },
      way: 'ingress',
      id: user?.id ?? 'unknown',
      name: known?.name ?? user?.name ?? 'Home Assistant',
      looks: role === 'viewer',
      ...(units && { reach: { units } }),
      proof: 'spared',
      csrf: derived(this.#parts.seal, `csrf of ${user?.id ?? 'unknown'}`),
      source: `ha:${user?.id ?? source}`,
      still: () => this.#isStill(user, account),
    };
  }

  #isOpen(login: KeptLogin): boolean {
    return isOpen(login, this.#parts.clock.now());
  }

  /** Whether a user of Home Assistant may the same as when the request came. */
  #isStill(user: IngressUser | undefined, before: KeptLogin | undefined): boolean {
    const now = user && this.#parts.logins.accounts.ofHomeAssistant(user);
    return isDeepStrictEqual(now, before) && (!now || this.#isOpen(now));
  }
}

function isForAll({ method, right, heeds }: Guarded): boolean {
  return method === 'GET' && right === 'open' && heeds !== true;
}

/** A proxy on this machine connects from here as well, but says for whom, or asks for the name that strangers know. */
function isNear({ headers, raw }: FastifyRequest): boolean {
  const name = hostName(headers.host) ?? '';
  const isPassedOn = PASSED_ON.some(header => headers[header] !== undefined);
  return isLoopback(raw.socket.remoteAddress) && (name === 'localhost' || isLoopback(name)) && !isPassedOn;
}
const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

function kindOf({ method }: Guarded): 'look' | 'change' {
  return method === 'GET' ? 'look' : 'change';
}

function nobody(source: string): Caller {
  const asker = { via: 'web', who: 'nobody', role: 'viewer' } as const;
  return { asker, way: 'nobody', id: 'nobody', name: 'nobody', looks: true, proof: 'never', source };
}

/** The token that the demo prints: over HTTP it may what it may over MQTT. */
function demoOwner(source: string): Caller {
  const asker = { via: 'web', who: 'token:demo', role: 'owner' } as const;
  return { asker, way: 'token', id: 'demo', name: 'demo', looks: false, proof: 'spared', source };
}
