// A mistyped key must not be left out in silence: `lock/pair {"lokc":…}` would pair with whatever offers itself.
import { LockError } from '../../base/errors.ts';
import { shown } from '../../base/log.ts';
import { nearest } from '../../base/nearest.ts';

/** Every message may say who asks and what the answer is to carry. */
export const ALWAYS = ['transaction', 'token'];
const MOST_LISTED = 12;

/** A schema of zod's, seen from outside. */
interface Schema {
  readonly def: unknown;
}
interface Definition {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly options?: readonly Schema[];
}

/** Throws `invalid` (reason `unknown_key`) for a key that the schema lacks, with what was probably meant. Quotes no value. */
export function refuseUnknown(schema: Schema, body: unknown, besides: readonly string[] = ALWAYS): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const fields = fieldsOf(schema);
  if (!fields) return;
  const known = [...fields.keys(), ...besides];
  for (const [key, value] of Object.entries(body)) {
    if (!known.includes(key)) throw unknown(key, [...fields.keys(), ...besides.filter(word => !ALWAYS.includes(word))]);
    const field = fields.get(key);
    if (field) refuseUnknown(field, value, []);
  }
}

/** The keys that an object may have; undefined where any may stand, or where it is no object. */
function fieldsOf(schema: Schema): Map<string, Schema> | undefined {
  const def = schema.def as Definition;
  const inner = def.innerType ?? def.in;
  if (inner) return fieldsOf(inner);
  if (def.options) {
    const each = def.options.flatMap(option => [...(fieldsOf(option) ?? [])]);
    return each.length > 0 ? new Map(each) : undefined;
  }
  return def.shape && new Map(Object.entries(def.shape));
}

function unknown(key: string, known: readonly string[]): LockError {
  const near = nearest(key, known);
  const listed = known.slice(0, MOST_LISTED).join(', ');
  const advice = near ? `Did you mean "${near}"?` : known.length > 0 ? `Known are ${listed}.` : 'It takes none.';
  return new LockError('invalid', `"${shown(key)}" is not known here, so nothing was done. ${advice}`, {
    reason: 'unknown_key',
  });
}
