// Metrics, for Prometheus. No login: there is nothing in them that opens a door or names a person.
import { familiesOf, metricsText } from './metrics.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';

export function metricsRoutes(parts: ApiParts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/metrics',
      right: 'open',
      about: 'Figures for Prometheus.',
      media: 'text/plain',
      async handle(_asked, reply) {
        const text = await metricsText(await familiesOf(parts));
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
      },
    }),
  ];
}
