// The session's cookie. It belongs to this port: cookies know no ports, and two daemons on one machine must not mix theirs up.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Secret } from '../../base/log.ts';

const VALUE = /^[\w-]{43}$/;
/** A browser forgets it then; the session itself has its own end. */
const LONGEST_S = 60 * 24 * 3600;

export function readCookie(request: FastifyRequest): Secret<string> | undefined {
  const wanted = nameOf(request);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    const value = part.slice(at + 1).trim();
    if (at > 0 && part.slice(0, at).trim() === wanted && VALUE.test(value)) return new Secret(value);
  }
  return undefined;
}

export function writeCookie(reply: FastifyReply, key: Secret<string>): void {
  set(reply, `${key.reveal()}; Max-Age=${LONGEST_S}`);
}

export function clearCookie(reply: FastifyReply): void {
  set(reply, '; Max-Age=0');
}

function nameOf(request: FastifyRequest): string {
  return `latchbridge_${request.raw.socket.localPort ?? 0}`;
}

/** Our own server speaks plain HTTP; the browser says in Origin when it came over TLS, through somebody's proxy. */
function set(reply: FastifyReply, value: string): void {
  const secure = /^https:/i.test(reply.request.headers.origin ?? '') ? '; Secure' : '';
  void reply.header('set-cookie', `${nameOf(reply.request)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`);
}
