// Who can wipe a lock: one class, called by one step, with a clearance that one file makes.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !path.startsWith('sim/'))
  .map(path => [path, readFileSync(join(root, path), 'utf8')] as const);

const files = (pattern: RegExp): string[] =>
  sources
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path)
    .toSorted();

it.each([
  ['tells a driver to make a lock forget', /\bdriver\.forget\(/, ['flow/wiping.ts']],
  ['asks the wiper to wipe', /\.wipe\(/, ['flow/steps/emptying.ts']],
  ['makes a clearance', /new Clearance\(/, ['flow/engine/preflight.ts']],
  [
    'makes the steps that wipe part of a flow',
    /\bplanWipe\(/,
    ['flow/recipes/reset.ts', 'flow/recipes/unpair.ts', 'flow/steps/emptying.ts'],
  ],
])('only this %s', (_what, pattern, expected) => {
  expect(files(pattern)).toEqual(expected);
});
