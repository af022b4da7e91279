// Schemas of what the API answers, tied to the daemon's own types: one that lacks a key or has one too many does not compile.
import { z } from 'zod';

type Part = string | number | boolean | null | undefined;
/** As if nothing were read-only. */
type Plain<T> = unknown extends T
  ? T
  : T extends Part
    ? T
    : T extends readonly (infer E)[]
      ? Plain<E>[]
      : { -readonly [K in keyof T]: Plain<T[K]> };
/** As if nothing were optional either: what tells a key that was forgotten from an optional one. */
type Full<T> = unknown extends T
  ? T
  : T extends Part
    ? T
    : T extends readonly (infer E)[]
      ? Full<E>[]
      : { -readonly [K in keyof T]-?: Full<Exclude<T[K], undefined>> };
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Exactly<S, T> =
  Same<Plain<S>, Plain<T>> extends true
    ? Same<Full<S>, Full<T>> extends true
      ? unknown
      : Differs<Lone<S, T>>
    : Differs<Lone<S, T>>;
/** Keys that only one of both has, for whoever reads the compiler's complaint. */
type Lone<S, T> = Exclude<keyof S, keyof T> | Exclude<keyof T, keyof S>;
interface Differs<Keys> {
  'the schema and the type are not the same': Keys;
}

/** `shape<LockView>('LockView')(schema)`: a component of that name in the description of the API, of exactly that type. */
export function shape<T>(id: string) {
  return <S extends z.ZodType>(schema: S & Exactly<z.output<S>, T>): S => {
    z.globalRegistry.add(schema, { id });
    return schema;
  };
}

/** Of a type that has no name in the API. */
export function exactly<T>() {
  return <S extends z.ZodType>(schema: S & Exactly<z.output<S>, T>): S => schema;
}

/** Wall clock, ms since the epoch. */
export const at = z.number().describe('Milliseconds since 1970, UTC.');
export const count = z.int().min(0);

/** Anything; one schema for all, so that it stands in the description once. */
export const json = z.json();
z.globalRegistry.add(json, { id: 'Json' });
