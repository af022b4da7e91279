// Text in fields of fixed width (nuki.md 3, 23.7): UTF-8, filled up with zeros, no terminator when full.

/** Cut where a character ends. */
export function fieldOf(text: string, width: number): Uint8Array {
  const out = new Uint8Array(width);
  let at = 0;
  for (const character of text) {
    const bytes = Buffer.from(character, 'utf8');
    if (at + bytes.length > width) break;
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** Up to the first zero; behind it some locks leave garbage. */
export function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}
