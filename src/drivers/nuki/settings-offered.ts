// Which settings a lock has (nuki.md 8.4 to 8.6), and where each stands in what it sends.
import type { SettingAbility } from '../../lock/lock.ts';
import { advancedAt as advanced, configAt as config } from './config-wire.ts';
import type { Seen } from './credential.ts';
import type { Generation } from './wire.ts';

/** byte: one byte as it is, or the place in the options. word: two bytes with a sign. time: hour and minute. */
export type Form = 'byte' | 'inverted' | 'word' | 'time' | 'relock' | 'log';

export interface Offered {
  ability: SettingAbility;
  where: 'config' | 'advanced' | 'log';
  at: number;
  form: Form;
  /** Only the fifth generation has it. */
  fifth?: true;
}

export function offeredSettings(generation: Generation, seen: Seen): SettingAbility[] {
  return offered
    .filter(one => one.where !== 'advanced' || endOf(one) <= (seen.advanced ?? 0))
    .filter(one => !one.fifth || generation === 'g5')
    .map(one => one.ability);
}

function endOf({ at, form }: Offered): number {
  if (form === 'relock') return Math.max(at + 2, advanced.autoLock + 1);
  return at + (form === 'word' || form === 'time' ? 2 : 1);
}

const press = ['none', 'intelligent', 'unlock', 'lock', 'unlatch', 'lock_n_go', 'show_status'];
const fob = ['none', 'unlock', 'lock', 'lock_n_go', 'intelligent'];
const DAY_MINUTES = 24 * 60 - 1;
/** 0 is off; the maker's app offers 30 s and more, its document allows two. */
export const RELOCK = { min: 2, max: 1800 };

/** In the order in which pages show them. */
export const offered: readonly Offered[] = [
  {
    ability: { ...number('auto_lock_seconds', 'Lock again after', { min: 0, max: RELOCK.max, unit: 's' }) },
    where: 'advanced',
    at: advanced.autoLockSeconds,
    form: 'relock',
  },
  toggle('auto_lock_on_close', 'Lock when the door is closed', { where: 'advanced', at: advanced.lockOnClose }),
  inverted('auto_unlock', 'The Nuki app unlocks when its phone comes home', advanced.autoUnlockDisabled),
  toggle('auto_unlatch', 'Unlocking at the lock pulls the latch', { where: 'config', at: config.autoUnlatch }),
  seconds('unlatch_seconds', 'The latch stays pulled for', { at: advanced.unlatchSeconds, min: 1, max: 30 }),
  seconds('lock_n_go_seconds', 'Lock ’n’ go waits for', { at: advanced.lockNGoSeconds, min: 5, max: 60 }),
  toggle('single_lock', 'Lock with one turn only', { where: 'config', at: config.singleLock }),
  toggle('button', 'Button works', { where: 'config', at: config.buttonEnabled }),
  choice('single_press', 'One press of the button', press, { where: 'advanced', at: advanced.singlePress }),
  choice('double_press', 'Two presses of the button', press, { where: 'advanced', at: advanced.doublePress }),
  toggle('pairing_button', 'Its button may open the pairing', { where: 'config', at: config.pairingEnabled }),
  choice('fob_1', 'One press of a fob', fob, { where: 'config', at: config.fob1 }),
  choice('fob_2', 'Two presses of a fob', fob, { where: 'config', at: config.fob2 }),
  choice('fob_3', 'Three presses of a fob', fob, { where: 'config', at: config.fob3 }),
  toggle('led', 'Light', { where: 'config', at: config.ledEnabled }),
  {
    ability: number('led_brightness', 'Brightness of the light', { min: 0, max: 5 }),
    where: 'config',
    at: config.ledBrightness,
    form: 'byte',
  },
  choice('advertising', 'How often it says that it is there', ['automatic', 'normal', 'slow', 'slowest'], {
    where: 'config',
    at: config.advertising,
  }),
  toggle('night_mode', 'Night mode', { where: 'advanced', at: advanced.nightMode }),
  time('night_start_minute', 'Night begins, minutes after midnight', advanced.nightStart),
  time('night_end_minute', 'Night ends, minutes after midnight', advanced.nightEnd),
  toggle('night_auto_lock', 'Locks again at night', { where: 'advanced', at: advanced.nightAutoLock }),
  inverted('night_auto_unlock', 'The Nuki app unlocks at night as well', advanced.nightAutoUnlockDisabled),
  toggle('night_lock_at_start', 'Locks when the night begins', { where: 'advanced', at: advanced.nightLockAtStart }),
  {
    ...choice('motor_speed', 'Speed', ['standard', 'fast', 'gentle'], advancedPlace(advanced.motorSpeed)),
    fifth: true,
  },
  { ...toggle('night_slow', 'Slow at night', advancedPlace(advanced.nightSlow)), fifth: true },
  toggle('detached_cylinder', 'Cylinder without a key inside', { where: 'advanced', at: advanced.detachedCylinder }),
  degrees('unlocked_offset_degrees', 'Unlocked position, off by', advanced.unlockedOffset, { min: -90, max: 180 }),
  degrees('locked_offset_degrees', 'Locked position, off by', advanced.lockedOffset, { min: -180, max: 90 }),
  degrees('single_locked_offset_degrees', 'Once locked position, off by', advanced.singleLockedOffset),
  degrees('transition_offset_degrees', 'Border between unlocked and locked, off by', advanced.transitionOffset),
  choice('battery_type', 'Batteries', ['alkaline', 'rechargeable', 'lithium'], {
    where: 'advanced',
    at: advanced.batteryType,
  }),
  toggle('battery_type_itself', 'Finds out the kind of its batteries', {
    where: 'advanced',
    at: advanced.automaticBatteryType,
  }),
  toggle('auto_update', 'Updates itself', { where: 'advanced', at: advanced.autoUpdate }),
  { ability: { name: 'log', label: 'Keeps a log', kind: 'switch' }, where: 'log', at: 0, form: 'log' },
];

type Place = Pick<Offered, 'where' | 'at'>;

function advancedPlace(place: number): Place {
  return { where: 'advanced', at: place };
}

function toggle(name: string, label: string, place: Place): Offered {
  return { ability: { name, label, kind: 'switch' }, ...place, form: 'byte' };
}

function inverted(name: string, label: string, place: number): Offered {
  return { ability: { name, label, kind: 'switch' }, where: 'advanced', at: place, form: 'inverted' };
}

function choice(name: string, label: string, options: readonly string[], place: Place): Offered {
  return { ability: { name, label, kind: 'select', options }, ...place, form: 'byte' };
}

function number(name: string, label: string, range: { min: number; max: number; unit?: string }): SettingAbility {
  return { name, label, kind: 'number', ...range };
}

function seconds(name: string, label: string, of: { at: number; min: number; max: number }): Offered {
  const { at: place, ...range } = of;
  return { ability: number(name, label, { ...range, unit: 's' }), where: 'advanced', at: place, form: 'byte' };
}

function time(name: string, label: string, place: number): Offered {
  const ability = number(name, label, { min: 0, max: DAY_MINUTES, unit: 'min' });
  return { ability, where: 'advanced', at: place, form: 'time' };
}

function degrees(name: string, label: string, place: number, range = { min: -180, max: 180 }): Offered {
  return { ability: number(name, label, { ...range, unit: '°' }), where: 'advanced', at: place, form: 'word' };
}
