// Makes the clearance of a pivot, and nobody else does: only when every rule has passed and somebody with the right said yes.
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import type { Keeper } from '../../lock/keeper.ts';
import { Clearance } from '../clearance.ts';
import type { Book } from './book.ts';
import { type Case, judge } from './rules.ts';

/** flows.md 4.6: a yes is good for so long. */
const VALID_MS = 300_000;

/** Throws the LockError of the first rule that refuses; it stands in the journal. */
export function preflight(book: Book, about: Case, step: string): void {
  const refusal = judge(about);
  if (!refusal) {
    book.write('preflight', { ok: true }, step);
    return;
  }
  const { rule, error } = refusal;
  book.write('preflight', { ok: false, rule, code: error.reason, text: error.message }, step);
  throw error;
}

export interface ClearanceParts {
  book: Book;
  keeper: Keeper;
  clock: Clock;
  about: Case;
  step: string;
  /** The policy of the lock gives the yes, for a soft wipe with nobody there. */
  byPolicy: boolean;
  /** A soft pivot that was begun goes on: its yes was for all of it. */
  goesOn: boolean;
}

export function makeClearance(parts: ClearanceParts): Clearance {
  const { book, keeper, clock, about, step, byPolicy, goesOn } = parts;
  const { id: lock, generation } = keeper.record;
  const { hash } = about.plan;
  if (!goesOn) {
    if (!byPolicy) mustBeGood(book);
    preflight(book, about, step);
    if (byPolicy) {
      const policy = { who: 'policy soft_wipe', via: 'daemon', role: 'owner' };
      book.write('clearance', { ...policy, plan: hash, generation }, step);
    }
  }
  const holds = (): void => {
    const bolt = keeper.view().state;
    const isLocked = bolt.bolt === 'locked' || bolt.bolt === 'locking';
    if (goesOn || about.findings.bolt?.is !== 'unlocked' || !isLocked || bolt.trust === 'guessed') return;
    const text = `"${keeper.record.name}" was locked meanwhile. Unlock it; the confirmation is asked again.`;
    throw new LockError('forbidden', text, { reason: 'precondition_changed' });
  };
  return new Clearance({ lock, plan: hash, generation, holds }, clock);
}

/** Not used for a pivot that was begun, and not older than five minutes of the flow's time. */
function mustBeGood(book: Book): void {
  const { clearance, lastPivotLine } = book.memory;
  if (clearance && clearance.line > lastPivotLine && book.elapsed - clearance.elapsed < VALID_MS) return;
  const text = 'The confirmation is used up or too old. It is asked again.';
  throw new LockError('forbidden', text, { reason: 'clearance_expired' });
}
