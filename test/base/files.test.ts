// Folders that can be made, and those that cannot: an error either way, never a wait.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../src/base/files.ts';
import { silent } from '../../src/base/log.ts';
import { prepareFolder } from '../../src/store/folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchbridge-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder is made with those above it, closed to others, and is there the second time', () => {
  const path = join(folder, 'a/b/c');
  expect([makeFolder(path, 0o700), makeFolder(path, 0o700)]).toEqual([true, false]);
  expect([statSync(path).mode & 0o777, statSync(join(folder, 'a')).mode & 0o777]).toEqual([0o700, 0o700]);
});

test('where a file stands no folder can be made', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'), 0o700)).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file/below'), 0o700)).toThrow('ENOTDIR');
});

test.runIf(existsSync('/proc/self'))('a data folder in /proc is one clear error', () => {
  expect(() => prepareFolder('/proc/nope', 'latchbridge.db', silent)).toThrow(
    /^Could not use the data folder \/proc\/nope: .+\.$/,
  );
});
