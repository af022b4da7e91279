// What the page knows, and how each event changes it. Pure: every change is a new object, so that views see what is new.
import type {
  ApiEvent,
  FlowView,
  Happening,
  Health,
  WholeLock,
  PublicLine,
  Session,
  Suggestion,
  Verb,
} from '../api.d.ts';
import { isClosed } from '../text/flow-words.ts';

/** What a command that is on its way asked for, or how it ended. */
export interface Pending {
  verb: Verb;
  since: number;
}
export interface Said {
  text: string;
  at: number;
  /** The lock may have moved. */
  maybe: boolean;
}

export interface State {
  session?: Session;
  /** loading: nothing shown yet. live: events come. lost: they do not, and what is shown may be old. */
  connection: 'loading' | 'live' | 'lost';
  lostAt?: number;
  locks: ReadonlyMap<string, WholeLock>;
  flows: ReadonlyMap<string, FlowView>;
  /** The newest lines of flows, since this page is open. */
  lines: ReadonlyMap<string, readonly PublicLine[]>;
  suggestions: readonly Suggestion[];
  health?: Health;
  happenings: ReadonlyMap<string, Happening>;
  pending: ReadonlyMap<string, Pending>;
  /** By lock: why the last command did not come to a yes. */
  refused: ReadonlyMap<string, Said>;
}

/** Lines of one flow kept in the page. */
const MOST_LINES = 200;
/** Closed flows that stay known. */
const MOST_CLOSED = 50;

export const nothing: State = {
  connection: 'loading',
  locks: new Map(),
  flows: new Map(),
  lines: new Map(),
  suggestions: [],
  happenings: new Map(),
  pending: new Map(),
  refused: new Map(),
};

export function withEvent(state: State, event: ApiEvent): State {
  switch (event.kind) {
    case 'added':
    case 'changed':
    case 'state':
    case 'renamed':
      return withLock(state, event.lock);
    case 'happened': {
      const next = withLock(state, event.lock);
      return event.happening ? withHappening(next, event.lock.id, event.happening) : next;
    }
    case 'removed':
      return { ...state, locks: without(state.locks, event.lock.id) };
    case 'flow':
      return withFlowEvent(state, event);
    default:
      return state;
  }
}

export function withLock(state: State, lock: WholeLock): State {
  return { ...state, locks: added(state.locks, lock.id, lock) };
}

export function withLocks(state: State, locks: readonly WholeLock[]): State {
  return { ...state, locks: new Map(locks.map(lock => [lock.id, lock])) };
}

export function withFlow(state: State, flow: FlowView): State {
  const flows = new Map(state.flows).set(flow.id, flow);
  const closed = [...flows.values()].filter(each => isClosed(each.state));
  for (const each of closed.slice(0, Math.max(0, closed.length - MOST_CLOSED))) flows.delete(each.id);
  return { ...state, flows };
}

export function withFlows(state: State, flows: readonly FlowView[]): State {
  return { ...state, flows: new Map(flows.toReversed().map(flow => [flow.id, flow])) };
}

/** The newest by the lock's own clock: its log may be read long after the fact. */
export function withHappening(state: State, lock: string, happening: Happening): State {
  const known = state.happenings.get(lock);
  if (known && known.at > happening.at) return state;
  return { ...state, happenings: added(state.happenings, lock, happening) };
}

export function withPending(state: State, lock: string, pending: Pending | undefined): State {
  if (pending) return { ...state, pending: added(state.pending, lock, pending), refused: without(state.refused, lock) };
  return { ...state, pending: without(state.pending, lock) };
}

export function withRefused(state: State, lock: string, said: Said | undefined): State {
  return { ...state, refused: said ? added(state.refused, lock, said) : without(state.refused, lock) };
}

function withFlowEvent(state: State, event: Extract<ApiEvent, { kind: 'flow' }>): State {
  const { flow } = event;
  const next = withFlow(state, flow.view);
  if (flow.kind !== 'line') return next;
  const known = next.lines.get(flow.view.id) ?? [];
  if (known.some(line => line.number === flow.line.number)) return next;
  return { ...next, lines: added(next.lines, flow.view.id, [...known, flow.line].slice(-MOST_LINES)) };
}

function added<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(map).set(key, value);
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
