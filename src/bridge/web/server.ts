// The page and the API over TCP: the same routes as on the control socket, for whoever has shown who they are.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Clock, every } from '../../base/clock.ts';
import type { LockError } from '../../base/errors.ts';
import type { Log, Secret } from '../../base/log.ts';
import type { Logins } from '../../access/login/logins.ts';
import { BODY_BYTES, makeApi } from './api.ts';
import type { Caller, Guarded } from './caller.ts';
import { Door } from './door.ts';
import { checkHost } from './hosts.ts';
import { isSupervisor } from './ingress.ts';
import { Listener, type Place } from './listener.ts';
import { pageFiles } from './page-files.ts';
import type { ApiParts } from './parts.ts';
import { refusalOf, sendProblem } from './problem.ts';
import { Sockets } from './sockets.ts';

/** How soon a stream ends for somebody who may not come in any more. */
const LOOK_MS = 5_000;

export interface ServerParts {
  api: ApiParts & { logins: Logins };
  /** Names under which it may be asked for, beside those that are private by their form. */
  hosts: readonly string[];
  /** The folder with the built page. */
  page: string;
  /** See DoorParts. */
  seal: Secret<string>;
  owners: readonly Secret<string>[];
  clock: Clock;
  log: Log;
}

/** A socket that came in where Home Assistant's Supervisor connects, and the path that it must name. */
const fromIngress = new WeakMap<Socket, string>();

export class PageServer {
  readonly #parts: ServerParts;
  readonly #app: FastifyInstance;
  readonly #sockets = new Sockets();
  readonly #unwatch: () => void;
  readonly #listeners: { listener: Listener; entry?: string }[] = [];

  static async make(parts: ServerParts): Promise<PageServer> {
    const { fastify } = await import('fastify');
    const app = fastify({
      logger: false,
      bodyLimit: BODY_BYTES,
      routerOptions: { maxParamLength: 128 },
      // An address that cannot be read gets no further than here.
      frameworkErrors: ({ code, statusCode = 400 }, _request, reply) =>
        void sendProblem(reply.headers(headersFor(true)), refusalOf(code, statusCode)),
    });
    const server = new PageServer(parts, app);
    await server.#furnish();
    return server;
  }

  private constructor(parts: ServerParts, app: FastifyInstance) {
    this.#parts = parts;
    this.#app = app;
    this.#unwatch = every(parts.clock, LOOK_MS, () => this.#sockets.closeGone());
  }

  /** Rejects `busy` (reason `port_taken`). */
  async open(place: Place): Promise<Place> {
    const listener = this.#listener(place);
    await listener.open();
    return listener.listensOn ?? place;
  }

  /** Comes when it can; until then `troubles` says why not. With an `entry` only Home Assistant's ingress may connect. */
  async keepTrying(place: Place, entry?: string): Promise<void> {
    await this.#listener(place, entry).keepTrying((error: LockError) =>
      this.#parts.log.warn({ ...place, err: error.message }, 'the page cannot be reached'),
    );
  }

  get places(): { place: Place; ingress: boolean; trouble?: LockError }[] {
    return this.#listeners.map(({ listener, entry }) => ({
      place: listener.listensOn ?? listener.place,
      ingress: entry !== undefined,
      ...(listener.trouble && { trouble: listener.trouble }),
    }));
  }

  async close(): Promise<void> {
    this.#unwatch();
    const closed = Promise.all(this.#listeners.map(({ listener }) => listener.close()));
    this.#sockets.closeAll();
    await closed;
    await this.#app.close();
  }

  #listener(place: Place, entry?: string): Listener {
    const answer = (request: IncomingMessage, response: Parameters<FastifyInstance['routing']>[1]): void => {
      this.#app.routing(request, response);
    };
    const admits = (socket: Socket): boolean => {
      if (entry !== undefined && !isSupervisor(socket.remoteAddress)) return false;
      if (entry !== undefined) fromIngress.set(socket, entry);
      this.#sockets.add(socket);
      return true;
    };
    const listener = new Listener(place, { clock: this.#parts.clock, answer, admits });
    this.#listeners.push({ listener, ...(entry !== undefined && { entry }) });
    return listener;
  }

  async #furnish(): Promise<void> {
    const { api, clock, seal, owners, hosts, page } = this.#parts;
    const ingressEntry = (request: FastifyRequest): string | undefined => fromIngress.get(request.raw.socket);
    const door = new Door({ logins: api.logins, clock, seal, owners, ingressEntry });
    const app = this.#app;
    app.addHook('onRequest', async (request, reply) => {
      const isIngress = ingressEntry(request) !== undefined;
      for (const [name, value] of Object.entries(headersFor(isIngress))) reply.raw.setHeader(name, value);
      // Behind Home Assistant the name is Home Assistant's, and what is compressed here would be taken apart on its way.
      if (isIngress) delete request.raw.headers['accept-encoding'];
      else checkHost(request.headers.host, hosts);
    });
    app.addHook('onResponse', async request => this.#sockets.answered(request.raw.socket));
    await app.register(
      makeApi(api, (request: FastifyRequest, route: Guarded): Caller => {
        const caller = door.enter(request, route);
        if (caller.way !== 'nobody') this.#sockets.known(request.raw.socket, caller.still ?? (() => true));
        return caller;
      }),
    );
    await app.register(async files => {
      files.addHook('onRequest', async request => door.look(request));
      await pageFiles(files, page);
    });
    await app.ready();
  }
}

const POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'";

/** Home Assistant shows the page in a frame of its own, and says itself who may. */
function headersFor(isIngress: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': isIngress ? POLICY : `${POLICY}; frame-ancestors 'self'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    ...(!isIngress && { 'x-frame-options': 'SAMEORIGIN' }),
  };
}
