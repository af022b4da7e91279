// The control socket: a file in the data folder that only its owner can open. Whoever can, is the owner.
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { type RequestListener, type Server, createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { type Clock, within } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';
import { BODY_BYTES, makeApi } from './api.ts';
import { CLI } from './caller.ts';
import type { ApiParts } from './parts.ts';

/** What fits into sockaddr_un. Node 20 listens on a shortened name without a word. */
const LONGEST_PATH = 107;
/** Only we may open it. */
const PRIVATE_UMASK = 0o177;
/** A living daemon accepts at once; one that is stopped in a debugger still counts as living. */
const PROBE_MS = 2_000;

export interface ControlSocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Rejects `busy` (reason `already_running`) when another daemon serves this folder, `invalid` for a path too long. */
export async function openControlSocket(path: string, parts: ApiParts): Promise<ControlSocket> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    const text = `The path of the control socket is too long (${Buffer.byteLength(path)} bytes, at most ${LONGEST_PATH}): ${path}. Choose a data folder with a shorter path.`;
    throw new LockError('invalid', text, { reason: 'path_too_long' });
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw unusable(path, thrown);
  }
  const { fastify } = await import('fastify');
  const app = fastify({ logger: false, bodyLimit: BODY_BYTES });
  await app.register(makeApi(parts, () => CLI));
  await app.ready();
  const answer: RequestListener = (request, response) => app.routing(request, response);
  const server = await listen(path, answer, parts.clock).catch(async (thrown: unknown) => {
    await app.close();
    throw thrown;
  });
  return {
    path,
    async close() {
      // The socket file goes with the server; event streams never end by themselves.
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await app.close();
    },
  };
}

async function listen(path: string, answer: RequestListener, clock: Clock): Promise<Server> {
  try {
    return await bind(path, answer);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EADDRINUSE') throw unusable(path, thrown);
  }
  if (await isServed(path, clock)) {
    throw new LockError('busy', `Latchbridge is already running with this data folder (${dirname(path)}).`, {
      reason: 'already_running',
    });
  }
  // Connecting to any other file is refused, too, and that file is not ours to remove.
  if (!lstatSync(path).isSocket()) throw unusable(path, { code: 'not a socket' });
  // Left by a daemon that was killed.
  unlinkSync(path);
  return bind(path, answer).catch((thrown: unknown) => {
    throw unusable(path, thrown);
  });
}

/** The socket is made inside `listen`, so that the umask is changed for this call and for nothing else. */
function bind(path: string, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(PRIVATE_UMASK);
    try {
      server.listen({ path }, () => {
        server.off('error', reject);
        resolve(server);
      });
    } finally {
      process.umask(before);
    }
  });
}

/** Only a refused connection proves that nobody listens. */
async function isServed(path: string, clock: Clock): Promise<boolean> {
  const socket = connect(path);
  const answered = new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true));
    socket.once('error', error => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')));
  });
  const late = () => new LockError('timeout', 'The control socket did not answer.');
  try {
    return await within(clock, PROBE_MS, answered, late).catch(() => true);
  } finally {
    socket.destroy();
  }
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as { code?: string } | undefined)?.code;
}

function unusable(path: string, cause: unknown): LockError {
  const why = codeOf(cause) ?? 'unknown';
  const text = `The control socket ${path} could not be opened (${why}). Check that the data folder is ours to write to.`;
  return new LockError('disk', text, { reason: 'control_socket', cause });
}
