// Under which names the page may be asked for. A name that a stranger can point at this machine (DNS rebinding) is not one.
import { isIP } from 'node:net';
import { LockError } from '../../base/errors.ts';

/** Endings that nobody can register on the internet. */
const PRIVATE = ['.localhost', '.local', '.lan', '.home.arpa', '.internal', '.fritz.box'];

/** What a Host header names, in lower case and without port; undefined for nonsense. */
export function hostName(header: string | undefined): string | undefined {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
}

/** `more`: names of the setting http.hosts. */
export function isOwnName(name: string, more: readonly string[]): boolean {
  if (isIP(name) !== 0 || name === 'localhost') return true;
  if (!name.includes('.')) return name !== '';
  return PRIVATE.some(ending => name.endsWith(ending)) || more.some(own => own.toLowerCase() === name);
}

/** Throws `forbidden` (reason `host`). */
export function checkHost(header: string | undefined, more: readonly string[]): void {
  const name = hostName(header);
  if (name !== undefined && isOwnName(name, more)) return;
  const text = 'This name is not one of this page. Use its address, or add the name to http.hosts in latchbridge.yaml.';
  throw new LockError('forbidden', text, { reason: 'host' });
}
