// The types of the page, printed from the description of the API: its components, a type each.
import { openapi } from '../../../src/bridge/web/openapi.ts';
import { allRoutes } from './contract.ts';

interface Schema {
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  description?: string;
}

const HEAD = `// Made from the description of the API by \`npm run api-types\`; a test says when it is not current. Each name is a component
// of /api/openapi.json and, where the daemon has such a type, that of the daemon. Times are milliseconds since 1970, UTC.
`;
/** Said once, at the head of the file. */
const TIME = 'Milliseconds since 1970, UTC.';
/** A line of the source. */
const WIDTH = 120;

/** The text of src/ui/api.d.ts. */
export function apiTypes(): string {
  const { components } = openapi(allRoutes()) as unknown as { components: { schemas: Record<string, Schema> } };
  const declarations = Object.entries(components.schemas).map(([name, schema]) => declared(name, schema));
  return [HEAD, ...declarations].join('\n');
}

function declared(name: string, schema: Schema): string {
  const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
  if (schema.properties) return `${comment}export interface ${name} ${objectOf(schema, '', 0)}\n`;
  const line = `export type ${name} = ${typeOf(schema, '')};\n`;
  if (line.length <= WIDTH) return comment + line;
  const parts = alternatives(schema).map(part => `\n  | ${part}`);
  return `${comment}export type ${name} =${parts.join('')};\n`;
}

function alternatives(schema: Schema): string[] {
  if (schema.enum) return schema.enum.map(literal);
  return (schema.anyOf ?? schema.oneOf ?? [schema]).map(each => typeOf(each, '  '));
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/components/schemas/', '');
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(each => typeOf(each, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map(each => typeOf(each, indent)).join(' & ');
  if (schema.type === 'array') return arrayOf(schema, indent);
  if (schema.type === 'object') return objectOf(schema, indent);
  if (schema.type === 'integer') return 'number';
  return [schema.type ?? 'unknown'].flat().join(' | ');
}

function arrayOf({ items = {} }: Schema, indent: string): string {
  const item = typeOf(items, indent);
  return `readonly ${/ [|&] /.test(item) && !item.startsWith('{') ? `(${item})` : item}[]`;
}

/** On one line where it fits. */
function objectOf(schema: Schema, indent: string, width = WIDTH): string {
  const { properties, required = [], additionalProperties: rest } = schema;
  if (!properties) return typeof rest === 'object' ? `Readonly<Record<string, ${typeOf(rest, indent)}>>` : 'object';
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([key, each]) => {
    const word = /^\w+$/.test(key) ? key : literal(key);
    const line = `${word}${required.includes(key) ? '' : '?'}: ${typeOf(each, inner)};`;
    const isPlain = each.description === undefined || each.description === TIME;
    return isPlain ? [line] : [`/** ${each.description} */`, line];
  });
  const short = `{ ${lines.join(' ').replace(/;$/, '')} }`;
  if (!lines.some(line => line.startsWith('/**')) && indent.length + short.length < width - 30) return short;
  return `{\n${lines.map(line => `${inner}${line}\n`).join('')}${indent}}`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
