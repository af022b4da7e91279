// Whether a change was asked for by our own page. Three things say so, and each must: Origin, content type, the page's token.
import type { IncomingHttpHeaders } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { LockError } from '../../base/errors.ts';
import { hostName } from './hosts.ts';
import { notJson } from './problem.ts';

export const CSRF_HEADER = 'x-latchbridge-csrf';
/** A form of another site cannot have these. */
const TYPES = ['application/json', 'application/octet-stream'];

/** `loose`: behind Home Assistant, where a proxy before it may have changed the port. */
export function checkOrigin(headers: IncomingHttpHeaders, loose = false): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw foreign();
  if (origin === undefined || host === undefined || !/^https?:\/\/[^/?#\s]+$/i.test(origin)) throw foreign();
  const ours = origin.replace(/^(https?:\/\/).*$/i, (_all, scheme: string) => scheme) + host;
  if (!URL.canParse(origin) || !URL.canParse(ours)) throw foreign();
  const [theirs, own] = [new URL(origin), new URL(ours)];
  if (theirs.host === own.host && hostName(host) !== undefined) return;
  if (loose && theirs.hostname === own.hostname && hostName(host) !== undefined) return;
  throw foreign();
}

export function checkType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined && TYPES.includes(type)) return;
  throw notJson();
}

/** Throws `forbidden` (reason `csrf`): the page gets a new one from GET api/session and sends it again. */
export function checkToken(headers: IncomingHttpHeaders, wanted: string | undefined): void {
  const given = headers[CSRF_HEADER];
  if (wanted !== undefined && typeof given === 'string') {
    const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
    if (a.length === b.length && timingSafeEqual(a, b)) return;
  }
  throw new LockError('forbidden', 'This page is out of date. Load it again.', { reason: 'csrf' });
}

/** Another page asks for data: no answer, even to who only looks. One on another port of this machine is sent our cookie, too. */
export function checkLook(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'same-origin' && site !== 'none') throw foreign();
}

function foreign(): LockError {
  return new LockError('forbidden', 'This was asked by another page. Use the page of Latchbridge itself.', {
    reason: 'origin',
  });
}
