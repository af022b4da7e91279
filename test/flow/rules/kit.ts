// A pivot for which everything is as good as it gets; each test spoils one thing.
import type { Findings, WayBack } from '../../../src/flow/findings.ts';
import type { Plan } from '../../../src/flow/plan.ts';
import type { Case } from '../../../src/flow/engine/rules.ts';
import type { LockView } from '../../../src/lock/lock.ts';
import { ABILITIES } from '../../support/fake-family.ts';
import { POLICY } from '../../support/flow-house.ts';

export const NOW = Date.UTC(2026, 4, 11, 12);
const seen = { grade: 'E3', at: 0 } as const;

export const OUR_KEY: WayBack = {
  kind: 'admin_secret',
  text: 'Our key.',
  needsRadio: true,
  needsDaemon: true,
  grade: 'E3',
};
export const BUTTON: WayBack = {
  kind: 'physical_reset',
  text: 'Its reset button.',
  needsRadio: false,
  needsDaemon: false,
  grade: 'E2',
};

export const GOOD: Findings = {
  bolt: { ...seen, is: 'unlocked' },
  door: { ...seen, is: 'open' },
  battery: { ...seen, percent: 80 },
  presence: seen,
  ways: [OUR_KEY, BUTTON],
  backUp: { ...seen, second: true },
};

export function plan(more: Partial<Plan> = {}): Plan {
  return {
    type: 'reset',
    lock: 'a',
    request: { type: 'reset', lock: 'a', reason: 'lost_admin' },
    goal: 'It is reset.',
    rung: 'factory_reset',
    whyNotLess: 'Nothing less does it.',
    lost: [],
    bring: [],
    minutes: 1,
    humanSteps: 0,
    notes: [],
    procedure: { id: 'p', title: 'A lock', sure: true, sources: [] },
    restore: 'allowed',
    exposure: { what: 'it opens with 123456', limitSeconds: 600 },
    steps: [],
    hash: 'h',
    ...more,
  };
}

export function view(more: Partial<LockView> = {}): LockView {
  return {
    id: 'a',
    name: 'front_door',
    unit: { id: 'u', name: 'Flat 3' },
    abilities: ABILITIES,
    ...more,
  } as LockView;
}

/** Passes all rules, but for what is changed. */
export function about(findings: Partial<Findings> = {}, more: Partial<Case> = {}): Case {
  const all = Object.fromEntries(Object.entries({ ...GOOD, ...findings }).filter(([, one]) => one !== undefined));
  return {
    plan: plan(),
    step: { kind: 'auto_ble' },
    findings: all as Findings,
    isFresh: () => true,
    view: view(),
    procedure: undefined,
    policy: POLICY,
    unattended: false,
    health: { ready: true, version: '', startedAt: 0, parts: [] },
    credentials: [],
    pivots: [],
    now: NOW,
    ...more,
  };
}

export const SOFT = plan({ type: 'turnover', rung: 'all_guests' });
