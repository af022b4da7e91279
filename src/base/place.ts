// Where a key stands in a document: for parse trees whose maps hold pairs and whose nodes know their range (the YAML library's).

interface Node {
  readonly range?: readonly number[] | null | undefined;
  readonly value?: unknown;
  readonly items?: readonly Item[];
}
interface Item extends Node {
  readonly key?: Node | null;
}

/** The offset of a key like `mqtt.url` or `radios.0.address`, or of the nearest thing around it. */
export function offsetOf(contents: unknown, key: string): number | undefined {
  let node = contents as Node | null | undefined;
  let offset: number | undefined;
  for (const part of key.split('.')) {
    const pair = node?.items?.find(item => item.key && String(item.key.value) === part);
    const entry = pair ? undefined : node?.items?.[Number(part)];
    offset = (pair?.key ?? entry)?.range?.[0] ?? offset;
    node = pair ? (pair.value as Node | null) : entry;
  }
  return offset;
}
