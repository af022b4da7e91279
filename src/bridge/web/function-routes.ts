// What only some locks have besides: further actions, a list of whom they take, timers.
import { z } from 'zod';
import type { Timer } from '../../lock/driver.ts';
import type { Workbench } from '../../lock/locks.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { authorisation, removedFrom, timer } from './shapes/function-shapes.ts';

const ownParams = lockParams.extend({ id: z.string().min(1).max(32) });
const timerBody = z.strictObject({
  enabled: z.boolean(),
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  minute: z.int().min(0).max(1439),
  action: z.string().min(1).max(32),
});

export function functionRoutes(parts: ApiParts): Route[] {
  const { workbench } = parts;
  if (!workbench) return [];
  return [actionRoute(parts, workbench), ...authorisationRoutes(parts, workbench), ...timerRoutes(parts, workbench)];
}

function actionRoute({ locks }: ApiParts, workbench: Workbench): Route {
  return route({
    method: 'POST',
    url: '/api/locks/:lock/action',
    right: 'anyone',
    about: 'One of abilities.actions of the lock. What moves the bolt is guarded like an order to unlock.',
    answer: z.strictObject({ done: z.string() }),
    fails: ASKS_LOCK,
    params: lockParams,
    body: z.strictObject({ action: z.string().min(1).max(32) }),
    async handle({ params, body, asker }) {
      await workbench.perform(viewOf(locks, params.lock).id, body.action, asker);
      return { done: body.action };
    },
  });
}

function authorisationRoutes({ locks }: ApiParts, workbench: Workbench): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/authorisations',
      right: 'manager',
      about: 'Asks the lock whom it takes: phones, bridges, fobs and keypads that were paired with it, and us.',
      answer: z.strictObject({ authorisations: z.array(authorisation) }),
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        return { authorisations: await workbench.authorisations(viewOf(locks, params.lock).id, asker) };
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/locks/:lock/authorisations/:id',
      right: 'manager',
      about: 'The lock forgets one of them. Never our own: unpair the lock for that.',
      answer: removedFrom,
      fails: ASKS_LOCK,
      params: ownParams,
      async handle({ params, asker }) {
        const { id, name } = viewOf(locks, params.lock);
        await workbench.removeAuthorisation(id, params.id, asker);
        return { removed: { lock: name, id: params.id } };
      },
    }),
  ];
}

function timerRoutes({ locks }: ApiParts, workbench: Workbench): Route[] {
  const listed = async (
    lock: string,
    asker: Parameters<Workbench['timers']>[1],
  ): Promise<{ timers: readonly Timer[] }> => ({
    timers: await workbench.timers(lock, asker),
  });
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/timers',
      right: 'anyone',
      about:
        'Asks the lock what it does by itself at times of day. Days are 1 (Monday) to 7, minutes count from midnight.',
      answer: z.strictObject({ timers: z.array(timer) }),
      fails: ASKS_LOCK,
      params: lockParams,
      handle: ({ params, asker }) => listed(viewOf(locks, params.lock).id, asker),
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/timers',
      right: 'manager',
      about: 'One more. Answers with the timer as the lock keeps it.',
      answer: timer,
      fails: ASKS_LOCK,
      params: lockParams,
      body: timerBody,
      handle: ({ params, body, asker }) => workbench.addTimer(viewOf(locks, params.lock).id, body, asker),
    }),
    route({
      method: 'PUT',
      url: '/api/locks/:lock/timers/:id',
      right: 'manager',
      about: 'Changes one as a whole.',
      answer: timer,
      fails: ASKS_LOCK,
      params: ownParams,
      body: timerBody,
      async handle({ params, body, asker }) {
        const timer = { ...body, id: params.id };
        await workbench.changeTimer(viewOf(locks, params.lock).id, timer, asker);
        return timer;
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/locks/:lock/timers/:id',
      right: 'manager',
      about: 'Takes one off.',
      answer: removedFrom,
      fails: ASKS_LOCK,
      params: ownParams,
      async handle({ params, asker }) {
        const { id, name } = viewOf(locks, params.lock);
        await workbench.removeTimer(id, params.id, asker);
        return { removed: { lock: name, id: params.id } };
      },
    }),
  ];
}
