// The shape of the source: who imports whom, what no file may use, and that this test can fail.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allowedFixtures, forbiddenFixtures } from './architecture/fixtures.ts';
import { check } from './architecture/rules.ts';
import { mostLines, parts } from './architecture/table.ts';

const root = join(import.meta.dirname, '..');

function filesBelow(folder: string, kind = /\.(?:ts|mjs|cjs)$/): [string, string][] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && kind.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => [path.slice(root.length + 1), readFileSync(path, 'utf8')]);
}

describe('the source', () => {
  const files = new Map(['src', 'test', 'bench'].flatMap(folder => filesBelow(folder)));

  test('is there to be checked', () => {
    expect([...files.keys()].filter(path => path.startsWith('src/')).length).toBeGreaterThan(20);
  });

  test('keeps to the import table and the list of forbidden things', () => {
    expect(check(files).map(({ rule, at, text }) => `${at} ${rule}: ${text}`)).toEqual([]);
  });

  test('has style sheets as short as its other files', () => {
    const sheets = filesBelow('src', /\.css$/).map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }));
    expect(sheets.length).toBeGreaterThan(5);
    expect(sheets.filter(({ lines }) => lines > mostLines)).toEqual([]);
  });

  test('has the import table that the design page shows', () => {
    const page = readFileSync(join(root, 'docs/design.md'), 'utf8');
    expect(parts.map(part => part.name).filter(name => !page.includes(`\n| ${name} |`))).toEqual([]);
  });
});

describe('the checker finds', () => {
  test.each(forbiddenFixtures)('$what', ({ rule, files }) => {
    expect(check(new Map(Object.entries(files))).map(found => found.rule)).toEqual([rule]);
  });
});

describe('the checker admits', () => {
  test.each(allowedFixtures)('$what', ({ files }) => {
    expect(check(new Map(Object.entries(files)))).toEqual([]);
  });
});
