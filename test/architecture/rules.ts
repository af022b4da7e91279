// The checker: files in, violations out. It knows the language; which folder may do what is in table.ts.
import { findRssi } from './rssi.ts';
import { bare, inSrc, nameOf, propertyOf, readSource, target, wayTo } from './source.ts';
import type { Place, Source, Tree, Violation } from './source.ts';
import { covers, exempt, loadedLate, mostLines, parts, type Part } from './table.ts';

/** Paths begin with `src/`; any other path is only measured. */
export function check(files: ReadonlyMap<string, string>): Violation[] {
  const sources = [...files].map(([path, text]) => readSource(path, text));
  const ours = sources.filter(source => inSrc(source) !== undefined);
  return [
    ...sources.flatMap(measure),
    ...sources.flatMap(seesBothSides),
    ...ours.flatMap(checkSource),
    ...findRssi(ours),
    ...findEarly(ours),
  ];
}

function violation(source: Source, start: number, rule: string, text: string): Violation {
  return { rule, at: `${source.path}:${source.line(start)}`, text };
}

function measure(source: Source): Violation[] {
  if (source.broken !== undefined) return [violation(source, 0, 'syntax', source.broken)];
  const path = inSrc(source);
  const isMade = path !== undefined && exempt.length.some(pattern => covers(pattern, path));
  if (source.lines <= mostLines || isMade) return [];
  return [violation(source, source.text.length, 'length', `${source.lines} lines; the most is ${mostLines}`)];
}

