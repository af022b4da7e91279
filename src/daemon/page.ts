// The page beside the daemon: where it can be reached, who may come in first, and what is wrong with it.
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { textOf } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import { supervisorIngress } from '../base/supervisor.ts';
import type { ApiParts } from '../bridge/web/parts.ts';
import type { PageServer } from '../bridge/web/server.ts';
import type { HealthPart } from '../lock/upkeep.ts';
import type { Daemon } from './daemon.ts';

/** Where `npm run build` puts it, seen from this file as it is and as it is compiled. */
const BUILT = fileURLToPath(new URL('../ui/', import.meta.url));
const SEAL = 'web.seal';
const SEAL_BYTES = 32;
/** The Supervisor may be restarting. */
const AGAIN_MS = 30_000;

export interface Page {
  /** Where browsers find it, without a slash at the end; none while it cannot be reached. */
  urls(): string[];
  health(): HealthPart[];
  close(): Promise<void>;
}

/** In a demo a taken port is an error; otherwise it is told, and tried again. Nothing where http.enabled is false. */
export async function openPage(daemon: Daemon, api: ApiParts): Promise<Page | undefined> {
  const { config, clock, log, demo } = daemon.parts;
  const { enabled, host, port, hosts } = config.http;
  if (!enabled) return undefined;
  const { PageServer } = await import('../bridge/web/server.ts');
  const server = await PageServer.make({
    api: { ...api, logins: daemon.logins },
    hosts,
    page: BUILT,
    seal: sealOf(daemon),
    owners: demo?.owners ?? [],
    clock,
    log: log.child({ part: 'page' }),
  });
  const place = { host, port };
  const stopAsking = inHome(daemon, server);
  try {
    if (demo) await server.open(place);
    else await server.keepTrying(place);
  } catch (thrown) {
    stopAsking();
    await server.close();
    throw thrown;
  }
  return {
    urls: () => urlsOf(server),
    health: () => healthOf(daemon, server),
    close() {
      stopAsking();
      return server.close();
    },
  };
}

/** As an add-on: in the frame that Home Assistant gives us. The answer stops asking where that is. */
function inHome({ parts }: Daemon, server: PageServer): () => void {
  const { config, clock, log } = parts;
  const { supervisor } = config;
  let cancel = (): void => undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    if (!supervisor) return;
    const found = await supervisorIngress(supervisor, { fetch, clock });
    if (stopped) return;
    if (found) await server.keepTrying({ host: found.host, port: found.port }, found.entry);
    else log.warn('Home Assistant gives this add-on no place for its page');
  };
  const again = (): void => {
    look().catch((thrown: unknown) => {
      log.warn({ err: textOf(thrown) }, 'the page is not in Home Assistant yet');
      if (!stopped) cancel = clock.after(AGAIN_MS, again);
    });
  };
  again();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Drawn once, so that a page that is open behind Home Assistant outlives a restart of ours. */
function sealOf({ store, parts }: Daemon): Secret<string> {
  const kept = store.settings.get(SEAL);
  if (typeof kept === 'string') return new Secret(kept);
  const made = Buffer.from(parts.random(SEAL_BYTES)).toString('base64url');
  store.settings.set(SEAL, made);
  return new Secret(made);
}

function urlsOf(server: PageServer): string[] {
  const open = server.places.filter(({ ingress, trouble }) => !ingress && trouble === undefined);
  return open.flatMap(({ place }) => addressesOf(place.host).map(host => `http://${host}:${place.port}`));
}

/** As they stand in an address bar. Behind "all addresses" are those of this machine. */
function addressesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host.includes(':') ? `[${host}]` : host];
  const all = Object.values(networkInterfaces()).flatMap(each => each ?? []);
  const own = all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
  return own.length > 0 ? own : ['127.0.0.1'];
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

function healthOf({ parts, logins }: Daemon, server: PageServer): HealthPart[] {
  return server.places.map(({ place, ingress, trouble }) => {
    if (trouble) return { name: 'page', ok: false, text: trouble.message, fix: 'It is tried again every 15 s.' };
    if (ingress) return { name: 'page', ok: true, text: 'The page is in the sidebar of Home Assistant.' };
    const where = `The page is at http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
    if (!logins.accounts.hasOwner && !parts.demo) {
      const fix = parts.config.supervisor
        ? 'Open Latchbridge in the sidebar of Home Assistant: who does so first becomes its owner.'
        : 'Make the first login with a link: latchbridge web link.';
      return { name: 'page', ok: false, text: `${where}, and nobody has a login yet.`, fix };
    }
    if (LOOPBACK.test(place.host)) return { name: 'page', ok: true, text: `${where}, for this machine only.` };
    const text = `${where}, without encryption: whoever listens on the network can take over a login.`;
    return { name: 'page', ok: true, text };
  });
}
