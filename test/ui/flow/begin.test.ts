// Starting a flow: what of the form is asked for, and where it is found.
import { describe, expect, it } from 'vitest';
import { beginAt, parseRoute } from '../../../src/ui/shell/routes.ts';
import {
  emptyWish,
  isFlowType,
  overridable,
  problemOf,
  reasonsOf,
  requestOf,
} from '../../../src/ui/views/begin/reasons.ts';
import { isOpenToAll, nextOf } from '../../../src/ui/views/flow/next.ts';
import { flowView } from './samples.ts';

const wish = emptyWish('unpair', 'front_door', 'moving');

describe('the request of a form', () => {
  it('has only what was given', () => {
    expect(requestOf(wish)).toEqual({ type: 'unpair', lock: 'front_door', reason: 'moving' });
  });

  it('leaves out what means nothing for this flow', () => {
    const full = {
      ...wish,
      type: 'reset' as const,
      remove: true,
      again: true,
      checkout: '2026-05-11T10:00',
      name: 'x',
    };
    expect(requestOf(full)).toEqual({ type: 'reset', lock: 'front_door', reason: 'moving' });
  });

  it('pairs again only what is neither removed nor gone', () => {
    expect(requestOf({ ...wish, again: true })).toHaveProperty('then', 'repair');
    expect(requestOf({ ...wish, again: true, remove: true })).not.toHaveProperty('then');
    expect(requestOf({ ...wish, again: true, forgetOnly: true })).not.toHaveProperty('then');
  });

  it('has times in ms since the epoch, in the zone of the device', () => {
    const { checkout, deadline } = requestOf({
      ...wish,
      type: 'turnover',
      checkout: '2026-05-11T10:00',
      deadline: 'nonsense',
    });
    expect([checkout, deadline]).toEqual([new Date('2026-05-11T10:00').getTime(), undefined]);
  });

  it('keeps codes in a turnover and in a rekeying', () => {
    expect(requestOf({ ...wish, type: 'rekey', keep: [3, 7] })).toMatchObject({ keep: [3, 7] });
  });
});

describe('a form', () => {
  it('wants words where no reason fits', () => {
    expect(problemOf({ ...wish, reason: 'other' })).toMatch(/Say in a few words/);
    expect(problemOf({ ...wish, reason: 'other', note: 'we sell it' })).toBeUndefined();
  });

  it('does not let the next guest come before the last one leaves', () => {
    const stay = { ...wish, type: 'turnover' as const, checkout: '2026-05-11T10:00', nextCheckin: '2026-05-11T09:00' };
    expect(problemOf(stay)).toMatch(/after the last one/);
  });

  it('has reasons for every flow, and none for what is no flow', () => {
    expect(reasonsOf('reset', { first: false })[0]).toBe('lost_admin');
    expect([isFlowType('turnover'), isFlowType('toString'), isFlowType('')]).toEqual([true, false, false]);
  });

  it('offers nothing that can only be said of a lock that was paired already', () => {
    expect(reasonsOf('repair', { first: true })).toEqual(['new_lock', 'moving', 'other']);
    expect(reasonsOf('repair', { first: false })).toContain('not_responding');
  });

  it('names the rule that an owner may override', () => {
    expect([overridable('tenancy_active'), overridable('battery_low')]).toEqual(['R16', undefined]);
  });
});

describe('the address of a start', () => {
  it.each([
    ['reset', 'front door/1', {}],
    ['repair', undefined, { reason: 'new_lock' }],
    ['repair', 'box', { reason: 'was_reset', lineage: 'f-1' }],
  ] as const)('of %s %s %o is read back', (type, lock, more) => {
    const route = { view: 'begin', type, lock: lock ?? '', reason: '', lineage: '', ...more };
    expect(parseRoute(beginAt(type, lock, more))).toEqual(route);
  });

  it('without a flow is the first steps', () => {
    expect(parseRoute('#/start')).toEqual({ view: 'start' });
  });
});

describe('what comes next', () => {
  it('after an unpairing is to pair it again, in the same line', () => {
    const [first] = nextOf(flowView({ type: 'unpair', state: 'succeeded', endedAt: 1 }));
    expect(first?.to).toEqual({ kind: 'begin', type: 'repair', reason: 'was_reset', lineage: 'f-1' });
  });

  it('after a flow that stopped is to try it again', () => {
    expect(nextOf(flowView({ state: 'aborted_clean', endedAt: 1 }))[0]?.text).toBe('Try it again');
  });

  it('after a reset is the lock', () => {
    expect(nextOf(flowView({ state: 'succeeded', endedAt: 1 }))[0]?.to).toEqual({ kind: 'lock' });
  });
});

it('after an unpairing everybody can open the lock, unless it was only forgotten or paired again', () => {
  const ended = flowView({ type: 'unpair', state: 'succeeded', endedAt: 1 });
  const wanted = (more: object): boolean =>
    isOpenToAll({ ...ended, plan: { ...ended.plan, request: { ...ended.plan.request, ...more } } });
  // oxlint-disable-next-line unicorn/no-thenable -- a word of the request
  const again = { then: 'repair' };
  expect([wanted({}), wanted({ forget_only: true }), wanted(again)]).toEqual([true, false, false]);
});
