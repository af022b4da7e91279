// The addresses of the page: what stands after the `#`. Nothing of it ever reaches the server.

export type Route =
  | { view: 'home' | 'nearby' | 'flows' | 'login' | 'start' }
  | { view: 'lock'; lock: string; tab: string }
  | { view: 'flow'; flow: string }
  | { view: 'system'; tab: string }
  | { view: 'link'; token: string }
  | { view: 'unknown' };
export type ViewName = Route['view'];

const PLAIN = ['home', 'nearby', 'flows', 'login', 'start'] as const;

/** `hash` with or without its `#`; an empty one is home. */
export function parseRoute(hash: string): Route {
  const [first = '', second = '', third = ''] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  if (first === '') return { view: 'home' };
  const plain = PLAIN.find(name => name === first);
  if (plain && second === '') return { view: plain };
  if (first === 'system') return { view: 'system', tab: second === '' ? 'index' : second };
  if (first === 'lock' && second !== '') return { view: 'lock', lock: second, tab: third === '' ? 'overview' : third };
  if (first === 'flow' && second !== '') return { view: 'flow', flow: second };
  if (first === 'link' && second !== '') return { view: 'link', token: second };
  return { view: 'unknown' };
}

export function homeAt(): string {
  return '#/home';
}
export function lockAt(name: string, tab?: string): string {
  return `#/lock/${encodeURIComponent(name)}${tab === undefined ? '' : `/${encodeURIComponent(tab)}`}`;
}
export function flowAt(id: string): string {
  return `#/flow/${encodeURIComponent(id)}`;
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
