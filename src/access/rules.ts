// Which codes may be asked for: digits, slots and times, by what the lock can do.
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import type { Validity, WeeklyWindow } from '../lock/driver.ts';
import type { Abilities, CodeKind, LockView } from '../lock/lock.ts';
import type { CodeRequest, TokenRequest } from './access.ts';

export type CodeAbility = NonNullable<Abilities['codes']>;

export interface CheckedCode {
  codeKind: CodeKind;
  validity: Validity;
  /** Of the kind `cyclic`. */
  weekly?: readonly WeeklyWindow[];
}

const LONGEST_NAME = 64;
const MINUTES = 24 * 60;
/** Three a day. */
const MOST_WINDOWS = 21;

/** Throws `unsupported` when the lock has no keypad, or has not yet said what it can do. */
export function codesOf(view: LockView): CodeAbility {
  if (!view.abilities) {
    throw new LockError('unsupported', `${view.name} has not said yet what it can do; connect to it once.`);
  }
  if (!view.abilities.codes) {
    const untold = view.abilities.adminCode?.known === false;
    const text = untold
      ? `${view.name} says nothing of codes before it is told its security code: admin-code ${view.name} tell.`
      : `${view.name} does not take codes.`;
    throw new LockError('unsupported', text, { reason: untold ? 'admin_code_unknown' : 'unsupported' });
  }
  return view.abilities.codes;
}

export function checkSlot(view: LockView, slot: number): void {
  const { capacity } = codesOf(view);
  if (Number.isInteger(slot) && slot >= 1 && slot <= capacity) return;
  throw new LockError('invalid', `${view.name} has the code slots 1 to ${capacity}.`, { reason: 'slot' });
}

/** Throws `invalid` (reason `code_rules`) with the rule of the lock in one sentence. */
export function checkDigits(view: LockView, digits: string): void {
  const { minDigits, maxDigits, rule } = codesOf(view);
  const isLong = /^[0-9]+$/.test(digits) && digits.length >= minDigits && digits.length <= maxDigits;
  const isTaken = Array.from(digits).every(one => rule?.digits.includes(one) ?? true);
  if (isLong && isTaken && !rule?.notStarting.some(start => digits.startsWith(start))) return;
  const text = rule?.text ?? `A code of ${view.name} has ${digitsText({ minDigits, maxDigits })} digits.`;
  throw new LockError('invalid', text, { reason: 'code_rules' });
}

/** Throws `invalid` (reasons `code_rules`, `validity`, `weekly`, `person`) or `unsupported` (reason `code_kind`). */
export function checkCode(view: LockView, request: CodeRequest, now: number): CheckedCode {
  const ability = codesOf(view);
  checkDigits(view, request.digits.reveal());
  checkPerson(request.person);
  const { weekly = [] } = request;
  const limited = request.from !== undefined || request.until !== undefined;
  const codeKind = request.kind ?? (weekly.length > 0 ? 'cyclic' : limited ? 'period' : 'permanent');
  if (!kindsOf(ability).includes(codeKind)) {
    throw new LockError('unsupported', noSuchKind(view, codeKind), { reason: 'code_kind' });
  }
  const validity = checkTimes(request, codeKind, now);
  if (codeKind === 'cyclic') return { codeKind, validity, weekly: checkHours(weekly) };
  if (weekly.length > 0) throw badTimes('Hours of the week are for codes of the kind "cyclic".');
  return { codeKind, validity };
}

function kindsOf({ kinds, weekly }: CodeAbility): readonly CodeKind[] {
  return weekly === true && !kinds.includes('cyclic') ? [...kinds, 'cyclic'] : kinds;
}

function checkHours(weekly: readonly WeeklyWindow[]): readonly WeeklyWindow[] {
  if (weekly.length === 0) throw badHours('A code of the kind "cyclic" needs days and hours of the week.');
  if (weekly.length <= MOST_WINDOWS && weekly.every(isWindow)) return weekly;
  throw badHours('Weekly hours need a day from 1 to 7, a beginning, and a later end on that day.');
}

/** Locks drop such codes by themselves; putting one on a lock would only look like success. */
export function isOver(validity: Validity, now: number): boolean {
  return validity.until !== undefined && validity.until <= now;
}

