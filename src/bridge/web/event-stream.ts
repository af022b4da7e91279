// The events as a stream that any browser reads (server-sent events).
import { z } from 'zod';
import type { ApiEvent, Events } from './events.ts';
import { Outlook } from './outlook.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { apiEvent } from './shapes/event-shapes.ts';
import type { Streams } from './stream.ts';

export function eventRoutes({ locks }: Pick<ApiParts, 'locks'>, events: Events, streams: Streams): Route[] {
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
        const outlook = new Outlook(sight, locks.all());
        const wanted = (event: ApiEvent): boolean =>
          (query.lock === undefined || isAbout(event, query.lock)) &&
          (query.flow === undefined || (event.kind === 'flow' && event.flow.view.id === query.flow));
        streams.open(reply, caller, send => {
          if (typeof last === 'string' && !events.knows(last)) send({ event: 'reset', data: {} });
          return events.hear(
            happened => {
              const event = outlook.of(happened);
              if (event && wanted(event)) send({ event: event.kind, id: event.id, data: event });
            },
            typeof last === 'string' ? last : undefined,
          );
        });
      },
    }),
  ];
}

function isAbout(event: ApiEvent, lock: string): boolean {
  return 'lock' in event && (event.lock?.id === lock || event.lock?.name === lock);
}
