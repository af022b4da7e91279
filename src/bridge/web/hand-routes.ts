// The hands of virtual locks, in a demo.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import type { Hands, StagedLock } from '../../lock/upkeep.ts';
import { type Route, route } from './route.ts';
import { json } from './shapes/shape.ts';
import { stagedLock } from './shapes/system-shapes.ts';

const detail = z.union([z.string().max(64), z.number(), z.boolean()]);

export function handRoutes(hands: Hands, staged: () => readonly StagedLock[]): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/demo/locks',
      right: 'anyone',
      listed: true,
      onSite: true,
      about: 'The virtual locks: what a person can do at them, and what is seen there.',
      answer: z.strictObject({ locks: z.array(stagedLock) }),
      handle: ({ sight }) => ({ locks: staged().filter(({ name }) => sight.lock(name)) }),
    }),
    route({
      method: 'POST',
      url: '/api/demo/:name/hand',
      right: 'anyone',
      listed: true,
      onSite: true,
      about: 'Does something at a virtual lock: press_key, type_code, thumb, door, batteries_out, hold_reset and more.',
      answer: z.strictObject({ result: json }),
      fails: ['rejected', 'busy'],
      params: z.strictObject({ name: z.string().min(1).max(64) }),
      body: z.object({ act: z.string().min(1).max(32) }).catchall(detail),
      async handle({ params, body, sight }) {
        if (!sight.lock(params.name)) throw new LockError('not_found', 'There is no virtual lock of that name.');
        return { result: (await hands.act(params.name, body)) ?? null };
      },
    }),
  ];
}
