// A source file as facts: its imports and its syntax tree with parents. The parser is the one inside vite.
import { dirname, join } from 'node:path/posix';
import { parseSync } from 'vite';

export interface Tree {
  type: string;
  start: number;
  [key: string]: unknown;
}
export interface Place {
  node: Tree;
  /** The parents, nearest first, and under which key the child hangs. */
  above: readonly { node: Tree; key: string }[];
}
export interface Import {
  /** undefined: not a plain string, so nobody can say what it loads. */
  to: string | undefined;
  /** Gone after compiling. */
  typeOnly: boolean;
  /** Loaded when that line is reached, not before. */
  late: boolean;
  start: number;
}
export interface Source {
  path: string;
  text: string;
  lines: number;
  broken?: string;
  places: readonly Place[];
  imports: readonly Import[];
  line(start: number): number;
}

export interface Violation {
  rule: string;
  /** `path:line`, the path as given. */
  at: string;
  text: string;
}

export function readSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  const places: Place[] = [];
  collect(program as unknown as Tree, [], places);
  const rows = text.split('\n');
  return {
    path,
    text,
    lines: rows.length - (rows.at(-1) === '' ? 1 : 0),
    ...(errors[0] ? { broken: errors[0].message } : {}),
    places,
    imports: importsOf(places),
    line: start => text.slice(0, start).split('\n').length,
  };
}

/** The path below src, or undefined. */
export function inSrc(source: Source): string | undefined {
  return source.path.startsWith('src/') ? source.path.slice('src/'.length) : undefined;
}

/** Where an import leads: a path below src, or as it was written. */
export function target(source: Source, to: string): string {
  if (!to.startsWith('.')) return to;
  const path = join(dirname(source.path), to);
  return path.startsWith('src/') ? path.slice('src/'.length) : path;
}

/** The shortest way over imports that are real and wanted, to the first file that is the one. */
export function wayTo(
  from: Source,
  all: readonly Source[],
  how: { follow(found: Import): boolean; isEnd(source: Source): boolean },
): string[] | undefined {
  const byPath = new Map(all.map(source => [inSrc(source), source]));
  const seen = new Set([from]);
  const waiting = [{ source: from, way: [from.path] }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (how.isEnd(next.source)) return next.way;
    for (const found of next.source.imports) {
      if (found.to === undefined || found.typeOnly || !how.follow(found)) continue;
      const beyond = byPath.get(target(next.source, found.to));
      if (!beyond || seen.has(beyond)) continue;
      seen.add(beyond);
      waiting.push({ source: beyond, way: [...next.way, beyond.path] });
    }
  }
  return undefined;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string';
}

/** The name of an identifier, of a private name or of a string literal that stands for one. */
export function nameOf(value: unknown): string | undefined {
  if (!isTree(value)) return undefined;
  if (value.type === 'Identifier' || value.type === 'PrivateIdentifier') return value['name'] as string;
  return plainText(value);
}

/** `a.b`, `a['b']`, `a?.b`: the name of the property. */
export function propertyOf(node: Tree): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  if (node['computed'] === true) return plainText(node['property'] as Tree);
  return nameOf(node['property']);
}

/** Without parentheses, type assertions, `!` and the wrapper of `?.`. */
export function bare(node: unknown): Tree | undefined {
  let inner = node;
  while (isTree(inner) && WRAPPERS.has(inner.type)) inner = inner['expression'];
  return isTree(inner) ? inner : undefined;
}

export const WRAPPERS: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'ChainExpression',
]);

function collect(node: Tree, above: Place['above'], places: Place[]): void {
  places.push({ node, above });
  for (const [key, value] of Object.entries(node)) {
    const children: unknown[] = Array.isArray(value) ? value : [value];
    for (const child of children) if (isTree(child)) collect(child, [{ node, key }, ...above], places);
  }
}

function plainText(node: Tree | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node?.type !== 'TemplateLiteral' || (node['expressions'] as unknown[]).length > 0) return undefined;
  const [whole] = node['quasis'] as Tree[];
  return (whole?.['value'] as { cooked: string } | undefined)?.cooked;
}

function importsOf(places: readonly Place[]): Import[] {
  const loaders = loaderNames(places);
  return places.flatMap(place => {
    const { node } = place;
    const found = (source: unknown, typeOnly: boolean): Import[] => [
      { to: isTree(source) ? plainText(source) : undefined, typeOnly, late: isLate(node), start: node.start },
    ];
    switch (node.type) {
      case 'ImportDeclaration':
        // `import { type A }` stays in the output as an empty import under verbatimModuleSyntax.
        return found(node['source'], node['importKind'] === 'type');
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        return isTree(node['source']) ? found(node['source'], node['exportKind'] === 'type') : [];
      case 'ImportExpression':
        return found(node['source'], false);
      case 'TSImportType':
        return found(node['source'] ?? node['argument'], true);
      case 'TSExternalModuleReference':
        return found(node['expression'], false);
      case 'CallExpression':
        return loads(node, loaders) ? found((node['arguments'] as unknown[])[0], false) : [];
      default:
        return escapes(place, loaders) ? found(undefined, false) : [];
    }
  });
}

function isLate(node: Tree): boolean {
  return node.type === 'ImportExpression' || node.type === 'CallExpression';
}

/** What `createRequire(...)` was bound to, and `require` itself. */
function loaderNames(places: readonly Place[]): Set<string> {
  const names = new Set(['require']);
  for (const { node } of places) {
    if (node.type !== 'VariableDeclarator' || !makesLoader(bare(node['init']))) continue;
    const name = nameOf(node['id']);
    if (name) names.add(name);
  }
  return names;
}

function makesLoader(node: Tree | undefined): boolean {
  if (node?.type !== 'CallExpression') return false;
  const callee = bare(node['callee']);
  return callee !== undefined && (nameOf(callee) ?? propertyOf(callee)) === 'createRequire';
}

function loads(call: Tree, loaders: ReadonlySet<string>): boolean {
  const callee = bare(call['callee']);
  if (!callee) return false;
  if (callee.type === 'Identifier') return loaders.has(callee['name'] as string);
  if (makesLoader(callee)) return true;
  if (callee.type !== 'MemberExpression') return false;
  const object = bare(callee['object']);
  if (propertyOf(callee) === 'getBuiltinModule') return nameOf(object) === 'process';
  if (propertyOf(callee) !== 'resolve') return false;
  return object?.type === 'MetaProperty' || makesLoader(object) || loaders.has(nameOf(object) ?? '');
}

/** A loader that is handed on instead of called: what it loads elsewhere cannot be read here. */
function escapes({ node, above }: Place, loaders: ReadonlySet<string>): boolean {
  if (node.type !== 'Identifier' || !loaders.has(node['name'] as string)) return false;
  const outer = above.find(({ node: parent }) => !WRAPPERS.has(parent.type));
  if (!outer || outer.node.type.startsWith('TS')) return false;
  if (outer.key === 'callee' || outer.key === 'object' || outer.key === 'id') return false;
  return !(outer.key === 'property' || outer.key === 'key') || outer.node['computed'] === true;
}
