// Codes on a lock's keypad, by slot. A code's digits come in and never go out.
import { z } from 'zod';
import type { CredentialView } from '../../access/access.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { codeList, credential } from './shapes/access-shapes.ts';

export const slotParams = lockParams.extend({ slot: z.coerce.number().int().min(0).max(65_535) });
/** ms since the epoch. */
export const moment = z.int().min(0).max(8.64e15);
const MINUTES = 24 * 60;
/** Day 1 is Monday; minutes since midnight. */
export const weekly = z
  .array(
    z.strictObject({
      day: z.int().min(1).max(7),
      startMinute: z.int().min(0).max(MINUTES),
      endMinute: z.int().min(0).max(MINUTES),
    }),
  )
  .max(21);
const codeBody = z
  .strictObject({
    digits: z
      .string()
      .regex(/^\d{1,16}$/, 'must be digits')
      .optional(),
    kind: z.enum(['permanent', 'once', 'period', 'cyclic']).optional(),
    from: moment.optional(),
    until: moment.optional(),
    weekly: weekly.optional(),
    person: z.string().trim().min(1).max(64).optional(),
    enabled: z.boolean().optional(),
  })
  .refine(it => it.digits !== undefined || it.enabled !== undefined, 'give digits, or enabled to switch a known code')
  .refine(
    it => it.digits !== undefined || Object.keys(it).every(key => key === 'enabled'),
    'what a code is can only be changed together with its digits',
  );

export function codeRoutes({ access, locks }: ApiParts): Route[] {
  const codesOf = (lock: string): CredentialView[] => access.credentials(lock).filter(it => it.kind === 'code');
  const listed = (lock: string) => ({ capacity: access.capacity(lock), codes: codesOf(lock) });
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/codes',
      right: 'anyone',
      about: 'The slots that are taken.',
      answer: codeList,
      params: lockParams,
      handle: ({ params }) => listed(viewOf(locks, params.lock).id),
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/codes/refresh',
      right: 'manager',
      about: 'Reads what is on the lock and brings the list in line.',
      answer: codeList,
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        const { id } = viewOf(locks, params.lock);
        await access.reconcile(id, asker);
        return listed(id);
      },
    }),
    route({
      method: 'GET',
      url: '/api/locks/:lock/codes/:slot',
      right: 'anyone',
      about: 'One slot; never its digits.',
      answer: credential,
      params: slotParams,
      handle({ params }) {
        const code = codesOf(viewOf(locks, params.lock).id).find(it => it.slot === params.slot);
        if (!code) throw new LockError('not_found', `There is no code in slot ${params.slot}.`);
        return code;
      },
    }),
    route({
      method: 'PUT',
      url: '/api/locks/:lock/codes/:slot',
      right: 'manager',
      about: 'Sets the code of a slot, or switches a known one on or off. Answers when the lock has confirmed it.',
      answer: credential,
      fails: ASKS_LOCK,
      params: slotParams,
      body: codeBody,
      handle({ params, body, asker }) {
        const { id } = viewOf(locks, params.lock);
        const { digits, ...rest } = body;
        if (digits === undefined) return access.setEnabled(id, params.slot, body.enabled === true, asker);
        return access.setCode(id, params.slot, { digits: new Secret(digits), ...given(rest) }, asker);
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/locks/:lock/codes/:slot',
      right: 'manager',
      about: 'Takes the code of a slot off the lock.',
      answer: z.strictObject({ cleared: z.int() }),
      fails: ASKS_LOCK,
      params: slotParams,
      async handle({ params, asker }) {
        await access.clearCode(viewOf(locks, params.lock).id, params.slot, asker);
        return { cleared: params.slot };
      },
    }),
  ];
}
