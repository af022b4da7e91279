// The events as a stream that any browser reads (server-sent events).
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { ApiEvent, Events } from './events.ts';
import { type Route, route } from './route.ts';
import { apiEvent } from './shapes/event-shapes.ts';

/** Each reader costs memory and a heartbeat. */
const MOST_READERS = 32;
/** A reader that has fallen so far behind is cut off; it takes up again where it was. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** How soon a browser comes back. */
const RETRY_MS = 2000;

export function eventRoutes(events: Events): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/events',
      right: 'anyone',
      about: 'Everything that happens, as server-sent events; goes on after the header Last-Event-ID.',
      answer: apiEvent,
      media: 'text/event-stream',
      fails: ['busy'],
      query: z.strictObject({ lock: z.string().min(1).max(64).optional(), flow: z.string().min(1).max(64).optional() }),
      handle({ query }, reply) {
        if (events.listeners >= MOST_READERS) {
          throw new LockError('busy', 'Too many programs read the events; close one of them.', { reason: 'readers' });
        }
        const last = reply.request.headers['last-event-id'];
        const wanted = (event: ApiEvent): boolean =>
          (query.lock === undefined || isAbout(event, query.lock)) &&
          (query.flow === undefined || (event.kind === 'flow' && event.flow.view.id === query.flow));
        stream(reply, events, { last: typeof last === 'string' ? last : undefined, wanted });
      },
    }),
  ];
}

function stream(
  reply: FastifyReply,
  events: Events,
  { last, wanted }: { last: string | undefined; wanted: (event: ApiEvent) => boolean },
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const write = (text: string): void => {
    if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
    else if (!raw.destroyed) raw.write(text);
  };
  write(`retry: ${RETRY_MS}\n\n`);
  const deaf = events.hear(event => {
    if (wanted(event)) write(`id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  }, last);
  const still = events.beat(() => write(': still here\n\n'));
  raw.once('close', () => {
    deaf();
    still();
  });
  raw.once('error', () => raw.destroy());
}

function isAbout(event: ApiEvent, lock: string): boolean {
  return 'lock' in event && (event.lock?.id === lock || event.lock?.name === lock);
}
