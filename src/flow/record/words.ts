// The signed record of a flow that destroyed something: what was erased, how surely, and who could still get in.
import { z } from 'zod';

export const FORMAT = 'latchbridge-record/1';

const grade = z.enum(['E0', 'E1', 'E2', 'E3']);
const text = z.string().min(1).max(2000);
const time = z.iso.datetime();
const word = z.enum(['proved', 'observed', 'stated', 'not verified']);

/** A sentence that the record vouches for as far as its word goes. */
const statement = z.strictObject({
  word,
  grade,
  what: text,
  /** `stated`: by whom. */
  by: z.string().max(200).optional(),
  step: z.string().max(64).optional(),
  at: time,
});

const count = z.int().min(0);
const erased = z.strictObject({
  kind: z.string().max(40),
  before: count,
  /** Absent: nobody read it afterwards. */
  after: count.optional(),
  grade,
});

const residual = z.strictObject({ kind: z.string().max(40), text, until: time.optional() });

export const recordBody = z.strictObject({
  format: z.literal(FORMAT),
  id: z.string().regex(/^r-[0-9a-f]{8,32}$/),
  /** incomplete: it may not be read as a proof that the lock is safe; `missing` says why. */
  kind: z.enum(['record', 'incomplete']),
  title: text,
  missing: z.array(text),
  subject: z.strictObject({
    lock: z.string().max(64),
    name: z.string().max(128),
    unit: z.string().max(128),
    family: z.string().max(32),
    model: z.string().max(128).optional(),
    firmware: z.string().max(128).optional(),
    /** SHA-256 over the lock's id and its serial number: whoever has both can compare. */
    serial_hash: z.string().max(64).optional(),
    generation_before: count,
    generation_after: count,
  }),
  flow: z.strictObject({
    id: z.string().max(64),
    type: z.string().max(32),
    rung: z.string().max(32),
    reason: z.string().max(64),
    goal: text,
    plan_hash: z.string().max(64),
    journal_lines: count,
    journal_hash: z.string().max(64),
    state: z.string().max(40),
    started_at: time,
    pivot_at: time.optional(),
    ended_at: time,
    /** Seconds in which the door opened to the public. */
    exposure_seconds: z.number().min(0),
    /** doubtful: the computer did not know the time. */
    clock: z.enum(['plausible', 'doubtful']),
  }),
  people: z.strictObject({
    starter: z.string().max(200),
    /** Who confirmed, or the policy that did. */
    confirmer: z.string().max(200).optional(),
    hands: z.array(z.string().max(200)),
  }),
  erased: z.array(erased),
  statements: z.array(statement),
  residual_access: z.array(residual),
  overrides: z.array(z.strictObject({ rule: z.string().max(16), sentence: text })),
});
export type RecordBody = z.infer<typeof recordBody>;

export const signedRecord = z.strictObject({
  record: recordBody,
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    /** Raw public key, base64url. */
    public_key: z.string().regex(/^[\w-]{43}$/),
    value: z.string().regex(/^[\w-]{86}$/),
  }),
});
export type SignedRecord = z.infer<typeof signedRecord>;

/** The strongest word that a grade allows. */
export function wordFor(of: z.infer<typeof grade>): z.infer<typeof word> {
  return ({ E3: 'proved', E2: 'observed', E1: 'stated', E0: 'not verified' } as const)[of];
}
