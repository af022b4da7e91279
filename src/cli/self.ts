// What somebody has to type to start this program again, and which version it is.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/**
 * In a checkout `npx -q latchbridge`; from outside of it `node PATH`, since there npx would ask the registry for a package
 * of that name; installed, the plain name.
 */
export function self(module = here, cwd = process.cwd()): string {
  const root = rootOf(module);
  if (!root || module.includes(`${sep}node_modules${sep}`) || !existsSync(join(root, '.git'))) return 'latchbridge';
  const inside = !relative(root, cwd).startsWith('..');
  return inside ? 'npx -q latchbridge' : `node ${join(root, 'dist', 'main.js')}`;
}

export function version(module = here): string {
  const root = rootOf(module);
  const found = root ? (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string }) : {};
  return found.version ?? 'unknown';
}

/** The folder of our package.json. */
function rootOf(module: string): string | undefined {
  for (let folder = dirname(module); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
      return found.name === 'latchbridge' ? folder : undefined;
    }
  }
  return undefined;
}
