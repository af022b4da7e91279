// Bringing locks in and taking them out.
import { z } from 'zod';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import { viewOf } from './lock-routes.ts';
import { followNearby, nearbyOf } from './nearby.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { lockView } from './shapes/lock-shapes.ts';
import { joinWindow, nearby, unpaired, wipePlan } from './shapes/pairing-shapes.ts';
import type { Streams } from './stream.ts';

const text = z.string().trim().min(1).max(64);

export function pairRoutes({ pairing, unpairing, locks, clock }: ApiParts, streams: Streams): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/nearby',
      right: 'anyone',
      about: 'Locks that can be heard, and what can be done with them.',
      answer: nearby,
      handle: () => nearbyOf(pairing),
    }),
    route({
      method: 'GET',
      url: '/api/nearby/stream',
      right: 'anyone',
      about: 'The same as server-sent events `nearby`: now, and when it has changed, at most once a second.',
      answer: nearby,
      media: 'text/event-stream',
      fails: ['busy'],
      handle: ({ caller }, reply) => streams.open(reply, caller, send => followNearby(pairing, clock, send)),
    }),
    route({
      method: 'POST',
      url: '/api/permit_join',
      right: 'manager',
      about: 'Opens the pairing window: a single lock that offers itself is paired. 0 closes it.',
      answer: joinWindow,
      fails: ['busy'],
      body: z.strictObject({ seconds: z.int().min(0).max(120) }),
      handle: ({ body, asker }) => pairing.permitJoin(body.seconds, asker),
    }),
    route({
      method: 'POST',
      url: '/api/pair',
      right: 'manager',
      about: 'Waits for a lock that offers itself and pairs it.',
      answer: lockView,
      fails: [...ASKS_LOCK, 'not_found'],
      body: z.strictObject({
        lock: text.optional(),
        address: text.toLowerCase().optional(),
        name: text.optional(),
        unit: text.optional(),
        seconds: z.int().min(1).max(120).optional(),
        /** Of a lock that takes nobody in without its code; which form it has is for the pairing to say. */
        secret: z
          .string()
          .regex(/^[0-9A-Z]{1,64}$/, 'must be digits or capital letters')
          .optional(),
      }),
      handle: ({ body: { secret, ...wish }, asker }) =>
        pairing.pair({ ...given(wish), ...(secret !== undefined && { secret: new Secret(secret) }) }, asker),
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/unpair',
      right: 'anyone',
      about: 'Changes nothing: answers what unpairing will do, and the token that confirms it.',
      answer: wipePlan,
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({ remove: z.boolean().optional(), forget_only: z.boolean().optional() }),
      handle({ params, body, asker }) {
        return unpairing.plan({ lock: viewOf(locks, params.lock).id, ...given(body) }, asker);
      },
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/unpair/confirm',
      right: 'manager',
      prove: true,
      about: 'Unpairs: the lock forgets our key and what the plan said.',
      answer: unpaired,
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({ confirm_token: z.string().min(1).max(128) }),
      handle: ({ params, body, asker }) => unpairing.confirm(viewOf(locks, params.lock).id, body.confirm_token, asker),
    }),
  ];
}
