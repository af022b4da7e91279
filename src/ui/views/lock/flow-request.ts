// What a form about a new flow sends. Pure.
import type { FlowRequest, FlowType, Reason } from '../../api.d.ts';

/** Which reasons make sense for which flow, the likeliest first. */
export const REASONS_OF: Readonly<Record<FlowType, readonly Reason[]>> = {
  diagnose: ['not_responding', 'disconnects', 'wrong_data', 'was_reset', 'other'],
  turnover: ['tenant_left', 'revoke_person', 'other'],
  rekey: ['lost_key', 'revoke_person', 'lost_admin', 'tenant_left', 'other'],
  repair: ['was_reset', 'not_responding', 'lost_admin', 'moving', 'new_lock', 'other'],
  reset: ['tenant_left', 'lost_admin', 'clean_slate', 'revoke_person', 'not_responding', 'other'],
  unpair: ['replacing', 'moving', 'tenant_left', 'clean_slate', 'other'],
};

export const ABOUT: Readonly<Record<FlowType, string>> = {
  diagnose: 'Only looks and listens; changes nothing. It ends with what would help.',
  turnover: 'Guests leave: their codes, cards and fingerprints go, the next guest’s come. Tested at the end.',
  rekey: 'What opened before opens no more: new digits, new admin code, app keys void. Cards and fingerprints go.',
  repair: 'The lock was reset or forgot our key: it is paired anew and keeps its name, place and topics.',
  reset: 'Everything on the lock is erased, at the lock, with your hands. Then it is paired again.',
  unpair: 'The lock forgets Latchbridge and everything on it. Afterwards anybody nearby can pair it.',
};

type Fields = Readonly<Record<string, string>>;

export function requestOf(type: FlowType, lock: string, fields: Fields): FlowRequest {
  const note = (fields['note'] ?? '').trim();
  const checkout = momentIn(fields['checkout']);
  const checkin = momentIn(fields['next_checkin']);
  const keep = Object.keys(fields)
    .flatMap(key => /^keep-(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number);
  return {
    type,
    lock,
    reason: (fields['reason'] ?? 'other') as Reason,
    ...(note === '' ? {} : { note }),
    ...(fields['plan_only'] === undefined ? {} : { plan_only: true }),
    ...(type === 'turnover' && checkout !== undefined ? { checkout } : {}),
    ...(type === 'turnover' && checkin !== undefined ? { next_checkin: checkin } : {}),
    ...(type === 'turnover' && keep.length > 0 ? { keep } : {}),
    ...(type === 'unpair' && fields['remove'] !== undefined ? { remove: true } : {}),
    ...(type === 'unpair' && fields['forget_only'] !== undefined ? { forget_only: true } : {}),
    ...overridesOf(fields),
  };
}

function overridesOf(fields: Fields): Pick<FlowRequest, 'overrides'> {
  const overrides = Object.entries(fields).flatMap(([key, sentence]) => {
    const rule = /^override-(R\d\d)$/.exec(key)?.[1];
    return rule === undefined || sentence.trim() === '' ? [] : [{ rule, sentence: sentence.trim() }];
  });
  return overrides.length === 0 ? {} : { overrides };
}

function momentIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? at : undefined;
}
