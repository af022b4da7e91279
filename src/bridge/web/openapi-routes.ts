// The description of the API, for programs and for people who write them.
import { z } from 'zod';
import { openapi } from './openapi.ts';
import { type Route, route } from './route.ts';
import { json } from './shapes/shape.ts';

/** Describes `routes` and itself. It is made when somebody asks: few ever do. */
export function openapiRoutes(routes: readonly Route[]): Route[] {
  const own: Route = route({
    method: 'GET',
    url: '/api/openapi.json',
    right: 'open',
    about: 'This description.',
    answer: z.record(z.string(), json),
    handle: (): unknown => openapi([...routes, own]),
  });
  return [own];
}
