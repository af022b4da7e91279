// What a lock shows on its topics: pure functions from what we know to documents. No secret can get in here.
import { shown } from '../../base/log.ts';
import type { Bolt, Happening, LockView, SettingValue } from '../../lock/lock.ts';
import type { SessionCost } from '../../lock/locks.ts';
import { aliasDocument } from './aliases.ts';

type Document = Readonly<Record<string, unknown>>;

/** Home Assistant's words. An unlatching lock is OPENING only to itself: no family tells it from unlocking. */
const HA_STATE: Readonly<Record<Bolt, string | null>> = {
  locked: 'LOCKED',
  locking: 'LOCKING',
  unlocked: 'UNLOCKED',
  unlocking: 'UNLOCKING',
  unlatched: 'OPEN',
  jammed: 'JAMMED',
  unknown: null,
};

/** zigbee2mqtt's two words. On its way is not locked; jammed and unknown are neither. */
const PLAIN_STATE: Readonly<Record<Bolt, string | null>> = {
  locked: 'LOCK',
  locking: 'UNLOCK',
  unlocked: 'UNLOCK',
  unlocking: 'UNLOCK',
  unlatched: 'UNLOCK',
  jammed: null,
  unknown: null,
};

/** What is shown with a lock's state and is not part of its view. */
export interface Around {
  /** The settings of the lock itself, as far as they are known. */
  values?: Readonly<Record<string, SettingValue>>;
  /** What its session costs. */
  cost?: SessionCost;
  /** Who moved the bolt last. */
  last?: Happening;
}

/** The retained state of design section 11. Optional things are left out while nothing is known of them. */
export function stateDocument(view: LockView, around: Around = {}): Document {
  const { state, stats } = view;
  return {
    state: PLAIN_STATE[state.bolt],
    ha_state: HA_STATE[state.bolt],
    lock_state: state.bolt,
    ...(state.door === undefined ? {} : { door_state: state.door }),
    ...(state.battery === undefined ? {} : { battery: state.battery }),
    ...(view.rssi === undefined ? {} : { rssi: view.rssi }),
    reachable: state.reachable,
    trust: state.trust,
    at: stamp(state.at),
    ...aliasDocument(view, around.values ?? {}),
    lifecycle: view.lifecycle,
    session: { open: stats.open, since: stamp(stats.since), losses: stats.losses, ...costDocument(around.cost) },
    attributes: {
      id: view.id,
      family: view.family,
      unit: shown(view.unit.name),
      ...(view.facts.model === undefined ? {} : { model: shown(view.facts.model) }),
      ...(view.facts.firmware === undefined ? {} : { firmware: shown(view.facts.firmware) }),
      ...(view.trouble ? { trouble: view.trouble.reason, trouble_text: view.trouble.text } : {}),
      ...lastDocument(around.last),
    },
  };
}

/** Only what the lock has, in the order of its abilities. */
export function settingsDocument(view: LockView, values: Readonly<Record<string, SettingValue>>): Document {
  const names = (view.abilities?.settings ?? []).map(each => each.name);
  return Object.fromEntries(names.flatMap(name => (Object.hasOwn(values, name) ? [[name, values[name]]] : [])));
}

function costDocument(cost: SessionCost | undefined): Document {
  if (!cost) return {};
  return {
    mode: cost.mode,
    questions_per_day: Math.round(cost.questionsPerDay),
    connected_minutes_per_day: Math.round(cost.connectedMinutesPerDay * 10) / 10,
    ...(Number.isFinite(cost.batteryDays) ? { battery_days: Math.round(cost.batteryDays) } : {}),
  };
}

/** The person where one is known, else the way it was done, in words. */
function lastDocument(last: Happening | undefined): Document {
  if (!last) return {};
  return {
    last_actor: last.person === undefined ? (ACTORS[last.source] ?? last.source) : shown(last.person),
    ...(last.slot === undefined ? {} : { last_actor_id: last.slot }),
    last_source: last.source,
    last_action: last.type,
    last_at: stamp(last.at),
  };
}

const ACTORS: Partial<Record<Happening['source'], string>> = {
  keypad: 'Keypad',
  card: 'Card',
  finger: 'Fingerprint',
  app: 'App',
  remote: 'Remote',
  manual: 'By hand',
  key: 'Key',
  auto: 'By itself',
};

/** Whether it says who moved the bolt. */
export function isOperation({ type, ok }: Happening): boolean {
  return ok && (type === 'locked' || type === 'unlocked' || type === 'opened' || type === 'auto_locked');
}

/** `inFlow`: a flow has it in hand, whatever it is just now. */
export function availabilityDocument(view: LockView, inFlow = false): Document {
  // A flow has it: nobody else's command is taken, however well it can be reached.
  if (view.lifecycle === 'suspended' || (inFlow && view.lifecycle !== 'managed'))
    return { state: 'offline', reason: 'flow' };
  return { state: view.state.reachable ? 'online' : 'offline' };
}

