// latchbridge trace: what is asked of the daemon, and what becomes of the file.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useKit } from './kit.ts';

const kit = useKit();

test('the trace is written where it was asked for, for its owner alone', async () => {
  const file = join(kit.folder, 'ttlock-a.json');
  expect(await kit.type(`trace front_door --seconds 5 --out ${file}`)).toBe(0);
  expect(kit.daemon.last('trace')).toMatchObject({ lock: 'front_door', seconds: 5, asker: { role: 'owner' } });
  const written = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  expect(written).toEqual({ meta: { family: 'ttlock' }, vectors: kit.daemon.vectors });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that exists is not written over', async () => {
  const file = join(kit.folder, 'ttlock-a.json');
  writeFileSync(file, 'older');
  expect(await kit.type(`trace front_door --out ${file}`)).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe('older');
});

test('a lock that is not heard makes no file', async () => {
  kit.daemon.vectors = [];
  const file = join(kit.folder, 'ttlock-a.json');
  expect(await kit.type(`trace front_door --out ${file}`)).toBe(1);
  expect(kit.io.errs.at(-1)).toMatch(/Nothing was heard/);
  expect(() => statSync(file)).toThrow(/ENOENT/);
});

test('Ctrl-C ends it early and still gives the file', async () => {
  const file = join(kit.folder, 'ttlock-a.json');
  kit.daemon.traceEnds = new Promise(resolve => (kit.daemon.endTrace = resolve));
  const running = kit.type(`trace front_door --seconds 600 --out ${file}`);
  await kit.daemon.until('trace');
  kit.io.stopper.abort();
  expect(await running).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ meta: { family: 'ttlock' } });
});
