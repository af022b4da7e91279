// Home Assistant's device discovery (home-assistant.md 1.2-1.4): pure functions from a lock to its document.
import { shown } from '../../base/log.ts';
import type { LockView } from '../../lock/lock.ts';
import { flowEntities } from './flow-of-lock.ts';
import { actionEntities, settingEntities } from './setting-entities.ts';
import { EVENT_TYPES } from './state.ts';
import { objectId, type Topics } from './topics.ts';

type Document = Readonly<Record<string, unknown>>;
type Components = Document & { components: Readonly<Record<string, Document>> };

/** Says in every document whose it is. */
export const ORIGIN = 'Latchbridge';
/** How long the switch for pairing opens the window; the longest that pairing allows. */
const PERMIT_JOIN_S = 120;

export interface Offers {
  version: string;
  /** Whether the lock itself can be worked on: its settings, and what its session costs. */
  workbench?: boolean;
  /** Whether it can be in a flow. */
  flows?: boolean;
}

/**
 * One unknown key at the root makes Home Assistant drop the whole document, so only these appear there: device, origin,
 * components, availability, availability_mode, qos. Deeper ones are checked entity by entity.
 */
export function lockDiscovery(
  view: LockView,
  topics: Topics,
  { version, workbench = false, flows = false }: Offers,
): Components {
  const { facts, abilities } = view;
  return {
    device: {
      identifiers: [objectId(view.id)],
      ...(isMac(view.address) ? { connections: [['bluetooth', view.address.toUpperCase()]] } : {}),
      name: view.name,
      ...(facts.manufacturer === undefined ? {} : { manufacturer: shown(facts.manufacturer) }),
      model: shown(facts.model ?? view.family),
      ...(facts.firmware === undefined ? {} : { sw_version: shown(facts.firmware) }),
      ...(facts.hardware === undefined ? {} : { hw_version: shown(facts.hardware) }),
      ...(facts.serial === undefined ? {} : { serial_number: shown(facts.serial) }),
      via_device: topics.bridgeId,
    },
    origin: origin(version),
    availability: [bridgeIsUp(topics), whereStateIs(topics.lock(view.name, 'availability'))],
    availability_mode: 'all',
    qos: 1,
    components: {
      lock: lockEntity(view, topics),
      event: {
        platform: 'event',
        ...named(view, 'event', 'Lock event'),
        state_topic: topics.lock(view.name, 'event'),
        event_types: EVENT_TYPES,
      },
      rssi: { ...sensor(view, topics, 'rssi', 'Signal'), device_class: 'signal_strength', unit_of_measurement: 'dBm' },
      ...(abilities?.battery
        ? {
            battery: {
              ...sensor(view, topics, 'battery', 'Battery'),
              device_class: 'battery',
              unit_of_measurement: '%',
            },
          }
        : {}),
      ...(abilities?.door ? { door: doorEntity(view, topics) } : {}),
      problem: problemEntity(view, topics),
      connectivity: connectivityEntity(view, topics),
      ...(abilities?.log ? { last_actor: lastActorEntity(view, topics) } : {}),
      ...(workbench && abilities?.battery ? { battery_days: batteryDaysEntity(view, topics) } : {}),
      ...(workbench ? { ...actionEntities(view, topics), ...settingEntities(view, topics) } : {}),
      ...(flows ? flowEntities(view, topics) : {}),
    },
  };
}

/**
 * Home Assistant keeps an entity that a document merely leaves out; it lets go of one of which only the platform is left.
 * `platforms`: of all entities that it was told of; what comes back is for the next time.
 */
export function withoutGone(
  document: Components,
  platforms: Readonly<Record<string, string>>,
): { document: Components; platforms: Record<string, string> } {
  const { components } = document;
  const gone = Object.entries(platforms).filter(([key]) => !Object.hasOwn(components, key));
  const now = Object.entries(components).map(([key, { platform }]) => [key, String(platform)] as const);
  const empty = Object.fromEntries(gone.map(([key, platform]) => [key, { platform }]));
  return {
    document: gone.length === 0 ? document : { ...document, components: { ...components, ...empty } },
    platforms: { ...platforms, ...Object.fromEntries(now) },
  };
}

/** The bridge itself: the parent of every lock. Its connectivity must stay available while the bridge is not. */
export function bridgeDiscovery(topics: Topics, version: string): Document {
  const availability = [bridgeIsUp(topics)];
  const own = (key: string, name: string): Document => ({ unique_id: `${topics.bridgeId}_${key}`, name });
  return {
    device: { identifiers: [topics.bridgeId], name: 'Latchbridge', manufacturer: 'Latchbridge', sw_version: version },
    origin: origin(version),
    qos: 1,
    components: {
      connectivity: {
        platform: 'binary_sensor',
        ...own('connectivity', 'Connection'),
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        state_topic: topics.bridge('state'),
        value_template: "{{ 'ON' if value_json.state == 'online' else 'OFF' }}",
      },
      version: {
        platform: 'sensor',
        ...own('version', 'Version'),
        entity_category: 'diagnostic',
        availability,
        state_topic: topics.bridge('info'),
        value_template: '{{ value_json.version }}',
      },
      permit_join: {
        platform: 'switch',
        ...own('permit_join', 'Pairing window'),
        entity_category: 'config',
        availability,
        state_topic: topics.bridge('info'),
        value_template: "{{ 'ON' if value_json.permit_join else 'OFF' }}",
        command_topic: topics.bridge('request/permit_join'),
        payload_on: JSON.stringify({ time: PERMIT_JOIN_S }),
        payload_off: JSON.stringify({ time: 0 }),
        state_on: 'ON',
        state_off: 'OFF',
      },
      restart: {
        platform: 'button',
        ...own('restart', 'Restart'),
        device_class: 'restart',
        entity_category: 'config',
        availability,
        command_topic: topics.bridge('request/restart'),
        payload_press: '{}',
      },
    },
  };
}

