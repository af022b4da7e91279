// Builds program and page for the tests that look at the page in a browser.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { LockError } from '../../src/base/errors.ts';
import build from './build.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default function setup(project: TestProject): () => void {
  const remove = build(project);
  const page = fileURLToPath(new URL('ui/', `file://${root}build/test-${process.pid}/`));
  const words = [`${root}node_modules/vite/bin/vite.js`, 'build', '--config', 'src/ui/vite.config.ts'];
  const { status } = spawnSync(process.execPath, [...words, '--outDir', page, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === 0) return remove;
  remove();
  throw new LockError('invalid', 'The page does not build: npm run build.');
}
