// Cuts what the flow says into the one instruction that is read from an arm's length, how it is done, and what stands aside.

export interface Phrases {
  /** Big. */
  lead: string;
  /** Below it; empty where the lead says it all. */
  how: readonly string[];
  /** What guides say otherwise, and the like: small. */
  asides: readonly string[];
}

/** More than this does not fit above the buttons of a phone in big letters. */
const BIG = 110;
/** For voices only: on a screen there are buttons. */
const VOICE = /^(?:then |and )?say (?:done|yes|no|skip)\b/i;

/** `spoken` is the short form of the same, made for a voice. */
export function phrasesOf({ text, spoken }: { text: string; spoken: string }): Phrases {
  const { plain, asides } = withoutAsides(text);
  if (plain.length <= BIG) return { lead: plain, how: [], asides };
  const short = sentencesOf(spoken).filter(sentence => !VOICE.test(sentence));
  const sentences = sentencesOf(plain);
  const [first = plain] = sentences;
  // The text's own first sentence says more than its short form where it is short enough.
  if (first.length <= BIG) return { lead: first, how: sentences.slice(1), asides };
  const lead = short.join(' ');
  return lead === '' || lead.length > BIG
    ? { lead: first, how: sentences.slice(1), asides }
    : { lead, how: sentences, asides };
}

/** Whole sentences in brackets are asides. */
function withoutAsides(text: string): { plain: string; asides: string[] } {
  const asides: string[] = [];
  const plain = text.replace(/\s*\(([A-Z][^()]*[.!?])\)/g, (_all, aside: string) => {
    asides.push(aside);
    return '';
  });
  return { plain: plain.trim(), asides };
}

/** "Have at hand: a; b; c." as a head and its items; undefined for any other sentence. */
export function cutList(sentence: string): { head: string; items: readonly string[] } | undefined {
  const [, head, rest] = /^([^:;]{3,60}:) (.+)\.$/.exec(sentence) ?? [];
  const items = rest?.split('; ') ?? [];
  if (head === undefined || items.length < 3) return undefined;
  return { head, items: items.map(item => item.slice(0, 1).toUpperCase() + item.slice(1)) };
}

/** Ends at `.`, `!` or `?` before a capital, a digit or an opening quote; "e.g." and the like end nothing. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?][”"]?)(?<!\b(?:e\.g|i\.e|etc|approx|no)\.)\s+(?=[A-Z0-9“"])/)
    .map(sentence => sentence.trim())
    .filter(sentence => sentence !== '');
}
