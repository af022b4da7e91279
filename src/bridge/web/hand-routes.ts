// The hands of virtual locks, in a demo.
import { z } from 'zod';
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
      about: 'The virtual locks: what a person can do at them, and what is seen there.',
      answer: z.strictObject({ locks: z.array(stagedLock) }),
      handle: () => ({ locks: staged() }),
    }),
    route({
      method: 'POST',
      url: '/api/demo/:name/hand',
      right: 'anyone',
      about: 'Does something at a virtual lock: press_key, type_code, thumb, door, batteries_out, hold_reset and more.',
      answer: z.strictObject({ result: json }),
      fails: ['rejected', 'busy'],
      params: z.strictObject({ name: z.string().min(1).max(64) }),
      body: z.object({ act: z.string().min(1).max(32) }).catchall(detail),
      async handle({ params, body }) {
        return { result: (await hands.act(params.name, body)) ?? null };
      },
    }),
  ];
}
