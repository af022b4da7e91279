// latchbridge log LOCK: what the lock itself has written down.
import type { Happening } from '../lock/lock.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { happeningText } from './event-text.ts';
import { dateTime, table } from './text.ts';

const USUAL = 20;
/** A lock tells one or two records a round trip. */
const READ_MS = 120_000;

export const lockLog = command({
  name: 'log',
  about: "read a lock's own log, newest last",
  words: 'LOCK',
  options: {
    most: { type: 'number', value: 'N', least: 1, most: 500, about: `how many records, default ${USUAL}` },
    ...jsonOption,
    ...whereOptions,
  },
  async run({ words: [lock = ''], values, io, daemon }) {
    const path = lockPath(lock, `/log?most=${values.most ?? USUAL}`);
    const found = await (await daemon()).ask<{ records: Happening[] }>('GET', path, { withinMs: READ_MS });
    const records = found.records.toReversed();
    if (values.json) io.out(JSON.stringify(records));
    else if (records.length === 0) io.out(`${lock} has nothing in its log.`);
    else {
      const rows = records.map(each => [String(each.record ?? '-'), dateTime(each.at, io.zone), happeningText(each)]);
      for (const line of table(['RECORD', 'TIME', 'WHAT'], rows)) io.out(line);
    }
    return 0;
  },
});
