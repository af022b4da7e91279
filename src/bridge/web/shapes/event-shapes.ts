// Events of the stream, and errors.
import { z } from 'zod';
import type { ApiEvent } from '../events.ts';
import type { Problem } from '../problem.ts';
import { enrolNews, tokenKind } from './access-shapes.ts';
import { flowEvent } from './flow-shapes.ts';
import { happening, lockView, settingValues } from './lock-shapes.ts';
import { pairingEvent } from './pairing-shapes.ts';
import { at, count, exactly, shape } from './shape.ts';

const head = { id: z.string().describe('For the header Last-Event-ID.'), at };
const lock = z.strictObject({ id: z.string(), name: z.string() });

export const apiEvent = shape<ApiEvent>('ApiEvent')(
  z.discriminatedUnion('kind', [
    z.strictObject({
      ...head,
      kind: z.enum(['added', 'changed', 'state', 'renamed', 'removed', 'happened']),
      lock: lockView,
      from: z.string().exactOptional().describe('The name before, of `renamed`.'),
      happening: happening.exactOptional(),
    }),
    z.strictObject({ ...head, kind: z.literal('pairing'), pairing: pairingEvent }),
    z.strictObject({ ...head, kind: z.literal('codes'), lock, slot: count }),
    z.strictObject({ ...head, kind: z.literal('tokens'), lock, token: tokenKind, slot: count }),
    z.strictObject({ ...head, kind: z.literal('settings'), lock, values: settingValues }),
    z.strictObject({ ...head, kind: z.literal('enrol'), lock, enrol: enrolNews }),
    z.strictObject({ ...head, kind: z.literal('flow'), lock: lock.exactOptional(), flow: flowEvent }),
  ]),
);

const code = exactly<Problem['code']>()(
  z.enum([
    'unreachable',
    'timeout',
    'rejected',
    'unauthenticated',
    'malformed',
    'forbidden',
    'unsupported',
    'busy',
    'not_found',
    'invalid',
    'disk',
    'stopped',
    'internal',
  ]),
);
export const problem = shape<Problem>('Problem')(
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code,
    reason: z.string().describe('Finer than the code.'),
    detail: z.string().describe('To be shown: what happened and what to do.'),
    acted: z.enum(['no', 'maybe']).describe('Whether the lock may have acted before this went wrong.'),
  }),
);
