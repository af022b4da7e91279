// The hands of virtual locks, in a demo.
import { z } from 'zod';
import type { Hands } from '../../lock/upkeep.ts';
import { type Route, route } from './route.ts';
import { json } from './shapes/shape.ts';

const detail = z.union([z.string().max(64), z.number(), z.boolean()]);

export function handRoutes(hands: Hands): Route[] {
  return [
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
