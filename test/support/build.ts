// Builds the program once for the tests that start it as a process; each run has a build of its own.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    main: string;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));

export default function setup(project: TestProject): () => void {
  const folder = `${root}build/test-${process.pid}`;
  const words = [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json', '--outDir', folder];
  execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  project.provide('main', `${folder}/main.js`);
  return () => rmSync(folder, { recursive: true, force: true });
}
