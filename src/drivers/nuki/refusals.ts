// The lock's own no, in words for a person at a door (nuki.md 10).
import { type Acted, LockError } from '../../base/errors.ts';
import type { ErrorReport } from './wire.ts';

/** What a lock says to a client that it does not know, or cannot read: mostly without a seal. */
export const NOT_AUTHORISED = 0x20;

/** `what` as in "The lock refused ...". `unauthenticated` (reason `key_refused`) or `rejected`. */
export function refusal({ code }: ErrorReport, what: string): LockError {
  if (code === NOT_AUTHORISED) return strangerError();
  const number = `0x${code.toString(16).padStart(2, '0')}`;
  const known = refusals[code] ?? { reason: `vendor_error:${code}`, text: `It gave error ${number}.` };
  const { reason, text, acted = 'no' } = known;
  return new LockError('rejected', `The lock refused ${what}. ${text}`, { reason, acted });
}

/** It was reset, or somebody removed us from its users. */
export function strangerError(): LockError {
  const text = 'The lock does not know us any more: it was reset, or we were removed from its users. Pair it again.';
  return new LockError('unauthenticated', text, { reason: 'key_refused' });
}

/** Wrong at the lock, whoever says so. */
export const WRONG_CODE = 'wrong_code';
export const CODE_BARRED = 'code_barred';
/** Worth another try with a new challenge. */
export const STALE_REASONS: readonly string[] = ['challenge_refused', 'garbled'];
export const LOCK_BUSY = 'lock_busy';
export const OBSTACLE = 'obstacle';

export function refusedFor(thrown: unknown, reasons: readonly string[]): thrown is LockError {
  return thrown instanceof LockError && thrown.code === 'rejected' && reasons.includes(thrown.reason);
}

interface Refusal {
  reason: string;
  text: string;
  /** 'maybe': the motor has run. */
  acted?: Acted;
}

const motor = (text: string): Refusal => ({ reason: 'mechanism', text, acted: 'maybe' });

const refusals: Readonly<Record<number, Refusal>> = {
  0x10: {
    reason: 'not_pairable',
    text: 'It does not wait to be paired: hold its button for five seconds until its light stays on, then pair it.',
  },
  0x11: { reason: 'pairing_refused', text: 'It did not take our proof; hold its button and pair it again.' },
  0x12: { reason: 'pairing_refused', text: 'It did not take what we said; hold its button and pair it again.' },
  0x13: { reason: 'no_space', text: 'It has no room for another user; remove one in the Nuki app first.' },
  0x21: { reason: WRONG_CODE, text: 'Its PIN is another one.' },
  0x22: { reason: 'challenge_refused', text: 'Our proof came too late; try again.' },
  0x23: { reason: 'invalid_parameter', text: 'It does not accept this value.' },
  0x24: { reason: 'not_there', text: 'It has no such user.' },
  0x25: { reason: 'not_permitted', text: 'We are switched off among its users; switch us on in the Nuki app.' },
  0x26: { reason: 'not_permitted', text: 'It does not let us in from afar; allow that in the Nuki app.' },
  0x27: { reason: 'not_permitted', text: 'We may not use it at this time of day; change that in the Nuki app.' },
  0x28: { reason: CODE_BARRED, text: 'Its PIN was entered wrongly too often; wait a while before the next try.' },
  0x29: { reason: 'no_space', text: 'Its memory is full; delete something first.' },
  0x2a: { reason: 'duplicate_code', text: 'It has this code already; choose another.' },
  0x2b: { reason: 'code_refused', text: 'It does not know this code.' },
  0x2c: { reason: CODE_BARRED, text: 'Wrong codes were entered; its keypad waits a while.' },
  0x2d: { reason: CODE_BARRED, text: 'Wrong codes were entered; its keypad waits a while.' },
  0x2e: { reason: CODE_BARRED, text: 'Wrong codes were entered; its keypad waits a while.' },
  0x40: { reason: 'too_recent', text: 'Something else was done a moment ago; try again.' },
  0x41: { reason: 'position_unknown', text: 'It does not know how its bolt stands; turn it at the door once.' },
  0x42: { reason: OBSTACLE, text: 'Its motor is blocked. Look at the door.', acted: 'maybe' },
  0x43: motor('Its clutch did not move. Look at the lock.'),
  0x44: motor('Its motor ran and found no end. Look at the lock; it may have come off the cylinder.'),
  0x45: { reason: LOCK_BUSY, text: 'It is busy with something else; try again in a moment.' },
  0x46: { reason: 'cancelled', text: 'Somebody pressed its button meanwhile. Look at the door.', acted: 'maybe' },
  0x47: { reason: 'not_calibrated', text: 'It is not calibrated; open the door and calibrate it.' },
  0x48: { reason: 'calibration_failed', text: 'It could not keep its positions; calibrate it again.', acted: 'maybe' },
  0x49: { reason: 'battery_low', text: 'Its batteries are too low to turn; change them.', acted: 'maybe' },
  0x4a: motor('Its motor has no power. Change the batteries and look at the lock.'),
  0x4b: motor('Its clutch has no power. Change the batteries and look at the lock.'),
  0x4c: { reason: 'battery_low', text: 'Its batteries are too low for that; change them.' },
  0x4d: { reason: 'update_needed', text: 'It needs new firmware first; update it in the Nuki app.' },
  0xfd: { reason: 'garbled', text: 'The message arrived damaged; try again.' },
  0xfe: { reason: 'unsupported', text: 'Its firmware expects this in another form; update it in the Nuki app.' },
  0xff: { reason: 'refused', text: 'It did not say why.' },
};
