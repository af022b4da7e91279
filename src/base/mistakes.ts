// A mistake in somebody's settings, in words: where it is, which key, what stands there and what must.
import { shown } from './log.ts';
import { nearest } from './nearest.ts';
import { type Tree, at } from './tree.ts';

/** What a schema found, as zod says it. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string | undefined;
  /** Names that nothing knows. */
  readonly keys?: readonly string[];
}
export interface Settled {
  tree: Tree;
  /** The names that may stand below a key. */
  known: (key: string) => string[];
  /** Its value is never shown. */
  hidden: (key: string) => boolean;
  /** Where the key was set, e.g. a file and a line; absent where there is only one place. */
  from?: (key: string) => string;
}

/** A value with an @ may hold a password, whatever its key, and is not shown either. */
export function explain(issue: Issue, { tree, known, hidden, from }: Settled): string[] {
  const key = issue.path.map(String).join('.');
  const place = (which: string): string => (from ? `${from(which)}: ` : '');
  if (issue.keys) {
    const names = known(key);
    return issue.keys.map(word => {
      const whole = key === '' ? word : `${key}.${word}`;
      const near = nearest(word, names);
      const hint = near ? `did you mean ${near}?` : `known here: ${names.join(', ')}.`;
      return `${place(whole)}${shown(whole)} is not a setting; ${hint}`;
    });
  }
  const value = at(tree, key);
  const plain = ['string', 'number', 'boolean'].includes(typeof value) && !hidden(key) && !String(value).includes('@');
  return [`${place(key)}${shown(key)} ${plain ? `is ${shown(String(value))}, but ` : ''}${issue.message}.`];
}
