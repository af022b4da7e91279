// Settings from YAML (or JSON), with the line of every key, so that a mistake can be found.
import { LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { type Tree, isTree } from './tree.ts';

export interface YamlFile {
  tree: Tree;
  mistakes: { line: number; text: string }[];
  /** The line of a key like `mqtt.url` or `radios.0.address`, or of the nearest thing around it. */
  line: (key: string) => number | undefined;
}

/** Never throws and never quotes the file, which may hold a password. */
export function readYaml(source: string): YamlFile {
  const lines = new LineCounter();
  // Pretty errors quote the line. A lock's id may look like a number, so keys are texts.
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const mistakes = document.errors.map(error => ({
    line: lines.linePos(error.pos[0]).line,
    text: `this is not YAML: ${error.message}`,
  }));
  const tree: unknown = mistakes.length > 0 ? {} : (plain(() => document.toJS()) ?? {});
  if (!isTree(tree)) mistakes.push({ line: 1, text: 'this file must hold settings, each as "name: value"' });
  return {
    tree: isTree(tree) ? tree : {},
    mistakes,
    line(key) {
      const offset = offsetOf(document.contents, key.split('.'));
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

/** Turning a document into values throws when it is made to explode (aliases of aliases); then it holds nothing for us. */
function plain(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return 'unusable';
  }
}

function offsetOf(contents: unknown, key: readonly string[]): number | undefined {
  let node = contents;
  let offset: number | undefined;
  for (const part of key) {
    if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === part);
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
