// latchbridge web: who may come in to the page and the HTTP API, from the machine itself.
import { renderUnicodeCompact } from 'uqr';
import type { Secret } from '../base/log.ts';
import { usage } from './args.ts';
import type { Client } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { termsOf } from './credential.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';
import { dateTime, table } from './text.ts';

const ACTS = ['link', 'logins', 'add', 'remove', 'password', 'tokens', 'token'];
const ROLES = ['owner', 'manager', 'technician', 'viewer', 'automation'] as const;

export const web = command({
  name: 'web',
  about: 'who may come in to the page and the HTTP API',
  words: 'ACT [WORD...]',
  options: {
    as: { type: 'string', value: 'NAME', about: 'link: for which login, default the first owner' },
    role: {
      type: 'string',
      value: 'ROLE',
      choices: ROLES,
      about: 'add: default manager; token add: default automation',
    },
    units: { type: 'string', value: 'LIST', about: "add: a technician's units, with commas between them" },
    locks: { type: 'string', value: 'LIST', about: 'token add: only these locks, with commas between them' },
    looks: { type: 'boolean', about: 'token add: it looks and changes nothing' },
    from: { type: 'string', value: 'TIME', about: 'add: not before, e.g. "2026-05-11 15:00", time of this machine' },
    until: { type: 'string', value: 'TIME', about: 'add, token add: not after' },
    'no-password': { type: 'boolean', about: 'add: comes in with links only' },
    'password-stdin': { type: 'boolean', about: 'add, password: it is piped in' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'web link                a link that works once; while nobody has a login it makes the first owner',
    'web logins              who may come in',
    'web add NAME            lets somebody in; asks for a password, unseen',
    'web password NAME       gives somebody another password; logged out everywhere',
    'web remove NAME         lets somebody in no more',
    'web tokens              the tokens of programs',
    'web token add NAME      makes one and shows it this once; web token revoke NAME ends it',
  ],
  async run({ words: [act = '', first, second], values, io, daemon }) {
    if (!ACTS.includes(act)) throw usage(`ACT must be one of ${ACTS.join(', ')}.`);
    if (act === 'token' && first !== 'add' && first !== 'revoke')
      throw usage('It is token add NAME or token revoke NAME.');
    const name = act === 'token' ? second : first;
    if (['add', 'remove', 'password', 'token'].includes(act) && name === undefined) throw usage('NAME is missing.');
    const asked = { client: await daemon(), io, values, name: name ?? '' };
    if (act === 'token') return first === 'add' ? addToken(asked) : revoke(asked);
    return { link, logins, add, remove, password, tokens }[act as 'link'](asked);
  },
});

interface Asked {
  client: Client;
  io: Io;
  name: string;
  values: {
    as?: string;
    role?: string;
    units?: string;
    locks?: string;
    looks?: boolean;
    from?: string;
    until?: string;
    'no-password'?: boolean;
    'password-stdin'?: boolean;
    json?: boolean;
  };
}
interface MadeLink {
  purpose: 'setup' | 'login';
  name?: string;
  expires: number;
  urls: string[];
}
interface Login {
  name: string;
  role: string;
  password: boolean;
  home_assistant?: string;
  units?: string[];
  until?: number;
  seen?: number;
}
interface Token {
  id: string;
  name: string;
  role: string;
  looks: boolean;
  locks?: string[];
  used?: number;
  until?: number;
}

async function link({ client, io, values: { as, json } }: Asked): Promise<number> {
  const made = await client.ask<MadeLink>('POST', '/api/links', { body: as === undefined ? {} : { as } });
  if (json) return said(io, made);
  const what = made.purpose === 'setup' ? 'It makes the first owner' : `It lets ${made.name ?? 'its owner'} in`;
  for (const url of made.urls) io.out(url);
  const [first] = made.urls;
  // A phone cannot reach what only this machine can.
  if (first !== undefined && io.interactive && !/^http:\/\/(127\.|\[::1\])/.test(first)) {
    io.out(renderUnicodeCompact(first));
  }
  io.err(`${what}, once, until ${dateTime(made.expires, io.zone)}. Keep it to yourself.`);
  return 0;
}

async function logins({ client, io, values: { json } }: Asked): Promise<number> {
  const found = await client.get<{ logins: Login[] }>('/api/logins');
  if (json) return said(io, found.logins);
  if (found.logins.length === 0) io.out('Nobody has a login yet: latchbridge web link makes the first owner.');
  const rows = found.logins.map(login => [
    login.name,
    login.role,
    login.password ? 'password' : login.home_assistant === undefined ? 'links' : 'Home Assistant',
    login.units?.join(', ') ?? '-',
    when(login.until, io),
    when(login.seen, io),
  ]);
  if (rows.length > 0) for (const line of table(['NAME', 'ROLE', 'BY', 'UNITS', 'UNTIL', 'SEEN'], rows)) io.out(line);
  return 0;
}

async function add({ client, io, values, name }: Asked): Promise<number> {
  const { role = 'manager', json } = values;
  const units = listOf(values.units);
  const typed = values['no-password'] ? undefined : await newPassword(io, values['password-stdin']);
  const body = {
    name,
    role,
    ...(typed && { password: typed.reveal() }),
    ...(units && { units }),
    ...termsOf(values, io.zone),
  };
  const made = await client.ask<Login>('POST', '/api/logins', { body });
  if (json) return said(io, made);
  io.out(`${made.name} may come in as ${made.role}.`);
  if (!made.password) io.err(`A link lets them in: latchbridge web link --as "${made.name}"`);
  return 0;
}

async function password({ client, io, values, name }: Asked): Promise<number> {
  const typed = await newPassword(io, values['password-stdin']);
  const made = await client.ask<Login>('PATCH', loginPath(name), { body: { password: typed.reveal() } });
  if (values.json) return said(io, made);
  io.out(`${made.name} has a new password and is logged out everywhere.`);
  return 0;
}

async function remove({ client, io, values: { json }, name }: Asked): Promise<number> {
  const { removed } = await client.ask<{ removed: { name: string } }>('DELETE', loginPath(name));
  if (json) return said(io, removed);
  io.out(`${removed.name} may come in no more.`);
  return 0;
}

async function tokens({ client, io, values: { json } }: Asked): Promise<number> {
  const found = await client.get<{ tokens: Token[] }>('/api/api_tokens');
  if (json) return said(io, found.tokens);
  if (found.tokens.length === 0) io.out('There are no tokens: latchbridge web token add NAME makes one.');
  const rows = found.tokens.map(({ id, name, role, looks, locks, used, until }) => [
    id,
    name,
    looks ? `${role}, looks only` : role,
    locks?.join(', ') ?? 'all',
    when(until, io),
    when(used, io),
  ]);
  if (rows.length > 0) for (const line of table(['ID', 'NAME', 'ROLE', 'LOCKS', 'UNTIL', 'USED'], rows)) io.out(line);
  return 0;
}

async function addToken({ client, io, values, name }: Asked): Promise<number> {
  const { role, looks, json } = values;
  const locks = listOf(values.locks);
  const terms = termsOf({ ...(values.until !== undefined && { until: values.until }) }, io.zone);
  const body = {
    name,
    ...(role !== undefined && { role }),
    ...(looks && { looks }),
    ...(locks && { locks }),
    ...terms,
  };
  const made = await client.ask<Token & { token: string }>('POST', '/api/api_tokens', { body });
  if (json) return said(io, made);
  io.out(made.token);
  io.err('It is shown this once. Programs send it as the header  Authorization: Bearer TOKEN');
  return 0;
}

async function revoke({ client, io, values: { json }, name }: Asked): Promise<number> {
  const { revoked } = await client.ask<{ revoked: Token }>('DELETE', `/api/api_tokens/${encodeURIComponent(name)}`);
  if (json) return said(io, revoked);
  io.out(`The token ${revoked.name} is worth nothing any more.`);
  return 0;
}

function newPassword(io: Io, piped: boolean | undefined): Promise<Secret<string>> {
  return readSecret(io, { what: 'new password', option: 'password-stdin', piped, twice: true });
}

function loginPath(name: string): string {
  return `/api/logins/${encodeURIComponent(name)}`;
}

function listOf(text: string | undefined): string[] | undefined {
  const words = text?.split(',').map(word => word.trim());
  return words?.filter(word => word !== '');
}

function when(at: number | undefined, io: Io): string {
  return at === undefined ? '-' : dateTime(at, io.zone);
}

function said(io: Io, made: unknown): number {
  io.out(JSON.stringify(made));
  return 0;
}
