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

export function nextOf({ id, type, state, reason, plan, lockName }: FlowView): Next[] {
  const lock = lockName === undefined ? [] : [LOCK];
  if (!state.startsWith('succeeded')) {
    const again: Next = { text: 'Try it again', to: { kind: 'begin', type, reason } };
    return [again, ...lock, FLOWS];
  }
  const { request } = plan;
  const isUnpaired = type === 'unpair' && request.then !== 'repair' && request.remove !== true;
  if (isUnpaired && request.forget_only !== true) {
    const repair: Next = {
      text: 'Pair it again',
      to: { kind: 'begin', type: 'repair', reason: 'was_reset', lineage: id },
    };
    return [repair, ...lock, FLOWS];
  }
  return [...lock, FLOWS];
}