/** Only the vector runner may hold the driver's bytes and the virtual lock's in one hand: elsewhere one could serve both. */
function seesBothSides(source: Source): Violation[] {
  if (source.path.startsWith('test/vectors/')) return [];
  const seen = (side: RegExp): boolean =>
    source.imports.some(({ to }) => to !== undefined && side.test(target(source, to)));
  const both = seen(/^drivers\/[^/]+\/(?:wire|frame|crc|seal|mask)/) && seen(/^sim\/[^/]+\//);
  return both ? [violation(source, 0, 'wire', "imports the driver's wire and the virtual lock")] : [];
}

/** Starting the program must not load what only the demo needs. */
function findEarly(ours: readonly Source[]): Violation[] {
  const main = ours.find(source => inSrc(source) === 'main.ts');
  const isLate = (source: Source): boolean => loadedLate.some(pattern => covers(pattern, inSrc(source) as string));
  const way = main && wayTo(main, ours, { follow: found => !found.late, isEnd: isLate });
  return way ? [violation(main, 0, 'early', `loaded at every start: ${way.join(' > ')}`)] : [];
}

function checkSource(source: Source): Violation[] {
  const path = inSrc(source) as string;
  const part = parts.find(candidate => candidate.files.some(pattern => covers(pattern, path)));
  if (!part) return [violation(source, 0, 'place', 'no row of the import table covers this file')];
  const here = rules.filter(({ allowed }) => !allowed.some(pattern => covers(pattern, path)));
  return [
    ...source.imports.flatMap(({ to, typeOnly, start }) => {
      if (to === undefined) return [violation(source, start, 'import', 'what is loaded here is not a plain string')];
      if (mayImport(part, source, to, typeOnly)) return [];
      const what = `${typeOnly ? 'the types of ' : ''}${target(source, to)}`;
      return [violation(source, start, 'import', `${part.name} may not import ${what}`)];
    }),
    ...source.places.flatMap(place =>
      here.flatMap(rule => {
        const text = rule.finds(place);
        return text === undefined ? [] : [violation(source, place.node.start, rule.name, text)];
      }),
    ),
    ...barrel(source),
  ];
}

function mayImport(part: Part, source: Source, to: string, typeOnly: boolean): boolean {
  if (part.values.includes('all')) return true;
  if (to.startsWith('node:')) return part.builtIns === 'all' || part.builtIns.includes(to.slice('node:'.length));
  if (!to.startsWith('.')) {
    return part.packages.some(name => to === name || to.startsWith(name.endsWith('/') ? name : `${name}/`));
  }
  const own = ownFolder(part, inSrc(source) as string);
  const places = [...part.values, ...(typeOnly ? (part.types ?? []) : [])];
  return places.some(pattern => covers(pattern.replace(/^own\//, own), target(source, to)));
}

function ownFolder(part: Part, path: string): string {
  const pattern = part.files.find(candidate => covers(candidate, path)) as string;
  return (
    path
      .split('/')
      .slice(0, pattern.split('/').length - 1)
      .join('/') + '/'
  );
}

interface Rule {
  name: string;
  allowed: readonly string[];
  /** What is wrong with this place, or undefined. */
  finds(place: Place): string | undefined;
}

const rules: readonly Rule[] = [
  { name: 'random', allowed: [], finds: place => uses(place, [['Math', 'random']]) },
  { name: 'clock', allowed: exempt.clock, finds: findClock },
  {
    name: 'environment',
    allowed: exempt.environment,
    finds: place => uses(place, [['process', 'env']]) ?? importsName(place, 'process', ['env']),
  },
  { name: 'console', allowed: exempt.console, finds: place => global(place, ['console']) },
  { name: 'error', allowed: [], finds: findPlainError },
  { name: 'enum', allowed: [], finds: ({ node }) => (node.type === 'TSEnumDeclaration' ? 'an enum' : undefined) },
  { name: 'default', allowed: exempt.defaults, finds: findDefault },
  { name: 'inheritance', allowed: exempt.inheritance, finds: findInheritance },
  { name: 'forget', allowed: exempt.forget, finds: findForget },
  { name: 'clearance', allowed: exempt.clearance, finds: findClearance },
];

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];

function findClock(place: Place): string | undefined {
  const { node } = place;
  const created = node.type === 'NewExpression' && (node['arguments'] as unknown[]).length === 0;
  const called = node.type === 'CallExpression';
  if ((created || called) && nameOf(node['callee']) === 'Date') return 'the wall clock; use Clock.now()';
  return (
    global(place, TIMERS) ??
    uses(place, [
      ['Date', 'now'],
      ['performance', 'now'],
      ['process', 'hrtime'],
      ['AbortSignal', 'timeout'],
    ]) ??
    importsName(place, 'timers', TIMERS) ??
    importsName(place, 'timers/promises', [...TIMERS, 'scheduler']) ??
    importsName(place, 'perf_hooks', ['performance'])
  );
}

function findPlainError({ node, above }: Place): string | undefined {
  if (!['NewExpression', 'CallExpression'].includes(node.type) || nameOf(node['callee']) !== 'Error') return undefined;
  const outer = above.find(({ node: parent }) => parent.type !== 'ParenthesizedExpression');
  if (outer?.node.type === 'ThrowStatement') return 'throws a plain Error; use LockError';
  const callee = outer?.key === 'arguments' ? bare(outer.node['callee']) : undefined;
  const rejects = callee && (propertyOf(callee) ?? nameOf(callee)) === 'reject';
  return rejects ? 'rejects with a plain Error; use LockError' : undefined;
}

function findDefault({ node }: Place): string | undefined {
  if (node.type === 'ExportDefaultDeclaration') return 'a default export';
  return node.type === 'ExportSpecifier' && nameOf(node['exported']) === 'default' ? 'a default export' : undefined;
}

function findInheritance({ node }: Place): string | undefined {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return undefined;
  const parent = bare(node['superClass']);
  return parent && nameOf(parent) !== 'Error' ? 'a class that inherits from something other than Error' : undefined;
}

/** `LockDriver.forget` needs three arguments: a call with fewer is something else that forgets. */
function findForget({ node, above }: Place): string | undefined {
  const taken = node.type === 'Property' && above[0]?.node.type === 'ObjectPattern' && nameOf(node['key']) === 'forget';
  if (!taken && propertyOf(node) !== 'forget') return undefined;
  const outer = above.find(({ node: parent }) => parent.type !== 'ParenthesizedExpression');
  const few = outer?.key === 'callee' && (outer.node['arguments'] as Tree[]).every(it => it.type !== 'SpreadElement');
  if (few && (outer.node['arguments'] as unknown[]).length < 3) return undefined;
  return 'only the wiper and drivers may make a lock forget';
}

/** By its name, or by another one that it was given: whoever imports the class for more than its type can make one. */
function findClearance({ node, above }: Place): string | undefined {
  const isMade = node.type === 'NewExpression' && nameOf(node['callee']) === 'Clearance';
  const isTaken =
    node.type === 'ImportSpecifier' &&
    nameOf(node['imported']) === 'Clearance' &&
    node['importKind'] !== 'type' &&
    above.every(({ node: parent }) => parent['importKind'] !== 'type');
  return isMade || isTaken ? 'only flow/engine/preflight.ts makes a clearance' : undefined;
}

function barrel(source: Source): Violation[] {
  const body = source.places[0]?.node['body'] as Tree[];
  const passesOn = (statement: Tree): boolean =>
    statement.type === 'ExportAllDeclaration' ||
    (statement.type === 'ExportNamedDeclaration' && statement['source'] !== null);
  if (body.length === 0 || !body.every(passesOn)) return [];
  return [violation(source, 0, 'barrel', 'a file that only passes on the exports of others')];
}

/** A global by its bare name, or as a property of the global object; not a property or key of the same name. */
function global({ node, above }: Place, names: readonly string[]): string | undefined {
  const outer = above[0];
  if (node.type === 'MemberExpression' && ['globalThis', 'global'].includes(nameOf(bare(node['object'])) ?? '')) {
    const name = propertyOf(node);
    return name !== undefined && names.includes(name) ? name : undefined;
  }
  if (node.type !== 'Identifier' || !names.includes(node['name'] as string)) return undefined;
  const isKey = outer?.key === 'property' || outer?.key === 'key';
  if (outer?.node.type.startsWith('TS') && !['TSAsExpression', 'TSTypeQuery'].includes(outer.node.type))
    return undefined;
  return isKey && outer.node['computed'] !== true ? undefined : (node['name'] as string);
}

/** `object.member`, `globalThis.object.member`, or `const { member } = object`. */
function uses({ node, above }: Place, pairs: readonly (readonly [string, string])[]): string | undefined {
  const pair = pairs.find(([object, member]) => {
    if (node.type === 'MemberExpression') return propertyOf(node) === member && isNamed(node['object'], object);
    if (node.type !== 'Property' || nameOf(node['key']) !== member) return false;
    const pattern = above[0]?.node;
    const holder = above[1]?.node;
    return (
      pattern?.type === 'ObjectPattern' && holder?.type === 'VariableDeclarator' && isNamed(holder['init'], object)
    );
  });
  return pair?.join('.');
}

function isNamed(value: unknown, name: string): boolean {
  const node = bare(value);
  if (!node) return false;
  return node.type === 'MemberExpression' ? propertyOf(node) === name : nameOf(node) === name;
}

/** `import { member } from 'node:x'`, or the whole module under a name that hides what it is. */
function importsName({ node }: Place, builtIn: string, names: readonly string[]): string | undefined {
  const from = node.type === 'ImportDeclaration' ? nameOf(node['source']) : undefined;
  if (from !== builtIn && from !== `node:${builtIn}`) return undefined;
  const taken = (node['specifiers'] as Tree[]).some(specifier => {
    const imported = nameOf(specifier['imported']);
    return imported === undefined ? nameOf(specifier['local']) !== 'process' : names.includes(imported);
  });
  return taken ? `from ${builtIn}` : undefined;
}
