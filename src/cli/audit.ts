// latchbridge audit: who did what.
import type { LockView } from '../lock/lock.ts';
import type { AuditRow } from '../lock/upkeep.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { dateTime, table } from './text.ts';

const USUAL = 50;

export const audit = command({
  name: 'audit',
  about: 'list who did what, newest last',
  words: '[LOCK]',
  options: {
    most: { type: 'number', value: 'N', least: 1, most: 500, about: `how many lines, default ${USUAL}` },
    ...jsonOption,
    ...whereOptions,
  },
  async run({ words: [lock], values, io, daemon }) {
    const query = new URLSearchParams({ most: String(values.most ?? USUAL), ...(lock === undefined ? {} : { lock }) });
    const client = await daemon();
    const { lines } = await client.get<{ lines: AuditRow[] }>(`/api/audit?${query.toString()}`);
    const rows = lines.toReversed();
    if (values.json) {
      io.out(JSON.stringify(rows));
      return 0;
    }
    const { locks } = await client.get<{ locks: LockView[] }>('/api/locks');
    print(rows, io, new Map(locks.map(({ id, name }) => [id, name])));
    return 0;
  },
});

/** A lock that is no longer here keeps its id. */
function print(rows: readonly AuditRow[], io: Io, named: ReadonlyMap<string, string>): void {
  const cells = rows.map(row => [
    String(row.number),
    dateTime(row.at, io.zone),
    row.what,
    row.lock === undefined ? '-' : (named.get(row.lock) ?? row.lock),
    row.who === row.via ? row.who : `${row.via}/${row.who}`,
    row.detail ?? '',
  ]);
  for (const line of table(['NUMBER', 'TIME', 'WHAT', 'LOCK', 'WHO', 'DETAIL'], cells)) io.out(line);
}
