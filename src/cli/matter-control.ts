// latchbridge matter ctl ...: the Matter controller of a demo, in place of an app on a phone.
import { usage } from './args.ts';
import type { Client } from './client.ts';
import type { RemoteLock, RemoteNews, RemoteUser } from '../lock/matter-remote.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';
import { table, time } from './text.ts';

/** The library gives an answer up after 11 s; the PIN goes to the lock and is read back. */
const WORK_MS = 60_000;

export interface Control {
  /** After `ctl`. */
  words: readonly string[];
  values: { 'pin-stdin'?: boolean; person?: string; json?: boolean };
  io: Io;
  daemon: () => Promise<Client>;
}

const ACTS: Readonly<Record<string, (control: Control) => Promise<number>>> = {
  locks,
  events,
  lock: operate,
  unlock: operate,
  unbolt: operate,
  users,
  pin,
  clear,
};

export async function control(asked: Control): Promise<number> {
  const [act = ''] = asked.words;
  const work = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
  if (!work) throw usage(`After ctl comes ${Object.keys(ACTS).slice(0, -1).join(', ')} or clear.`);
  const needsLock = act !== 'locks' && act !== 'events';
  if (needsLock && asked.words[1] === undefined) throw usage('LOCK is missing.');
  return work(asked);
}

async function locks({ values, io, daemon }: Control): Promise<number> {
  const client = await daemon();
  const found = await client.get<{ locks: RemoteLock[] }>('/api/demo/matter');
  if (values.json) io.out(JSON.stringify(found));
  else {
    const rows = found.locks.map(lock => [
      lock.name,
      String(lock.endpoint),
      lock.reachable ? (lock.state ?? 'unknown') : 'unreachable',
      lock.battery === null ? '' : `${lock.battery} %`,
    ]);
    for (const line of table(['LOCK', 'ENDPOINT', 'STATE', 'BATTERY'], rows)) io.out(line);
  }
  return 0;
}

async function operate({ words: [verb = '', lock = ''], values, io, daemon }: Control): Promise<number> {
  const pinned = values['pin-stdin'] ?? false;
  const client = await daemon();
  const secret = pinned ? await readSecret(io, { what: 'PIN', option: 'pin-stdin', piped: true }) : undefined;
  const body = { verb, ...(secret === undefined ? {} : { pin: secret.reveal() }) };
  const done = await client.ask('POST', path(lock, '/command'), { body, withinMs: WORK_MS });
  io.out(values.json ? JSON.stringify(done) : `${lock}: the bridge said yes to ${verb}.`);
  return 0;
}

async function users({ words: [, lock = ''], values, io, daemon }: Control): Promise<number> {
  const client = await daemon();
  const found = await client.ask<{ users: RemoteUser[] }>('GET', path(lock, '/users'), { withinMs: WORK_MS });
  if (values.json) io.out(JSON.stringify(found));
  else if (found.users.length === 0) io.out(`${lock} has no users in Matter.`);
  else {
    const rows = found.users.map(each => [String(each.user), each.name ?? '', each.pins.join(', ')]);
    for (const line of table(['USER', 'NAME', 'PINS'], rows)) io.out(line);
  }
  return 0;
}

/** The PIN is never an argument: other users of the machine can read those. */
async function pin({ words: [, lock = '', user], values, io, daemon }: Control): Promise<number> {
  const index = user === undefined ? undefined : userOf(user);
  const client = await daemon();
  const secret = await readSecret(io, {
    what: 'new PIN',
    option: 'pin-stdin',
    piped: values['pin-stdin'],
    twice: true,
  });
  const body = {
    pin: secret.reveal(),
    ...(index === undefined ? {} : { user: index }),
    ...(values.person === undefined ? {} : { person: values.person }),
  };
  const done = await client.ask<{ user: number }>('POST', path(lock, '/pin'), { body, withinMs: WORK_MS });
  io.out(values.json ? JSON.stringify(done) : `${lock}: user ${done.user} has the PIN.`);
  return 0;
}

async function clear({ words: [, lock = '', user = ''], values, io, daemon }: Control): Promise<number> {
  const index = userOf(user);
  const client = await daemon();
  await client.ask('DELETE', path(lock, `/users/${index}`), { withinMs: WORK_MS });
  io.out(values.json ? JSON.stringify({ lock, user: index }) : `${lock}: user ${index} is gone.`);
  return 0;
}

async function events({ words: [, lock], values, io, daemon }: Control): Promise<number> {
  const client = await daemon();
  const asked = lock === undefined ? '' : `?lock=${encodeURIComponent(lock)}`;
  const found = await client.get<{ events: RemoteNews[] }>(`/api/demo/matter/events${asked}`);
  if (values.json) io.out(JSON.stringify(found));
  else for (const news of found.events) io.out(line(news, io));
  return 0;
}

function line({ at, lock, name, value }: RemoteNews, io: Io): string {
  return `${time(at, io.zone)}  ${lock}  ${name}  ${JSON.stringify(value)}`;
}

function userOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw usage('USER must be a number from 1; "matter ctl users LOCK" shows them.');
}

function path(lock: string, rest: string): string {
  return `/api/demo/matter/${encodeURIComponent(lock)}${rest}`;
}
