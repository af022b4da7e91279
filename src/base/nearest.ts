// What somebody probably meant: the known word nearest to a mistyped one.

/** At most this many wrong letters; more is another word. */
const MOST_WRONG = 2;

/** Undefined when nothing is near. Case and the marks `-` and `_` do not count. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: { name: string; wrong: number } | undefined;
  for (const name of known) {
    const wrong = distance(wanted, plain(name));
    if (wrong <= Math.min(MOST_WRONG, Math.floor(wanted.length / 2)) && (!best || wrong < best.wrong)) {
      best = { name, wrong };
    }
  }
  return best?.name;
}

function plain(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll('-', '_');
}

/** Letters to add, drop or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] as number) + (b[j] === a[i] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
