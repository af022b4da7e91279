// Settings of a lock as people and programs write them: `ON`, `on` and true are one thing.
import { LockError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { LockView, SettingAbility, SettingValue } from './lock.ts';

const SWITCHES: Readonly<Record<string, boolean>> = { on: true, true: true, off: false, false: false };

/** Throws `unsupported` for a setting that this lock lacks, with what was probably meant. */
export function settingNamed(view: LockView, name: string): SettingAbility {
  const offered = view.abilities?.settings ?? [];
  const found = offered.find(each => each.name === name);
  if (found) return found;
  const names = offered.map(each => each.name);
  const near = nearest(name, names);
  const advice = near ? `Did you mean ${near}?` : names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
  throw new LockError('unsupported', `"${view.name}" has no such setting. ${advice}`, { reason: 'no_setting' });
}

/** The value that was meant. Throws `invalid`, saying what is possible. */
export function settingValue(ability: SettingAbility, given: unknown): SettingValue {
  const value = meant(ability, given);
  if (value !== undefined) return value;
  throw new LockError('invalid', `"${ability.name}" can be ${possible(ability)}.`, { reason: 'setting_value' });
}

function meant(ability: SettingAbility, given: unknown): SettingValue | undefined {
  const text = typeof given === 'string' ? given.trim() : undefined;
  if (ability.kind === 'switch') {
    const word = text?.toLowerCase() ?? '';
    return typeof given === 'boolean' ? given : Object.hasOwn(SWITCHES, word) ? SWITCHES[word] : undefined;
  }
  if (ability.kind === 'select') return ability.options.find(option => option === text);
  const number =
    typeof given === 'number' ? given : text !== undefined && /^-?\d{1,9}(\.0+)?$/.test(text) ? +text : NaN;
  return Number.isInteger(number) && number >= ability.min && number <= ability.max ? number : undefined;
}

function possible(ability: SettingAbility): string {
  if (ability.kind === 'switch') return 'on or off';
  if (ability.kind === 'select') return `one of ${ability.options.join(', ')}`;
  return `a whole number from ${ability.min} to ${ability.max}${ability.unit === undefined ? '' : ` (${ability.unit})`}`;
}
