// Lists that come page by page: the next page's number must grow, or the list would never end.
import { LockError } from '../../base/errors.ts';

export interface Page<T> {
  records: T[];
  /** Undefined after the last page. */
  next?: number;
}

/** More than any lock holds; a lock that goes on past it is broken. */
const MOST_PAGES = 1000;

export async function everyPage<T>(ask: (seq: number) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let seq = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { records, next } = await ask(seq);
    all.push(...records);
    if (next === undefined) return all;
    if (next <= seq) break;
    seq = next;
  }
  throw new LockError('malformed', 'The lock sent a list that does not end.');
}
