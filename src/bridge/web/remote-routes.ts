// The demo's own Matter controller: what an app on a phone would do.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { MatterRemote } from '../../lock/matter-remote.ts';
import { type Route, route } from './route.ts';
import { remoteLock, remoteNews, remoteUser } from './shapes/matter-shapes.ts';

/** The bridge says no like any lock; and it may not be there yet. */
const REFUSALS = ['unreachable', 'rejected', 'timeout'] as const;

const params = z.strictObject({ name: z.string().min(1).max(64) });
const pin = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits');
const user = z.int().min(1).max(65_534);

export function remoteRoutes(find: () => MatterRemote | undefined): Route[] {
  const remote = (): MatterRemote => {
    const found = find();
    if (found) return found;
    const text = 'This demo has no Matter controller: it is still starting, or it is on a real network.';
    throw new LockError('unreachable', text, { reason: 'no_controller' });
  };
  return [
    route({
      method: 'GET',
      url: '/api/demo/matter',
      right: 'anyone',
      about: 'The locks as the Matter controller of the demo sees them.',
      answer: z.strictObject({ locks: z.array(remoteLock) }),
      fails: ['unreachable'],
      handle: () => ({ locks: remote().locks() }),
    }),
    route({
      method: 'POST',
      url: '/api/demo/matter/:name/command',
      right: 'anyone',
      about: 'Locks or unlocks from the Matter controller of the demo.',
      answer: z.strictObject({ lock: z.string(), verb: z.enum(['lock', 'unlock', 'unbolt']) }),
      fails: REFUSALS,
      params,
      body: z.strictObject({ verb: z.enum(['lock', 'unlock', 'unbolt']), pin: pin.optional() }),
      async handle({ params: { name }, body }) {
        await remote().operate(name, body.verb, body.pin === undefined ? undefined : new Secret(body.pin));
        return { lock: name, verb: body.verb };
      },
    }),
    ...userRoutes(remote),
    route({
      method: 'GET',
      url: '/api/demo/matter/events',
      right: 'anyone',
      about: 'What the Matter controller of the demo has heard after the number `after`.',
      answer: z.strictObject({ events: z.array(remoteNews) }),
      fails: ['unreachable'],
      query: z.strictObject({ after: z.coerce.number().int().min(0).optional(), lock: params.shape.name.optional() }),
      handle: ({ query }) => ({ events: remote().events(query.after ?? 0, query.lock) }),
    }),
  ];
}

function userRoutes(remote: () => MatterRemote): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/demo/matter/:name/users',
      right: 'anyone',
      about: 'The users of a lock, read by the Matter controller of the demo.',
      answer: z.strictObject({ users: z.array(remoteUser) }),
      fails: REFUSALS,
      params,
      handle: async ({ params: { name } }) => ({ users: await remote().users(name) }),
    }),
    route({
      method: 'POST',
      url: '/api/demo/matter/:name/pin',
      right: 'anyone',
      about: 'Sets a PIN from the Matter controller of the demo; without `user` for a new user.',
      answer: z.strictObject({ lock: z.string(), user: z.int() }),
      fails: REFUSALS,
      params,
      body: z.strictObject({ pin, user: user.optional(), person: z.string().min(1).max(10).optional() }),
      async handle({ params: { name }, body }) {
        const wish = {
          pin: new Secret(body.pin),
          ...(body.user !== undefined && { user: body.user }),
          ...(body.person !== undefined && { person: body.person }),
        };
        return { lock: name, user: await remote().setPin(name, wish) };
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/demo/matter/:name/users/:user',
      right: 'anyone',
      about: 'Clears a user from the Matter controller of the demo.',
      fails: REFUSALS,
      params: z.strictObject({ name: params.shape.name, user: z.coerce.number().pipe(user) }),
      handle: ({ params: { name, user: index } }) => remote().clearUser(name, index),
    }),
  ];
}
