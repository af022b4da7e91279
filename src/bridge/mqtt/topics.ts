// The topic tree: how topics are spelled and read back. Names of locks are single lower case segments.
import { LockError } from '../../base/errors.ts';
import { LOCK_ID, LOCK_NAME, RESERVED_NAMES } from '../../lock/lock.ts';

/** Brokers allow 65,535 bytes; nobody means more than this, and ours get longer by 90. */
const MOST_BASE = 128;
const MOST_REQUEST = 64;
const FLOW_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A response topic that a client of protocol 5 names. */
const MOST_ANSWER = 256;
/** Home Assistant says `online` here by default, whatever the discovery prefix is. */
const HOME_ASSISTANT_STATUS = 'homeassistant/status';

/** What a topic that came in asks for. `lock` has the shape of a name and nothing more is known of it. */
export type Incoming =
  | { kind: 'set'; lock: string; attribute?: string }
  | { kind: 'get'; lock: string }
  | { kind: 'hand'; lock: string }
  | { kind: 'request'; command: string }
  | { kind: 'answer'; flow: string }
  | { kind: 'flow_state'; flow: string }
  | { kind: 'home_assistant' }
  | { kind: 'discovery'; id: string }
  | { kind: 'availability'; lock: string };

export interface Topics {
  readonly base: string;
  readonly prefix: string;
  /** Home Assistant's identifier of the bridge itself. */
  readonly bridgeId: string;
  bridge(leaf: string): string;
  lock(name: string, leaf?: string): string;
  demo(name: string, leaf: string): string;
  flow(id: string, leaf: string): string;
  discovery(objectId: string): string;
  read(topic: string): Incoming | undefined;
  /** What to subscribe to for commands; the hands only in a demo. */
  subscriptions(hands: boolean): string[];
  /** Whether an answer may be sent there: never into our own tree (but for the responses) or Home Assistant's. */
  mayAnswerOn(topic: string): boolean;
}

/** Throws `invalid` for a base or prefix that cannot be a topic. */
export function makeTopics(base: string, prefix: string): Topics {
  checkTopic(base, 'base topic');
  checkTopic(prefix, 'discovery prefix');
  if (base === prefix) throw new LockError('invalid', 'The MQTT base topic and the discovery prefix must differ.');
  const statuses = [...new Set([HOME_ASSISTANT_STATUS, `${prefix}/status`])];
  const mark = base.replace(/[^A-Za-z0-9]+/g, '_');
  return {
    base,
    prefix,
    bridgeId: mark === 'latchbridge' ? 'latchbridge_bridge' : `latchbridge_bridge_${mark}`,
    bridge: leaf => `${base}/bridge/${leaf}`,
    lock: (name, leaf) => (leaf === undefined ? `${base}/${name}` : `${base}/${name}/${leaf}`),
    demo: (name, leaf) => `${base}/demo/${name}/${leaf}`,
    flow: (id, leaf) => `${base}/flow/${id}/${leaf}`,
    discovery: objectId => `${prefix}/device/${objectId}/config`,
    read: topic => {
      if (statuses.includes(topic)) return { kind: 'home_assistant' };
      const kept = topic.startsWith(`${prefix}/device/`) ? lockOfConfig(topic.slice(prefix.length + 8)) : undefined;
      if (kept !== undefined) return { kind: 'discovery', id: kept };
      return topic.startsWith(`${base}/`) ? read(topic.slice(base.length + 1)) : undefined;
    },
    subscriptions: hands => [
      `${base}/+/set`,
      `${base}/+/set/+`,
      `${base}/+/get`,
      `${base}/bridge/request/#`,
      `${base}/flow/+/answer`,
      ...statuses,
      ...(hands ? [`${base}/demo/+/hand`] : []),
    ],
    mayAnswerOn: topic => {
      if (!isTopic(topic, MOST_ANSWER)) return false;
      if (topic.startsWith(`${base}/`)) return topic.startsWith(`${base}/bridge/response/`);
      return !topic.startsWith(`${prefix}/`) && topic !== base;
    },
  };
}

/** Home Assistant's identifier of a lock, and its discovery object id. */
export function objectId(lockId: string): string {
  return `latchbridge_${lockId}`;
}

/** The lock id in `<object id>/config`, if it is one of ours. */
function lockOfConfig(path: string): string | undefined {
  const id = /^latchbridge_([0-9a-f]{12})\/config$/.exec(path)?.[1];
  return id !== undefined && LOCK_ID.test(id) ? id : undefined;
}

function read(path: string): Incoming | undefined {
  const request = /^bridge\/request\/([a-z][a-z0-9_/]*)$/.exec(path)?.[1];
  if (request !== undefined) return request.length <= MOST_REQUEST ? { kind: 'request', command: request } : undefined;
  const parts = path.split('/');
  const [first = '', second = '', third] = parts;
  if (parts.length === 3 && first === 'demo' && third === 'hand') {
    return LOCK_NAME.test(second) ? { kind: 'hand', lock: second } : undefined;
  }
  if (parts.length === 3 && first === 'flow') return ofFlow(second, third);
  if (!LOCK_NAME.test(first) || RESERVED_NAMES.includes(first)) return undefined;
  if (second === 'get' && parts.length === 2) return { kind: 'get', lock: first };
  if (second === 'availability' && parts.length === 2) return { kind: 'availability', lock: first };
  if (second !== 'set' || parts.length > 3) return undefined;
  if (third === undefined) return { kind: 'set', lock: first };
  return /^[a-z_]{1,32}$/.test(third) ? { kind: 'set', lock: first, attribute: third } : undefined;
}

function ofFlow(flow: string, leaf: string | undefined): Incoming | undefined {
  if (!FLOW_ID.test(flow)) return undefined;
  if (leaf === 'answer') return { kind: 'answer', flow };
  return leaf === 'state' ? { kind: 'flow_state', flow } : undefined;
}

function checkTopic(topic: string, what: string): void {
  if (isTopic(topic, MOST_BASE) && !topic.split('/').includes('')) return;
  throw new LockError(
    'invalid',
    `The MQTT ${what} must be 1 to ${MOST_BASE} characters without +, #, spaces, empty levels or a leading $.`,
  );
}

function isTopic(topic: string, most: number): boolean {
  return topic.length <= most && /^[\x21-\x7e\u00a1-\ud7ff]+$/.test(topic) && !/^\$|[+#]/.test(topic);
}
