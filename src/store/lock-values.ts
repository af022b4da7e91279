// The last values of what is set on the locks themselves, so that bridges can show them after a restart.
import type { ValueShelf } from '../lock/ports.ts';
import type { KeptSettings } from './settings.ts';
import { isSettingValues } from './shapes.ts';

export function makeLockValues(settings: KeptSettings): ValueShelf {
  const name = (lock: string): string => `lock.${lock}.values`;
  return {
    get(lock) {
      const kept = settings.get(name(lock));
      return isSettingValues(kept) ? kept : {};
    },
    set: (lock, values) => settings.set(name(lock), values),
    remove: lock => settings.remove(name(lock)),
  };
}
