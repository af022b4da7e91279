// The newest lines of the log: a page of them, and as they come.
import { z } from 'zod';
import type { LogKeeper, LogLine } from '../../lock/upkeep.ts';
import { LEVELS, isAtLeast, logLine } from './log-lines.ts';
import { type Route, route } from './route.ts';
import { logLineShape } from './shapes/system-shapes.ts';
import type { Streams } from './stream.ts';

const MOST = 1000;
const USUAL = 200;

const filter = { level: z.enum(LEVELS).optional(), part: z.string().min(1).max(32).optional() };

export function logRoutes(logs: LogKeeper, streams: Streams): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/logs',
      right: 'manager',
      about:
        'The newest lines of the log, newest first; of this level and graver, of one part, before the number `before`.',
      answer: z.strictObject({ lines: z.array(logLineShape) }),
      query: z.strictObject({
        ...filter,
        before: z.coerce.number().int().min(1).optional(),
        most: z.coerce.number().int().min(1).max(MOST).optional(),
      }),
      handle({ query }) {
        const { before = Number.POSITIVE_INFINITY, most = USUAL } = query;
        const lines: LogLine[] = [];
        for (const { number, line } of logs.numbered().toReversed()) {
          if (lines.length >= most) break;
          const read = number < before ? logLine(line, number) : undefined;
          if (read && isWanted(read, query)) lines.push(read);
        }
        return { lines };
      },
    }),
    route({
      method: 'GET',
      url: '/api/logs/stream',
      right: 'manager',
      about: 'Lines of the log as they come, as server-sent events `log`.',
      answer: logLineShape,
      media: 'text/event-stream',
      fails: ['busy'],
      query: z.strictObject(filter),
      handle({ query, caller }, reply) {
        streams.open(reply, caller, send =>
          logs.hear((line, number) => {
            const read = logLine(line, number);
            if (read && isWanted(read, query)) send({ event: 'log', data: read });
          }),
        );
      },
    }),
  ];
}

type Filter = { level?: LogLine['level'] | undefined; part?: string | undefined };

function isWanted(line: LogLine, { level, part }: Filter): boolean {
  return (level === undefined || isAtLeast(line.level, level)) && (part === undefined || line.part === part);
}
