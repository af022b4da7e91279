// latchbridge watch: everything that happens, one line each, until Ctrl-C.
import type { DaemonEvent } from './client.ts';
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
    const last = new Map<string, string>();
    const line = (event: DaemonEvent): void => {
      const text = eventText(event);
      const subject = `${event.kind} ${(event['lock'] as { id?: string } | undefined)?.id ?? ''}`;
      // A state is told after every command, also when it is the same; people need it once.
      if ((event.kind === 'state' || event.kind === 'flow') && last.get(subject) === text) return;
      last.set(subject, text);
      io.out(`${time(event.at, io.zone)} ${text}`);
    };
    await client.events(path, values.json ? event => io.out(JSON.stringify(event)) : line, io.signal);
    return 0;
  },
});
