// Settings and actions of a lock as entities of Home Assistant: a switch, a number, a select or a button for each.
import type { LockView, SettingAbility } from '../../lock/lock.ts';
import { objectId, type Topics } from './topics.ts';

type Document = Readonly<Record<string, unknown>>;

/** By the key in `components`. An unknown value renders as `None`, which each of the three takes for unknown. */
export function settingEntities(view: LockView, topics: Topics): Record<string, Document> {
  const settings = view.abilities?.settings ?? [];
  return Object.fromEntries(
    settings.map(ability => [`setting_${ability.name}`, entity(ability, view, topics)] as const),
  );
}

/** A button for each thing that the lock does besides locking and unlocking. */
export function actionEntities(view: LockView, topics: Topics): Record<string, Document> {
  const actions = view.abilities?.actions ?? [];
  return Object.fromEntries(
    actions.map(({ name, label, moves }) => {
      const button = {
        platform: 'button',
        unique_id: `${objectId(view.id)}_action_${name}`,
        name: label,
        command_topic: topics.lock(view.name, 'set/action'),
        payload_press: name,
        retain: false,
        ...(moves ? {} : { entity_category: 'config' }),
      };
      return [`action_${name}`, button] as const;
    }),
  );
}

function entity(ability: SettingAbility, view: LockView, topics: Topics): Document {
  const { name, label } = ability;
  const shared = {
    unique_id: `${objectId(view.id)}_setting_${name}`,
    name: label,
    entity_category: 'config',
    state_topic: topics.lock(view.name, 'settings'),
    command_topic: topics.lock(view.name, `set/${name}`),
    retain: false,
  };
  if (ability.kind === 'switch') {
    const value_template = `{{ {true: 'ON', false: 'OFF'}.get(value_json.${name}, 'None') }}`;
    return { platform: 'switch', ...shared, value_template, payload_on: 'ON', payload_off: 'OFF' };
  }
  const value_template = `{{ value_json.${name} | default(none) }}`;
  if (ability.kind === 'select') return { platform: 'select', ...shared, value_template, options: ability.options };
  const { min, max, unit } = ability;
  const measured = unit === undefined ? {} : { unit_of_measurement: unit };
  return { platform: 'number', ...shared, value_template, min, max, step: 1, mode: 'box', ...measured };
}
