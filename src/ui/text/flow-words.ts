// Words for flows: what each is called, why one starts it, how it stands.
import type { FlowState, FlowType, FlowView, Reason } from '../api.d.ts';

const CLOSED: readonly FlowState[] = ['succeeded', 'succeeded_with_residuals', 'aborted_clean', 'aborted'];

export function isClosed(state: FlowState): boolean {
  return CLOSED.includes(state);
}

/** Somebody has to do something, or it does not go on. */
export function needsPerson(flow: FlowView): boolean {
  return flow.prompts.length > 0 || flow.state === 'needs_attention' || flow.state === 'waiting_human';
}

export const FLOW_NAMES: Readonly<Record<FlowType, string>> = {
  diagnose: 'Find out what is wrong',
  turnover: 'Change of guests',
  rekey: 'New keys and codes',
  repair: 'Pair again',
  reset: 'Factory reset',
  unpair: 'Unpair',
};

/** What each does, in a line or two. */
export const FLOW_ABOUT: Readonly<Record<FlowType, string>> = {
  diagnose: 'Only looks and listens; changes nothing. It ends with what would help.',
  turnover: 'Guests leave: their codes, cards and fingerprints go, the next guest’s come. Tested at the end.',
  rekey: 'What opened before opens no more: new digits, new admin code, app keys void. Cards and fingerprints go.',
  repair: 'The lock was reset or forgot our key: it is paired anew and keeps its name, place and topics.',
  reset: 'Everything on the lock is erased, at the lock, with your hands. Then it is paired again.',
  unpair: 'The lock forgets Latchbridge and everything on it. Afterwards anybody nearby can pair it.',
};

/** What it does where it is begun for that reason: a new lock has forgotten nothing. */
export function aboutText({ type, reason }: Pick<FlowView, 'type' | 'reason'>): string {
  if (type === 'repair' && reason === 'new_lock') return 'It is paired, set up and tested, while you stand at it.';
  return FLOW_ABOUT[type];
}

export const STATE_WORDS: Readonly<Record<FlowState, string>> = {
  planned: 'Planned',
  awaiting_clearance: 'Waits for a go-ahead',
  running: 'Working',
  waiting_human: 'Waits for you',
  waiting_radio: 'Listening for the lock',
  waiting_window: 'Waits for its time',
  paused: 'Paused',
  verifying: 'Checking',
  compensating: 'Undoing',
  recovering: 'Finding out where it stood',
  needs_attention: 'Needs you',
  succeeded: 'Done',
  succeeded_with_residuals: 'Done, with something left',
  aborted_clean: 'Stopped, nothing changed',
  aborted: 'Stopped',
};

export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  tenant_left: 'The tenant or guest has left',
  lost_admin: 'Nobody has the admin code or key any more',
  revoke_person: 'Somebody shall lose their access',
  replacing: 'Another lock takes its place',
  moving: 'It goes to another door',
  was_reset: 'Somebody reset it at the lock',
  not_responding: 'It does not respond',
  disconnects: 'It loses its connection often',
  wrong_data: 'It shows what is not so',
  lost_key: 'A key, card or phone got lost',
  new_lock: 'It is new',
  clean_slate: 'It shall start afresh',
  other: 'Something else',
};

/** What a flow is called in lists: pairing a new lock is not "again". */
export function flowTitle(flow: Pick<FlowView, 'type' | 'reason' | 'lockName'>): string {
  const name = flow.type === 'repair' && flow.reason === 'new_lock' ? 'Pair a new lock' : FLOW_NAMES[flow.type];
  return flow.lockName === undefined ? name : `${name}: ${flow.lockName}`;
}
