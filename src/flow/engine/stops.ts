// Why a flow stopped, as a stable code, and what a person can do about it in one sentence.
import { LockError, asLockError } from '../../base/errors.ts';
import type { Nature } from '../../lock/driver.ts';
import type { StepKind } from '../words.ts';
import { STOP_CODES } from '../words.ts';
import type { Stop } from './memory.ts';

const NEXT: Readonly<Record<string, string>> = {
  too_weak: 'Bring the Bluetooth adapter nearer to the door; it goes on when the lock is heard.',
  door_not_open: 'Open the door, prop it open, and go on.',
  not_unlocked: 'Unlock the lock and go on.',
  battery_low: 'Put fresh batteries in the right way round, or charge it, and go on.',
  battery_unknown: 'Put fresh batteries in or charge it, say so, and go on.',
  person_absent: 'Go on when somebody is at the door.',
  rebooted_not_reset: 'That was only a restart. Hold the button longer and go on.',
  held_too_long: 'Let go at the signal next time, and go on.',
  key_refused: 'The lock does not know our key. Run a diagnosis, then pair it again.',
  secret_needed: 'Pair it where its code can be typed: on the command line or the page.',
  wrong_code: 'Look up its code; the lock shuts itself after too many wrong ones.',
  foreign_owner: 'Its owner has to delete it in the maker’s app first; then go on.',
  jammed: 'Look at the bolt and the door, free it, and go on.',
  no_space: 'Take codes off that nobody needs, and go on.',
  lockout_active: 'Wait until the lock takes codes again, and go on.',
  clock_unsynced: 'Wait for the time from the network, and go on.',
  adapter_down: 'Look at the Bluetooth adapter; it goes on by itself when it is back.',
  disk: 'Make room on the disk; it goes on by itself.',
  cancelled: 'Go on when you are ready.',
  emergency: 'Go on when everybody is safe.',
};

/** What depends on the kind of lock. */
const NEXT_OF: Readonly<Record<string, (nature: Nature) => string>> = {
  not_heard: nature => `${rouse(nature)} It goes on by itself as soon as the lock is heard.`,
  asleep: rouse,
  half_paired: ({ owners, offer }) =>
    owners === 'many' ? `${offer}; then go on.` : 'Reset the lock at its button, then go on.',
  still_opens({ owners, title }) {
    const reset = owners === 'many' ? `Reset it in the app of ${title}` : 'Reset it at the lock';
    return `Do not rely on this lock: something that should be dead still opens it. ${reset} or replace it.`;
  },
};

function rouse({ wake }: Nature): string {
  return wake === undefined
    ? 'It never sleeps: bring the Bluetooth adapter nearer, and look at its batteries.'
    : `${wake} to wake it, near the Bluetooth adapter.`;
}

/** Codes after which the flow goes on by itself as soon as the lock is heard or the adapter is back. */
const RADIO = ['not_heard', 'too_weak', 'asleep', 'adapter_down', 'unreachable', 'timeout', 'host_restart'];

export function stopCode(error: LockError): string {
  const { reason, code } = error;
  if ((STOP_CODES as readonly string[]).includes(reason)) return reason;
  if (code === 'unreachable' || code === 'timeout' || code === 'malformed') return 'not_heard';
  if (code === 'disk') return 'disk';
  if (code === 'rejected') return `vendor_error:${reason}`;
  return reason;
}

export function stopOf(thrown: unknown, nature: Nature): Stop & { error: LockError } {
  const error = asLockError(thrown, 'invalid', 'Something went wrong that should not. The log says what.');
  const code = stopCode(error);
  const next = NEXT_OF[code]?.(nature) ?? NEXT[code];
  return { code, text: error.message, ...(next !== undefined && { next }), error };
}

/** Whether it may pass by itself: the radio, and not the lock's word. */
export function isRadio(code: string): boolean {
  return RADIO.includes(code);
}

/** What it means that nobody acted or nothing was heard until the step's limit. */
export function lateError(kind: StepKind, title: string, seconds: number): LockError {
  const isHuman = kind.startsWith('human');
  const text = isHuman
    ? `"${title}": nobody answered within ${minutes(seconds)}.`
    : `"${title}" did not come to an end within ${minutes(seconds)}.`;
  return new LockError('timeout', text, { reason: isHuman ? 'person_absent' : 'not_heard' });
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
