// A route as data: what it takes, who may ask, what it does. Everything that comes in passes a schema here.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Code } from '../../base/errors.ts';
import type { Asker } from '../../lock/lock.ts';
import { type Caller, type Guarded, mayAsk, mayReach, mustProve, type Sight, sightOf } from './caller.ts';
import type { ApiParts } from './parts.ts';
import { invalid, notJson } from './problem.ts';

/** `open`: no login. `anyone`: looks and commands, the gate decides. `manager`: changes what is kept. `owner`: touches keys. */
export type Right = 'open' | 'anyone' | 'manager' | 'owner';

export interface Asked<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  asker: Asker;
  caller: Caller;
  /** What may be shown to somebody who was let in for some locks or one flow. */
  sight: Sight;
  /** Throws where the password has to be typed once more. */
  prove: () => void;
}
interface Shape<P, Q, B> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  right: Right;
  /** The password must have been typed just now, where there is one. Programs with a token are refused. */
  prove?: true;
  /** For who sees some locks only: it shows what `sight` lets through. A route with a lock or flow in its address needs no such word. */
  listed?: true;
  /** Part of what a technician does at a door. */
  onSite?: true;
  /** About who asks, and open to whoever is in. */
  own?: true;
  /** Needs no login and shows more to who has one: a token that is not known is refused all the same. */
  heeds?: true;
  /** For the description of the API. */
  about: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  bodyLimit?: number;
  /** What the body is when it is not JSON: it comes as a stream then. */
  takes?: string;
  /** What is answered, for the description; of a stream: what each event carries. Without it and `media`: 204. */
  answer?: z.ZodType;
  /** The same as `answer` under another status, with what that means. */
  orElse?: readonly [status: number, text: string];
  /** When it is not JSON. */
  media?: string;
  /** How it can go wrong beyond what every route can answer (see openapi.ts). */
  fails?: readonly Code[];
}
interface Answering<P, Q, B> extends Shape<P, Q, B> {
  /** What it returns is the answer; undefined is 204. */
  handle(asked: Asked<P, Q, B>, reply: FastifyReply): unknown;
}
export type Route = Answering<never, never, never>;

const nothing = z.strictObject({});
type Nothing = z.infer<typeof nothing>;

/** Keeps the types of the schemas and of the handler together, then forgets them. */
export function route<P = Nothing, Q = Nothing, B = Nothing>(given: Answering<P, Q, B>): Route {
  return given as unknown as Route;
}

/** How a route can go wrong that asks a lock and waits for it. */
export const ASKS_LOCK: readonly Code[] = [
  'unreachable',
  'timeout',
  'rejected',
  'unauthenticated',
  'malformed',
  'unsupported',
  'busy',
  'disk',
  'stopped',
];

/** A lock's id or name. */
export const lockParams = z.strictObject({ lock: z.string().min(1).max(64) });

/** Says who stands behind a request; throws a LockError to turn one away. */
export type Entry = (request: FastifyRequest, route: Guarded) => Caller;

/** Who it is and what they may is settled before the body is read. */
export function addRoute(app: FastifyInstance, given: Route, { enter, parts }: { enter: Entry; parts: Reached }): void {
  const callers = new WeakMap<FastifyRequest, { caller: Caller; sight: Sight }>();
  app.route({
    method: given.method,
    url: given.url,
    ...(given.bodyLimit === undefined ? {} : { bodyLimit: given.bodyLimit }),
    // The head of a stream would wait for an end that never comes.
    ...(given.media === 'text/event-stream' && { exposeHeadRoute: false }),
    onRequest: async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const caller = enter(request, given);
      mayAsk(caller, given);
      const sight = sightOf(caller, parts);
      mayReach(caller, given, { sight, parts, params: request.params });
      callers.set(request, { caller, sight });
    },
    handler: async (request, reply) => {
      if (given.takes === undefined && request.body instanceof Readable) throw notJson();
      const { caller, sight } = callers.get(request) as { caller: Caller; sight: Sight };
      const asked = {
        params: read(given.params ?? nothing, request.params),
        query: read(given.query ?? nothing, request.query),
        body: read(given.body ?? nothing, request.body ?? {}),
        asker: caller.asker,
        caller,
        sight,
        prove: () => mustProve(caller),
      };
      const answer: unknown = await given.handle(asked as Asked<never, never, never>, reply);
      if (reply.sent) return reply;
      return answer === undefined ? reply.code(204).send() : answer;
    },
  });
}
type Reached = Pick<ApiParts, 'locks' | 'flows'>;

function read(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(result.error);
  return result.data;
}
