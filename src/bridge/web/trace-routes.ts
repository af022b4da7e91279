// Traces: what goes on between us and a lock, masked, for people who help with locks that we do not own.
import { z } from 'zod';
import { LONGEST_TRACE_S, type Traces } from '../../lock/trace.ts';
import { type Route, lockParams, route } from './route.ts';
import { traceFile } from './shapes/upkeep-shapes.ts';

export function traceRoutes(traces: Traces): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/locks/:lock/trace',
      right: 'owner',
      about: 'Records adverts and messages of a lock for so many seconds and answers with them as test vectors.',
      answer: traceFile,
      fails: ['busy', 'unsupported'],
      params: lockParams,
      body: z.strictObject({ seconds: z.number().int().min(1).max(LONGEST_TRACE_S) }),
      handle({ params, body, asker }, reply) {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        return traces.record({ lock: params.lock, seconds: body.seconds, asker, signal: gone.signal });
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/locks/:lock/trace',
      right: 'owner',
      about: 'Ends the recording of a lock early: its request is answered now.',
      answer: z.strictObject({ ended: z.boolean() }),
      params: lockParams,
      handle: ({ params }) => ({ ended: traces.end(params.lock) }),
    }),
  ];
}
