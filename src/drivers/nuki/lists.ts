// Lists that the lock gives in pages (nuki.md 8.8): how many there are, then each, then mostly "done".
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Message } from './frame.ts';
import type { Guard } from './guard.ts';
import { type Asking, MORE, type Talk, done } from './talk.ts';

/** For a page; other clients give a whole list 10 s (nuki.md 12). */
const PAGE_MS = 10_000;
/** Small enough for a page to be over long before that, over 20-byte pieces too. */
export const PAGE = 10;
/** More than any lock holds; a lock that goes on past it is broken. */
const MOST_PAGES = 1000;

export interface ListOf<T> {
  what: string;
  countCommand: number;
  readCount(data: ByteReader): number;
  entryCommand: number;
  readEntry(data: ByteReader): T;
  /** What of it gets lost is asked for again another time. */
  silenceEnds?: true;
}

export interface Collected<T> {
  entries: T[];
  /** As the lock named it; the end of a list is not known without. */
  count?: number;
}

/** The answer to one request. `due`: how many entries that may be, once the count is known. */
export async function collect<T>(
  from: { talk: Talk; guard: Guard },
  request: Message,
  list: ListOf<T> & { due(count: number): number },
): Promise<Collected<T>> {
  const page: Collected<T> = { entries: [] };
  const isFull = (): boolean => page.entries.length >= list.due(page.count ?? Number.POSITIVE_INFINITY);
  const read: Asking<'done' | 'full'>['read'] = message => {
    const data = new ByteReader(message.payload);
    if (message.command === list.countCommand) page.count = list.readCount(data);
    else if (message.command === list.entryCommand) page.entries.push(list.readEntry(data));
    else {
      const said = done(message);
      return said === true ? 'done' : said;
    }
    return isFull() ? 'full' : MORE;
  };
  const how = { what: list.what, withinMs: PAGE_MS, read, optional: true };
  const end = await from.guard.withPin(request, how).catch((thrown: unknown) => {
    // Who never said how many there are ends the list by silence. Else something of it got lost.
    if (thrown instanceof LockError && thrown.code === 'timeout' && page.entries.length > 0 && !page.count)
      return 'done';
    throw thrown;
  });
  if (end === 'full') await from.talk.trailing(list.what);
  return page;
}

/** All of it, page by page. */
export async function everyPage<T>(
  from: { talk: Talk; guard: Guard },
  list: ListOf<T>,
  request: (offset: number, count: number) => Message,
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const offset = all.length;
    const due = (count: number): number => Math.min(Math.max(0, count - offset), PAGE);
    const { entries, count } = await collect(from, request(offset, PAGE), { ...list, due });
    all.push(...entries);
    if (entries.length === 0 || (count === undefined ? entries.length < PAGE : all.length >= count)) return all;
  }
  throw new LockError('malformed', 'The lock sent a list that does not end.');
}
