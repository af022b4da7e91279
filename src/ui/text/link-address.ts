// Where another device opens a one-time link. Pure.

export interface Opened {
  /** The whole address; what is secret stands behind the `#` and is never sent. */
  address: string;
  /** Only a browser on the machine itself reaches it. */
  onlyHere: boolean;
}

/**
 * `urls`: the link under each address of the page, as the daemon knows them. `here`: where this page is. Behind Home Assistant
 * that is for its users only. Undefined where no address leads here.
 */
export function linkAddress(
  { token, urls }: { token: string; urls: readonly string[] },
  { here, way }: { here: string; way: string | undefined },
): Opened | undefined {
  const own = `${new URL('./', here.split('#')[0]).href}#/link/${encodeURIComponent(token)}`;
  const isInHome = way === 'ingress';
  if (!isInHome && !isLocal(own)) return { address: own, onlyHere: false };
  const outside = urls.find(url => !isLocal(url));
  if (outside !== undefined) return { address: outside, onlyHere: false };
  return isInHome ? undefined : { address: own, onlyHere: true };
}

function isLocal(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
