// The addresses of the page.
import { describe, expect, test } from 'vitest';
import { flowAt, lockAt, parseRoute, systemAt } from '../../src/ui/shell/routes.ts';

describe('an address', () => {
  test.each([
    ['', { view: 'home' }],
    ['#', { view: 'home' }],
    ['#/', { view: 'home' }],
    ['#/nearby', { view: 'nearby' }],
    ['#/lock/front_door', { view: 'lock', lock: 'front_door', tab: 'overview' }],
    ['#/lock/front_door/people', { view: 'lock', lock: 'front_door', tab: 'people' }],
    ['#/flow/f-12', { view: 'flow', flow: 'f-12' }],
    ['#/flows', { view: 'flows' }],
    ['#/system', { view: 'system', tab: 'index' }],
    ['#/system/matter', { view: 'system', tab: 'matter' }],
    ['#/link/a-b_c', { view: 'link', token: 'a-b_c' }],
    ['#/lock', { view: 'unknown' }],
    ['#/home/more', { view: 'unknown' }],
    ['#/constructor', { view: 'unknown' }],
  ])('%s leads to its view', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });

  test('of a lock with a slash in its name comes back whole', () => {
    expect(parseRoute(lockAt('a/b%', 'log'))).toEqual({ view: 'lock', lock: 'a/b%', tab: 'log' });
  });

  test('with a broken escape is taken as it stands', () => {
    expect(parseRoute('#/lock/%E0%A4%A')).toEqual({ view: 'lock', lock: '%E0%A4%A', tab: 'overview' });
  });

  test('that is made is one that is read', () => {
    expect([parseRoute(flowAt('f-1')), parseRoute(systemAt('log'))]).toEqual([
      { view: 'flow', flow: 'f-1' },
      { view: 'system', tab: 'log' },
    ]);
  });
});
