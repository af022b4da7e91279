// latchbridge settings LOCK [SETTING [VALUE]]: what can be set on a lock itself.
import type { LockView, SettingAbility, SettingValue } from '../lock/lock.ts';
import { type Client, lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { table } from './text.ts';

/** A dozen questions to a lock that has to be connected first. */
const WORK_MS = 60_000;

type Shown = SettingAbility & { value?: SettingValue };

export const settings = command({
  name: 'settings',
  about: 'show and change what can be set on a lock itself: relocking, sound, passage mode and more',
  words: 'LOCK [SETTING] [VALUE]',
  options: {
    refresh: { type: 'boolean', about: 'ask the lock, also where the last values are known' },
    ...jsonOption,
    ...whereOptions,
  },
  more: [
    'settings LOCK                 everything that this lock has, and what it can be',
    'settings LOCK SETTING         one value',
    'settings LOCK SETTING VALUE   sets it and reads it back: on, off, a number or a word',
  ],
  async run({ words: [lock = '', name, value], values, io, daemon }) {
    const client = await daemon();
    const json = values.json ?? false;
    if (name !== undefined && value !== undefined) return change(client, io, { lock, name, value, json });
    const found = await known(client, { lock, name, refresh: values.refresh ?? false });
    if (json) io.out(JSON.stringify(name === undefined ? found : found[0]));
    else if (name !== undefined) io.out(valueText(found[0] as Shown));
    else {
      print(found, io, lock);
      if (found.length === 0) await hint(client, io, lock);
    }
    return 0;
  },
});

async function change(
  client: Client,
  io: Io,
  { lock, name, value, json }: { lock: string; name: string; value: string; json: boolean },
): Promise<number> {
  const path = lockPath(lock, `/settings/${encodeURIComponent(name)}`);
  const done = await client.ask<Shown>('PUT', path, { body: { value }, withinMs: WORK_MS });
  io.out(json ? JSON.stringify(done) : `${lock}: ${done.name} is ${valueText(done)}.`);
  return 0;
}

/** Of one or of all; the lock is asked where it has not said them yet. */
async function known(
  client: Client,
  { lock, name, refresh }: { lock: string; name: string | undefined; refresh: boolean },
): Promise<Shown[]> {
  const path = lockPath(lock, '/settings');
  const one = name === undefined ? undefined : `${path}/${encodeURIComponent(name)}`;
  const get = async (): Promise<Shown[]> => {
    if (one !== undefined) return [await client.get<Shown>(one)];
    return (await client.get<{ settings: Shown[] }>(path)).settings;
  };
  const found = await get();
  if (!refresh && found.every(each => each.value !== undefined)) return found;
  await client.ask('POST', `${path}/refresh`, { withinMs: WORK_MS });
  return get();
}

/** Some locks tell nothing of it to who does not know their owner's code. */
async function hint(client: Client, io: Io, lock: string): Promise<void> {
  const { abilities } = await client.get<LockView>(lockPath(lock, ''));
  if (abilities?.adminCode?.known === false)
    io.out(`It may have more: tell it its security code first (admin-code ${lock} tell).`);
}

function print(found: readonly Shown[], io: Io, lock: string): void {
  if (found.length === 0) io.out(`${lock} has nothing that can be set.`);
  const rows = found.map(each => [each.name, valueText(each), possible(each), each.label]);
  if (rows.length > 0) for (const line of table(['SETTING', 'VALUE', 'CAN BE', 'WHAT'], rows)) io.out(line);
}

function valueText({ value }: Shown): string {
  return value === undefined ? 'not known' : typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

function possible(ability: Shown): string {
  if (ability.kind === 'switch') return 'on, off';
  if (ability.kind === 'select') return ability.options.join(', ');
  return `${ability.min} to ${ability.max}${ability.unit === undefined ? '' : ` ${ability.unit}`}`;
}
