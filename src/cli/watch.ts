// latchbridge watch: everything that happens, one line each, until Ctrl-C.
import { command, jsonOption, whereOptions } from './command.ts';
import { eventText } from './event-text.ts';
import { time } from './text.ts';

export const watch = command({
  name: 'watch',
  about: 'print what happens, one line each, until Ctrl-C',
  words: '[LOCK]',
  options: { ...jsonOption, ...whereOptions },
  async run({ words: [lock], values, io, daemon }) {
    const client = await daemon();
    const path = lock === undefined ? '/api/events' : `/api/events?lock=${encodeURIComponent(lock)}`;
    await client.events(
      path,
      event => io.out(values.json ? JSON.stringify(event) : `${time(event.at, io.zone)} ${eventText(event)}`),
      io.signal,
    );
    return 0;
  },
});
