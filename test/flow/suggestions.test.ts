// Telemetry rules: what makes them speak, and what does not. They suggest, and start nothing.
import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { Suggestions } from '../../src/flow/suggestions.ts';
import type { Happening, LockEar, LockView } from '../../src/lock/lock.ts';
import type { Heard } from '../../src/lock/registry.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;

let clock: VirtualClock;
let view: LockView;
let ears: LockEar[];
let adverts: ((heard: Heard) => void)[];
let suggestions: Suggestions;

beforeEach(() => {
  clock = new VirtualClock();
  ears = [];
  adverts = [];
  view = {
    id: 'aabbccddeeff',
    name: 'front_door',
    unit: { id: 'u', name: 'Flat 3' },
    family: 'ttlock',
    address: 'a',
    endpoint: 2,
    lifecycle: 'managed',
    generation: 1,
    settings: { session: 'on_demand', exposed: ['mqtt'] },
    facts: {},
    state: { bolt: 'locked', battery: 80, reachable: true, trust: 'told', at: 0 },
    stats: { open: false, since: 0, opens: 0, losses: 0, lossReasons: {}, connectedMs: 0, roundTrips: 0 },
  };
  suggestions = new Suggestions({
    clock,
    locks: {
      all: () => [view],
      hear: ear => {
        ears.push(ear);
        return () => undefined;
      },
      hearAdverts: ear => {
        adverts.push(ear);
        return () => undefined;
      },
    },
  });
  suggestions.start();
});

const said = (): string[] => suggestions.all().map(({ rule }) => rule);
const happened = (more: Partial<Happening>): void => {
  const happening: Happening = { type: 'unlocked', source: 'keypad', ok: true, at: clock.now(), ...more };
  for (const ear of ears) ear({ kind: 'happened', view, happening });
};
const heard = (state: Heard['recognised']['state'], owners: 'one' | 'many' = 'one'): void => {
  const recognised = { model: 'D01', kind: 'deadbolt', state, hardware: 'a', wake: '' } as const;
  for (const ear of adverts) ear({ recognised, lock: view.id, driver: { nature: { owners } } } as unknown as Heard);
};
/** Hour by hour; the lock is heard with so much signal and has so much battery. */
async function live(
  hours: number,
  how: { rssi?: number; battery?: (hour: number) => number; losses?: number } = {},
): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    const { stats, state } = view;
    view = {
      ...view,
      ...(how.rssi !== undefined && { rssi: how.rssi, lastHeard: clock.now() }),
      state: { ...state, ...(how.battery && { battery: how.battery(hour) }) },
      stats: { ...stats, opens: stats.opens + 2, losses: stats.losses + (how.losses ?? 0) },
    };
    for (let part = 0; part < 6; part++) {
      if (how.rssi !== undefined) view = { ...view, lastHeard: clock.now() };
      await clock.advance(HOUR / 6);
    }
  }
}

test('a lock that is well is left in peace', async () => {
  await live(30, { rssi: -60 });
  heard('taken');
  expect(said()).toEqual([]);
});

describe('connections', () => {
  test('that break often in a day are shown with how many', async () => {
    await live(24, { rssi: -60, losses: 1 });
    const [one] = suggestions.all();
    expect(one).toMatchObject({ rule: 'link_drops', lock: view.id, suggests: ['diagnose'] });
    expect(one?.evidence.join()).toMatch(/\d+ of \d+ sessions/);
  });

  test('that broke long ago are forgotten', async () => {
    await live(24, { rssi: -60, losses: 1 });
    await live(26, { rssi: -60 });
    expect(said()).toEqual([]);
  });
});

describe('signal', () => {
  test('that fell since yesterday is shown with both levels', async () => {
    await live(30, { rssi: -60 });
    await live(7, { rssi: -78 });
    expect(suggestions.all()).toMatchObject([{ rule: 'signal_falls', evidence: [expect.stringContaining('-60')] }]);
  });

  test('of one bad hour is nothing', async () => {
    await live(30, { rssi: -60 });
    await live(1, { rssi: -80 });
    expect(said()).toEqual([]);
  });

  test('at the edge of what works is shown without a past', async () => {
    await live(3, { rssi: -92 });
    expect(said()).toEqual(['signal_falls']);
  });
});

describe('batteries', () => {
  test('that will be empty within a week at this pace are named in time', async () => {
    await live(60, { rssi: -60, battery: hour => 60 - hour / 2 });
    expect(suggestions.all()).toMatchObject([{ rule: 'battery_falls', text: expect.stringContaining('days') }]);
  });

  test('that are low are named without a trend', () => {
    view = { ...view, state: { ...view.state, battery: 15 } };
    expect(said()).toEqual(['battery_falls']);
  });
});

describe('a lock', () => {
  test('that was reset at the door is a security event, and only while it offers itself', () => {
    heard('pairable');
    expect(said()).toEqual(['reset_outside']);
    heard('taken');
    expect(said()).toEqual([]);
  });

  test('of a family that takes many clients offers itself because somebody wants that', () => {
    heard('pairable', 'many');
    expect(said()).toEqual([]);
  });

  test('that was wiped by us and offers itself is none', () => {
    view = { ...view, lifecycle: 'factory' };
    heard('pairable');
    expect(said()).toEqual([]);
  });

  test('that refuses our key is shown', () => {
    view = { ...view, lifecycle: 'orphaned' };
    expect(suggestions.all()).toMatchObject([{ rule: 'key_refused', suggests: ['diagnose', 'repair'] }]);
  });

  test('that nobody heard for hours is shown with how it was heard last', () => {
    view = { ...view, rssi: -91, lastHeard: clock.now() - 3 * HOUR, state: { ...view.state, reachable: false } };
    expect(suggestions.all()).toMatchObject([
      { rule: 'not_responding', evidence: ['last heard 3 hours ago', 'then with -91 dBm'] },
    ]);
  });

  test('that somebody opened with what is on no list is shown, and with what is on one is not', () => {
    happened({ slot: 3 });
    expect(said()).toEqual([]);
    happened({});
    expect(suggestions.all()).toMatchObject([{ rule: 'unknown_opened', suggests: ['turnover', 'reset'] }]);
  });

  test('whose log lies in the future has a wrong clock', () => {
    happened({ slot: 1, at: clock.now() + 3 * HOUR });
    expect(said()).toEqual(['clock_wrong']);
  });

  test('whose log is read late has not', () => {
    happened({ slot: 1, at: clock.now() - 3 * DAY });
    expect(said()).toEqual([]);
  });

  test('that got stuck again and again is shown', () => {
    for (let times = 0; times < 3; times++) happened({ type: 'jammed', ok: false, source: 'lock' });
    expect(said()).toEqual(['jams']);
  });
});

test('since when it is so is kept while it is so', async () => {
  view = { ...view, lifecycle: 'orphaned' };
  const [first] = suggestions.all();
  await clock.advance(3 * HOUR);
  expect(suggestions.all()[0]?.since).toBe(first?.since);
});

test('another pairing starts from nothing', async () => {
  happened({});
  view = { ...view, generation: 2 };
  for (const ear of ears) ear({ kind: 'changed', view });
  expect(said()).toEqual([]);
});
