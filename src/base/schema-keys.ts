// The keys of a settings schema (zod's, seen from outside): what can be set, of which kind, and what may stand where.

interface Definition {
  type: string;
  shape?: Readonly<Record<string, Schema>>;
  innerType?: Schema;
  valueType?: Schema;
  element?: Schema;
  entries?: Readonly<Record<string, unknown>>;
}
interface Schema {
  readonly def: unknown;
}

/** Every key with its kind: `mqtt.url` string, `radios.*.address` string. Lists and groups of plain values are one key. */
export function kindsOf(schema: Schema, key = ''): [key: string, kind: string][] {
  const def = schema.def as Definition;
  if (def.innerType) return kindsOf(def.innerType, key);
  if (def.shape) {
    return Object.entries(def.shape).flatMap(([name, field]) => kindsOf(field, key === '' ? name : `${key}.${name}`));
  }
  const inner = def.valueType ?? def.element;
  const below = inner ? kindsOf(inner, `${key}.*`) : [];
  return below.length > 1 ? below : [[key, def.type]];
}

/** The words that the value of a key may be; undefined where it is none of a few. */
export function wordsOf(schema: Schema, key: string): string[] | undefined {
  const def = schema.def as Definition;
  if (def.innerType) return wordsOf(def.innerType, key);
  if (key === '') return def.entries && Object.values(def.entries).map(String);
  const [first = '', ...rest] = key.split('.');
  const inner = def.shape && Object.hasOwn(def.shape, first) ? def.shape[first] : undefined;
  return inner && wordsOf(inner, rest.join('.'));
}

/** The names that may stand in the group at `place`, in which a `*` of the keys has got a name. */
export function namesAt(keys: Iterable<string>, place: string): string[] {
  const parts = place === '' ? [] : place.split('.');
  const below = [...keys]
    .map(key => key.split('.'))
    .filter(key => parts.every((part, i) => [part, '*'].includes(key[i] ?? '')));
  return [...new Set(below.flatMap(key => key.slice(parts.length, parts.length + 1)))];
}

/** A variable's text as the kind wants it; left as it is where it does not fit, for the schema to refuse. */
export function fromText(kind: string, text: string): unknown {
  if (kind === 'number' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(true|yes|on|1)$/i.test(text)) return true;
  if (kind === 'boolean' && /^(false|no|off|0)$/i.test(text)) return false;
  return text;
}
