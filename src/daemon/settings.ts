// What is set, as the page shows and changes it. The log's level counts at once, everything else from the next start.
import type { Log, LogLevel } from '../base/log.ts';
import { Secret, setLevel } from '../base/log.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Shown } from '../config.ts';
import { PAGE, type PageChange, checkChange, isSecret, pageKeys, settingKind, settingWords } from '../config/page.ts';
import type { Json } from '../lock/driver.ts';
import type { Asker } from '../lock/lock.ts';
import type { Choices, ConfigSetting } from '../lock/upkeep.ts';
import { pageName, readPageSettings } from '../store/page-settings.ts';
import type { Daemon } from './daemon.ts';

const LEVEL = 'log_level';
const PASSWORD = 'mqtt.password';
const UNSET = { value: '', from: 'not set' };

export function choicesOf(daemon: Daemon): Choices {
  const { config, log } = daemon.parts;
  /** A changed secret looks like the one before. */
  const renewed = new Set<string>();
  const all = (): ConfigSetting[] => {
    const now = byKey(settingsNow(daemon));
    const next = byKey(config.preview(readPageSettings(config.data)));
    const keys = [...new Set([...now.keys(), ...pageKeys()])].toSorted((a, b) => a.localeCompare(b));
    return keys.map(key => {
      const later = next.get(key) ?? UNSET;
      const counts = now.get(key) ?? UNSET;
      const words = settingWords(key);
      const differs = later.value !== counts.value || renewed.has(key);
      return {
        key,
        value: counts.value,
        from: counts.from,
        changeable: config.settable(key),
        kind: settingKind(key),
        ...(words && { words }),
        ...(differs && { next: later.value }),
      };
    });
  };
  return {
    all,
    change(values, asker) {
      for (const key of values.keys()) refuseElsewhere(daemon, key);
      const checked = checkChange(values);
      keep(daemon, checked, asker);
      for (const key of checked.keys()) if (isSecret(key)) renewed.add(key);
      const level = all().find(({ key }) => key === LEVEL);
      if (level && checked.has(LEVEL)) applyLevel(log, level.value);
      return { restart: all().some(({ key, next }) => next !== undefined && checked.has(key)) };
    },
  };
}

/** Every setting as it counts now. */
export function settingsNow({ parts: { config } }: Daemon): Shown[] {
  const level = config.preview(readPageSettings(config.data)).filter(({ key }) => key === LEVEL);
  return config.settings().map(each => (each.key === LEVEL ? (level[0] ?? each) : each));
}

/** Of the broker, where somebody gave us one: what was set on the page is in the vault. */
export function brokerPassword({ parts, store }: Daemon): Secret<string> | undefined {
  const { config, log } = parts;
  if (config.origin(PASSWORD) !== PAGE) return config.mqtt.password;
  try {
    return store.vault.secret(pageName(PASSWORD));
  } catch (thrown) {
    log.error({ err: textOf(thrown) }, 'the password of the broker cannot be opened');
    return undefined;
  }
}

function refuseElsewhere({ parts: { config, demo } }: Daemon, key: string): void {
  if (!pageKeys().includes(key) || config.settable(key)) return;
  const text = demo
    ? 'A demo has no settings to change.'
    : `${key} is set by ${config.origin(key)}, which counts more than the page; change it there.`;
  throw new LockError('invalid', `Nothing was changed. ${text}`, { reason: 'set_elsewhere' });
}

/** The secrets first: a vault that is sealed takes none, and then nothing is changed. */
function keep({ store }: Daemon, change: PageChange, asker: Asker): void {
  const plain = new Map<string, Json | undefined>();
  for (const [key, value] of change) {
    if (!isSecret(key)) plain.set(pageName(key), value === null ? undefined : (value as Json));
    else if (typeof value === 'string') store.vault.setSecret(pageName(key), new Secret(value));
    else store.vault.removeSecret(pageName(key));
  }
  store.settings.change(plain);
  const detail = [...change].map(([key, value]) => said(key, value)).join(', ');
  store.audit.write({ what: 'settings_changed', via: asker.via, who: asker.who, detail });
}

function said(key: string, value: unknown): string {
  if (value === null) return `${key} taken back`;
  return isSecret(key) ? `${key} changed` : `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function applyLevel(log: Log, level: string): void {
  setLevel(log, level as LogLevel);
}

function byKey(settings: readonly Shown[]): Map<string, Omit<Shown, 'key'>> {
  return new Map(settings.map(({ key, ...rest }) => [key, rest]));
}
