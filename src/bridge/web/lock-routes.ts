// Locks: list, look, command, change, forget.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import { LOCK_NAME, type LockView } from '../../lock/lock.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { type WholeLock, lockView, outcome, wholeLock } from './shapes/lock-shapes.ts';
import { json } from './shapes/shape.ts';

/** Connection and the lock's own time fit into it (design: deadline of a command from MQTT and HTTP). */
const COMMAND_MS = 15_000;

const settings = z.strictObject({
  session: z.enum(['on_demand', 'held']).optional(),
  exposed: z.array(z.enum(['mqtt', 'matter'])).optional(),
});
const change = z
  .strictObject({
    name: z.string().regex(LOCK_NAME, 'must be 1 to 64 lower case letters, digits, _ or -').optional(),
    unit: z.string().trim().min(1).max(64).optional(),
    options: settings.optional(),
  })
  .refine(it => Object.keys(it).length > 0, 'give name, unit or options');

export function lockRoutes({ locks, workbench, clock }: ApiParts): Route[] {
  const whole = (view: LockView): WholeLock => (workbench ? { ...view, costs: workbench.costs(view.id) } : view);
  return [
    route({
      method: 'GET',
      url: '/api/locks',
      right: 'anyone',
      listed: true,
      onSite: true,
      about: 'All locks.',
      answer: z.strictObject({ locks: z.array(lockView) }),
      handle: ({ sight }) => ({ locks: locks.all().filter(({ id }) => sight.lock(id)) }),
    }),
    route({
      method: 'GET',
      url: '/api/locks/:lock',
      right: 'anyone',
      onSite: true,
      about: 'One lock, by id or name, with what each session mode costs.',
      answer: wholeLock,
      params: lockParams,
      handle: ({ params }) => whole(viewOf(locks, params.lock)),
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/command',
      right: 'anyone',
      about: "Lock, unlock or unlatch. The answer is the lock's own yes; its state comes as an event.",
      answer: outcome,
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({
        verb: z.enum(['lock', 'unlock', 'unlatch']),
        pin: z.string().min(1).max(16).optional(),
        transaction: json.optional(),
      }),
      async handle({ params, body, asker }) {
        const outcome = await locks.command({
          id: randomUUID(),
          lock: viewOf(locks, params.lock).id,
          verb: body.verb,
          asker,
          deadline: clock.elapsed() + COMMAND_MS,
          ...(body.pin === undefined ? {} : { pin: new Secret(body.pin) }),
        });
        return { ...outcome, ...(body.transaction === undefined ? {} : { transaction: body.transaction }) };
      },
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/refresh',
      right: 'anyone',
      about: 'Asks the lock for its state.',
      answer: wholeLock,
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        const { id } = viewOf(locks, params.lock);
        await locks.refresh(id, asker);
        return whole(viewOf(locks, id));
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/locks/:lock',
      right: 'manager',
      about: 'Renames, moves to a unit, changes options.',
      answer: lockView,
      fails: ['disk'],
      params: lockParams,
      body: change,
      handle({ params, body, asker }) {
        const { id } = viewOf(locks, params.lock);
        // The name first: it alone can be refused, and then nothing has changed.
        if (body.name !== undefined) locks.rename(id, body.name, asker);
        if (body.unit !== undefined) locks.assign(id, body.unit, asker);
        const { session, exposed } = body.options ?? {};
        const options = { ...(session && { session }), ...(exposed && { exposed }) };
        return body.options === undefined ? viewOf(locks, id) : locks.setOptions(id, options, asker);
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/locks/:lock',
      right: 'manager',
      about: 'Forgets a lock here. With a working key only by force: the lock keeps that key.',
      answer: z.strictObject({ removed: z.strictObject({ id: z.string(), name: z.string() }) }),
      fails: ['disk', 'busy'],
      params: lockParams,
      body: z.strictObject({ force: z.boolean().optional() }),
      handle({ params, body, asker }) {
        const view = viewOf(locks, params.lock);
        locks.remove(view.id, asker, { force: body.force ?? false });
        return { removed: { id: view.id, name: view.name } };
      },
    }),
  ];
}

/** By id or name; `not_found` says what to do. */
export function viewOf(locks: ApiParts['locks'], lock: string): LockView {
  const view = locks.find(lock);
  if (!view) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
  return view;
}
