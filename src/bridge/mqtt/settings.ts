// What can be set on a lock itself: `<base>/<lock>/set/<setting>` in, `<base>/<lock>/settings` out.
import type { Clock } from '../../base/clock.ts';
import { type Log } from '../../base/log.ts';
import type { Asker, LockView, SettingAbility, SettingValue } from '../../lock/lock.ts';
import type { Workbench } from '../../lock/locks.ts';
import { settingNamed, settingValue } from '../../lock/setting-value.ts';
import { ALIASES, aliasWishes } from './aliases.ts';
import { AUTOMATION } from './askers.ts';

export type SettingWish = [ability: SettingAbility, value: SettingValue];

/** Whoever polls must not empty the batteries: a lock is asked for all its settings so often at most. */
const READ_AGAIN = 600_000;

export interface SettingsOptions {
  workbench: Workbench;
  clock: Clock;
  log: Log;
}

export class Settings {
  readonly #options: SettingsOptions;
  readonly #readAt = new Map<string, number>();

  constructor(options: SettingsOptions) {
    this.#options = options;
  }

  /** Whether a word on `set` or `get` is a setting of this lock, in our words or in zigbee2mqtt's. */
  has(view: LockView, name: string): boolean {
    const isAlias = aliasWishes(view, name, name === 'sound_volume' ? 'silent_mode' : 0).length > 0;
    return isAlias || (view.abilities?.settings.some(each => each.name === name) ?? false);
  }

  /** Every word for which this is so. */
  words(view: LockView): string[] {
    const own = view.abilities?.settings.map(each => each.name) ?? [];
    return [...own, ...ALIASES.filter(name => this.has(view, name))];
  }

  /** The settings in a message, in its order; other words are left alone. Throws `invalid` for a value that cannot be. */
  wishes(view: LockView, body: Readonly<Record<string, unknown>>): SettingWish[] {
    const words = Object.keys(body).filter(name => this.has(view, name));
    return words.flatMap(word => {
      const aliased = aliasWishes(view, word, body[word]);
      const plain: [string, unknown][] = aliased.length > 0 ? aliased : [[word, body[word]]];
      return plain.map(([name, value]): SettingWish => {
        const ability = settingNamed(view, name);
        return [ability, settingValue(ability, value)];
      });
    });
  }

  /** One after the other; what the lock says of each when it is read back. */
  async write(view: LockView, wishes: readonly SettingWish[], asker: Asker): Promise<Record<string, SettingValue>> {
    const values: Record<string, SettingValue> = {};
    for (const [{ name }, value] of wishes) {
      values[name] = await this.#options.workbench.writeSetting(view.id, name, value, asker);
    }
    return values;
  }

  /** One of its actions; what moves the bolt passes the gate. */
  async perform(view: LockView, action: string, asker: Asker): Promise<void> {
    await this.#options.workbench.perform(view.id, action, asker);
  }

  /** Asks the lock in the background, unless that was done lately; the answer comes on the topic. */
  look(view: LockView): void {
    const { workbench, clock, log } = this.#options;
    const readAt = this.#readAt.get(view.id);
    if (readAt !== undefined && clock.elapsed() - readAt < READ_AGAIN) return;
    this.#readAt.set(view.id, clock.elapsed());
    workbench.readSettings(view.id, AUTOMATION).catch((error: unknown) => {
      this.#readAt.delete(view.id);
      log.debug({ lock: view.name, error }, 'The settings could not be read from the lock; what was known was told.');
    });
  }
}
