// Settings of an open session by the names that bridges show (nuki.md 8.4 to 8.6). Every write is read back.
import { LockError } from '../../base/errors.ts';
import type { Settings } from '../../lock/driver.ts';
import type { SettingAbility, SettingValue } from '../../lock/lock.ts';
import { advancedAt, byteAt, setAdvancedConfig, setConfig, withField, wordAt, wordField } from './config-wire.ts';
import { askAdvanced, askConfig } from './inspect.ts';
import { enableLogging } from './log-wire.ts';
import { askLogCount } from './records.ts';
import type { Shared } from './session.ts';
import { type Offered, RELOCK, offered } from './settings-offered.ts';
import { done } from './talk.ts';

/** All settings come in two messages: whoever reads one after another is answered from the last ones. */
const FRESH_MS = 10_000;
/** What a lock says of "lock on close" when it cannot. */
const CANNOT = 0xff;

export function makeSettings(shared: Shared, abilities: () => readonly SettingAbility[]): Settings {
  const pages = new Pages(shared);
  const settingOf = (name: string): Offered => {
    const setting = offered.find(one => one.ability.name === name);
    if (setting && abilities().some(one => one.name === name)) return setting;
    throw new LockError('unsupported', 'This lock has no such setting, or its PIN is not known here.');
  };
  const logs = async (): Promise<boolean> => (await askLogCount(shared)).enabled;
  return {
    async read(name) {
      const setting = settingOf(name);
      if (setting.where === 'log') return logs();
      return valueIn(await pages.read(setting.where), setting);
    },
    async write(name, value) {
      const setting = settingOf(name);
      const meant = checked(setting.ability, value);
      if (setting.where === 'log') {
        await shared.guard.withPin(enableLogging(meant === true), { what: 'to its log', read: done, act: true });
      } else await pages.write(setting.where, page => written(page, setting, meant));
      const said = setting.where === 'log' ? await logs() : valueIn(await pages.read(setting.where), setting);
      if (said === meant) return;
      throw new LockError('rejected', `The lock said yes and kept the old value of "${setting.ability.label}".`, {
        reason: 'not_taken',
      });
    },
  };
}

type Page = 'config' | 'advanced';

/** Config and Advanced Config: always written whole, from what was read just before. */
class Pages {
  readonly #shared: Shared;
  readonly #kept = new Map<Page, { at: number; bytes: Uint8Array }>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  async read(page: Page): Promise<Uint8Array> {
    const now = this.#shared.ground.clock.elapsed();
    const kept = this.#kept.get(page);
    if (kept && now - kept.at < FRESH_MS) return kept.bytes;
    const bytes = await (page === 'config' ? askConfig(this.#shared) : askAdvanced(this.#shared));
    this.#kept.set(page, { at: now, bytes });
    return bytes;
  }

  async write(page: Page, change: (bytes: Uint8Array) => Uint8Array): Promise<void> {
    const { guard, key } = this.#shared;
    await guard.settled();
    this.#kept.delete(page);
    const next = change(await this.read(page));
    this.#kept.delete(page);
    const message = page === 'config' ? setConfig(next) : setAdvancedConfig(key().generation, next);
    await guard.withPin(message, { what: 'to the new setting', read: done, act: true });
  }
}

function valueIn(page: Uint8Array, { ability, where, at, form }: Offered): SettingValue {
  if (form === 'word') return wordAt(page, at);
  if (form === 'time') return byteAt(page, at) * 60 + byteAt(page, at + 1);
  if (form === 'relock') return byteAt(page, advancedAt.autoLock) === 0 ? 0 : wordAt(page, at);
  const byte = byteAt(page, at);
  if (ability.kind === 'number') return byte;
  if (ability.kind === 'select') return ability.options[byte] ?? `other:${byte}`;
  if (where === 'advanced' && at === advancedAt.lockOnClose && byte === CANNOT) throw unsaid();
  return form === 'inverted' ? byte === 0 : byte !== 0;
}

function written(page: Uint8Array, setting: Offered, value: SettingValue): Uint8Array {
  const { ability, at, form } = setting;
  if (at === advancedAt.lockOnClose && setting.where === 'advanced' && byteAt(page, at) === CANNOT) throw unsaid();
  if (form === 'word') return withField(page, at, wordField(value as number));
  if (form === 'time') {
    const minute = value as number;
    return withField(page, at, Uint8Array.of(Math.floor(minute / 60), minute % 60));
  }
  if (form === 'relock') return relocked(page, at, value as number);
  const on = form === 'inverted' ? value === false : value === true;
  const byte = ability.kind === 'select' ? ability.options.indexOf(String(value)) : Number(value);
  return withField(page, at, Uint8Array.of(ability.kind === 'switch' ? Number(on) : byte));
}

/** The time stays as it was while it is off. */
function relocked(page: Uint8Array, at: number, seconds: number): Uint8Array {
  const switched = withField(page, advancedAt.autoLock, Uint8Array.of(seconds === 0 ? 0 : 1));
  return seconds === 0 ? switched : withField(switched, at, wordField(seconds));
}

function checked(ability: SettingAbility, value: SettingValue): SettingValue {
  const fits =
    ability.kind === 'switch'
      ? typeof value === 'boolean'
      : ability.kind === 'select'
        ? typeof value === 'string' && ability.options.includes(value)
        : typeof value === 'number' && Number.isInteger(value) && value >= ability.min && value <= ability.max;
  const isRelock = ability.name === 'auto_lock_seconds';
  if (fits && !(isRelock && value !== 0 && (value as number) < RELOCK.min)) return value;
  const range = ability.kind === 'number' ? ` It goes from ${ability.min} to ${ability.max}.` : '';
  throw new LockError('invalid', `"${ability.label}" cannot be set to that.${range}`);
}

function unsaid(): LockError {
  return new LockError('rejected', 'This lock does not have that setting, although its kind does.', {
    reason: 'unsupported',
  });
}
