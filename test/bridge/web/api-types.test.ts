// The types of the page are those of the API as it is now.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { apiTypes } from './api-types.ts';

const FILE = fileURLToPath(new URL('../../../src/ui/api.d.ts', import.meta.url));
/** `npm run api-types` writes it anew. */
const WRITE = process.env['LATCHBRIDGE_WRITE'] !== undefined;

test('src/ui/api.d.ts is current; else run `npm run api-types`', () => {
  const made = apiTypes();
  if (WRITE) writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});
