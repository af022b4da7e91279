// Reads procedures.yaml once, judges how sure each fact is, and finds the entry that fits a lock.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { LockError, textOf } from '../../base/errors.ts';
import type { LockKind } from '../../lock/lock.ts';
import type { Fact, Procedure, Procedures, Sureness } from '../procedures.ts';
import { FACTS, type RawCatalogue, type RawEntry, type RawFact, catalogue } from './schema.ts';

/** The entry for a lock of which nobody knows anything: each of its facts is a question to the person. */
const UNKNOWN = 'generic-unknown-lock';
/** From the root of the package: the compiler copies no data, so it is found from there, built or not. */
const FILE = join('src', 'flow', 'catalogue', 'procedures.yaml');

/** Without a text: the project's own file. Throws LockError `invalid` that says where it does not fit. */
export function makeProcedures(text: string = readFileSync(locate(), 'utf8')): Procedures {
  const raw = read(text);
  const procedures = new Map(raw.locks.map(entry => [entry.id, procedure(entry, raw)]));
  const entries = raw.locks;
  const unknown = procedures.get(UNKNOWN);
  if (!unknown) throw new LockError('invalid', `The catalogue of procedures has no entry ${UNKNOWN}.`);
  return {
    all: () => [...procedures.values()],
    get: id => procedures.get(id),
    for(lock) {
      if (!lock) return unknown;
      const family = entries.filter(entry => entry.family === lock.family);
      const { model = '', manufacturer = '' } = lock.facts;
      const said = `${manufacturer} ${model}`.toLowerCase();
      const named = family.find(entry => !entry.generic && entry.models.some(name => names(said, name)));
      const form = formOf(lock.abilities?.kind);
      const generic = family.filter(entry => entry.generic);
      const fits = named ?? generic.find(entry => entry.form === form) ?? generic.find(entry => isDoor(entry, form));
      return (fits && procedures.get(fits.id)) ?? unknown;
    },
  };
}

/** The same, read when the first plan is made: reading it takes 7 MiB that a daemon without flows can do without. */
export function lateProcedures(): Procedures {
  let made: Procedures | undefined;
  const procedures = (): Procedures => (made ??= makeProcedures());
  return { all: () => procedures().all(), get: id => procedures().get(id), for: lock => procedures().for(lock) };
}

function read(text: string): RawCatalogue {
  let tree: unknown;
  try {
    tree = parse(text);
  } catch (cause) {
    throw new LockError('invalid', `The catalogue of procedures is not YAML: ${textOf(cause)}`, { cause });
  }
  const found = catalogue.safeParse(tree);
  if (!found.success) {
    const [issue] = found.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw new LockError('invalid', `The catalogue of procedures is wrong at ${place}: ${issue?.message ?? ''}`);
  }
  const { locks, sources } = found.data;
  for (const entry of locks) {
    const named = [...entry.source, ...FACTS.flatMap(name => entry[name]?.s ?? [])];
    const missing = named.find(id => !(id in sources));
    if (missing !== undefined) {
      throw new LockError('invalid', `The catalogue's entry ${entry.id} names a source that is not there: ${missing}.`);
    }
  }
  return found.data;
}

function procedure(entry: RawEntry, raw: RawCatalogue): Procedure {
  const facts = Object.fromEntries(
    FACTS.flatMap(name => {
      const one = entry[name];
      return one ? [[name, fact(one, raw)] as const] : [];
    }),
  ) as Procedure['facts'];
  return {
    id: entry.id,
    title: `${entry.brand}: ${entry.models.join(', ')}`,
    form: entry.form === 'any' ? 'unknown' : entry.form,
    facts,
    conflicts: entry.conflicts,
    sourceTitles: titles(entry.source, raw),
    values: values(entry, facts),
  };
}

function values(entry: RawEntry, facts: Procedure['facts']): Procedure['values'] {
  const { hold, code, opens = 'unknown', wrong_codes, reset = 'button' } = entry.values ?? {};
  const unsure = facts.exposure_after_reset?.sure !== 'seen';
  return {
    ...(hold && { resetHoldSeconds: { least: hold[0], most: hold[1], sure: facts.reset_physical?.sure ?? 'unknown' } }),
    ...(code !== undefined && { defaultCode: { digits: code, sure: facts.default_code?.sure ?? 'unknown' } }),
    // That nobody can open it is believed only of a good source; that somebody can, of any.
    resetBy: reset,
    opensAfterReset: opens === 'nobody' && unsure ? 'unknown' : opens,
    hasOrientation: !/^(none|auto)\b/.test(facts.orientation?.text ?? 'none'),
    ...(wrong_codes !== undefined && { wrongCodesAllowed: wrong_codes }),
  };
}

function fact({ v, c, s }: RawFact, raw: RawCatalogue): Fact {
  return { text: v, sure: sureness(c, s, raw), sources: titles(s, raw) };
}

/** One secondary source alone is no better than memory (R07). */
function sureness(confidence: RawFact['c'], sources: readonly string[], { sources: known }: RawCatalogue): Sureness {
  if (confidence === 'unknown') return 'unknown';
  if (confidence === 'recalled') return 'weak';
  const good = sources.some(id => known[id]?.q !== 'secondary');
  return good || sources.length > 1 ? 'seen' : 'weak';
}

function titles(ids: readonly string[], { sources }: RawCatalogue): string[] {
  return ids.flatMap(id => sources[id]?.t ?? []);
}

/** "TL-99" in "turbolock tl99 1.2": spaces, dashes and case do not count. */
function names(said: string, model: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(model);
  return wanted.length >= 4 && plain(said).includes(wanted);
}

function formOf(kind: LockKind | undefined): RawEntry['form'] | undefined {
  if (kind === undefined) return undefined;
  const forms: Partial<Record<LockKind, RawEntry['form']>> = { key_box: 'keybox', padlock: 'padlock', lever: 'lever' };
  return forms[kind] ?? 'deadbolt';
}

/** What is known of a family's door locks holds for all its door locks, not for what hangs elsewhere. */
function isDoor(entry: RawEntry, form: RawEntry['form'] | undefined): boolean {
  const elsewhere: readonly (string | undefined)[] = ['keybox', 'padlock'];
  return !elsewhere.includes(entry.form) && !elsewhere.includes(form);
}

function locate(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, FILE);
    if (existsSync(file)) return file;
    if (folder === dirname(folder))
      throw new LockError('disk', 'The catalogue of procedures is missing: install Latchbridge again.');
  }
}
