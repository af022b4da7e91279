// Metrics, for Prometheus. How the daemon is may be read without a login; how doors stand and when they are used may not.
import { familiesOf, metricsText } from './metrics.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';

export function metricsRoutes(parts: ApiParts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/metrics',
      right: 'open',
      heeds: true,
      about: 'Figures for Prometheus: of the daemon for all, of locks for who has a token or runs on this machine.',
      media: 'text/plain',
      fails: ['unauthenticated'],
      async handle({ caller, sight }, reply) {
        const isKnown = caller.way !== 'nobody' || caller.near === true;
        const text = await metricsText(await familiesOf(parts, isKnown ? id => sight.lock(id) : undefined));
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
      },
    }),
  ];
}
