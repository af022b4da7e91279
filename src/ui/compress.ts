// Build only: puts a .br and a .gz beside every text file, so that the daemon compresses nothing while somebody waits.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(?:html|js|css|svg|json|webmanifest)$/;
/** Below this a header costs more than is saved. */
const LEAST_BYTES = 512;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** From what was written: other plugins still change the files until then. */
export function compress(): Plugin {
  return {
    name: 'latchbridge-compress',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      await Promise.all(
        Object.keys(bundle)
          .filter(name => TEXT.test(name))
          .map(name => beside(join(dir, name))),
      );
    },
  };
}

async function beside(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${path}.br`, await brotli(bytes, { params }));
  await writeFile(`${path}.gz`, await zip(bytes, { level: 9 }));
}
