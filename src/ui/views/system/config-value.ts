// Values of settings as text, and back. Pure.

export function shownValue(value: unknown, none = 'not set'): string {
  if (value === undefined || value === null || value === '') return none;
  if (value === true) return 'on';
  if (value === false) return 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a form's field means. A list is typed as JSON, or as words between commas. */
export function valueOf(
  text: string | undefined,
  about: { isSwitch: boolean; isNumber: boolean; before: unknown },
): unknown {
  if (about.isSwitch) return text !== undefined;
  const typed = (text ?? '').trim();
  if (about.isNumber) return typed === '' ? null : Number(typed);
  if (typeof about.before !== 'object' || about.before === null) return typed;
  try {
    return JSON.parse(typed) as unknown;
  } catch {
    return typed
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== '');
  }
}
