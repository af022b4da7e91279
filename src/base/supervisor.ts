// Home Assistant's Supervisor, which knows the MQTT broker and its password, so that nobody has to type it in, and shows our page.
import { isIP } from 'node:net';
import { type Clock, within } from './clock.ts';
import { LockError } from './errors.ts';
import type { Secret } from './log.ts';
import { at } from './tree.ts';

export interface Supervisor {
  readonly url: string;
  readonly token: Secret<string>;
}
/** Holds a password: to be handed on, never shown. */
export interface Broker {
  url: string;
  username?: string;
  password?: string;
}

/** An add-on on the host's network is reached on the bridge's own address. */
const BRIDGE = '172.30.32.1';
/** It answers in milliseconds; after this it is restarting, and we ask again later. */
const ANSWER_MS = 5_000;

/** Where the Supervisor connects for the page, and the path under which Home Assistant shows it. */
export interface Ingress {
  host: string;
  port: number;
  entry: string;
}
interface How {
  fetch: typeof fetch;
  clock: Clock;
}

/** The broker that Home Assistant offers; undefined when it has none. Throws `unreachable` when nobody answers. */
export async function supervisorMqtt(supervisor: Supervisor, how: How): Promise<Broker | undefined> {
  const what = 'which MQTT broker there is';
  return brokerOf(at(await ask(supervisor, how, { path: '/services/mqtt', what }), 'data'));
}

/** Undefined where the Supervisor gives this add-on no page. Throws `unreachable` when nobody answers. */
export async function supervisorIngress(supervisor: Supervisor, how: How): Promise<Ingress | undefined> {
  const what = 'where the page belongs';
  const info = at(await ask(supervisor, how, { path: '/addons/self/info', what }), 'data');
  const [port, entry, host] = [at(info, 'ingress_port'), at(info, 'ingress_entry'), at(info, 'ip_address')];
  if (typeof port !== 'number' || port < 1 || typeof entry !== 'string' || !entry.startsWith('/')) return undefined;
  return { port, entry, host: typeof host === 'string' && isIP(host) !== 0 ? host : BRIDGE };
}

/** Whether it begins to start us anew: it ends us with a signal first. False where it cannot, or does not answer. */
export async function supervisorRestart(supervisor: Supervisor, how: How): Promise<boolean> {
  const asked = { path: '/addons/self/restart', what: 'whether it starts this again', method: 'POST' };
  return ask(supervisor, how, asked).then(
    answer => at(answer, 'result') === 'ok',
    () => false,
  );
}

interface Asked {
  path: string;
  what: string;
  method?: string;
}

async function ask(supervisor: Supervisor, how: How, { path, what, method = 'GET' }: Asked): Promise<unknown> {
  const headers = { authorization: `Bearer ${supervisor.token.reveal()}` };
  const late = (cause?: unknown): LockError => noAnswer(what, cause);
  const asked = async (): Promise<unknown> => {
    const answer = await how.fetch(`${supervisor.url}${path}`, { method, headers });
    if (answer.status >= 500) throw late();
    return answer.ok ? answer.json() : undefined;
  };
  return within(how.clock, ANSWER_MS, asked(), late).catch((thrown: unknown) => {
    throw thrown instanceof LockError ? thrown : late(thrown);
  });
}

function brokerOf(service: unknown): Broker | undefined {
  const word = (key: string): string | undefined => {
    const value = at(service, key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const host = word('host');
  const port = Number(at(service, 'port'));
  if (!host || !Number.isInteger(port)) return undefined;
  const [username, password] = [word('username'), word('password')];
  const scheme = at(service, 'ssl') === true ? 'mqtts' : 'mqtt';
  return {
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  };
}

function noAnswer(what: string, cause?: unknown): LockError {
  const text = `The Supervisor of Home Assistant did not say ${what}; it is asked again.`;
  return new LockError('unreachable', text, { reason: 'no_supervisor', cause });
}
