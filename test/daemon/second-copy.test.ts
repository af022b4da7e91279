// The second copy of a backup: it is made with the first, and a folder that takes none is said.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { backUp } from '../../src/daemon/second-copy.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'second-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configWith = (settings: string): ReturnType<typeof loadConfig> => {
  writeFileSync(join(folder, 'latchbridge.yaml'), settings);
  mkdirSync(join(folder, 'data'));
  return loadConfig({ env: {}, folder, options: { data: join(folder, 'data') } });
};
const store = {
  backup: async () => writeFileSync(join(folder, 'data', 'backup.db'), 'all of it'),
};

test('every backup is made once more where backup.second says', async () => {
  const to = await backUp(store, configWith('backup: {second: ./stick}'));
  expect(to).toBe(join(folder, 'stick', 'backup.db'));
  expect(readFileSync(join(folder, 'stick', 'backup.db'), 'utf8')).toBe('all of it');
});

test('without it there is one', async () => {
  expect(await backUp(store, configWith(''))).toBeUndefined();
});

test('a place that takes nothing is named, and the first copy is there', async () => {
  const config = configWith('backup: {second: ./stick}');
  writeFileSync(join(folder, 'stick'), 'a file where a folder should be');
  await expect(backUp(store, config)).rejects.toMatchObject({
    code: 'disk',
    message: expect.stringContaining('backup.second') as string,
  });
  expect(existsSync(join(folder, 'data', 'backup.db'))).toBe(true);
});
