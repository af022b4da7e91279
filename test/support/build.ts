// Builds the program once for the tests that start it as a process; each run has a build of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { LockError } from '../../src/base/errors.ts';

declare module 'vitest' {
  interface ProvidedContext {
    main: string;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));

export default function setup(project: TestProject): () => void {
  const folder = `${root}build/test-${process.pid}`;
  const words = [
    `${root}node_modules/typescript/bin/tsc`,
    '-p',
    'tsconfig.build.json',
    '--outDir',
    folder,
    '--noCheck',
  ];
  // Not checked: wrong types are for `npm run check` to report, and checking takes six times as long.
  spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (!existsSync(`${folder}/main.js`)) throw new LockError('invalid', 'The program does not build: npm run types.');
  project.provide('main', `${folder}/main.js`);
  return () => rmSync(folder, { recursive: true, force: true });
}
