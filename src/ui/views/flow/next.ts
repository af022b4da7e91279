// What a person does after a flow, the likeliest first. Pure.
import type { FlowType, FlowView, Reason } from '../../api.d.ts';

export type To =
  | { kind: 'lock' }
  | { kind: 'flows' }
  | { kind: 'begin'; type: FlowType; reason?: Reason; lineage?: string };
export interface Next {
  text: string;
  to: To;
}

const LOCK: Next = { text: 'To the lock', to: { kind: 'lock' } };
const FLOWS: Next = { text: 'All flows', to: { kind: 'flows' } };

/** It ended as it should, and the lock belongs to nobody. */
export function isOpenToAll({ type, state, plan }: FlowView): boolean {
  const { then, forget_only: only } = plan.request;
  return type === 'unpair' && state.startsWith('succeeded') && then !== 'repair' && only !== true;
}

export function nextOf(view: FlowView): Next[] {
  const { id, type, state, reason, plan, lockName } = view;
  const lock = lockName === undefined ? [] : [LOCK];
  if (!state.startsWith('succeeded')) {
    const again: Next = { text: 'Try it again', to: { kind: 'begin', type, reason } };
    return [again, ...lock, FLOWS];
  }
  if (isOpenToAll(view) && plan.request.remove !== true) {
    const repair: Next = {
      text: 'Pair it again',
      to: { kind: 'begin', type: 'repair', reason: 'was_reset', lineage: id },
    };
    return [repair, ...lock, FLOWS];
  }
  return [...lock, FLOWS];
}
