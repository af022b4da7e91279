// No path from `rssi` to a command: a door never opens because something is near. What can be read from the source alone.
import { bare, inSrc, nameOf, propertyOf, WRAPPERS, wayTo } from './source.ts';
import type { Place, Source, Tree, Violation } from './source.ts';
import { covers, rssiDecides } from './table.ts';

/**
 * Two rules. Outside the named places the signal strength is only carried, under its own name, or printed: nothing is
 * compared, renamed or computed from it. And a file that does decide by it sends no command, nor does any file that it
 * imports for real. A function handed over as an argument is not followed.
 */
export function findRssi(sources: readonly Source[]): Violation[] {
  return sources.flatMap(source => {
    const decided = source.places.filter(decides);
    const first = decided[0];
    if (!first) return [];
    const at = `${source.path}:${source.line(first.node.start)}`;
    if (!rssiDecides.some(pattern => covers(pattern, inSrc(source) as string))) {
      return [{ rule: 'rssi', at, text: 'the signal strength decides something here' }];
    }
    const route = wayTo(source, sources, { follow: () => true, isEnd: it => it.places.some(sendsCommand) });
    return route
      ? [{ rule: 'rssi', at, text: `a way from the signal strength to a command: ${route.join(' > ')}` }]
      : [];
  });
}

/** `locks.command(...)` and `session.act(...)`. */
function sendsCommand({ node }: Place): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = bare(node['callee']);
  return callee !== undefined && ['command', 'act'].includes(propertyOf(callee) ?? '');
}

/** Whether the signal strength is read here and goes anywhere but on, under its own name, or into a text. */
function decides({ node, above }: Place): boolean {
  const isRead =
    propertyOf(node) === 'rssi' || (node.type === 'Identifier' && node['name'] === 'rssi' && isReference(above));
  if (!isRead) return renamed(node, above);
  for (const { node: parent, key } of above) {
    if (WRAPPERS.has(parent.type) || parent.type === 'AwaitExpression') continue;
    if (parent.type === 'ConditionalExpression' && key !== 'test') continue;
    if (parent.type === 'LogicalExpression' && parent['operator'] === '??') continue;
    return !carries(parent, key);
  }
  return false;
}

function carries(parent: Tree, key: string): boolean {
  switch (parent.type) {
    case 'Property':
    case 'PropertyDefinition':
      return nameOf(parent['key']) === 'rssi';
    case 'TemplateLiteral':
    case 'ExpressionStatement':
      return true;
    case 'AssignmentExpression': {
      const left = bare(parent['left']);
      return key === 'left' || (left !== undefined && (propertyOf(left) ?? nameOf(left)) === 'rssi');
    }
    case 'AssignmentPattern':
      return key === 'left';
    case 'VariableDeclarator':
      return nameOf(parent['id']) === 'rssi';
    case 'UnaryExpression':
      return parent['operator'] === 'typeof';
    case 'BinaryExpression':
      return isPresenceTest(parent);
    default:
      return parent.type.startsWith('TS');
  }
}

/** `x.rssi === undefined` asks whether there is one, not how strong it is. */
function isPresenceTest(node: Tree): boolean {
  const isNothing = (side: unknown): boolean => {
    const value = bare(side);
    return nameOf(value) === 'undefined' || (value?.type === 'Literal' && value['value'] === null);
  };
  return /^[!=]==?$/.test(node['operator'] as string) && (isNothing(node['left']) || isNothing(node['right']));
}

/** Not a key, a parameter, a declaration or a type. */
function isReference(above: Place['above']): boolean {
  const outer = above[0];
  if (!outer || outer.node.type.startsWith('TS')) return false;
  if (['property', 'key', 'id', 'params', 'imported', 'exported', 'local'].includes(outer.key)) return false;
  return !isPattern(above);
}

function isPattern(above: Place['above']): boolean {
  return above[0]?.node.type === 'Property' && above[1]?.node.type === 'ObjectPattern';
}

/** `const { rssi: near } = advert`; a name that begins with `_` is thrown away. */
function renamed(node: Tree, above: Place['above']): boolean {
  if (node.type !== 'Property' || above[0]?.node.type !== 'ObjectPattern' || nameOf(node['key']) !== 'rssi')
    return false;
  const value = node['value'] as Tree;
  const name = nameOf(value.type === 'AssignmentPattern' ? value['left'] : value);
  return name !== 'rssi' && name?.startsWith('_') !== true;
}
