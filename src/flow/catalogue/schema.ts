// The shape of procedures.yaml. Nothing that the file has and this does not know is let through.
import { z } from 'zod';

const confidence = z.enum(['seen', 'recalled', 'unknown']);
const words = z.string().min(1).max(2000);
const ids = z.array(z.string().min(1).max(40));

const fact = z.strictObject({ v: words, c: confidence, s: ids.default([]) });
export type RawFact = z.infer<typeof fact>;

const source = z.strictObject({
  t: words,
  u: z.string().nullable(),
  q: z.enum(['vendor', 'code', 'integrator', 'community', 'secondary']),
});

const values = z.strictObject({
  /** Seconds: shortest and longest hold of the reset button. */
  hold: z.tuple([z.number().positive().max(120), z.number().positive().max(120)]).optional(),
  /** Digits that open it after a reset. */
  code: z
    .string()
    .regex(/^\d{4,12}$/)
    .optional(),
  /** Who resets it at the lock: a button, or only the maker's app and what it shows. */
  reset: z.enum(['button', 'maker']).default('button'),
  opens: z.enum(['nobody', 'default_code', 'any_code', 'unknown']).default('unknown'),
  /** Wrong codes that may be typed before it locks itself for a while. */
  wrong_codes: z.int().min(1).max(20).optional(),
});

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  family: z.string().min(1).max(32).optional(),
  generic: z.boolean().optional(),
  values: values.optional(),
  brand: words,
  models: z.array(words).min(1),
  form: z.enum(['deadbolt', 'lever', 'mortise', 'rim', 'retrofit', 'keybox', 'padlock', 'cylinder', 'module', 'any']),
  radio: z.enum(['ble', 'ble+wifi', 'zwave', 'zigbee', 'thread', 'none']),
  wake: fact.optional(),
  pairing_mode: fact.optional(),
  reset_physical: fact.optional(),
  reset_radio: fact.optional(),
  soft_ops: fact.optional(),
  exposure_after_reset: fact.optional(),
  default_code: fact.optional(),
  erases: fact.optional(),
  keeps: fact.optional(),
  account_binding: fact.optional(),
  orientation: fact.optional(),
  battery: fact.optional(),
  needs_on_hand: fact.optional(),
  evidence: fact.optional(),
  conflicts: z.array(words).default([]),
  source: ids,
  confidence,
});
export type RawEntry = z.infer<typeof entry>;

export const catalogue = z.strictObject({
  schema_version: z.literal(1),
  compiled: z.string(),
  confidence_levels: z.array(confidence),
  sources: z.record(z.string(), source),
  conventions: z.record(z.string(), fact),
  locks: z.array(entry).min(1),
});
export type RawCatalogue = z.infer<typeof catalogue>;

/** Names of facts, in the order in which people read them. */
export const FACTS = [
  'wake',
  'pairing_mode',
  'reset_physical',
  'reset_radio',
  'soft_ops',
  'exposure_after_reset',
  'default_code',
  'erases',
  'keeps',
  'account_binding',
  'orientation',
  'battery',
  'needs_on_hand',
  'evidence',
] as const;
