// What the lock answers: the echoed command, yes or no, and why not in words for a person at a door (ttlock.md 5).
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';

/** A decrypted answer or push. */
export interface Reply {
  command: number;
  ok: boolean;
  data: Uint8Array;
}

/** The lock's yes and no. Anything else in this place is not a reply, which is how a wrong key shows. */
const YES = 1;
const NO = 0;

/** Undefined when these bytes cannot be a reply. */
export function readReply(plain: Uint8Array): Reply | undefined {
  const [command, status] = plain;
  if (command === undefined || (status !== YES && status !== NO)) return undefined;
  return { command, ok: status === YES, data: plain.slice(2) };
}

/** The lock's own no, as an error. Some answers (adding an owner) have no code. */
export function refusal(data: Uint8Array, what: string): LockError {
  const number = data.length > 0 ? new ByteReader(data).u8() : 0;
  const { reason, text } = refusals[number] ?? { reason: `vendor_error:${number}`, text: `It gave error ${number}.` };
  return new LockError('rejected', `The lock refused ${what}. ${text}`, {
    reason,
    acted: number === PENDING ? 'maybe' : 'no',
  });
}

/** "Accepted, the result comes later": the one refusal after which the lock may still move. */
const PENDING = 0x24;

const refusals: Readonly<Record<number, { reason: string; text: string }>> = {
  0x00: { reason: 'refused', text: 'It did not say why.' },
  0x01: { reason: 'garbled', text: 'The message arrived damaged; try again.' },
  0x02: { reason: 'not_permitted', text: 'Only the administrator may do this.' },
  0x03: { reason: 'wrong_administrator', text: 'It has another administrator now: it was paired again.' },
  0x04: { reason: 'no_space', text: 'Its memory is full; delete something first.' },
  0x05: { reason: 'not_paired', text: 'It waits to be paired: it was reset.' },
  0x06: { reason: 'not_paired', text: 'It has no administrator: it was reset.' },
  0x07: { reason: 'not_pairable', text: 'It is paired already: reset it first.' },
  0x08: { reason: 'challenge_refused', text: 'The login had run out; try again.' },
  0x0a: { reason: 'battery_low', text: 'Its batteries are too low; change them.' },
  0x0b: { reason: 'refused', text: 'Setting up its codes failed; try again.' },
  0x0d: { reason: 'key_revoked', text: 'This key was revoked.' },
  0x0e: { reason: 'key_expired', text: 'By its clock this key has expired; check the clock of the lock.' },
  0x0f: { reason: 'code_rules', text: 'The code is too short or too long for it.' },
  0x10: { reason: 'code_rules', text: 'The administrator code and the erase code must differ.' },
  0x11: { reason: 'key_not_yet_valid', text: 'By its clock this key is not valid yet; check the clock of the lock.' },
  0x12: { reason: 'not_logged_in', text: 'It wants a new login; try again.' },
  0x13: { reason: 'refused', text: 'It could not do it; look at the lock and try again.' },
  0x14: { reason: 'duplicate_code', text: 'It has this code already; choose another.' },
  0x15: { reason: 'not_there', text: 'It has no such code.' },
  0x16: { reason: 'no_space', text: 'Its memory is full; delete something first.' },
  0x17: { reason: 'refused', text: 'It does not know what that is.' },
  0x18: { reason: 'not_there', text: 'It has no such card.' },
  0x19: { reason: 'duplicate_finger', text: 'It has this fingerprint already.' },
  0x1a: { reason: 'not_there', text: 'It has no such fingerprint.' },
  0x1b: { reason: 'unsupported', text: 'This model cannot do it.' },
  0x1c: { reason: 'frozen', text: 'It is frozen; unfreeze it first.' },
  0x1d: { reason: 'vendor_token', text: 'It belongs to another brand; set its vendor token in the configuration.' },
  0x1e: { reason: 'double_locked', text: 'It is double-locked by hand; turn it back from inside.' },
  0x1f: { reason: 'not_there', text: 'It has no such record.' },
  0x20: { reason: 'invalid_parameter', text: 'It does not accept this value.' },
  0x21: { reason: 'obstacle', text: 'Something is in the way.' },
  0x24: { reason: 'pending', text: 'It accepted it, but the result is not known yet; look at the lock.' },
  0x25: { reason: 'wifi_name', text: 'The name of the wireless network is wrong.' },
  0x26: { reason: 'wifi_password', text: 'The password of the wireless network is wrong.' },
  0x30: { reason: 'garbled', text: 'The message could not be read; try again.' },
  0x31: { reason: 'key_revoked', text: 'This key is not valid any more: the lock was reset.' },
  0x60: { reason: 'unsupported', text: 'This model cannot change codes.' },
};
