// A new key of ours beside the old one, proved before the old one is taken off: for locks that take many clients.
import { LockError } from '../../base/errors.ts';
import { type Scene, FLOW_ASKER, type StepCode, type StepResult } from '../step.ts';
import type { PlannedStep } from '../plan.ts';
import { RADIO_PAUSES_MS } from './census.ts';
import { ERASING, beginPivot } from './erase.ts';
import { planned } from './planned.ts';
import { OLD_KEY } from './secrets.ts';

export const renewKey: StepCode = {
  id: 'secrets.own_key',
  retryPausesMs: RADIO_PAUSES_MS,
  async run(scene) {
    beginPivot(scene);
    const { vault, workbench } = scene.tools;
    const { id } = scene.keeper().record;
    const old = oldOf(scene);
    const isLive = (): boolean => vault.of(id).some(kept => kept.id === old && kept.status === 'live');
    try {
      if (isLive()) await scene.act('make a new key', { old }, () => workbench.renewKey(id, FLOW_ASKER));
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'unsupported') throw thrown;
      return unrenewed(scene, thrown);
    }
    await scene.act('take the old key off', { old }, () => workbench.retireKey(id, old, FLOW_ASKER));
    const what = 'The lock has a new key of ours, which opened a session before the old one was taken off.';
    return { outcome: 'ok', evidence: [{ grade: 'E3', what, by: 'radio' }] };
  },
  // The vault knows which of the two is live; the rest is asked of the lock again.
  probe: async () => 'not_done',
};

function oldOf(scene: Scene): string {
  const known = scene.recall(OLD_KEY);
  if (typeof known === 'string') return known;
  const live = scene.tools.vault.of(scene.keeper().record.id).find(({ status }) => status === 'live');
  if (!live) throw new LockError('forbidden', 'There is no key for this lock; pair it first.', { reason: 'no_key' });
  scene.remember(OLD_KEY, live.id);
  return live.id;
}

/** The old one stays the live one: it is not to be tried as an old one. */
function unrenewed(scene: Scene, why: LockError): StepResult {
  scene.remember(OLD_KEY, '');
  const text = `Our own key stayed as it was: ${why.message} Pair it again at the lock to change it.`;
  return {
    outcome: 'skipped',
    evidence: [{ grade: 'E0', what: text, by: 'radio' }],
    residuals: [{ kind: 'lock_kept_keys', text }],
  };
}

export function planOwnKey(segment: PlannedStep['segment']): PlannedStep {
  return planned({
    id: renewKey.id,
    kind: 'auto_ble',
    segment,
    title: 'Make a new key of ours',
    text: 'Nobody has to be at the door: the lock takes a new key of this program beside the old one. It is on the disk before the lock knows it; a session opened with it proves it; then the old one is taken off and tried once, and must be refused.',
    honours: ['S1-31', 'S1-38'],
    atStake: ERASING,
    evidence: 'E0',
    soft: 30,
  });
}
