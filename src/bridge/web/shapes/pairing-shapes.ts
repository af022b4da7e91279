// Bringing locks in and taking them out, as the API shows it.
import { z } from 'zod';
import type { Candidate, PairingEvent, Unpaired, WipePlan } from '../../../flow/flow.ts';
import { lockKind, lockView } from './lock-shapes.ts';
import { at, shape } from './shape.ts';

export const candidate = shape<Candidate>('Candidate')(
  z.strictObject({
    address: z.string(),
    family: z.string(),
    model: z.string(),
    kind: lockKind,
    name: z.string().exactOptional(),
    rssi: z.number(),
    heardAt: at,
    state: z
      .enum(['ours', 'pairable', 'taken', 'refused'])
      .describe("ours: we hold its key. taken: it is somebody else's. refused: we cannot speak to it."),
    advice: z.string().exactOptional().describe('What to do when it cannot be paired, for people.'),
    lock: z.string().exactOptional(),
    asks: z
      .strictObject({
        minDigits: z.int(),
        maxDigits: z.int(),
        letters: z.literal(true).exactOptional().describe('Capital letters as well as digits.'),
        text: z.string(),
      })
      .exactOptional()
      .describe('Pairing it takes a code that a person has to give.'),
  }),
);

export const joinWindow = z.strictObject({ open: z.boolean(), until: at.exactOptional() });
export const nearby = shape<{ nearby: Candidate[]; open: boolean; until?: number }>('Nearby')(
  z.strictObject({ nearby: z.array(candidate), open: z.boolean(), until: at.exactOptional() }),
);

export const pairingEvent = shape<PairingEvent>('PairingEvent')(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('window'), open: z.boolean(), until: at.exactOptional() }),
    z.strictObject({ kind: z.literal('candidate'), candidate }),
    z.strictObject({ kind: z.literal('started'), address: z.string(), lock: z.string().exactOptional() }),
    z.strictObject({ kind: z.literal('paired'), view: lockView }),
    z.strictObject({
      kind: z.literal('failed'),
      address: z.string().exactOptional(),
      reason: z.string(),
      text: z.string(),
    }),
  ]),
);

const sentences = z.array(z.string());
export const wipePlan = shape<WipePlan>('WipePlan')(
  z.strictObject({
    lock: z.string(),
    name: z.string(),
    steps: sentences,
    erases: sentences,
    warnings: sentences,
    confirm_token: z.string(),
    expires_in_s: z.number(),
    flow: z.string(),
  }),
);

export const unpaired = shape<Unpaired>('Unpaired')(
  z.strictObject({
    view: lockView,
    proven: z.boolean().describe('The lock itself said that it forgot everything.'),
    removed: z.boolean(),
    text: z.string(),
    flow: z.string(),
  }),
);
