// Who was paired with a lock, and its timers, as the API shows them.
import { z } from 'zod';
import type { Authorisation, Timer } from '../../../lock/driver.ts';
import { at, shape } from './shape.ts';

export const authorisation = shape<Authorisation>('Authorisation')(
  z.strictObject({
    id: z.string(),
    kind: z.enum(['app', 'bridge', 'fob', 'keypad', 'other']),
    name: z.string(),
    ours: z.boolean().describe('It is the one that we use.'),
    enabled: z.boolean(),
    createdAt: at.exactOptional(),
    lastUsedAt: at.exactOptional(),
    validity: z.strictObject({ from: at.exactOptional(), until: at.exactOptional() }),
  }),
);

export const timer = shape<Timer>('Timer')(
  z.strictObject({
    id: z.string(),
    enabled: z.boolean(),
    days: z.array(z.int().min(1).max(7)).describe('1 is Monday.'),
    minute: z.int().min(0).max(1439).describe('Since midnight.'),
    action: z.string().describe('A verb, or one of abilities.actions.'),
  }),
);

export const removedFrom = z.strictObject({ removed: z.strictObject({ lock: z.string(), id: z.string() }) });
