// Lines of a flow come in two ways: all at once, and one by one as they are written.
import type { PublicLine } from '../../api.d.ts';

/** By number, each once. The same list when nothing is new. */
export function mergeLines(known: readonly PublicLine[], heard: readonly PublicLine[]): readonly PublicLine[] {
  const numbers = new Set(known.map(line => line.number));
  const fresh = heard.filter(line => !numbers.has(line.number));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].toSorted((a, b) => a.number - b.number);
}
