// Starting a flow: which reasons and options belong to which flow, and the request that comes of them. Pure.
import type { FlowRequest, FlowType, Reason } from '../../api.d.ts';

const REASONS: Readonly<Record<FlowType, readonly Reason[]>> = {
  diagnose: ['not_responding', 'disconnects', 'wrong_data', 'was_reset', 'other'],
  turnover: ['tenant_left', 'revoke_person', 'clean_slate', 'other'],
  rekey: ['lost_key', 'revoke_person', 'tenant_left', 'lost_admin', 'other'],
  repair: ['was_reset', 'new_lock', 'not_responding', 'disconnects', 'wrong_data', 'moving', 'other'],
  reset: ['lost_admin', 'clean_slate', 'revoke_person', 'tenant_left', 'moving', 'not_responding', 'other'],
  unpair: ['moving', 'replacing', 'tenant_left', 'clean_slate', 'disconnects', 'not_responding', 'other'],
};

/** Of a lock that was never paired: it had no time yet to go wrong. */
const FIRST: readonly Reason[] = ['new_lock', 'moving', 'other'];

export function reasonsOf(type: FlowType, { first }: { first: boolean }): readonly Reason[] {
  return type === 'repair' && first ? FIRST : REASONS[type];
}

export function isFlowType(word: string): word is FlowType {
  return Object.hasOwn(REASONS, word);
}

/** What stands in the form; times as an input of type datetime-local gives them. */
export interface Wish {
  type: FlowType;
  lock: string;
  reason: Reason;
  note: string;
  deadline: string;
  checkout: string;
  nextCheckin: string;
  keep: readonly number[];
  remove: boolean;
  forgetOnly: boolean;
  again: boolean;
  brief: boolean;
  name: string;
  unit: string;
  lineage: string;
  override: { rule: string; sentence: string } | undefined;
}

export function emptyWish(type: FlowType, lock: string, reason: Reason | undefined): Wish {
  return {
    type,
    lock,
    reason: reason ?? 'other',
    note: '',
    deadline: '',
    checkout: '',
    nextCheckin: '',
    keep: [],
    remove: false,
    forgetOnly: false,
    again: false,
    brief: false,
    name: '',
    unit: '',
    lineage: '',
    override: undefined,
  };
}

/** What of the form means something for this flow; the rest is left out whatever stands in it. */
export function requestOf(wish: Wish): FlowRequest {
  const { type, lock, reason } = wish;
  const text = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim());
  const time = (value: string): number | undefined => {
    const at = value === '' ? Number.NaN : new Date(value).getTime();
    return Number.isFinite(at) ? at : undefined;
  };
  const unpair = type === 'unpair';
  const fresh = type === 'repair' && lock === '';
  const fields = {
    lock: text(lock),
    note: text(wish.note),
    deadline: time(wish.deadline),
    checkout: type === 'turnover' ? time(wish.checkout) : undefined,
    next_checkin: type === 'turnover' ? time(wish.nextCheckin) : undefined,
    keep: (type === 'turnover' || type === 'rekey') && wish.keep.length > 0 ? wish.keep : undefined,
    remove: unpair && wish.remove ? true : undefined,
    forget_only: unpair && wish.forgetOnly ? true : undefined,
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the request
    then: unpair && wish.again && !wish.remove && !wish.forgetOnly ? ('repair' as const) : undefined,
    mode: wish.brief ? ('brief' as const) : undefined,
    name: fresh ? text(wish.name) : undefined,
    unit: fresh ? text(wish.unit) : undefined,
    lineage: text(wish.lineage),
    overrides: wish.override ? [wish.override] : undefined,
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { type, reason, ...given };
}

/** Whether something of it is asked of a person only when it is started from here. */
export function problemOf(wish: Wish): string | undefined {
  if (wish.reason === 'other' && wish.note.trim() === '') return 'Say in a few words why: it stands in the record.';
  const { checkout, next_checkin: next } = requestOf(wish);
  if (checkout !== undefined && next !== undefined && next <= checkout)
    return 'The next guest comes after the last one has left.';
  return undefined;
}

/** The rule that an owner may override with a sentence, by the reason of the refusal. */
export function overridable(reason: string): string | undefined {
  return { tenancy_active: 'R16', no_way_back: 'R04' }[reason];
}
