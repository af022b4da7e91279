// The published Nuki vectors against both sides of the wire; and that the checks can fail.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from './nuki.ts';
import type { Vector } from './vector.ts';

const file = join(import.meta.dirname, 'data/nuki.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

describe('the published vectors', () => {
  test('are all here', () => expect(vectors.length).toBe(129));
  test.each(vectors)('$name', async vector => expect(await check(vector)).toEqual([]));
});

describe('a vector that was changed is noticed:', () => {
  const changed = vectors.flatMap(changes);

  test('there are many of them', () => expect(changed.length).toBeGreaterThan(700));
  test.each(changed)('$name $path', async ({ vector }) => expect(await check(vector)).not.toEqual([]));
});

describe('what is unknown is no pass:', () => {
  test('a kind', async () => expect(await check({ name: 'x', kind: 'rumour' })).not.toEqual([]));

  test.each(['fragments', 'reject'])('a stream of %s', async kind => {
    expect(await check(altered(kind, 'in', { stream: 'morse' }))).not.toEqual([]);
  });

  test('a layout', async () => {
    expect(await check(altered('fields', 'in', { layout: 'g6' }))).not.toEqual([]);
  });

  const keyed = [...new Set(vectors.map(one => one['kind'] as string))].filter(
    kind => !['reject', 'pin'].includes(kind),
  );
  test.each(keyed.filter(kind => !NOT_BY_KEY.includes(kind)))('a key in the out of %s', async kind => {
    expect(await check(altered(kind, 'out', { colour: 1 }))).not.toEqual([]);
  });
});

function altered(kind: string, place: 'in' | 'out', values: object): Vector {
  const vector = vectors.find(one => one['kind'] === kind) as Vector;
  return { ...vector, [place]: { ...(vector[place] as object), ...values } };
}

/** Whose values are all used, each under its own name. */
const NOT_BY_KEY = ['fragments', 'pairing_transcript'];

/** Changes that leave a vector true: which characteristic it came by, and what a generation does not have. */
const STILL_TRUE: readonly RegExp[] = [/ in\.characteristic$/, /_g4 in\.pin$/, /_g5 in\.id_type$/];

/** Each vector with one leaf changed, for every leaf that is compared. */
function changes(vector: Vector): { name: string; path: string; vector: Vector }[] {
  if (vector['kind'] === 'reject') return [];
  return ['in', 'out']
    .flatMap(place => leaves(vector[place], [place]))
    .filter(path => !STILL_TRUE.some(pattern => pattern.test(`${vector.name} ${path.join('.')}`)))
    .map(path => ({ name: vector.name, path: path.join('.'), vector: alter(vector, path) as Vector }));
}

function leaves(value: unknown, path: string[]): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

function alter(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return other(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: alter((value as Record<string, unknown>)[key], rest) });
}

/** Something else of the same kind; a hex text stays one. */
function other(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '00' : `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : 'something';
}
