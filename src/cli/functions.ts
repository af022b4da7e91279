// latchbridge act LOCK [ACTION], paired LOCK [remove ID], timer LOCK …: what only some locks can do besides.
import type { Authorisation, Timer } from '../lock/driver.ts';
import type { LockView } from '../lock/lock.ts';
import { lockFirst, usage } from './args.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { table, time } from './text.ts';

/** Connection, login, and a motor that goes through all its positions. */
const WORK_MS = 75_000;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const act = command({
  name: 'act',
  about: 'have a lock do what it can besides locking and unlocking',
  words: 'LOCK [ACTION]',
  options: { ...jsonOption, ...whereOptions },
  more: ['act LOCK          what it can do', 'act LOCK ACTION   does it, such as lock_n_go or calibrate'],
  async run({ words: [lock = '', action], values, io, daemon }) {
    const client = await daemon();
    if (action !== undefined) {
      const done = await client.ask('POST', lockPath(lock, '/action'), { body: { action }, withinMs: WORK_MS });
      io.out(values.json ? JSON.stringify(done) : `${lock}: ${action} is done.`);
      return 0;
    }
    const { abilities } = await client.get<LockView>(lockPath(lock, ''));
    const actions = abilities?.actions ?? [];
    if (values.json) io.out(JSON.stringify({ actions }));
    else if (actions.length === 0) io.out(`${lock} has no actions besides locking and unlocking.`);
    else
      for (const line of table(
        ['ACTION', 'WHAT'],
        actions.map(one => [one.name, one.label]),
      ))
        io.out(line);
    return 0;
  },
});

export const paired = command({
  name: 'paired',
  about: 'list who was paired with a lock, phones and bridges and fobs, and take one off',
  words: 'LOCK [ACT] [ID]',
  options: { ...jsonOption, ...whereOptions },
  more: ['paired LOCK             asks the lock', 'paired LOCK remove ID   the lock forgets that one; our own never'],
  async run({ words, values, io, daemon }) {
    const [lock = '', what, id] = lockFirst(words, ['remove']);
    if (what !== undefined && what !== 'remove') throw usage('ACT must be remove.');
    const client = await daemon();
    const path = lockPath(lock, '/authorisations');
    if (what === 'remove') {
      if (id === undefined) throw usage('Say which: paired LOCK remove ID.');
      const done = await client.ask('DELETE', `${path}/${encodeURIComponent(id)}`, { withinMs: WORK_MS });
      io.out(values.json ? JSON.stringify(done) : `${lock} has forgotten ${id}.`);
      return 0;
    }
    const found = await client.ask<{ authorisations: Authorisation[] }>('GET', path, { withinMs: WORK_MS });
    if (values.json) io.out(JSON.stringify(found));
    else {
      const rows = found.authorisations.map(one => [
        one.id,
        one.kind,
        one.ours ? `${one.name} (this program)` : one.name,
        one.enabled ? 'yes' : 'no',
        one.lastUsedAt === undefined ? '' : time(one.lastUsedAt, io.zone),
      ]);
      for (const line of table(['ID', 'KIND', 'NAME', 'ENABLED', 'LAST USED'], rows)) io.out(line);
    }
    return 0;
  },
});

export const timer = command({
  name: 'timer',
  about: 'list and set what a lock does by itself at times of day',
  words: 'LOCK [ACT] [WHAT...]',
  options: { ...jsonOption, ...whereOptions },
  more: [
    'timer LOCK                              asks the lock',
    'timer LOCK add mon,tue 22:30 lock       one more; "daily" for every day',
    'timer LOCK on|off ID                    lets it rest, or begin again',
    'timer LOCK remove ID                    takes it off',
  ],
  async run({ words, values, io, daemon }) {
    const [lock = '', what, ...rest] = lockFirst(words, ['add', 'on', 'off', 'remove']);
    const client = await daemon();
    const path = lockPath(lock, '/timers');
    const ask = <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<T> =>
      client.ask<T>(method, url, { ...(body !== undefined && { body }), withinMs: WORK_MS });
    const list = async (): Promise<Timer[]> => (await ask<{ timers: Timer[] }>('GET', path)).timers;
    const say = (done: unknown, text: string): number => {
      io.out(values.json ? JSON.stringify(done) : text);
      return 0;
    };
    const [first = ''] = rest;
    if (what === undefined) {
      const timers = await list();
      if (values.json) return say({ timers }, '');
      const rows = timers.map(one => [one.id, one.enabled ? 'on' : 'off', daysText(one), clockText(one), one.action]);
      for (const line of table(['ID', 'IS', 'DAYS', 'AT', 'DOES'], rows)) io.out(line);
      return 0;
    }
    if (what === 'add') {
      const made = await ask<Timer>('POST', path, newTimer(rest));
      return say(made, `${lock}: timer ${made.id} does ${made.action} at ${clockText(made)}, ${daysText(made)}.`);
    }
    if (first === '') throw usage(`Say which: timer LOCK ${what} ID.`);
    const own = `${path}/${encodeURIComponent(first)}`;
    if (what === 'remove') return say(await ask('DELETE', own), `${lock}: timer ${first} is gone.`);
    if (what !== 'on' && what !== 'off') throw usage('ACT must be add, on, off or remove.');
    const known = (await list()).find(one => one.id === first);
    if (!known) throw usage(`${lock} has no timer ${first}.`);
    const { id: _id, ...body } = known;
    return say(await ask('PUT', own, { ...body, enabled: what === 'on' }), `${lock}: timer ${first} is ${what}.`);
  },
});

function newTimer([days = '', at = '', action = '']: readonly string[]): Omit<Timer, 'id'> {
  const found = days === 'daily' ? DAYS : days.toLowerCase().split(',');
  const numbers = found.map(day => DAYS.indexOf(day.slice(0, 3)) + 1);
  const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(at) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  if (numbers.includes(0) || hour === '' || total >= 1440 || action === '') {
    throw usage('Write it like this: timer LOCK add mon,tue 22:30 lock.');
  }
  return { enabled: true, days: numbers, minute: total, action };
}

function daysText({ days }: Pick<Timer, 'days'>): string {
  return days.length === 7 ? 'daily' : days.map(day => DAYS[day - 1]).join(',');
}

function clockText({ minute }: Pick<Timer, 'minute'>): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
