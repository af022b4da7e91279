// `npm run vectors -- FILE`: runs a file of test vectors against driver and virtual lock. 0: all match, 1: some do not,
// 2: the file could not be run at all.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Adapter, Vector } from './vector.ts';

const MISMATCH = 1;
const UNUSABLE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) return unusable('name the file: npm run vectors -- FILE');
  let worst = 0;
  for (const file of files) worst = Math.max(worst, await run(file));
  return worst;
}

async function run(file: string): Promise<number> {
  const vectors = read(file);
  if (typeof vectors === 'string') return unusable(`${file}: ${vectors}`);
  const family = basename(file).split(/[._-]/)[0] ?? '';
  const adapter = await adapterOf(family);
  if (!adapter)
    return unusable(`${file}: no family "${family}"; the name up to the first ".", "-" or "_" is the family`);
  let wrong = 0;
  for (const vector of vectors) {
    const found = await adapter.check(vector).catch((thrown: unknown) => [`failed: ${String(thrown)}`]);
    if (found.length > 0) wrong++;
    for (const text of found) say(`MISMATCH ${vector.name}: ${text}`);
  }
  say(`${basename(file)}: ${vectors.length} vectors, ${vectors.length - wrong} match, ${wrong} do not`);
  return wrong > 0 ? MISMATCH : 0;
}

/** The vectors, or why there are none. */
function read(file: string): Vector[] | string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    return `cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    return `is not JSON (${(thrown as Error).message})`;
  }
  const vectors = (json as { vectors?: unknown } | null)?.vectors;
  if (!Array.isArray(vectors) || vectors.length === 0) return 'holds no list "vectors"';
  const odd = vectors.findIndex(one => typeof one !== 'object' || one === null);
  if (odd >= 0) return `entry ${odd} of "vectors" is not a vector`;
  return vectors.map((one: Vector, i) => ({ ...one, name: labelOf(one) ?? `#${i}` }));
}

/** Some families name their vectors, some number them. */
function labelOf({ name, id }: Readonly<Record<string, unknown>>): string | undefined {
  return [name, id].find(label => typeof label === 'string');
}

/** The compiled adapter beside this file. */
async function adapterOf(family: string): Promise<Adapter | undefined> {
  if (!/^[a-z0-9]+$/.test(family) || !existsSync(join(import.meta.dirname, `${family}.js`))) return undefined;
  const module = (await import(`./${family}.js`)) as Partial<Adapter>;
  return module.check ? { check: module.check } : undefined;
}

function unusable(why: string): number {
  process.stderr.write(`${why}\n`);
  return UNUSABLE;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