export type TokenAbility = NonNullable<Abilities['cards']>;

/** Throws `unsupported` when the lock has no reader for them, or has not yet said what it can do. */
export function tokensOf(view: LockView, kind: 'card' | 'finger'): TokenAbility {
  if (!view.abilities) {
    throw new LockError('unsupported', `${view.name} has not said yet what it can do; connect to it once.`);
  }
  const ability = kind === 'card' ? view.abilities.cards : view.abilities.fingers;
  if (!ability)
    throw new LockError('unsupported', `${view.name} has no reader for ${kind}s.`, { reason: `no_${kind}s` });
  return ability;
}

export function checkTokenSlot(view: LockView, kind: 'card' | 'finger', slot: number): void {
  const { capacity } = tokensOf(view, kind);
  if (Number.isInteger(slot) && slot >= 1 && slot <= capacity) return;
  throw new LockError('invalid', `${view.name} has the ${kind} slots 1 to ${capacity}.`, { reason: 'slot' });
}

export interface CheckedToken {
  validity: Validity;
  /** Absent: at any hour. */
  weekly?: readonly WeeklyWindow[];
}

/** Throws `invalid` (reasons `validity`, `weekly`, `person`) or `unsupported` (reason `weekly`). */
export function checkToken(
  { view, kind, now }: { view: LockView; kind: 'card' | 'finger'; now: number },
  request: TokenRequest,
): CheckedToken {
  const { from, until, weekly = [] } = request;
  checkPerson(request.person);
  for (const at of [from, until]) {
    if (at !== undefined && !Number.isSafeInteger(at)) throw badTimes('Times are whole milliseconds.');
  }
  if (until !== undefined && until <= (from ?? now)) throw badTimes('It would end before it begins.');
  if (until !== undefined && until <= now) throw badTimes('That time is over already.');
  const validity = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  if (weekly.length === 0) return { validity };
  if (tokensOf(view, kind).weekly !== true) {
    throw new LockError('unsupported', `${view.name} cannot limit a ${kind} to hours of the week.`, {
      reason: 'weekly',
    });
  }
  return { validity, weekly: checkHours(weekly) };
}

function isWindow({ day, startMinute, endMinute }: WeeklyWindow): boolean {
  const whole = [day, startMinute, endMinute].every(Number.isInteger);
  return whole && day >= 1 && day <= 7 && startMinute >= 0 && startMinute < endMinute && endMinute <= MINUTES;
}

function checkTimes({ from, until }: CodeRequest, kind: CodeKind, now: number): Validity {
  for (const at of [from, until]) {
    if (at !== undefined && !Number.isSafeInteger(at)) throw badTimes('The times of a code are whole milliseconds.');
  }
  if (kind === 'permanent' && (from !== undefined || until !== undefined)) {
    throw badTimes('A permanent code has no times; ask for one of the kind "period".');
  }
  if (kind === 'period' && until === undefined) throw badTimes('A code for a period needs an end.');
  if (until !== undefined && until <= (from ?? now)) throw badTimes('The code would end before it begins.');
  if (until !== undefined && until <= now) throw badTimes('The time of this code is over already.');
  const begin = from ?? (kind === 'period' ? Math.round(now) : undefined);
  return { ...(begin === undefined ? {} : { from: begin }), ...(until === undefined ? {} : { until }) };
}

export function checkPerson(name: string | undefined): void {
  if (name === undefined || (name.trim() !== '' && shown(name, LONGEST_NAME) === name)) return;
  throw new LockError('invalid', `A person's name has 1 to ${LONGEST_NAME} ordinary characters.`, { reason: 'person' });
}

function badHours(message: string): LockError {
  return new LockError('invalid', message, { reason: 'weekly' });
}

function badTimes(message: string): LockError {
  return new LockError('invalid', message, { reason: 'validity' });
}

function digitsText({ minDigits, maxDigits }: { minDigits: number; maxDigits: number }): string {
  return minDigits === maxDigits ? String(minDigits) : `${minDigits} to ${maxDigits}`;
}

function noSuchKind(view: LockView, kind: string): string {
  const kinds = kindsOf(codesOf(view)).join(', ');
  return `${view.name} has no codes of the kind "${kind}". It has: ${kinds}.`;
}
