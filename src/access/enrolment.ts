// Enrolling a card or a fingerprint, as bridges ask for it: a free slot, words for the person at the lock, an end to waiting.
import { type Clock, deadline } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { EnrolStep } from '../lock/driver.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Access, CredentialView, TokenAccess, TokenRequest } from './access.ts';

export type TokenKind = 'card' | 'finger';

export interface EnrolWish {
  kind: TokenKind;
  /** Default: the first that is free. */
  slot?: number | undefined;
  request: TokenRequest;
  /** How long to wait for the person, default 60. */
  seconds?: number | undefined;
}
/** What a bridge tells while it waits. */
export interface EnrolNews {
  kind: TokenKind;
  slot: number;
  say: EnrolStep['say'];
  step?: number;
  of?: number;
  /** For the person at the lock. */
  text: string;
}
export interface EnrolParts {
  access: Access;
  tokens: TokenAccess;
  clock: Clock;
}
interface EnrolHow {
  asker: Asker;
  tell: (news: EnrolNews) => void;
  /** Ends the wait early. */
  signal: AbortSignal;
}

/** Somebody walks to the door with the card in hand; a finger is pressed six times. */
const USUAL_S = 60;
export const MOST_ENROL_S = 180;

/** Resolves when the lock has it; `timeout` (reason `nobody_came`) when nobody did what the lock waited for. */
export async function enrolToken(
  { access, tokens, clock }: EnrolParts,
  view: LockView,
  wish: EnrolWish,
  { asker, tell, signal }: EnrolHow,
): Promise<CredentialView> {
  const { kind, request } = wish;
  checkTokens(view, kind);
  const slot = wish.slot ?? freeSlot({ access, tokens }, view, kind);
  const seconds = wish.seconds ?? USUAL_S;
  const late = (): LockError =>
    new LockError('timeout', `Nobody held a ${kind} to "${view.name}" within ${seconds} s. Start again.`, {
      reason: 'nobody_came',
    });
  const wait = deadline(clock, seconds * 1000, late, signal);
  const step = (said: EnrolStep): void => tell({ kind, slot, ...said, text: enrolText(kind, said) });
  try {
    return await tokens.enrol({ lock: view.id, kind, slot, request }, { step, signal: wait.signal }, asker);
  } finally {
    wait.clear();
  }
}

/** Throws `unsupported` where the lock has no reader for them. */
export function checkTokens(view: LockView, kind: TokenKind): void {
  if (kind === 'card' ? view.abilities?.cards : view.abilities?.fingers) return;
  throw new LockError('unsupported', `"${view.name}" has no reader for ${kind}s.`, { reason: `no_${kind}s` });
}

/** The first slot that nothing is in. */
export function freeSlot({ access, tokens }: Pick<EnrolParts, 'access' | 'tokens'>, view: LockView, kind: TokenKind) {
  const taken = new Set(
    access
      .credentials(view.id)
      .filter(kept => kept.kind === kind)
      .map(kept => kept.slot),
  );
  const capacity = tokens.capacity(view.id, kind);
  for (let slot = 1; slot <= capacity; slot++) if (!taken.has(slot)) return slot;
  throw new LockError('rejected', `"${view.name}" has room for ${capacity} ${kind}s and is full; remove one first.`, {
    reason: 'no_space',
  });
}

function enrolText(kind: TokenKind, { say, step, of }: EnrolStep): string {
  if (say === 'done') return `The lock has taken the ${kind}.`;
  const count = step === undefined || of === undefined ? '' : ` (${step} of ${of})`;
  if (say === 'present') return kind === 'card' ? 'Hold the card to the reader.' : 'Press the finger on the sensor.';
  return kind === 'card' ? `Once more, please${count}.` : `Lift it and press again${count}.`;
}