/** Home Assistant keeps the lock's main feature under the device's own name: `name` is null. */
function lockEntity(view: LockView, topics: Topics): Document {
  const topic = topics.lock(view.name);
  return {
    platform: 'lock',
    unique_id: `${objectId(view.id)}_lock`,
    name: null,
    default_entity_id: `lock.${entityName(view.name)}`,
    state_topic: topic,
    value_template: '{{ value_json.ha_state }}',
    command_topic: topics.lock(view.name, 'set'),
    command_template: '{"state":"{{ value }}"{% if code %},"code":{{ code | tojson }}{% endif %}}',
    payload_lock: 'LOCK',
    payload_unlock: 'UNLOCK',
    ...(view.abilities?.verbs.includes('unlatch') ? { payload_open: 'OPEN' } : {}),
    state_locked: 'LOCKED',
    state_locking: 'LOCKING',
    state_unlocked: 'UNLOCKED',
    state_unlocking: 'UNLOCKING',
    state_open: 'OPEN',
    state_opening: 'OPENING',
    state_jammed: 'JAMMED',
    retain: false,
    json_attributes_topic: topic,
    json_attributes_template: '{{ value_json.attributes | tojson }}',
  };
}

function sensor(view: LockView, topics: Topics, key: 'battery' | 'rssi', name: string): Document {
  return {
    platform: 'sensor',
    ...named(view, key, name),
    entity_category: 'diagnostic',
    state_class: 'measurement',
    state_topic: topics.lock(view.name),
    value_template: `{{ value_json.${key} | default(none) }}`,
  };
}

function doorEntity(view: LockView, topics: Topics): Document {
  return {
    platform: 'binary_sensor',
    ...named(view, 'door', 'Door'),
    device_class: 'door',
    state_topic: topics.lock(view.name),
    value_template: "{{ {'open': 'ON', 'closed': 'OFF'}.get(value_json.door_state, 'None') }}",
  };
}

/** A phone that was let in is none. */
function problemEntity(view: LockView, topics: Topics): Document {
  return {
    platform: 'binary_sensor',
    ...named(view, 'problem', 'Problem'),
    device_class: 'problem',
    entity_category: 'diagnostic',
    state_topic: topics.lock(view.name),
    value_template:
      "{{ 'ON' if value_json.ha_state == 'JAMMED' or value_json.attributes.trouble | default('phone') != 'phone' else 'OFF' }}",
  };
}

/** It says that the lock is out of reach, so it must not become unavailable for that reason. */
function connectivityEntity(view: LockView, topics: Topics): Document {
  return {
    platform: 'binary_sensor',
    ...named(view, 'connectivity', 'Connection'),
    device_class: 'connectivity',
    entity_category: 'diagnostic',
    availability: [bridgeIsUp(topics)],
    state_topic: topics.lock(view.name),
    value_template: "{{ 'ON' if value_json.reachable else 'OFF' }}",
  };
}

function lastActorEntity(view: LockView, topics: Topics): Document {
  const topic = topics.lock(view.name);
  return {
    platform: 'sensor',
    ...named(view, 'last_actor', 'Last operated by'),
    icon: 'mdi:account-key',
    state_topic: topic,
    value_template: '{{ value_json.attributes.last_actor | default(none) }}',
    json_attributes_topic: topic,
    json_attributes_template:
      '{% set a = value_json.attributes %}{{ dict(source=a.last_source | default(none), slot=a.last_actor_id | default(none), action=a.last_action | default(none), at=a.last_at | default(none)) | tojson }}',
  };
}

/** What the chosen session leaves of a set of batteries; the other figures are its attributes. */
function batteryDaysEntity(view: LockView, topics: Topics): Document {
  const topic = topics.lock(view.name);
  return {
    platform: 'sensor',
    ...named(view, 'battery_days', 'Batteries last about'),
    entity_category: 'diagnostic',
    device_class: 'duration',
    unit_of_measurement: 'd',
    state_topic: topic,
    value_template: '{{ value_json.session.battery_days | default(none) }}',
    json_attributes_topic: topic,
    json_attributes_template: '{{ value_json.session | tojson }}',
  };
}

function named(view: LockView, key: string, name: string): Document {
  return { unique_id: `${objectId(view.id)}_${key}`, name };
}

function origin(version: string): Document {
  return { name: ORIGIN, sw_version: version };
}

function bridgeIsUp(topics: Topics): Document {
  return whereStateIs(topics.bridge('state'));
}

function whereStateIs(topic: string): Document {
  return { topic, value_template: '{{ value_json.state }}' };
}

/** An entity id knows no dashes and no double underscores. */
function entityName(name: string): string {
  return name.replace(/[-_]+/g, '_');
}

function isMac(address: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(address);
}
