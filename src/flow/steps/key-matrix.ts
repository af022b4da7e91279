// What a lock's answers to our keys mean together (flows.md 4.7): a table, without a radio.
import type { FlowType } from '../words.ts';

export type KeyAnswer = 'accepted' | 'refused' | 'silent' | 'none';
export interface Answers {
  /** It offers itself for pairing. */
  offered: boolean;
  /** The key that we count on. */
  live: KeyAnswer;
  /** The best answer to any other key that we ever had for it. */
  other: KeyAnswer;
  /** It takes any number of clients: that it offers itself says nothing about ours. */
  many?: boolean;
}
export interface Reading {
  what: string;
  next: string;
  flow?: FlowType;
}

export function readAnswers({ offered: offers, live, other, many = false }: Answers): Reading {
  const open = live === 'accepted' || other === 'accepted';
  // Who holds the button of such a lock opens the pairing for one more; everybody else stays.
  const offered = offers && !(many && open);
  if (offered && open) {
    return {
      what: 'It offers itself for pairing and yet takes our key, which no lock should.',
      next: 'Change nothing; collect a support bundle and ask its maker.',
    };
  }
  if (live === 'accepted' && other === 'accepted') {
    return {
      what: 'It takes our key, and an old one as well.',
      next: 'Rekey it, so that the old one is revoked and refused.',
      flow: 'rekey',
    };
  }
  if (live === 'accepted') return { what: 'It takes our key.', next: 'Its key is in order.' };
  if (other === 'accepted') {
    return {
      what: 'It refuses the key that we count on, and takes another one that we have: something was interrupted.',
      next: 'Pair it again under its old name; then its key is settled.',
      flow: 'repair',
    };
  }
  if (live === 'silent' || other === 'silent') {
    return {
      what: 'It lets us connect and says nothing.',
      next: 'Take its batteries out for ten seconds and put them back; then look again.',
    };
  }
  if (live === 'none' && other === 'none' && !offered) {
    return { what: 'We have no key for it.', next: 'Reset it at the lock and pair it.', flow: 'reset' };
  }
  if (offered) {
    return {
      what: 'It knows none of our keys and offers itself: it was reset.',
      next: 'Find out who reset it, then pair it again under its old name.',
      flow: 'repair',
    };
  }
  return {
    what: 'It knows none of our keys and does not offer itself: somebody else paired it, or a pairing ended halfway.',
    next: 'Ask who paired it; otherwise reset it at its button and pair it again.',
    flow: 'reset',
  };
}
