// What the page knows, event by event.
import { describe, expect, test } from 'vitest';
import type { ApiEvent, FlowView, Happening, PublicLine } from '../../src/ui/api.d.ts';
import { lastOf } from '../../src/ui/state/last.ts';
import {
  nothing,
  withEvent,
  withFlow,
  withFlows,
  withHappening,
  withLocks,
  withPending,
  withRefused,
} from '../../src/ui/state/state.ts';
import { aFlow, aLock } from './samples.ts';

const happening = (at: number): Happening => ({ type: 'unlocked', source: 'keypad', ok: true, at });
const line = (number: number): PublicLine => ({ number, at: number, kind: 'step', text: `line ${number}` });
const event = (it: object): ApiEvent => ({ id: 'a-1', at: 0, ...it }) as ApiEvent;
const lineEvent = (flow: FlowView, number: number): ApiEvent =>
  event({ kind: 'flow', flow: { kind: 'line', view: flow, line: line(number) } });

describe('a lock', () => {
  test('that says how it stands is the only one that is new', () => {
    const other = aLock({ id: 'ffffffffffff', name: 'back_door' });
    const before = withLocks(nothing, [aLock(), other], 0);
    const opened = aLock({ state: { ...aLock().state, bolt: 'unlocked' } });
    const after = withEvent(before, event({ kind: 'state', lock: opened }));
    expect(after.locks.get('8d9619815548')?.state.bolt).toBe('unlocked');
    expect(after.locks.get('ffffffffffff')).toBe(other);
    expect(before.locks.get('8d9619815548')?.state.bolt).toBe('locked');
  });

  test('that was removed is gone', () => {
    const before = withLocks(nothing, [aLock()], 0);
    expect(withEvent(before, event({ kind: 'removed', lock: aLock() })).locks.size).toBe(0);
  });

  test('keeps the newest happening when older ones are read from its log', () => {
    const newer = withHappening(nothing, 'a', happening(2000));
    expect(withHappening(newer, 'a', happening(1000)).happenings.get('a')?.at).toBe(2000);
  });

  test('that is commanded anew loses what was refused before', () => {
    const refused = withRefused(nothing, 'a', { text: 'no', at: 0, maybe: false });
    expect(withPending(refused, 'a', { verb: 'lock', since: 1 }).refused.size).toBe(0);
  });

  test('that answers is pending no more', () => {
    const pending = withPending(nothing, 'a', { verb: 'lock', since: 1 });
    expect(withPending(pending, 'a', undefined).pending.size).toBe(0);
  });
});

describe('a flow', () => {
  test('has each line once, however often it is told', () => {
    const flow = aFlow();
    const once = withEvent(nothing, lineEvent(flow, 1));
    const twice = withEvent(withEvent(once, lineEvent(flow, 1)), lineEvent(flow, 2));
    expect(twice.lines.get('f-1')?.map(({ number }) => number)).toEqual([1, 2]);
  });

  test('that is open stays when fifty others have closed', () => {
    const closed = Array.from({ length: 60 }, (_none, index) => aFlow({ id: `f-${index + 100}`, state: 'succeeded' }));
    const state = [aFlow(), ...closed].reduce((next, flow) => withFlow(next, flow, 0), nothing);
    expect(state.flows.size).toBe(51);
    expect(state.flows.has('f-1')).toBe(true);
    expect(state.flows.has('f-100')).toBe(false);
  });
});

describe('an answer that comes after an event', () => {
  const older = aFlow({ state: 'running' });
  const newer = aFlow({ state: 'succeeded' });
  const after = withEvent(nothing, lineEvent(newer, 1));

  test('takes back nothing that was heard since it was asked for', () => {
    expect(withFlow(after, older, 0)).toBe(after);
    expect(withFlows(after, [older, aFlow({ id: 'f-2' })], 0).flows.get('f-1')).toBe(newer);
    expect(withFlows(after, [older, aFlow({ id: 'f-2' })], 0).flows.has('f-2')).toBe(true);
  });

  test('is taken when it was asked for later', () => {
    expect(withFlow(after, older, after.heard).flows.get('f-1')).toBe(older);
  });

  test('brings no lock back that was removed meanwhile, and loses none that was added', () => {
    const added = withEvent(nothing, event({ kind: 'added', lock: aLock({ id: 'a' }) }));
    const state = withEvent(added, event({ kind: 'removed', lock: aLock({ id: 'b' }) }));
    expect([...withLocks(state, [aLock({ id: 'b' }), aLock({ id: 'c' })], 0).locks.keys()]).toEqual(['c', 'a']);
  });
});

describe('an event of no lock and no flow', () => {
  test('leaves everything as it is', () => {
    expect(withEvent(nothing, event({ kind: 'pairing', pairing: { kind: 'window', open: true } }))).toBe(nothing);
  });
});

describe('the audit', () => {
  const row = (number: number, what: string, detail: string, lock = 'a') => {
    return { number, at: number, what, detail, lock, via: 'web' as const, who: 'login:anna' };
  };

  test('tells what was last done with each lock, not what was only asked for', () => {
    const lines = [
      row(5, 'asked', 'lock'),
      row(4, 'done', 'unlock'),
      row(3, 'done', 'lock'),
      row(2, 'done', 'lock', 'b'),
    ];
    expect(lastOf(lines).map(([lock, { type, at }]) => [lock, type, at])).toEqual([
      ['a', 'unlocked', 4],
      ['b', 'locked', 2],
    ]);
  });

  test('tells nothing of what was done with something else than the bolt', () => {
    expect(lastOf([row(1, 'done', 'setting')])).toEqual([]);
  });
});
