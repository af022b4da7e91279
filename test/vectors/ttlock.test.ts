// The published TTLock vectors against both sides of the wire; and that the checks can fail.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from './ttlock.ts';
import type { Vector } from './vector.ts';

const file = join(import.meta.dirname, 'data/ttlock.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

describe('the published vectors', () => {
  test('are all here', () => expect(vectors.length).toBe(118));
  test.each(vectors)('$name', async vector => expect(await check(vector)).toEqual([]));
});

describe('a vector that was changed is noticed:', () => {
  const changed = vectors.flatMap(vector => changes(vector));

  test('there are many of them', () => expect(changed.length).toBeGreaterThan(400));
  test.each(changed)('$name $changed', async ({ vector }) => expect(await check(vector)).not.toEqual([]));
});

describe('what is unknown is no pass:', () => {
  test('a kind', async () => expect(await check({ name: 'x', kind: 'rumour' })).not.toEqual([]));

  test('a command', async () => {
    const vector = { ...vectors.find(one => one['kind'] === 'payload'), cmd: 'ee' } as Vector;
    expect(await check(vector)).not.toEqual([]);
  });

  test('a parsed key', async () => {
    const vector = vectors.find(one => one.name === 'rep-time-ok') as Vector;
    expect(await check({ ...vector, parsed: { colour: 1 } })).toEqual(['colour: unknown to this program']);
  });
});

/** About other people's code, or input of no consequence to what is compared. */
const NOT_COMPARED = /^(?:name|kind|source|desc|checkedBy|mismatch|expect|peer.*)$/;

/** Changes that leave a vector true: keys of empty payloads, bytes that mean nothing, what must differ anyway. */
const STILL_TRUE: readonly string[] = [
  'req-init-0x45 key',
  'req-features-0x01 key',
  'req-admin-code-0x65 key',
  'req-time-get-0x34 key',
  'adv-dfu manufacturerData',
  'adv-too-short manufacturerData',
  'date5-bcd-variant in',
  'date5-bcd-variant bytes',
];

/** Each vector with one leaf changed, for every leaf that is compared. */
function changes(vector: Vector): { name: string; changed: string; vector: Vector }[] {
  if (vector['kind'] === 'transcript') return [];
  return Object.keys(vector)
    .filter(key => !NOT_COMPARED.test(key) && !(key === 'in' && Object.keys(vector['in'] as object).length === 0))
    .filter(
      key => !(key === 'parsed' && vector['parsed'] !== null && Object.keys(vector['parsed'] as object).length === 0),
    )
    .filter(key => !STILL_TRUE.includes(`${vector.name} ${key}`))
    .map(key => ({ name: vector.name, changed: key, vector: { ...vector, [key]: alter(vector[key]) } }));
}

/** The first leaf, changed; a hex text stays one. */
function alter(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '00' : `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.length > 0 ? [alter(value[0]), ...value.slice(1)] : [0];
  if (value === null) return { type: 5 };
  const [[key, first] = ['', undefined], ...rest] = Object.entries(value as object) as [string, unknown][];
  return Object.fromEntries([[key, alter(first)], ...rest]);
}
