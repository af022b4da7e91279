// Codes, cards and fingerprints as the API shows them: never what opens the door.
import { z } from 'zod';
import type { CredentialView } from '../../../access/access.ts';
import type { EnrolNews } from '../../../access/enrolment.ts';
import type { WeeklyWindow } from '../../../lock/driver.ts';
import { codeKind } from './lock-shapes.ts';
import { at, count, shape } from './shape.ts';

export const tokenKind = z.enum(['card', 'finger']);

const weeklyWindow = shape<WeeklyWindow>('WeeklyWindow')(
  z
    .strictObject({ day: z.int(), startMinute: z.int(), endMinute: z.int() })
    .describe('Day 1 is Monday; minutes since midnight.'),
);

export const credential = shape<CredentialView>('CredentialView')(
  z.strictObject({
    id: z.string(),
    lock: z.string(),
    kind: z.enum(['code', 'card', 'finger']),
    slot: count,
    state: z.enum(['wanted', 'on_lock', 'disabled', 'removing']),
    codeKind: codeKind.exactOptional(),
    from: at.exactOptional(),
    until: at.exactOptional(),
    weekly: z.array(weeklyWindow).exactOptional(),
    person: z.strictObject({ id: z.string(), name: z.string() }).exactOptional(),
    known: z.boolean().describe('Whether its value is kept here.'),
  }),
);

export const codeList = z.strictObject({ capacity: count, codes: z.array(credential) });
export const tokenLists = {
  card: z.strictObject({ capacity: count, cards: z.array(credential) }),
  finger: z.strictObject({ capacity: count, fingers: z.array(credential) }),
};

export const enrolNews = shape<EnrolNews>('EnrolNews')(
  z.strictObject({
    kind: tokenKind,
    slot: count,
    say: z.enum(['present', 'again', 'done']),
    step: z.int().exactOptional(),
    of: z.int().exactOptional(),
    text: z.string(),
  }),
);
