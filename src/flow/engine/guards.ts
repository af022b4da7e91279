// What keeps a flow from beginning: another one that has the lock or its neighbour, and somebody who lives there.
import { LockError } from '../../base/errors.ts';
import type { LockView } from '../../lock/lock.ts';
import type { Plan } from '../plan.ts';
import { DESTRUCTIVE, type FlowType, type FlowView } from '../words.ts';
import { R16 } from './rules.ts';

/** What mends a lock whose flow stands still after its pivot, such as a reset where a code still opens it. */
const MENDS: readonly FlowType[] = ['reset', 'unpair', 'repair'];

/** Whether a flow that needs somebody is given up for this one, which a person begins. */
export function givesWay(flow: FlowView, plan: Plan): boolean {
  return flow.state === 'needs_attention' && flow.lock === plan.lock && MENDS.includes(plan.type);
}

/** One flow a lock, one destructive flow a unit: two doors of one flat are never at stake together. Throws `busy`. */
export function mustBeFree(
  plan: Plan,
  lock: LockView,
  how: { open: readonly FlowView[]; find: (lock: string) => LockView | undefined },
): void {
  // It changes nothing and asks in its turn: it is wanted most where a flow stands still.
  if (plan.type === 'diagnose') return;
  const begun = how.open.filter(({ state, type }) => state !== 'planned' && type !== 'diagnose');
  const same = begun.find(flow => flow.lock === lock.id);
  if (same)
    throw busy(`"${lock.name}" has a flow already: ${same.type} (${same.id}). Finish or cancel that first.`, same);
  if (!DESTRUCTIVE.includes(plan.type)) return;
  const beside = begun.find(flow => {
    const other = flow.lock === undefined ? undefined : how.find(flow.lock);
    return DESTRUCTIVE.includes(flow.type) && other?.unit.id === lock.unit.id;
  });
  if (!beside) return;
  const text = `In the unit "${lock.unit.name}" another door is at stake: "${beside.lockName ?? ''}" (${beside.type}, flow ${beside.id}). One after the other.`;
  throw busy(text, beside);
}

/** R16 at the start; pre-flight asks it again. */
export function mustNotCutOff(about: Parameters<typeof R16>[0]): void {
  const error = R16(about);
  if (error) throw error;
}

function busy(text: string, flow: FlowView): LockError {
  return new LockError('busy', text, { reason: 'busy', cause: { flow: flow.id } });
}
