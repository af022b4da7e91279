// Home Assistant's Supervisor, which knows the MQTT broker and its password, so that nobody has to type it in.
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

/** It answers in milliseconds; after this it is restarting, and we ask again later. */
const ANSWER_MS = 5_000;

/** The broker that Home Assistant offers; undefined when it has none. Throws `unreachable` when nobody answers. */
export async function supervisorMqtt(
  supervisor: Supervisor,
  how: { fetch: typeof fetch; clock: Clock },
): Promise<Broker | undefined> {
  const headers = { authorization: `Bearer ${supervisor.token.reveal()}` };
  const ask = async (): Promise<unknown> => {
    const answer = await how.fetch(`${supervisor.url}/services/mqtt`, { headers });
    if (answer.status >= 500) throw late();
    return answer.ok ? answer.json() : undefined;
  };
  const body = await within(how.clock, ANSWER_MS, ask(), late).catch((thrown: unknown) => {
    throw thrown instanceof LockError ? thrown : late(thrown);
  });
  return brokerOf(at(body, 'data'));
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

function late(cause?: unknown): LockError {
  const text = 'The Supervisor of Home Assistant did not say which MQTT broker there is; it is asked again.';
  return new LockError('unreachable', text, { reason: 'no_supervisor', cause });
}
