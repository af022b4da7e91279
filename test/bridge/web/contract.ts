// Whether an answer is what its route says of itself: a schema that lies fails every test that sees the answer.
import { z } from 'zod';
import { Events } from '../../../src/bridge/web/events.ts';
import { openapi } from '../../../src/bridge/web/openapi.ts';
import { routesOf } from '../../../src/bridge/web/api.ts';
import type { ApiParts } from '../../../src/bridge/web/parts.ts';
import { Streams } from '../../../src/bridge/web/stream.ts';
import type { Route } from '../../../src/bridge/web/route.ts';
import { apiEvent, problem } from '../../../src/bridge/web/shapes/event-shapes.ts';
import { nearby } from '../../../src/bridge/web/shapes/pairing-shapes.ts';
import { logLineShape } from '../../../src/bridge/web/shapes/system-shapes.ts';
import { memoryLogins } from './logins.ts';
import { FakeDaemon } from './fake-parts.ts';

/** Every route that there can be. */
export function allRoutes(): Route[] {
  const parts = wholeParts();
  const events = new Events(parts);
  events.stop();
  return routesOf(parts, { events, streams: new Streams(parts.clock) });
}

/** With every optional part. */
export function wholeParts(daemon = new FakeDaemon()): ApiParts {
  const records = { recorder: { all: () => [], get: () => undefined, publicKey: () => '' }, bundle: () => '' };
  const { logins } = memoryLogins(daemon.clock);
  return { ...daemon.parts(), logins, records: records as unknown as NonNullable<ApiParts['records']> };
}

interface Seen {
  status: number;
  text: string;
  type: string;
}

const routes = allRoutes().map(route => ({ route, path: pathOf(route.url) }));
const described = openapi(routes.map(({ route }) => route)) as {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
};

/** Throws when the answer is not what the route's schema and its list of errors allow. */
export function checkAnswer(method: string, path: string, { status, text, type }: Seen): void {
  const bare = path.replace(/\?.*$/, '');
  // A name of its own comes before a parameter, as in the router.
  const fitting = routes.filter(each => each.route.method === method && each.path.test(bare));
  const found = fitting.toSorted((a, b) => a.route.url.split(':').length - b.route.url.split(':').length)[0]?.route;
  if (!found) return;
  const operation = described.paths[found.url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  const where = `${method} ${found.url}`;
  if (!operation?.responses[status]) throw new Error(`${where} answers ${status}, which it does not say: ${text}`);
  if (status >= 400 && type.includes('problem')) return fits(problem, text, where);
  if (found.media) return;
  if (found.answer) return fits(found.answer, text, where);
  if (text !== '') throw new Error(`${where} says that it answers nothing: ${text}`);
}

const OF_THEIR_OWN: Readonly<Record<string, z.ZodType>> = {
  reset: z.strictObject({}),
  nearby,
  log: logLineShape,
};

/** What an event of a stream carries; an event of the house has the name of its kind. */
export function checkEvent(event: string, text: string): void {
  fits(OF_THEIR_OWN[event] ?? apiEvent, text, `the event ${event}`);
}

function fits(schema: z.ZodType, text: string, where: string): void {
  const result = schema.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`${where} answers otherwise: ${z.prettifyError(result.error)}\n${text}`);
}

function pathOf(url: string): RegExp {
  return new RegExp(`^${url.replaceAll(/[.]/g, '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
}
