// Which codes may be asked for: digits, slots and times, by what the lock can do.
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import type { Validity } from '../lock/driver.ts';
import type { Abilities, CodeKind, LockView } from '../lock/lock.ts';
import type { CodeRequest } from './access.ts';

export type CodeAbility = NonNullable<Abilities['codes']>;

export interface CheckedCode {
  codeKind: CodeKind;
  validity: Validity;
}

const LONGEST_NAME = 64;

/** Throws `unsupported` when the lock has no keypad, or has not yet said what it can do. */
export function codesOf(view: LockView): CodeAbility {
  if (!view.abilities) {
    throw new LockError('unsupported', `${view.name} has not said yet what it can do; connect to it once.`);
  }
  if (!view.abilities.codes) throw new LockError('unsupported', `${view.name} does not take codes.`);
  return view.abilities.codes;
}

export function checkSlot(view: LockView, slot: number): void {
  const { capacity } = codesOf(view);
  if (Number.isInteger(slot) && slot >= 1 && slot <= capacity) return;
  throw new LockError('invalid', `${view.name} has the code slots 1 to ${capacity}.`, { reason: 'slot' });
}

/** Throws `invalid` (reasons `code_rules`, `validity`, `person`) or `unsupported` (reason `code_kind`). */
export function checkCode(view: LockView, request: CodeRequest, now: number): CheckedCode {
  const ability = codesOf(view);
  const digits = request.digits.reveal();
  if (!/^[0-9]+$/.test(digits) || digits.length < ability.minDigits || digits.length > ability.maxDigits) {
    throw new LockError('invalid', `A code of ${view.name} has ${ability.minDigits} to ${ability.maxDigits} digits.`, {
      reason: 'code_rules',
    });
  }
  checkPerson(request.person);
  const limited = request.from !== undefined || request.until !== undefined;
  const codeKind = request.kind ?? (limited ? 'period' : 'permanent');
  if (!ability.kinds.includes(codeKind)) {
    throw new LockError('unsupported', `${view.name} has no codes of the kind "${codeKind}".`, { reason: 'code_kind' });
  }
  return { codeKind, validity: checkTimes(request, codeKind, now) };
}

/** Locks drop such codes by themselves; putting one on a lock would only look like success. */
export function isOver(validity: Validity, now: number): boolean {
  return validity.until !== undefined && validity.until <= now;
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

function checkPerson(name: string | undefined): void {
  if (name === undefined || (name.trim() !== '' && shown(name, LONGEST_NAME) === name)) return;
  throw new LockError('invalid', `A person's name has 1 to ${LONGEST_NAME} ordinary characters.`, { reason: 'person' });
}

function badTimes(message: string): LockError {
  return new LockError('invalid', message, { reason: 'validity' });
}
