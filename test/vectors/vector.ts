// What a file of test vectors looks like, and how values of one are compared.

/** Everything else is the family's own; most have a `kind`. */
export interface Vector {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** One family's side of the runner: what does not match, in words; nothing when all does. */
export interface Adapter {
  check(vector: Vector): Promise<readonly string[]>;
}

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Compares only what `expected` names. A key that `actual` does not know is a difference, never a pass. `same` decides
 * about leaves.
 */
export function differences(
  expected: unknown,
  actual: unknown,
  same: (expected: unknown, actual: unknown, key: string) => boolean = Object.is,
  path = '',
): string[] {
  const at = path === '' ? 'value' : path;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${at}: a list is due, not ${shown(actual)}`];
    if (actual.length !== expected.length) return [`${at}: ${expected.length} entries are due, not ${actual.length}`];
    return expected.flatMap((part, i) => differences(part, actual[i], same, `${path}[${i}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${at}: fields are due, not ${shown(actual)}`];
    return Object.entries(expected).flatMap(([key, part]) => {
      const inner = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(actual, key)) return [`${inner}: unknown to this program`];
      return differences(part, (actual as Fields)[key], same, inner);
    });
  }
  const key = path.split('.').at(-1) ?? '';
  return same(expected, actual, key) ? [] : [`${at}: ${shown(expected)} is due, not ${shown(actual)}`];
}

/** One difference in words, or none. */
export function unlike(what: string, expected: string | undefined, actual: string | undefined): string[] {
  return expected === actual ? [] : [`${what}: ${shown(expected)} is due, not ${shown(actual)}`];
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
