// Settings as trees: plain objects in plain objects, named by dotted keys. Lists and values are leaves.

export type Tree = { [key: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at `mqtt.url` or, in a list, at `radios.0`; undefined when nothing does. */
export function at(tree: unknown, key: string): unknown {
  let node = tree;
  for (const part of key === '' ? [] : key.split('.')) {
    node = (isTree(node) || Array.isArray(node)) && Object.hasOwn(node, part) ? (node as Tree)[part] : undefined;
  }
  return node;
}

/** Writes into the tree, making what is missing on the way. */
export function put(tree: Tree, key: string, value: unknown): void {
  const cut = key.indexOf('.');
  if (cut < 0) return set(tree, key, value);
  const first = key.slice(0, cut);
  const inner = Object.hasOwn(tree, first) ? tree[first] : undefined;
  const branch = isTree(inner) ? inner : {};
  if (branch !== inner) set(tree, first, branch);
  put(branch, key.slice(cut + 1), value);
}

/** A new tree; where both have a leaf, `high` wins. */
export function merge(low: Tree, high: Tree): Tree {
  const merged: Tree = {};
  for (const source of [low, high]) {
    for (const [key, value] of Object.entries(source)) {
      const there = Object.hasOwn(merged, key) ? merged[key] : undefined;
      set(merged, key, isTree(value) ? merge(isTree(there) ? there : {}, value) : value);
    }
  }
  return merged;
}

/** Without what says nothing: null and empty text, at any depth of objects. */
export function withoutEmpty(tree: Tree): Tree {
  const full: Tree = {};
  for (const [key, value] of Object.entries(tree)) {
    if (value !== null && value !== '') set(full, key, isTree(value) ? withoutEmpty(value) : value);
  }
  return full;
}

/** Every leaf with its dotted key. */
export function leaves(tree: Tree, prefix = ''): [key: string, value: unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] =>
    isTree(value) ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value]],
  );
}

/** As an own property, so that a key like __proto__ is a key and nothing else. */
function set(tree: Tree, key: string, value: unknown): void {
  Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}
