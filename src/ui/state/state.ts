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
  /** How many events of locks and flows were heard, and with which of them each was heard of last. */
  heard: number;
  heardOf: ReadonlyMap<string, number>;
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
  heard: 0,
  heardOf: new Map(),
};

export function withEvent(state: State, event: ApiEvent): State {
  switch (event.kind) {
    case 'added':
    case 'changed':
    case 'state':
    case 'renamed':
      return placeLock(hear(state, event.lock.id), event.lock);
    case 'happened': {
      const next = placeLock(hear(state, event.lock.id), event.lock);
      return event.happening ? withHappening(next, event.lock.id, event.happening) : next;
    }
    case 'removed':
      return { ...hear(state, event.lock.id), locks: without(state.locks, event.lock.id) };
    case 'flow':
      return withFlowEvent(hear(state, event.flow.view.id), event);
    default:
      return state;
  }
}

// Answers come on another connection than events, so a view may arrive after an event that is newer than it. What was heard
// of since the question was asked stands: whatever the answer knows more is an event too, and on its way. `since` is what
// `heard` was when it was asked.

export function withLock(state: State, lock: WholeLock, since: number): State {
  return isStale(state, lock.id, since) ? state : placeLock(state, lock);
}

/** All there are; others are no more. */
export function withLocks(state: State, locks: readonly WholeLock[], since: number): State {
  return { ...state, locks: replaced(state, state.locks, locks, since) };
}

export function withFlow(state: State, flow: FlowView, since: number): State {
  return isStale(state, flow.id, since) ? state : placeFlow(state, flow);
}

/** The newest first; others are too old to be shown. */
export function withFlows(state: State, flows: readonly FlowView[], since: number): State {
  return { ...state, flows: replaced(state, state.flows, flows.toReversed(), since) };
}

function isStale(state: State, id: string, since: number): boolean {
  return (state.heardOf.get(id) ?? 0) > since;
}

function replaced<T extends { id: string }>(
  state: State,
  before: ReadonlyMap<string, T>,
  answer: readonly T[],
  since: number,
): ReadonlyMap<string, T> {
  const stands = (id: string): boolean => isStale(state, id, since);
  const fresh = answer.filter(({ id }) => !stands(id)).map((each): [string, T] => [each.id, each]);
  return new Map([...fresh, ...[...before].filter(([id]) => stands(id))]);
}

function hear(state: State, id: string): State {
  const heard = state.heard + 1;
  return { ...state, heard, heardOf: added(state.heardOf, id, heard) };
}

function placeLock(state: State, lock: WholeLock): State {
  return { ...state, locks: added(state.locks, lock.id, lock) };
}

function placeFlow(state: State, flow: FlowView): State {
  const flows = new Map(state.flows).set(flow.id, flow);
  const closed = [...flows.values()].filter(each => isClosed(each.state));
  for (const each of closed.slice(0, Math.max(0, closed.length - MOST_CLOSED))) flows.delete(each.id);
  return { ...state, flows };
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
  const next = placeFlow(state, flow.view);
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
