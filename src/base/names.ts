// Settings that go by other names elsewhere: on the command line, in the add-on's form.
import { type Tree, leaves, put } from './tree.ts';

/** Other names for some keys: theirs to ours. */
export type Names = Readonly<Record<string, string>>;

export function renamed(tree: Tree, names: Names): Tree {
  const ours: Tree = {};
  for (const [key, value] of leaves(tree)) put(ours, names[key] ?? key, value);
  return ours;
}

export function theirName(names: Names, key: string): string {
  return Object.keys(names).find(name => names[name] === key) ?? key;
}
