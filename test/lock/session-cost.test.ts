// Estimated, but not made up: what was seen of the lock decides, and the two reports behind the model come out again.
import { describe, expect, it } from 'vitest';
import type { LockView, SessionMode, SessionStats } from '../../src/lock/lock.ts';
import type { SessionCost } from '../../src/lock/locks.ts';
import { costsOf } from '../../src/lock/session-cost.ts';
import { ABILITIES, makeWorld } from '../support/fake-family.ts';

const DAY = 24 * 3600_000;

function viewWith(session: SessionMode, stats: Partial<SessionStats>, holdEveryMs = 2000): LockView {
  const view = makeWorld().registry.find('door') as LockView;
  const settings = { ...view.settings, session };
  return { ...view, settings, abilities: { ...ABILITIES, holdEveryMs }, stats: { ...view.stats, ...stats } };
}

function cost(mode: SessionMode, costs: readonly SessionCost[]): SessionCost {
  return costs.find(one => one.mode === mode) as SessionCost;
}

describe('the cost of a session', () => {
  it('is known of both modes before anything was seen, and holding costs more', () => {
    const costs = costsOf(viewWith('on_demand', {}), 0, DAY);
    expect(costs.map(one => one.mode)).toEqual(['on_demand', 'held']);
    expect(cost('held', costs)).toMatchObject({ questionsPerDay: 43_200, connectedMinutesPerDay: 1440 });
    expect(cost('held', costs).batteryDays).toBeLessThan(60);
    expect(cost('on_demand', costs).batteryDays).toBeGreaterThan(300);
  });

  it('is half a year for a lock that is held and read every 75 s, as was reported', () => {
    expect(cost('held', costsOf(viewWith('held', {}, 75_000), 0, DAY)).batteryDays).toBe(180);
  });

  it('follows what the lock was seen to cost on demand', () => {
    const stats = { connectedMs: 10 * 3600_000, roundTrips: 20_000 };
    expect(cost('on_demand', costsOf(viewWith('on_demand', stats), 0, 10 * DAY))).toMatchObject({
      questionsPerDay: 2000,
      connectedMinutesPerDay: 60,
    });
  });

  it('follows what the lock was seen to cost when held', () => {
    const stats = { connectedMs: 9.5 * DAY, roundTrips: 300_000 };
    expect(cost('held', costsOf(viewWith('held', stats), 0, 10 * DAY))).toMatchObject({
      questionsPerDay: 30_000,
      connectedMinutesPerDay: 1368,
    });
  });

  it('does not take a past of being held for the cost of going there on demand', () => {
    const stats = { connectedMs: 9.5 * DAY, roundTrips: 300_000 };
    expect(cost('on_demand', costsOf(viewWith('on_demand', stats), 0, 10 * DAY)).connectedMinutesPerDay).toBe(5);
  });

  it('does not judge by the hour of pairing and trying out, nor by a clock that jumped back', () => {
    const stats = { connectedMs: 1800_000, roundTrips: 400 };
    for (const now of [3600_000, -DAY]) {
      expect(cost('on_demand', costsOf(viewWith('on_demand', stats), 0, now))).toMatchObject({ questionsPerDay: 400 });
    }
  });
});
