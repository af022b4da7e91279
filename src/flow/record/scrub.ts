// Takes known secrets out of a text that somebody is going to show to others.
import type { Secret } from '../../base/log.ts';

const MASK = '•••';
/** Shorter ones are part of every date and number; PINs have four digits or more. */
const LEAST_DIGITS = 4;
const LEAST_TEXT = 8;

/** `kept` are texts, some of them JSON whose values are meant one by one. `open` may stay: models, addresses, names. */
export function scrub(text: string, kept: Secret<readonly string[]>, open: ReadonlySet<string>): string {
  const values = [...new Set(kept.reveal().flatMap(leaves))].filter(value => telling(value) && !open.has(value));
  // Longest first: one may be part of another.
  return values.toSorted((a, b) => b.length - a.length).reduce((safe, value) => without(safe, value), text);
}

function without(text: string, value: string): string {
  // Digits are meant as a whole number only, or every time of day would be one.
  if (/^\d+$/.test(value)) return text.replace(new RegExp(`(?<!\\d)${value}(?!\\d)`, 'g'), MASK);
  return text.split(value).join(MASK).split(value.toUpperCase()).join(MASK);
}

function telling(value: string): boolean {
  if (/^\d+$/.test(value)) return value.length >= LEAST_DIGITS;
  return value.length >= LEAST_TEXT && !/^[a-z_]+$/.test(value);
}

function leaves(text: string): string[] {
  try {
    return leavesOf(JSON.parse(text));
  } catch {
    return [text];
  }
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
