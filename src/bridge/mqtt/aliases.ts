// Settings under the names that zigbee2mqtt has for them, so that what was made for it works here.
import type { LockView, SettingAbility, SettingValue } from '../../lock/lock.ts';

type Values = Readonly<Record<string, SettingValue>>;
type Wishes = [name: string, value: unknown][];

export const ALIASES = ['auto_relock_time', 'sound_volume'];
const VOLUMES = ['silent_mode', 'low_volume', 'high_volume'];
/** Up to here of a lock's steps of volume it is low. */
const LOW_PART = 0.5;

/** `auto_relock_time` and `sound_volume`, as far as they are known. */
export function aliasDocument(view: LockView, values: Values): Readonly<Record<string, unknown>> {
  const seconds = values['auto_lock_seconds'];
  const volume = volumeWord(view, values);
  return {
    ...(typeof seconds === 'number' ? { auto_relock_time: seconds } : {}),
    ...(volume === undefined ? {} : { sound_volume: volume }),
  };
}

/** What writing such a name means for this lock; nothing where the lock lacks it or the value is no word of it. */
export function aliasWishes(view: LockView, name: string, value: unknown): Wishes {
  if (name === 'auto_relock_time') return abilityOf(view, 'auto_lock_seconds') ? [['auto_lock_seconds', value]] : [];
  if (name !== 'sound_volume' || typeof value !== 'string' || !VOLUMES.includes(value)) return [];
  const silent = value === 'silent_mode';
  const steps = abilityOf(view, 'volume');
  return [
    ...(abilityOf(view, 'sound') ? [['sound', !silent] satisfies Wishes[number]] : []),
    ...(!silent && steps?.kind === 'number'
      ? [['volume', value === 'low_volume' ? steps.min : steps.max] satisfies Wishes[number]]
      : []),
  ];
}

function volumeWord(view: LockView, { sound, volume }: Values): string | undefined {
  if (sound === false) return 'silent_mode';
  const steps = abilityOf(view, 'volume');
  if (typeof volume === 'number' && steps?.kind === 'number') {
    const part = (volume - steps.min) / Math.max(1, steps.max - steps.min);
    return part <= LOW_PART ? 'low_volume' : 'high_volume';
  }
  return sound === true ? 'high_volume' : undefined;
}

function abilityOf(view: LockView, name: string): SettingAbility | undefined {
  return view.abilities?.settings.find(each => each.name === name);
}
