// latchbridge code LOCK set|list|clear|enable|disable: codes on a lock's keypad.
import type { CredentialView } from '../access/access.ts';
import { weeklyOf } from '../access/weekly.ts';
import { given } from '../base/given.ts';
import type { LockView } from '../lock/lock.ts';
import { lockFirst, usage } from './args.ts';
import { type Client, lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { printCredentials, slotOf, stateText, termOptions, type Terms, termsOf, weeklyOption } from './credential.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';

/** Connection, login and the lock's own time; then it is read back. */
const CHANGE_MS = 60_000;

const ACTS = ['list', 'set', 'clear', 'enable', 'disable'];

export const code = command({
  name: 'code',
  about: "list, set and clear the codes of a lock's keypad",
  words: 'LOCK ACT [SLOT]',
  options: {
    'pin-stdin': { type: 'boolean', about: 'set: the code is piped in' },
    ...termOptions,
    ...weeklyOption,
    once: { type: 'boolean', about: 'set: opens only once' },
    refresh: { type: 'boolean', about: 'list: read them from the lock first' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'code LOCK list               the slots that are taken',
    'code LOCK set SLOT           asks for the code, unseen',
    'code LOCK clear SLOT         takes it off the lock',
    'code LOCK disable SLOT       takes it off the lock and keeps it here; code LOCK enable SLOT puts it back',
  ],
  async run({ words, values, io, daemon }) {
    const [lock = '', act = '', slot] = lockFirst(words, ACTS);
    const client = await daemon();
    const ask = <T>(method: string, rest: string, body?: unknown): Promise<T> =>
      client.ask<T>(method, lockPath(lock, `/codes${rest}`), { body, withinMs: CHANGE_MS });
    if (act === 'list') return list(client, io, { lock, refresh: values.refresh ?? false, json: values.json ?? false });
    if (!ACTS.includes(act)) throw usage(`ACT must be list, set, clear, enable or disable.`);
    const place = `/${slotOf(slot, `code ${lock} list`)}`;
    if (act === 'clear') {
      await ask('DELETE', place);
      io.out(values.json ? JSON.stringify({ cleared: Number(slot) }) : `${lock}: slot ${slot} is empty.`);
      return 0;
    }
    const body = act === 'set' ? await wanted(io, values) : { enabled: act === 'enable' };
    const before = act === 'set' ? (await ask<{ codes: CredentialView[] }>('GET', '')).codes : [];
    const done = await ask<CredentialView>('PUT', place, body);
    const gone = before.find(each => each.slot === done.slot);
    const whose = gone?.person ? ` of ${gone.person.name}` : '';
    const replaced = gone ? ` The code${whose} that was in it is gone.` : '';
    io.out(values.json ? JSON.stringify(done) : `${lock}: slot ${slot} is ${stateText(done)}.${replaced}`);
    return 0;
  },
});

interface Wishes extends Terms {
  'pin-stdin'?: boolean;
  once?: boolean;
  weekly?: string;
}

async function wanted(io: Io, values: Wishes): Promise<object> {
  const terms = termsOf(values, io.zone);
  const weekly = values.weekly === undefined ? undefined : weeklyOf(values.weekly);
  const pin = await readSecret(io, { what: 'code', option: 'pin-stdin', piped: values['pin-stdin'], twice: true });
  const limited = terms.from !== undefined || terms.until !== undefined;
  const kind = weekly ? 'cyclic' : values.once ? 'once' : limited ? 'period' : undefined;
  return { digits: pin.reveal(), ...given({ kind, weekly }), ...terms };
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
  if (found.codes.length === 0 && found.capacity === 0) {
    const { abilities } = await client.get<LockView>(lockPath(lock));
    const isSilent = abilities?.adminCode?.known === false;
    io.out(
      isSilent
        ? `${lock} says nothing of codes before it is told its security code: admin-code ${lock} tell.`
        : `${lock} takes no codes.`,
    );
  } else if (found.codes.length === 0) io.out(`${lock} has no codes; it has room for ${found.capacity}.`);
  else printCredentials(found.codes, io, { kind: true });
  return 0;
}
