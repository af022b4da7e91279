// One address to listen on. A port that is taken is told and tried again; nothing waits for it.
import { type Server, createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { LockError } from '../../base/errors.ts';

/** Key and cookie fit into a quarter of it. */
const HEADER_BYTES = 8 * 1024;
const HEADERS_MS = 10_000;
/** A backup that is brought back over a slow network is the largest thing that is sent. */
const REQUEST_MS = 60_000;
const IDLE_MS = 10_000;
/** How often slow ones are looked for. */
const LOOK_MS = 2_000;
/** Whoever has the port may be on its way out. */
const AGAIN_MS = 15_000;

export interface Place {
  host: string;
  port: number;
}
export interface ListenerParts {
  clock: Clock;
  answer: RequestListener;
  /** Sees each connection first; false closes it unread. */
  admits: (socket: Socket) => boolean;
}

export class Listener {
  readonly #parts: ListenerParts;
  readonly place: Place;
  #server: Server | undefined;
  #trouble: LockError | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(place: Place, parts: ListenerParts) {
    this.place = place;
    this.#parts = parts;
  }

  /** Why nobody can reach it; undefined while it listens. */
  get trouble(): LockError | undefined {
    return this.#trouble;
  }

  /** With the port that port 0 became. */
  get listensOn(): Place | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address ? { host: this.place.host, port: address.port } : undefined;
  }

  /** Rejects `busy` (reasons `port_taken`, `port`). */
  async open(): Promise<void> {
    const { clock: _clock, answer, admits } = this.#parts;
    const server = createServer(
      {
        maxHeaderSize: HEADER_BYTES,
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        keepAliveTimeout: IDLE_MS,
        connectionsCheckingInterval: LOOK_MS,
      },
      answer,
    );
    server.on('connection', socket => void (admits(socket) || socket.destroy()));
    await listen(server, this.place).catch((thrown: unknown) => {
      this.#trouble = this.#unusable(thrown);
      throw this.#trouble;
    });
    if (this.#closed) return void server.close();
    this.#trouble = undefined;
    this.#server = server;
  }

  /** Resolves after the first try; goes on trying until it is closed. `failed` hears each failure. */
  async keepTrying(failed: (error: LockError) => void): Promise<void> {
    try {
      await this.open();
    } catch (thrown) {
      if (this.#closed) return;
      failed(thrown as LockError);
      this.#cancel = this.#parts.clock.after(AGAIN_MS, () => void this.keepTrying(failed));
    }
  }

  /** Streams never end by themselves, so that whoever owns the sockets ends them, too. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  #unusable(cause: unknown): LockError {
    const { host, port } = this.place;
    const code = (cause as { code?: string }).code ?? 'unknown';
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} is taken, perhaps by another Latchbridge. Stop that, or choose another: http.port in latchbridge.yaml, or --http-port.`,
      EADDRNOTAVAIL: `This machine has no address ${host}. Choose another: http.host in latchbridge.yaml.`,
      EACCES: `Port ${port} is for programs with more rights. Choose one above 1023: http.port in latchbridge.yaml.`,
      ENOTFOUND: `Nobody knows the name ${host}. Choose an address: http.host in latchbridge.yaml.`,
    };
    const text = why[code] ?? `The page cannot be offered on ${host}, port ${port} (${code}).`;
    return new LockError('busy', text, { reason: code === 'EADDRINUSE' ? 'port_taken' : 'port', cause });
  }
}

function listen(server: Server, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}
