// The events as a stream that any browser reads (server-sent events).
import { z } from 'zod';
import type { Sight } from './caller.ts';
import type { ApiEvent, Events } from './events.ts';
import { type Route, route } from './route.ts';
import { apiEvent } from './shapes/event-shapes.ts';
import type { Streams } from './stream.ts';

export function eventRoutes(events: Events, streams: Streams): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/events',
      right: 'anyone',
      listed: true,
      onSite: true,
      about:
        'Everything that happens, as server-sent events. Goes on after the header Last-Event-ID; when that is not known any more, the first event is `reset`: look at everything anew.',
      answer: apiEvent,
      media: 'text/event-stream',
      fails: ['busy'],
      query: z.strictObject({ lock: z.string().min(1).max(64).optional(), flow: z.string().min(1).max(64).optional() }),
      handle({ query, sight, caller }, reply) {
        const last = reply.request.headers['last-event-id'];
        const wanted = (event: ApiEvent): boolean =>
          isInSight(event, sight) &&
          (query.lock === undefined || isAbout(event, query.lock)) &&
          (query.flow === undefined || (event.kind === 'flow' && event.flow.view.id === query.flow));
        streams.open(reply, caller, send => {
          if (typeof last === 'string' && !events.knows(last)) send({ event: 'reset', data: {} });
          return events.hear(
            event => void (wanted(event) && send({ event: event.kind, id: event.id, data: event })),
            typeof last === 'string' ? last : undefined,
          );
        });
      },
    }),
  ];
}

/** What is about no lock at all is for those who see all of them. */
function isInSight(event: ApiEvent, sight: Sight): boolean {
  if (sight.all) return true;
  if (event.kind === 'flow') return sight.flow(event.flow.view.id);
  return 'lock' in event && event.lock !== undefined && sight.lock(event.lock.id);
}

function isAbout(event: ApiEvent, lock: string): boolean {
  return 'lock' in event && (event.lock?.id === lock || event.lock?.name === lock);
}
