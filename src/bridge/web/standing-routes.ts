// How a door stands: who can still open it, and which ways back to its lock there are.
import { z } from 'zod';
import type { Opener } from '../../flow/openers.ts';
import type { WaysBack } from '../../flow/ways-back.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { type Route, lockParams, route } from './route.ts';
import { openerShape, waysBack } from './shapes/standing-shapes.ts';

/** By the lock's id. Neither asks the lock. */
export interface Standing {
  openers(lock: string): Opener[];
  waysBack(lock: string): WaysBack;
}

export function standingRoutes({ locks }: Pick<ApiParts, 'locks'>, standing: Standing): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/openers',
      right: 'anyone',
      about: 'Who can still open this door, by what is known here, and what nobody can count.',
      answer: z.strictObject({ openers: z.array(openerShape) }),
      params: lockParams,
      handle: ({ params }) => ({ openers: standing.openers(viewOf(locks, params.lock).id) }),
    }),
    route({
      method: 'GET',
      url: '/api/locks/:lock/ways_back',
      right: 'anyone',
      about: 'The ways to this lock when its key fails, and whether they are enough to erase anything on it.',
      answer: waysBack,
      params: lockParams,
      handle: ({ params }) => standing.waysBack(viewOf(locks, params.lock).id),
    }),
  ];
}