/** For Home Assistant's event entity: `event_type` and attributes. */
export function eventDocument(happening: Happening): Document {
  return {
    event_type: happening.type,
    source: happening.source,
    ok: happening.ok,
    at: stamp(happening.at),
    ...(happening.record === undefined ? {} : { record: happening.record }),
    ...(happening.slot === undefined ? {} : { slot: happening.slot }),
    ...(happening.person === undefined ? {} : { person: shown(happening.person) }),
    ...(happening.battery === undefined ? {} : { battery: happening.battery }),
  };
}

/** A record of the log of each kind has its word here; the compiler misses one that is not. */
const EVENTS: Readonly<Record<Happening['type'], true>> = {
  locked: true,
  unlocked: true,
  opened: true,
  jammed: true,
  auto_locked: true,
  wrong_code: true,
  code_added: true,
  code_changed: true,
  code_deleted: true,
  card_added: true,
  card_deleted: true,
  finger_added: true,
  finger_deleted: true,
  door_opened: true,
  door_closed: true,
  refused: true,
  tamper: true,
  restarted: true,
  operation_failed: true,
  other: true,
};

/** Every word that `event_type` can be; Home Assistant refuses others. */
export const EVENT_TYPES = Object.keys(EVENTS) as readonly Happening['type'][];

/** zigbee2mqtt's numbers and names of what was used. */
const ACTION_SOURCES: Partial<Record<Happening['source'], readonly [number, string]>> = {
  keypad: [0, 'keypad'],
  remote: [1, 'rf'],
  app: [1, 'rf'],
  manual: [2, 'manual'],
  key: [2, 'manual'],
  card: [3, 'rfid'],
  finger: [4, 'fingerprint'],
};

const ACTIONS: Partial<Record<Happening['type'], string>> = {
  auto_locked: 'auto_lock',
  wrong_code: 'unlock_failure_invalid_pin_or_id',
  code_added: 'pin_code_added',
  code_changed: 'pin_code_changed',
  code_deleted: 'pin_code_deleted',
  card_added: 'rfid_code_added',
  card_deleted: 'rfid_code_deleted',
};

/** A code that is refused is a right one at a wrong time; wrong ones are `wrong_code`. */
const REFUSALS: Partial<Record<Happening['source'], string>> = {
  keypad: 'unlock_failure_invalid_schedule',
  card: 'unlock_failure_invalid_pin_or_id',
  finger: 'unlock_failure_invalid_pin_or_id',
};

const MOVES: Partial<Record<Happening['type'], string>> = { locked: 'lock', unlocked: 'unlock', opened: 'unlock' };
const MOVE_PREFIX: Partial<Record<Happening['source'], string>> = {
  keypad: 'keypad_',
  manual: 'manual_',
  key: 'key_',
};

/** zigbee2mqtt's `action` with who and how, for code managers and device triggers; undefined when it has no word for it. */
export function actionDocument(happening: Happening): ({ action: string } & Document) | undefined {
  const move = MOVES[happening.type];
  const word = happening.type === 'refused' ? REFUSALS[happening.source] : ACTIONS[happening.type];
  const action = move ? `${MOVE_PREFIX[happening.source] ?? ''}${move}` : word;
  if (action === undefined) return undefined;
  const source = ACTION_SOURCES[happening.source];
  return {
    action,
    ...(happening.slot === undefined ? {} : { action_user: happening.slot }),
    ...(source ? { action_source: source[0], action_source_name: source[1] } : {}),
  };
}

/** A lock as `bridge/locks` lists it: what stays the same from minute to minute. */
export function listingDocument(view: LockView): Document {
  return {
    id: view.id,
    name: view.name,
    unit: { id: view.unit.id, name: shown(view.unit.name) },
    family: view.family,
    address: view.address,
    endpoint: view.endpoint,
    lifecycle: view.lifecycle,
    generation: view.generation,
    settings: view.settings,
    ...(view.abilities ? { abilities: view.abilities } : {}),
    facts: {
      ...(view.facts.manufacturer === undefined ? {} : { manufacturer: shown(view.facts.manufacturer) }),
      ...(view.facts.model === undefined ? {} : { model: shown(view.facts.model) }),
      ...(view.facts.hardware === undefined ? {} : { hardware: shown(view.facts.hardware) }),
      ...(view.facts.firmware === undefined ? {} : { firmware: shown(view.facts.firmware) }),
      ...(view.facts.serial === undefined ? {} : { serial: shown(view.facts.serial) }),
    },
  };
}

/** ISO 8601 in UTC. A lock's own clock can say anything, also what no date can be. */
export function stamp(at: number): string | null {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : null;
}
