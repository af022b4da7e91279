// latchbridge code set|list|clear|enable|disable: codes on a lock's keypad.
import type { CredentialView } from '../access/access.ts';
import type { Zone } from '../base/zone.ts';
import { usage } from './args.ts';
import { type Client, lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';
import { dateTime, table } from './text.ts';

/** Connection, login and the lock's own time; then it is read back. */
const CHANGE_MS = 60_000;

export const code = command({
  name: 'code',
  about: "list, set and clear the codes of a lock's keypad",
  words: 'ACT LOCK [SLOT]',
  options: {
    'pin-stdin': { type: 'boolean', about: 'set: the code is piped in' },
    person: { type: 'string', value: 'NAME', about: 'set: whose it is' },
    from: { type: 'string', value: 'TIME', about: 'set: not before, e.g. "2026-05-11 15:00", time of this machine' },
    until: { type: 'string', value: 'TIME', about: 'set: not after' },
    once: { type: 'boolean', about: 'set: opens only once' },
    refresh: { type: 'boolean', about: 'list: read them from the lock first' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'code list LOCK               the slots that are taken',
    'code set LOCK SLOT           asks for the code, unseen',
    'code clear LOCK SLOT         takes it off the lock',
    'code disable LOCK SLOT       takes it off the lock and keeps it here; code enable LOCK SLOT puts it back',
  ],
  async run({ words: [act = '', lock = '', slot], values, io, daemon }) {
    const client = await daemon();
    const ask = <T>(method: string, rest: string, body?: unknown): Promise<T> =>
      client.ask<T>(method, lockPath(lock, `/codes${rest}`), { body, withinMs: CHANGE_MS });
    if (act === 'list') return list(client, io, { lock, refresh: values.refresh ?? false, json: values.json ?? false });
    if (!['set', 'clear', 'enable', 'disable'].includes(act))
      throw usage(`ACT must be list, set, clear, enable or disable.`);
    if (slot === undefined || !/^\d{1,5}$/.test(slot))
      throw usage('SLOT must be a number; code list LOCK shows those taken.');
    const place = `/${slot}`;
    if (act === 'clear') {
      await ask('DELETE', place);
      io.out(values.json ? JSON.stringify({ cleared: Number(slot) }) : `${lock}: slot ${slot} is empty.`);
      return 0;
    }
    const body = act === 'set' ? await wanted(io, values) : { enabled: act === 'enable' };
    const done = await ask<CredentialView>('PUT', place, body);
    io.out(values.json ? JSON.stringify(done) : `${lock}: slot ${slot} is ${stateText(done)}.`);
    return 0;
  },
});

interface Wishes {
  'pin-stdin'?: boolean;
  person?: string;
  from?: string;
  until?: string;
  once?: boolean;
}

async function wanted(io: Io, values: Wishes): Promise<object> {
  const from = values.from === undefined ? undefined : momentOf('from', values.from, io.zone);
  const until = values.until === undefined ? undefined : momentOf('until', values.until, io.zone);
  const pin = await readSecret(io, { what: 'code', option: 'pin-stdin', piped: values['pin-stdin'], twice: true });
  const limited = from !== undefined || until !== undefined;
  return {
    digits: pin.reveal(),
    ...(values.once ? { kind: 'once' } : limited ? { kind: 'period' } : {}),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(values.person === undefined ? {} : { person: values.person }),
  };
}

async function list(
  client: Client,
  io: Io,
  { lock, refresh, json }: { lock: string; refresh: boolean; json: boolean },
): Promise<number> {
  const path = lockPath(lock, `/codes${refresh ? '/refresh' : ''}`);
  const found = await client.ask<{ capacity: number; codes: CredentialView[] }>(refresh ? 'POST' : 'GET', path, {
    withinMs: CHANGE_MS,
  });
  if (json) {
    io.out(JSON.stringify(found));
    return 0;
  }
  const rows = found.codes.map(it => [
    String(it.slot),
    stateText(it),
    it.codeKind ?? '-',
    it.from === undefined ? '-' : dateTime(it.from, io.zone),
    it.until === undefined ? '-' : dateTime(it.until, io.zone),
    it.person?.name ?? '-',
  ]);
  if (rows.length === 0) io.out(`${lock} has no codes; it has room for ${found.capacity}.`);
  else for (const line of table(['SLOT', 'STATE', 'KIND', 'FROM', 'UNTIL', 'PERSON'], rows)) io.out(line);
  return 0;
}

function stateText({ state, known }: CredentialView): string {
  const words = { wanted: 'waiting for the lock', on_lock: 'on the lock', disabled: 'off', removing: 'being removed' };
  return `${words[state]}${known ? '' : ' (set elsewhere)'}`;
}

function momentOf(option: string, text: string, zone: Zone): number {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  const real = new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString().startsWith(text.replace(' ', 'T'));
  if (parts.length === 5 && real) return zone.fromLocal({ year, month, day, hour, minute, second: 0 });
  throw usage(`--${option} must be a time like "2026-05-11 15:00".`);
}
