// Locks nearby as the list shows them: what each is, and why it can or cannot be chosen. Pure.
import type { Candidate } from '../../api.d.ts';
import { familyName } from '../../text/lock-words.ts';

export interface StateLook {
  word: string;
  tone: 'good' | 'accent' | 'warn' | 'plain';
  why: string;
}

const LOOKS: Readonly<Record<Candidate['state'], StateLook>> = {
  pairable: { word: 'Ready to pair', tone: 'good', why: 'It offers itself now.' },
  ours: { word: 'Yours', tone: 'accent', why: 'It is paired with this Latchbridge.' },
  taken: {
    word: 'Somebody owns it',
    tone: 'warn',
    why: 'It obeys another app or hub. Remove it there, or reset it at the lock, and wake it with a touch.',
  },
  refused: { word: 'Cannot be used here', tone: 'plain', why: 'Latchbridge does not speak its language.' },
};

export function stateLook(candidate: Candidate): StateLook {
  const look = LOOKS[candidate.state];
  if (candidate.advice === undefined) return look;
  // With a way to go on it is not said that somebody owns it: nobody can hear that.
  const word = candidate.state === 'taken' ? 'Not ready to pair' : look.word;
  return { ...look, word, why: candidate.advice };
}

const RANK: Readonly<Record<Candidate['state'], number>> = { pairable: 0, taken: 1, ours: 2, refused: 3 };

/** By what can be done, then in the order in which they were first heard: nothing moves under a finger. */
export function inOrder(candidates: readonly Candidate[], seen: Map<string, number>): Candidate[] {
  for (const { address } of candidates) if (!seen.has(address)) seen.set(address, seen.size);
  const at = ({ address }: Candidate): number => seen.get(address) ?? 0;
  return candidates.toSorted((a, b) => RANK[a.state] - RANK[b.state] || at(a) - at(b));
}

/** A lock that was not heard for so long may be gone or asleep. */
export const STALE_MS = 30_000;

/** Any text as a lock name, as the daemon wants it: a word in topics. Empty when nothing is left of it. */
export function nameFrom(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 64)
    .replace(/[_-]+$/g, '');
}

/** Many models have the name of their family in front already. */
export function modelText({ family, model }: Pick<Candidate, 'family' | 'model'>): string {
  const maker = familyName(family);
  return model.toLowerCase().startsWith(family) ? model : `${maker} ${model}`;
}
