// The hold drill: how long a button has been held, when to let go, and what the radio made of it. Pure; times are ms.
import type { Prompt, PublicLine } from '../../api.d.ts';

export interface Hold {
  /** Seconds. */
  least: number;
  most: number;
  letGo: number;
}

/**
 * ready: nobody presses. holding: keep it pressed. release: let go now. over: held longer than was asked for, or let go; what it
 * did is being found out.
 */
export type Phase = 'ready' | 'holding' | 'release' | 'over';

export interface Count {
  phase: Phase;
  /** Whole seconds held so far. */
  second: number;
  /** Until it is let go. */
  left: number;
  /** 0..1 of the time until letting go. */
  share: number;
}

/** How long the cue to let go stays, at least. */
const CUE_MS = 2500;

export const READY: Count = { phase: 'ready', second: 0, left: 0, share: 0 };

/** Where a hold is that was begun `heldMs` ago. */
export function countAt(hold: Hold, heldMs: number): Count {
  const held = Math.max(0, heldMs);
  const until = hold.letGo * 1000;
  const second = Math.floor(held / 1000);
  const left = Math.max(0, Math.ceil((until - held) / 1000));
  const share = Math.min(1, held / until);
  if (held < until) return { phase: 'holding', second, left, share };
  const most = Math.max(hold.most * 1000, until + CUE_MS);
  return { phase: held < most ? 'release' : 'over', second, left: 0, share: 1 };
}

/** What a person hears or feels when the count goes from one look to the next. */
export type Cue = 'tick' | 'let_go';
export function cueBetween(before: Count, now: Count): Cue | undefined {
  if (now.phase === 'release' && before.phase !== 'release') return 'let_go';
  if (now.phase === 'holding' && now.second > before.second) return 'tick';
  return undefined;
}

/** What is said to a screen reader: each second is too much chatter, the moment to let go is not. */
export function spokenAt(before: Count, now: Count): string | undefined {
  if (before.phase === now.phase) return undefined;
  if (now.phase === 'holding') return 'Counting. Keep it pressed.';
  if (now.phase === 'release') return 'Let go now.';
  return undefined;
}

/** Some seconds of a hold as people say them. */
export function windowText({ least, most }: Pick<Hold, 'least' | 'most'>): string {
  return least === most ? `${least} seconds` : `${least} to ${most} seconds`;
}

const COUNTED = /^(\d+)(?: …|: let go NOW\.)$/;

export interface Heard {
  second: number;
  letGo: boolean;
}
/** The count as the daemon calls it, for who looks on or has reloaded the page; undefined once something else was said. */
export function countCalled(lines: readonly PublicLine[]): Heard | undefined {
  const last = lines.findLast(line => line.kind === 'said' || line.kind === 'asked' || line.kind === 'evidence');
  const found = last?.kind === 'said' ? COUNTED.exec(last.text) : null;
  if (!found || !last) return undefined;
  return { second: Number(found[1]), letGo: last.text.includes('let go') };
}

export function isCount(text: string): boolean {
  return COUNTED.test(text);
}

/** Which try at the same button an open question is, from 1. */
export function tryOf(prompt: Prompt, lines: readonly PublicLine[]): number {
  const asked = lines.filter(
    line => line.kind === 'asked' && line.step === prompt.step && line.text.startsWith('Asked: Press the button'),
  );
  return Math.max(1, asked.length);
}
