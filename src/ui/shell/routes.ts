// The addresses of the page: what stands after the `#`. Nothing of it ever reaches the server.

export type Route =
  | { view: 'home' | 'nearby' | 'flows' | 'login' | 'start' | 'hands' }
  | { view: 'lock'; lock: string; tab: string }
  | { view: 'flow'; flow: string }
  | { view: 'begin'; type: string; lock: string; reason: string; lineage: string }
  | { view: 'system'; tab: string }
  | { view: 'link'; token: string }
  | { view: 'unknown' };
export type ViewName = Route['view'];

const PLAIN = ['home', 'nearby', 'flows', 'login', 'start', 'hands'] as const;
/** Stands for what is left out in the middle of an address. */
const NONE = '-';

/** `hash` with or without its `#`; an empty one is home. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  const [first = '', second = '', third = ''] = parts;
  if (first === '') return { view: 'home' };
  const plain = PLAIN.find(name => name === first);
  if (plain && second === '') return { view: plain };
  if (first === 'system') return { view: 'system', tab: second === '' ? 'index' : second };
  if (first === 'lock' && second !== '') return { view: 'lock', lock: second, tab: third === '' ? 'overview' : third };
  if (first === 'flow' && second !== '') return { view: 'flow', flow: second };
  if (first === 'start') {
    const [lock = '', reason = '', lineage = ''] = parts.slice(2).map(part => (part === NONE ? '' : part));
    return { view: 'begin', type: second, lock, reason, lineage };
  }
  if (first === 'link' && second !== '') return { view: 'link', token: second };
  return { view: 'unknown' };
}

export function lockAt(name: string, tab?: string): string {
  return `#/lock/${encodeURIComponent(name)}${tab === undefined ? '' : `/${encodeURIComponent(tab)}`}`;
}
export function flowAt(id: string): string {
  return `#/flow/${encodeURIComponent(id)}`;
}
/** Where a flow is begun: `lineage` is the flow that it goes on from. */
export function beginAt(type: string, lock?: string, more: { reason?: string; lineage?: string } = {}): string {
  const parts = [type, lock ?? NONE, more.reason ?? NONE, more.lineage ?? NONE];
  while (parts.at(-1) === NONE) parts.pop();
  return `#/start/${parts.map(part => encodeURIComponent(part)).join('/')}`;
}
export function systemAt(tab: string): string {
  return `#/system/${encodeURIComponent(tab)}`;
}

/** What is no proper escape is taken as it stands: it is shown as text only. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
