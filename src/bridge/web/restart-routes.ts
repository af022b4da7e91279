// Ending and being started again: first what comes of it, then the word to do so.
import { z } from 'zod';
import type { Restarts } from '../../lock/upkeep.ts';
import { type Route, route } from './route.ts';
import { restartView } from './shapes/upkeep-shapes.ts';

export function restartRoutes(restarts: Restarts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/restart',
      right: 'owner',
      about: 'What a restart would do now to doors and flows, and who starts Latchbridge again.',
      answer: restartView,
      handle: () => restarts.look(),
    }),
    route({
      method: 'POST',
      url: '/api/restart',
      right: 'owner',
      about:
        'Ends Latchbridge for whoever keeps it to start it again; `by_hand` where nobody does, and the asker will.',
      answer: z.strictObject({ text: z.string() }),
      fails: ['rejected', 'unsupported'],
      body: z.strictObject({ by_hand: z.boolean().optional() }),
      handle: ({ body, asker }) => restarts.begin(body.by_hand === true ? { by_hand: true } : {}, asker),
    }),
  ];
}
