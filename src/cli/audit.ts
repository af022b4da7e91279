// latchbridge audit: who did what.
import type { AuditRow } from '../lock/upkeep.ts';
import { command, jsonOption, whereOptions } from './command.ts';
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
    const { lines } = await (await daemon()).get<{ lines: AuditRow[] }>(`/api/audit?${query.toString()}`);
    const rows = lines.toReversed();
    if (values.json) io.out(JSON.stringify(rows));
    else print(rows, io);
    return 0;
  },
});

function print(rows: readonly AuditRow[], io: Parameters<typeof audit.run>[0]['io']): void {
  const cells = rows.map(row => [
    String(row.number),
    dateTime(row.at, io.zone),
    row.what,
    row.lock ?? '-',
    row.who === row.via ? row.who : `${row.via}/${row.who}`,
    row.detail ?? '',
  ]);
  for (const line of table(['NUMBER', 'TIME', 'WHAT', 'LOCK', 'WHO', 'DETAIL'], cells)) io.out(line);
}
