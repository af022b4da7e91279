// What keeps a flow from beginning: another one that has the lock or its neighbour, and somebody who lives there.
import { LockError } from '../../base/errors.ts';
import type { CredentialView } from '../../access/access.ts';
import type { LockView } from '../../lock/lock.ts';
import type { Plan } from '../plan.ts';
import { DESTRUCTIVE, type FlowView } from '../words.ts';
import { runningStay } from './rules.ts';

/** One flow a lock, one destructive flow a unit: two doors of one flat are never at stake together. Throws `busy`. */
export function mustBeFree(
  plan: Plan,
  lock: LockView,
  how: { open: readonly FlowView[]; find: (lock: string) => LockView | undefined },
): void {
  const begun = how.open.filter(({ state }) => state !== 'planned');
  const same = begun.find(flow => flow.lock === lock.id);
  if (same)
    throw busy(`"${lock.name}" is in a ${same.type} already (flow ${same.id}). Finish or cancel that first.`, same);
  if (!DESTRUCTIVE.includes(plan.type)) return;
  const beside = begun.find(flow => {
    const other = flow.lock === undefined ? undefined : how.find(flow.lock);
    return DESTRUCTIVE.includes(flow.type) && other?.unit.id === lock.unit.id;
  });
  if (!beside) return;
  const text = `In the unit "${lock.unit.name}" another door is at stake: "${beside.lockName ?? ''}" is in a ${beside.type} (flow ${beside.id}). One after the other.`;
  throw busy(text, beside);
}

/** R16 at the start; pre-flight asks it again. */
export function mustNotCutOff(plan: Plan, credentials: readonly CredentialView[], now: number): void {
  const error = runningStay(plan, credentials, now);
  if (error) throw error;
}

function busy(text: string, flow: FlowView): LockError {
  return new LockError('busy', text, { reason: 'busy', cause: { flow: flow.id } });
}
