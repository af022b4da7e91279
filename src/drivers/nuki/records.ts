// Reading the lock's own log (nuki.md 8.7). Its entries are numbered from 1 on; the cursor is the last one that was read.
import type { Happening } from '../../lock/lock.ts';
import type { RecordPage, Records } from '../../lock/driver.ts';
import { codeRecords, digitsOf } from './codes.ts';
import { happeningOf } from './happenings.ts';
import { type ListOf, PAGE, collect } from './lists.ts';
import { type LogCount, type LogEntry, logType, readLogCount, readLogEntry, requestLog } from './log-wire.ts';
import { refusedFor } from './refusals.ts';
import type { Shared } from './session.ts';
import { command } from './wire.ts';

const list: ListOf<LogEntry> = {
  what: 'to its log',
  countCommand: command.logCount,
  readCount: data => readLogCount(data).count,
  entryCommand: command.logEntry,
  readEntry: readLogEntry,
  silenceEnds: true,
};

export function makeRecords(shared: Shared): Records {
  const codes = new CodeNumbers(shared);
  const told = async (entries: readonly LogEntry[]): Promise<Happening[]> => {
    const digits = entries.some(isByCode) ? await codes.read() : undefined;
    const { authId } = shared.key();
    return entries.map(entry => happeningOf(entry, { ours: authId, digits }));
  };
  const after = async (cursor: number, most: number): Promise<RecordPage> => {
    const entries = await ascending(shared, cursor, most);
    const last = entries.at(-1)?.index ?? cursor;
    return { records: await told(entries), cursor: last, more: entries.length >= most };
  };
  return {
    async read(cursor, most) {
      const newest = await latest(shared, 1);
      const end = newest[0]?.index ?? 0;
      if (cursor === undefined) return first(await latest(shared, most), told);
      // The lock was reset: its numbers began anew.
      if (end < cursor) return after(0, most);
      if (end === cursor) return { records: [], cursor, more: false };
      if (end === cursor + 1) return { records: await told(newest), cursor: end, more: false };
      return after(cursor, most);
    },
    look: ({ cursor, back }, most) => after(Math.max(0, (cursor ?? 0) - back), most),
  };
}

/** How many there are, and whether the lock writes more. */
export async function askLogCount(shared: Shared): Promise<LogCount> {
  let said: LogCount = { enabled: false, count: 0 };
  const readCount: ListOf<LogEntry>['readCount'] = data => (said = readLogCount(data)).count;
  const request = requestLog({ start: 0, count: 1, order: 'descending' });
  await collect(shared, request, { ...list, readCount, due: count => Math.min(count, 1) });
  return said;
}

/** The first time: what is there now, oldest first. */
async function first(
  entries: readonly LogEntry[],
  told: (entries: readonly LogEntry[]) => Promise<Happening[]>,
): Promise<RecordPage> {
  return { records: await told(entries), cursor: entries.at(-1)?.index ?? 0, more: false };
}

/** The newest ones, oldest first. */
async function latest(shared: Shared, most: number): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  while (found.length < most) {
    const start = found.at(-1)?.index ?? 0;
    if (start === 1) break;
    const page = await ask(shared, { start, count: Math.min(PAGE, most - found.length), order: 'descending' });
    found.push(...page);
    if (page.length === 0) break;
  }
  return found.toReversed();
}

async function ascending(shared: Shared, cursor: number, most: number): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  while (found.length < most) {
    const start = found.at(-1)?.index ?? cursor;
    const page = await ask(shared, { start, count: Math.min(PAGE, most - found.length), order: 'ascending' });
    const news = page.filter(entry => entry.index > start);
    found.push(...news);
    if (news.length === 0) break;
  }
  return found;
}

/** The count is that of the whole log: it says where a page ends only of one that begins at an end. */
async function ask(shared: Shared, of: Parameters<typeof requestLog>[0]): Promise<LogEntry[]> {
  const due = (count: number): number => (of.start === 0 ? Math.min(of.count, count) : of.count);
  return (await collect(shared, requestLog(of), { ...list, due })).entries;
}

function isByCode({ type, source }: LogEntry): boolean {
  return type === logType.keypad && source === BY_CODE;
}

/** An entry of the keypad names its code by the lock's own number for it. */
const BY_CODE = 1;

/** Digits by that number: read once a session, and only when somebody typed a code. */
class CodeNumbers {
  readonly #shared: Shared;
  #known: ReadonlyMap<number, string> | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  async read(): Promise<ReadonlyMap<number, string>> {
    this.#known ??= await this.#ask();
    return this.#known;
  }

  /** A lock that does not tell its codes still tells what happened. */
  async #ask(): Promise<ReadonlyMap<number, string>> {
    try {
      return new Map((await codeRecords(this.#shared)).map(record => [record.id, digitsOf(record)]));
    } catch (thrown) {
      if (!refusedFor(thrown, TOLERATED)) throw thrown;
      return new Map();
    }
  }
}

const TOLERATED: readonly string[] = ['not_there', 'unsupported', 'refused', 'not_permitted', 'invalid_parameter'];
