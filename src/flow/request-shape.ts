// What a request for a flow looks like from outside, the same for every bridge: MQTT, HTTP and the command line.
import { z } from 'zod';
import { given } from '../base/given.ts';
import { FLOW_TYPES, type FlowRequest, type FlowType, type Reason } from './words.ts';

/** A sentence of a person; what it says stands in the record. */
const MOST_WORDS = 400;
/** A lock that offers itself does so within minutes; people may need longer to get to it. */
const MOST_WAIT_S = 3600;
const MOST_KEPT = 256;

/** Each reason with what it means, for help texts; the compiler misses one that is not here. */
export const REASONS: Readonly<Record<Reason, string>> = {
  tenant_left: 'the tenant or guest has left',
  lost_admin: 'nobody has the admin code or the key any more',
  revoke_person: 'somebody was given access who shall lose it',
  replacing: 'another lock takes its place',
  moving: 'it goes to another door or unit',
  was_reset: 'somebody reset it at the lock',
  not_responding: 'it does not respond',
  disconnects: 'it loses its connection often',
  wrong_data: 'it shows what is not so',
  lost_key: 'a key, card or phone got lost',
  new_lock: 'it is new',
  clean_slate: 'it shall start afresh',
  other: 'something else; say what in a note',
};

const name = z.string().trim().min(1).max(64);
const sentence = z.string().trim().min(1).max(MOST_WORDS);
const time = z.union([z.iso.datetime({ offset: true }), z.int().min(0).max(8.64e15)]);
/** ISO 8601 with an offset, or ms since the epoch; ms come out. */
const moment = z
  .custom<z.infer<typeof time>>(
    at => time.safeParse(at).success,
    'Times are written like "2026-05-11T15:00:00+02:00", with the offset of the zone.',
  )
  .transform(at => (typeof at === 'number' ? at : Date.parse(at)));

/** Its keys are in the words of FlowRequest. */
export const flowRequestShape = {
  type: z.enum(FLOW_TYPES),
  lock: name.optional(),
  reason: z.enum(Object.keys(REASONS) as Reason[]),
  note: sentence.optional(),
  deadline: moment.optional(),
  checkout: moment.optional(),
  next_checkin: moment.optional(),
  keep: z.array(z.int().min(0).max(65_535)).max(MOST_KEPT).optional(),
  phones: z.enum(['remove', 'keep']).optional(),
  plan_only: z.boolean().optional(),
  mode: z.enum(['guided', 'brief']).optional(),
  remove: z.boolean().optional(),
  forget_only: z.boolean().optional(),
  address: z.string().trim().toLowerCase().min(1).max(32).optional(),
  name: name.optional(),
  unit: name.optional(),
  seconds: z.int().min(1).max(MOST_WAIT_S).optional(),
  // oxlint-disable-next-line unicorn/no-thenable -- a word in a request; a schema is never awaited
  then: z.enum(['repair', 'nothing']).optional(),
  overrides: z
    .array(z.strictObject({ rule: z.string().regex(/^R\d\d$/), sentence }))
    .max(20)
    .optional(),
  lineage: name.optional(),
};

type Optional<T> = { [K in keyof T]: T[K] | undefined };

/** Without what was not given. */
export function flowRequest(
  body: Optional<Omit<FlowRequest, 'type' | 'reason'>> & { type: FlowType; reason: Reason },
): FlowRequest {
  return { ...given(body), type: body.type, reason: body.reason } as FlowRequest;
}

export const flowAnswerShape = {
  prompt: z.string().min(1).max(32),
  answer: z.string().max(256),
  challenge: z.string().max(16).optional(),
};
