// Names of the Nuki vectors, and values as they are written there.
import type { Vector } from '../vector.ts';

export type Values = Readonly<Record<string, unknown>>;

export function inOf(vector: Vector): Values {
  return vector['in'] as Values;
}

export function outOf(vector: Vector): Values {
  return vector['out'] as Values;
}

export function text(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string') throw new RangeError(`"${name}" is no text`);
  return value;
}

export function number(values: Values, name: string): number {
  const value = values[name];
  if (typeof value !== 'number') throw new RangeError(`"${name}" is no number`);
  return value;
}

export function flag(values: Values, name: string): boolean {
  const value = values[name];
  if (typeof value !== 'boolean') throw new RangeError(`"${name}" is neither true nor false`);
  return value;
}

/** 32 digits as `a92ee200-5501-11e4-916c-0800200c9a66`. */
export function dashed(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The reverse. */
export function undashed(uuid: string): string {
  return uuid.replaceAll('-', '');
}

export function generationIn(values: Values): 'g4' | 'g5' {
  const generation = text(values, 'generation');
  if (generation === 'g4' || generation === 'g5') return generation;
  throw new RangeError(`the generation "${generation}" is unknown`);
}

/** Of an encrypted frame, by its name: those of the older document are of the older locks. */
export function generationOf(vector: Vector): 'g4' | 'g5' {
  return /(?:^|_)g5_/.test(vector.name) ? 'g5' : 'g4';
}

/** Hands out the values of `names`, and says which others there are. */
export function leftOver(values: Values, names: readonly string[]): string[] {
  return Object.keys(values)
    .filter(name => !names.includes(name))
    .map(name => `${name}: unknown to this program`);
}
