// How somebody gets at a lock when the usual way fails, and when that is enough to erase anything. Source: flows.md 4.8.
import type { LockView } from '../lock/lock.ts';
import type { WayBack } from './findings.ts';
import type { Procedure } from './procedures.ts';
import type { Grade } from './words.ts';

export interface WaysAsk {
  procedure: Procedure;
  /** Our key is live: the lock accepted it last. */
  hasKey: boolean;
  /** What is known of the button: by a person who was at it, or as the lock says. */
  button?: { is: 'works' | 'off' | 'unknown'; grade: Grade };
}

/** From what we hold and what the catalogue says of such locks. */
export function knownWays({ procedure: { facts, values }, hasKey, button }: WaysAsk): WayBack[] {
  const hands = { needsRadio: false, needsDaemon: false } as const;
  const ways: WayBack[] = [];
  if (hasKey) {
    const text = 'Our key is in the vault and its copy; the lock accepts it now.';
    ways.push({ kind: 'admin_secret', text, needsRadio: true, needsDaemon: true, grade: 'E3', copies: 'same_card' });
  }
  const reset = facts.reset_physical;
  if (reset && button?.is !== 'off') {
    const text = `Its reset at the lock: ${reset.text}.`;
    // A person with the tool on it knows more than any book (reset.button); a weak source needs him.
    const known = button?.is === 'works' ? button.grade : undefined;
    const grade = known ?? (reset.sure === 'seen' ? 'E2' : 'E0');
    const pending = grade === 'E0' ? { pending: 'I know where its reset button is and can reach it.' } : {};
    ways.push({ kind: 'physical_reset', text, ...hands, grade, ...pending });
  }
  if (values.defaultCode?.sure === 'seen' && values.opensAfterReset === 'default_code') {
    const text = 'Once it is wiped, its public code opens it at the keypad until another one is set.';
    ways.push({ kind: 'keypad_master', text, ...hands, grade: 'E2' });
  }
  return ways;
}

/** R04: two independent ones, one that needs no radio and one that needs no daemon. */
export function areEnough(ways: readonly WayBack[]): boolean {
  return ways.length >= 2 && ways.some(({ needsRadio }) => !needsRadio) && ways.some(({ needsDaemon }) => !needsDaemon);
}

/** The manifest as people see it. `ok`: as good as known; else somebody has to make sure at the lock. */
export interface WaysBack {
  ways: readonly { kind: WayBack['kind']; text: string; ok: boolean }[];
  enough: boolean;
  /** What that means, for people. */
  text: string;
}

export function manifest(ask: WaysAsk & { view: Pick<LockView, 'name'>; secondCopy: boolean }): WaysBack {
  const ways = knownWays(ask);
  const sure = ways.filter(({ grade }) => grade !== 'E0');
  const enough = areEnough(sure);
  const { name } = ask.view;
  const text = enough
    ? `If our key of "${name}" fails, there is another way to it.`
    : ways.length > sure.length
      ? `Somebody has to make sure at "${name}" that a way marked as open works, before anything is erased.`
      : `There is no second way to "${name}" that is known here: keep a metal key, and the papers of its maker.`;
  const shown = ways.map(({ kind, text: said, grade }) => ({
    kind,
    text: kind === 'admin_secret' && !ask.secondCopy ? `${said} Both are on the same card.` : said,
    ok: grade !== 'E0',
  }));
  return { ways: shown, enough, text };
}
