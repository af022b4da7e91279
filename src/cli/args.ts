// Options and words of a command, as data: parsed, checked and explained from the same table.
import { parseArgs } from 'node:util';
import { LockError } from '../base/errors.ts';
import { shown } from '../base/log.ts';
import { nearest } from '../base/nearest.ts';

export type Option = { readonly about: string } & (
  | { readonly type: 'boolean' }
  | { readonly type: 'string'; readonly value: string; readonly choices?: readonly string[] }
  | { readonly type: 'number'; readonly value: string; readonly least: number; readonly most: number }
);
export type Options = Readonly<Record<string, Option>>;
export type ValuesOf<T extends Options> = {
  -readonly [K in keyof T]?: T[K]['type'] extends 'boolean' ? boolean : T[K]['type'] extends 'number' ? number : string;
};

/** Somebody typed what cannot be meant: exit code 2, and how it is written. */
export function usage(text: string): LockError {
  return new LockError('invalid', text, { reason: 'usage' });
}

/**
 * `words` is what stands after the options, as help shows it: `NAME [SLOT]`, `[NAME...]`. Throws `invalid` (reason
 * `usage`).
 */
export function parse<T extends Options>(
  argv: readonly string[],
  table: T,
  words: string,
): { values: ValuesOf<T>; words: string[] } {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { type }]) => [name, { type: type === 'boolean' ? type : ('string' as const) }]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const values: Record<string, string | number | boolean> = {};
  const found: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') found.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (!option) throw unknownOption(token.rawName, table);
    values[token.name] = valueOf(token.rawName, option, token.value);
  }
  checkWords(found, words);
  return { values: values as ValuesOf<T>, words: found };
}

/** `LOCK ACT` as it is written, also when it was typed as `ACT LOCK`. A lock that is named like an act must stand first. */
export function lockFirst(words: readonly string[], acts: readonly string[]): string[] {
  const [first = '', second = '', ...rest] = words;
  const swapped = acts.includes(first) && !acts.includes(second);
  return swapped ? [second, first, ...rest] : [...words];
}

/** The lines of a help text. */
export function explain(table: Options): string[] {
  const left = Object.entries(table).map(([name, option]) =>
    option.type === 'boolean' ? `--${name}` : `--${name} ${option.value}`,
  );
  const width = Math.max(0, ...left.map(text => text.length));
  return Object.values(table).map((option, i) => `  ${(left[i] as string).padEnd(width)}  ${option.about}`);
}

function valueOf(name: string, option: Option, text: string | undefined): string | number | boolean {
  if (option.type === 'boolean') {
    if (text === undefined) return true;
    throw usage(`${name} takes no value.`);
  }
  if (text === undefined || text === '') throw usage(`${name} needs a value: ${name} ${option.value}.`);
  if (option.type === 'string') {
    if (!option.choices || option.choices.includes(text)) return text;
    throw usage(`${name} is ${shown(text)}, but must be one of ${option.choices.join(', ')}.`);
  }
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= option.least && number <= option.most) return number;
  throw usage(`${name} is ${shown(text)}, but must be a whole number from ${option.least} to ${option.most}.`);
}

function unknownOption(name: string, table: Options): LockError {
  const near = nearest(name.replace(/^-+/, ''), Object.keys(table));
  return usage(`There is no option ${shown(name)} here.${near ? ` Did you mean --${near}?` : ''}`);
}

function checkWords(found: readonly string[], words: string): void {
  const wanted = words === '' ? [] : words.split(' ');
  const missing = wanted.slice(found.length).find(word => !word.startsWith('['));
  if (missing !== undefined) throw usage(`${missing} is missing.`);
  const endless = wanted.at(-1)?.includes('...');
  if (endless || found.length <= wanted.length) return;
  // Not repeated: it may be a PIN that somebody believed to belong here.
  const after = wanted.at(-1)?.replace(/[[\]]/g, '');
  throw usage(after === undefined ? 'Only options may follow this command.' : `Nothing may follow ${after}.`);
}
