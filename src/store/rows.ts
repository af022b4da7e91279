// Rows are outside data too: a value of the wrong shape is one clear error, never an undefined that travels.
import { LockError } from '../base/errors.ts';

export type Row = Readonly<Record<string, unknown>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damaged(column);
  return value;
}

export function whole(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw damaged(column);
  return value;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return value;
}

/** One of the words of a union; `words` has each of them as a key, so that the compiler notices a missing one. */
export function word<W extends string>(row: Row, column: string, words: Readonly<Record<W, true>>): W {
  const value = text(row, column);
  if (!Object.hasOwn(words, value)) throw damaged(column);
  return value as W;
}

/** JSON of a shape. */
export function json<T>(row: Row, column: string, shape: Shape): T {
  let value: unknown;
  try {
    value = JSON.parse(text(row, column));
  } catch {
    throw damaged(column);
  }
  if (!shape(value)) throw damaged(column);
  return value as T;
}

/** `{ [key]: value }`, or nothing where the column is empty: for fields that are absent rather than undefined. */
export function optional<K extends string, T>(row: Row, column: string, key: K, read: () => T): { [P in K]?: T } {
  const empty = row[column] === null || row[column] === undefined;
  return (empty ? {} : { [key]: read() }) as { [P in K]?: T };
}

export type Shape = (value: unknown) => boolean;

export const aText: Shape = value => typeof value === 'string';
export const aNumber: Shape = value => typeof value === 'number' && Number.isFinite(value);
export const aFlag: Shape = value => typeof value === 'boolean';
export const oneOf =
  (words: Readonly<Record<string, true>>): Shape =>
  value =>
    typeof value === 'string' && Object.hasOwn(words, value);
export const listOf =
  (shape: Shape): Shape =>
  value =>
    Array.isArray(value) && value.every(shape);
export const recordOf =
  (shape: Shape): Shape =>
  value =>
    isObject(value) && Object.values(value).every(shape);
/** Fields that are not named are let through: a newer program may have put them there. */
export const objectOf =
  (must: Readonly<Record<string, Shape>>, may: Readonly<Record<string, Shape>> = {}): Shape =>
  value =>
    isObject(value) &&
    Object.entries(must).every(([key, shape]) => shape(value[key])) &&
    Object.entries(may).every(([key, shape]) => value[key] === undefined || shape(value[key]));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(column: string): LockError {
  return new LockError('disk', `What is stored as "${column}" makes no sense.`, { reason: 'damaged_row' });
}
