// The page as files: what Vite has built, compressed where the browser can take it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where nothing was built. */
const MISSING = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Latchbridge</title>
<h1>The page is not built</h1>
<p>Latchbridge runs, and its API answers. To build the page: <code>npm run build</code>, then load this again.</p>
</html>
`;

/** Names of files in this folder hold a digest of what is in them. */
const HASHED = '/assets/';
const FOREVER = 'public, max-age=31536000, immutable';
/** An index that names files of an older build would be a blank page. */
const NEVER = 'no-store';
const ASK_AGAIN = 'no-cache';
/** The API’s, a folder, a way out of the folder; and the index is at the top alone. */
const NO_FILE = /^\/api\/|^\/index\.html$|\/$|\.\.|\0/;

export async function pageFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    index: false,
    dotfiles: 'ignore',
  });
  app.get('/', (_request, reply) => {
    void reply.header('cache-control', NEVER).header('vary', 'accept-encoding');
    if (!existsSync(join(folder, 'index.html'))) return reply.type('text/html; charset=utf-8').send(MISSING);
    return reply.sendFile('index.html');
  });
  app.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = `/${request.params['*']}`;
    if (NO_FILE.test(path)) return reply.callNotFound();
    void reply.header('cache-control', path.startsWith(HASHED) ? FOREVER : ASK_AGAIN).header('vary', 'accept-encoding');
    return reply.sendFile(request.params['*']);
  });
}
