// Build only: puts a .br and a .gz beside every text file, so that the daemon compresses nothing while somebody waits.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(?:html|js|css|svg|json|webmanifest)$/;
/** Below this a header costs more than is saved. */
const LEAST_BYTES = 512;

export function compress(): Plugin {
  return {
    name: 'latchbridge-compress',
    apply: 'build',
    enforce: 'post',
    // Not earlier: the last words of a chunk (which files to load ahead) are put in while it is made.
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter(each => TEXT.test(each))) {
        const path = join(dir, name);
        const bytes = readFileSync(path);
        if (bytes.length < LEAST_BYTES) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
