// Values of settings as text, and back. Pure.
import type { ConfigSetting } from '../../api.d.ts';

type Kind = ConfigSetting['kind'];

export function shownValue(value: string, kind: Kind): string {
  if (value === '') return 'not set';
  if (kind === 'boolean') return value === 'true' ? 'on' : 'off';
  if (kind !== 'list') return value;
  const words = wordsOf(value);
  return words.length === 0 ? 'none' : words.join(', ');
}

/** What stands in a field before somebody types. A secret is never there. */
export function typedValue(value: string, kind: Kind): string {
  if (kind === 'secret') return '';
  return kind === 'list' ? wordsOf(value).join(', ') : value;
}

/** What a form's field means. */
export function valueOf(text: string | undefined, kind: Kind): boolean | number | string | string[] {
  if (kind === 'boolean') return text !== undefined;
  // A password may begin or end with a space.
  if (kind === 'secret') return text ?? '';
  const typed = (text ?? '').trim();
  if (kind === 'number') return typed === '' ? '' : Number(typed);
  if (kind !== 'list') return typed;
  return typed
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
}

/** Of a list of words, or of things that are each named by one word, like an adapter. */
function wordsOf(value: string): string[] {
  try {
    const list: unknown = JSON.parse(value);
    if (!Array.isArray(list)) return [value];
    return list.flatMap((each: unknown) =>
      typeof each === 'object' && each !== null ? Object.values(each).map(String) : [String(each)],
    );
  } catch {
    return value === '' ? [] : [value];
  }
}
