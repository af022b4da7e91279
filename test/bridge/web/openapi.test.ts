// The description of the API: valid, whole, and about nothing that is not there.
import { Validator } from '@seriousme/openapi-schema-validator';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { makeApi } from '../../../src/bridge/web/api.ts';
import { CLI } from '../../../src/bridge/web/caller.ts';
import { openapi } from '../../../src/bridge/web/openapi.ts';
import { allRoutes, wholeParts } from './contract.ts';

interface Operation {
  operationId: string;
  security: unknown[];
  parameters: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
  requestBody?: unknown;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
}
const document = openapi(allRoutes()) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('a validator that is not ours finds nothing wrong with it', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test('every route that can be asked is in it, and nothing else', async () => {
  const app = fastify();
  const served: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') served.push(`${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  await app.register(makeApi(wholeParts(), () => CLI));
  await app.ready();
  await app.close();
  expect(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(served.toSorted());
});

test('what answers nothing to anybody does so on purpose', () => {
  const silent = operations.filter(({ operation }) => operation.responses['204']);
  expect(silent.map(({ operation }) => operation.operationId).toSorted()).toEqual([
    'delete_demo_matter_name_users_user',
    'delete_matter_fabrics_index',
    'delete_matter_window',
    'post_matter_reset',
  ]);
});

test('no operation has the name of another', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('every parameter of a path is described', () => {
  for (const { path, operation } of operations) {
    const inPath = operation.parameters.filter(each => each.in === 'path').map(each => each.name);
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
});

test('only what is meant to be open needs no login', () => {
  const open = operations.filter(({ operation }) => operation.security.length === 0).map(({ path }) => path);
  expect(open.toSorted()).toEqual([
    '/api/health/live',
    '/api/health/ready',
    '/api/link',
    '/api/login',
    '/api/logout',
    '/api/openapi.json',
    '/api/session',
    '/api/session/prove',
    '/api/setup',
    '/health/live',
    '/health/ready',
    '/metrics',
  ]);
});

test('every error is a problem document', () => {
  for (const { operation } of operations.filter(each => !/\/(?:ready|live)$/.test(each.path))) {
    const failures = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    expect(failures.map(([status]) => status)).toContain('400');
    for (const [, { content }] of failures) {
      expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
    }
  }
});

test('components are named, and every reference leads to one', () => {
  const names = Object.keys(document.components.schemas);
  expect(names.filter(name => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to as string);
  const known = new Set(names.map(name => `#/components/schemas/${name}`));
  expect(references.filter(to => !known.has(to))).toEqual([]);
});

test('no component is nothing but a reference', () => {
  const only = Object.entries(document.components.schemas).filter(([, schema]) => '$ref' in schema);
  expect(only).toEqual([]);
});

test('a lock has its id in the description', () => {
  expect(Object.keys(document.components.schemas['LockView']?.properties ?? {})).toContain('id');
});
