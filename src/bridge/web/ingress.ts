// Home Assistant's ingress: only its Supervisor may connect, and it says which user asks. The peer counts, never a header alone.
import type { IncomingHttpHeaders } from 'node:http';
import { shown } from '../../base/log.ts';
import { unwrapped } from './sources.ts';

/** The Supervisor's fixed address on the network of Home Assistant's add-ons (home-assistant.md 2.6). */
const SUPERVISOR = '172.30.32.2';

/** Whether a connection may be from ingress. Everything else is cut before it is read. */
export function isSupervisor(peer: string | undefined): boolean {
  return unwrapped(peer) === SUPERVISOR;
}

export interface IngressUser {
  id: string;
  name: string;
}

/** Whether the Supervisor meant this page: the path holds a random word that only it and users of Home Assistant know. */
export function isOurPath(headers: IncomingHttpHeaders, entry: string): boolean {
  const path = headers['x-ingress-path'];
  return typeof path === 'string' && path.replace(/\/+$/, '') === entry.replace(/\/+$/, '');
}

/** Undefined where Home Assistant does not say: such a one may look. */
export function userOf(headers: IncomingHttpHeaders): IngressUser | undefined {
  const id = headers['x-remote-user-id'];
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return undefined;
  const said = headers['x-remote-user-display-name'] ?? headers['x-remote-user-name'];
  // Node reads headers as Latin-1, and names are UTF-8.
  const name = typeof said === 'string' ? shown(Buffer.from(said, 'latin1').toString('utf8'), 32).trim() : '';
  return { id, name: name === '' ? id.slice(0, 8) : name };
}
