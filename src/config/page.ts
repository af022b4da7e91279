// What may be set on the page, and what becomes of it when it no longer fits: it never stops a start.
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { explain } from '../base/mistakes.ts';
import { wordsOf } from '../base/schema-keys.ts';
import { type Tree, at, put } from '../base/tree.ts';
import { KINDS, PATHS, hidden, known, schema } from './schema.ts';

/** Where such a value comes from, beside files, variables and options. */
export const PAGE = 'page';

/** What is kept of the page's settings, as it was read before anything else was opened. */
export interface PageSettings {
  readonly values: ReadonlyMap<string, unknown>;
  /** Keys whose value cannot be read. */
  readonly damaged: readonly string[];
  /** Keys whose value is sealed in the vault. */
  readonly sealed: readonly string[];
}
/** What changes; null takes back what was set. */
export type PageChange = ReadonlyMap<string, unknown>;

/** Not: where the data is, how the page itself is reached, and what belongs to single locks. */
const KEPT_OUT = /^(data$|http\.|units\.|locks\.)/;
const KEYS = [...[...KINDS.keys()].filter(key => !key.includes('*') && !KEPT_OUT.test(key)), 'radios'];
const SECRETS = KEYS.filter(hidden);
const SINGLE = ['boolean', 'number', 'string', 'enum'] as const;
/** In place of a sealed value: whoever needs the value asks the vault. */
const SEALED = 'sealed';
/** What forbids something goes on doing so where it cannot be read. */
const STRICTEST: Readonly<Record<string, string | boolean>> = {
  'policy.open_by_mqtt': 'never',
  'policy.flows.unattended': 'plan_only',
  'policy.flows.two_persons': true,
};

export function pageKeys(): readonly string[] {
  return KEYS;
}

export function isSecret(key: string): boolean {
  return SECRETS.includes(key);
}

/** Of the value of one key: boolean, number, string, enum, secret; what is not a single value is a `list`. */
export function settingKind(key: string): (typeof SINGLE)[number] | 'list' | 'secret' {
  return hidden(key) ? 'secret' : (SINGLE.find(kind => kind === KINDS.get(key)) ?? 'list');
}

export function settingWords(key: string): readonly string[] | undefined {
  return wordsOf(schema, key);
}

/** As a source of settings, with a sentence for each value that does not count. */
export function pageTree({ values, damaged, sealed }: PageSettings): { tree: Tree; warnings: string[] } {
  const tree: Tree = {};
  const warnings: string[] = [];
  const drop = (key: string, why: string): void => {
    const strictest = Object.hasOwn(STRICTEST, key) ? STRICTEST[key] : undefined;
    if (strictest !== undefined) put(tree, key, strictest);
    const instead = strictest === undefined ? 'does not count' : `counts as ${strictest}`;
    warnings.push(`What was set on the page ${instead}: ${why} Set it anew, or take it back.`);
  };
  for (const key of damaged) drop(key, `${shown(key)} is damaged.`);
  for (const [key, value] of values) {
    const read = readOne(key, value);
    if ('value' in read) put(tree, key, read.value);
    else drop(key, read.mistakes.join(' '));
  }
  for (const key of sealed.filter(isSecret)) put(tree, key, SEALED);
  return { tree, warnings };
}

/** What to keep of it. Throws one `invalid` (reason `settings`) that names every mistake; a secret is in none of them. */
export function checkChange(change: PageChange): PageChange {
  const kept = new Map<string, unknown>();
  const mistakes: string[] = [];
  for (const [key, value] of change) {
    const read = value === null && KEYS.includes(key) ? { value } : readOne(key, value);
    if ('value' in read) kept.set(key, read.value);
    else mistakes.push(...read.mistakes);
  }
  if (mistakes.length === 0) return kept;
  throw new LockError('invalid', `Nothing was changed. ${mistakes.join(' ')}`, { reason: 'settings' });
}

function readOne(key: string, given: unknown): { value: unknown } | { mistakes: string[] } {
  if (!KEYS.includes(key)) return { mistakes: [`${shown(key)} cannot be set on the page.`] };
  if (PATHS.includes(key) && typeof given === 'string' && !given.startsWith('/')) {
    return { mistakes: [`${key} is ${shown(given)}, but must be a whole path like /mnt/stick/latchbridge.`] };
  }
  const tree: Tree = {};
  put(tree, key, key === 'radios' ? radiosFrom(given) : given);
  const read = schema.safeParse(tree);
  if (!read.success) return { mistakes: read.error.issues.flatMap(issue => explain(issue, { tree, known, hidden })) };
  return { value: at(read.data, key) };
}

/** Words like hci0 and 00:1a:7d:da:71:13 as what they name; what is no list of words is left for the schema. */
export function radiosFrom(words: unknown): unknown {
  if (!Array.isArray(words)) return words;
  return words.map((word: unknown) => {
    if (typeof word !== 'string') return word;
    return word.includes(':') ? { address: word } : { device: word };
  });
}
