// Routes as data become an OpenAPI 3.1 document: nothing in it is written by hand twice.
import { z } from 'zod';
import type { Code } from '../../base/errors.ts';
import type { Json } from '../../lock/driver.ts';
import { statusOf } from './problem.ts';
import type { Right, Route } from './route.ts';
import { problem } from './shapes/event-shapes.ts';

type Tree = { [key: string]: Json };

/** What every route can answer, beyond what it names itself. */
const ALWAYS: readonly Code[] = ['invalid'];
const UNLESS_OPEN: readonly Code[] = ['unauthenticated', 'forbidden'];
/** Too many requests, and a fault of ours. */
const ALWAYS_STATUS = [429, 500];
const NOT_LOGGED_IN = 401;
const BODY_STATUS = [
  [413, 'invalid, reason too_large'],
  [415, 'invalid, reason not_json'],
] as const;

const RIGHTS: Readonly<Record<Right, string>> = {
  open: 'Needs no login.',
  anyone: 'Any account; what it may do is decided by its role.',
  manager: 'A manager or an owner.',
  owner: 'An owner.',
};

/** The document as JSON. */
export function openapi(routes: readonly Route[]): Tree {
  const components = new Components();
  const paths: Record<string, Tree> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchbridge',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Smart locks of this house: look, operate, pair, and run flows. Errors are problem documents; their `detail` is meant to be shown.',
    },
    servers: [{ url: '/', description: 'Where this document came from, less `/api/openapi.json`.' }],
    paths,
    components: { schemas: components.schemas(), securitySchemes: SECURITY },
  };
}

/** The page's own way, and that of programs. */
const SECURITY: Tree = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'latchbridge_8099',
    description: 'Of the page, after a login; named after the port.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'x-latchbridge-csrf',
    description: 'Beside the cookie, on everything but GET: the value is in the answer to GET /api/session.',
  },
  token: { type: 'http', scheme: 'bearer', description: 'An API token, made by an owner.' },
};

function operation(route: Route, components: Components): Tree {
  const { right, method, about, query, body } = route;
  const cookie: Tree = method === 'GET' ? { session: [] } : { session: [], csrf: [] };
  return {
    operationId: idOf(route),
    summary: about,
    description: RIGHTS[right],
    tags: [tagOf(route.url)],
    'x-right': right,
    security: right === 'open' ? [] : [cookie, { token: [] }],
    parameters: [...pathParameters(route, components), ...queryParameters(query, components)],
    ...(body && {
      requestBody: {
        required: true,
        content: route.takes
          ? { [route.takes]: { schema: {} } }
          : { 'application/json': { schema: components.of(body, 'input') } },
      },
    }),
    responses: { ...failures(route, components), ...success(route, components) },
  };
}

/** `POST /api/locks/:lock/codes/:slot` -> `post_locks_lock_codes_slot`. */
function idOf({ method, url }: Route): string {
  const words = url.replace(/^\/api(?=\/)/, '').match(/\w+/g) ?? [];
  const under = url.startsWith('/api/') ? words : ['root', ...words];
  return [method.toLowerCase(), ...under].join('_');
}

function tagOf(url: string): string {
  const [first, second] = url.match(/\w+/g) ?? [];
  return (first === 'api' ? second : first) ?? 'api';
}

function pathParameters({ url, params }: Route, components: Components): Tree[] {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const shapes = params ? propertiesOf(components.of(params, 'input')) : {};
  return names.map(name => ({ name, in: 'path', required: true, schema: shapes[name] ?? { type: 'string' } }));
}

function queryParameters(query: z.ZodType | undefined, components: Components): Tree[] {
  if (!query) return [];
  const shape = components.of(query, 'input');
  const required = Array.isArray(shape['required']) ? shape['required'] : [];
  return Object.entries(propertiesOf(shape)).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema };
  });
}

function propertiesOf(schema: Tree): Tree {
  return (schema['properties'] ?? {}) as Tree;
}

function success({ answer, media, orElse }: Route, components: Components): Tree {
  if (media === 'text/event-stream' && answer) {
    const description = 'Server-sent events until one side hangs up; each carries JSON.';
    const schema = { type: 'string', contentMediaType: 'application/json', contentSchema: components.of(answer) };
    return { 200: { description, content: { [media]: { schema } } } };
  }
  if (media !== undefined) {
    return { 200: { description: 'The file.', content: { [media]: { schema: { type: 'string' } } } } };
  }
  if (!answer) return { 204: { description: 'Done; there is nothing to say.' } };
  const content = { 'application/json': { schema: components.of(answer) } };
  const other = orElse && { [orElse[0]]: { description: orElse[1], content } };
  return { 200: { description: 'Done.', content }, ...other };
}

/** Several codes may share a status. */
function failures({ method, right, url, fails = [] }: Route, components: Components): Tree {
  const codes = new Set<Code>([...ALWAYS, ...fails]);
  if (url.includes(':')) codes.add('not_found');
  if (right !== 'open') for (const code of UNLESS_OPEN) codes.add(code);
  const byStatus = new Map<number, string[]>();
  const add = (status: number, text: string): void => {
    byStatus.set(status, [...(byStatus.get(status) ?? []), text]);
  };
  const refuses = right === 'open' && codes.delete('unauthenticated');
  for (const code of codes) add(statusOf(code), code);
  if (right !== 'open' || refuses) add(NOT_LOGGED_IN, 'unauthenticated, reason login');
  for (const [status, text] of method === 'GET' ? [] : BODY_STATUS) add(status, text);
  for (const status of ALWAYS_STATUS) add(status, status === 500 ? 'internal' : 'busy, reason rate');
  const schema = components.of(problem);
  const content = { 'application/problem+json': { schema } };
  const sorted = [...byStatus].toSorted(([a], [b]) => a - b);
  return Object.fromEntries(sorted.map(([status, texts]) => [status, { description: texts.join('; '), content }]));
}

/** Schemas with a name stand once under `components`, and are referred to. */
class Components {
  readonly #kept = new Map<string, Tree>();

  schemas(): Tree {
    return Object.fromEntries([...this.#kept].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** JSON schema 2020-12. Requests refuse what they do not know; of answers a reader ignores it. */
  of(schema: z.ZodType, io: 'input' | 'output' = 'output'): Tree {
    const made = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    });
    const { $schema: _, $defs = {}, ...own } = made as unknown as { $schema?: Json; $defs?: Tree } & Tree;
    for (const [id, each] of Object.entries($defs)) this.#kept.set(id, plain(each) as Tree);
    const id = z.globalRegistry.get(schema)?.id;
    if (id === undefined) return plain(own) as Tree;
    // What contains itself is among the definitions already.
    if (!(id in $defs)) this.#kept.set(id, plain(own) as Tree);
    return { $ref: `#/components/schemas/${id}` };
  }
}

/** References go to `components`, and the id of a component is its place. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Tree).filter(([key]) => key !== 'id' || !isSchemaId(value as Tree));
  return Object.fromEntries(
    entries.map(([key, each]) => {
      if (key === '$ref' && typeof each === 'string') return [key, each.replace('#/$defs/', '#/components/schemas/')];
      return [key, plain(each)];
    }),
  );
}

/** Among the properties of an object `id` is a schema; as a word of the schema itself it is a text. */
function isSchemaId(schema: Tree): boolean {
  return typeof schema['id'] === 'string';
}
