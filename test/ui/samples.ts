// A lock, a flow and a credential as the daemon gives them, to be changed by a test.
import type { CredentialView, FlowView, LockView } from '../../src/ui/api.d.ts';

export function aLock(change: Partial<LockView> = {}): LockView {
  return {
    id: '8d9619815548',
    name: 'front_door',
    unit: { id: '6d8ef1b988c3', name: 'Flat 1' },
    family: 'ttlock',
    address: 'df:83:55:55:94:80',
    endpoint: 2,
    lifecycle: 'managed',
    generation: 1,
    settings: { session: 'held', exposed: ['mqtt'] },
    facts: {},
    state: { bolt: 'locked', reachable: true, trust: 'proven', at: 1000, battery: 80 },
    stats: { open: true, since: 0, opens: 1, losses: 0, lossReasons: {}, connectedMs: 0, roundTrips: 0 },
    ...change,
  };
}

export function aFlow(change: Partial<FlowView> = {}): FlowView {
  const part: Partial<FlowView> = {
    id: 'f-1',
    type: 'reset',
    reason: 'tenant_left',
    lock: '8d9619815548',
    lockName: 'front_door',
    state: 'running',
    atStake: 'Nothing has changed. You can stop.',
    prompts: [],
    progress: [],
    residuals: [],
    starter: 'demo',
    holder: 'demo',
    startedAt: 0,
  };
  // The plan is shown elsewhere.
  return { ...part, ...change } as FlowView;
}

export function aCode(change: Partial<CredentialView> = {}): CredentialView {
  return { id: 'c-1', lock: '8d9619815548', kind: 'code', slot: 1, state: 'on_lock', known: true, ...change };
}
