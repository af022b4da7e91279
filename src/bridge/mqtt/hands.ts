// `<base>/demo/<lock>/hand`: the hands of a virtual lock, in a demo only. Answers go to `<base>/demo/<lock>/said`.
import { z } from 'zod';
import type { Json } from '../../lock/driver.ts';
import type { Hands } from '../../lock/upkeep.ts';
import { bodyOf, checked } from './envelope.ts';

const MOST_DETAILS = 8;

const detail = z.union([z.string().max(64), z.number(), z.boolean(), z.null()]);
const handBody = z
  .record(z.string().max(32), z.unknown())
  .transform(({ transaction: _transaction, ...act }) => act)
  .pipe(z.record(z.string(), detail))
  .refine(act => typeof act['act'] === 'string' && Object.keys(act).length <= MOST_DETAILS, {
    message: 'Say which "act" the hands are to do, with at most a few details.',
  });

/** Does it; a plain word is an act without details. */
export async function useHands(hands: Hands, lock: string, text: string): Promise<Json> {
  const word = text.trim();
  const body = /^[a-z_]{1,32}$/.test(word) ? { act: word } : bodyOf(text);
  return hands.act(lock, checked(handBody, body) as { act: string });
}
