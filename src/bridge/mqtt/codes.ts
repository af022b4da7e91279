// The requests `lock/code/set`, `lock/code/delete` and `lock/code/list`.
import { z } from 'zod';
import type { CodeRequest, CredentialView } from '../../access/access.ts';
import { weeklyOf, weeklyText } from '../../access/weekly.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { Secret, shown } from '../../base/log.ts';
import { lockText, request, type Request, type RequestParts } from './request.ts';
import { stamp } from './state.ts';
import { digits } from './users.ts';

const slot = z.int().min(0).max(65_535);
const time = z.union([z.iso.datetime({ offset: true }), z.int().min(0).max(8.64e15)]);
/** ISO 8601 with an offset, or ms since the epoch. */
export const moment = z
  .custom<z.infer<typeof time>>(
    at => time.safeParse(at).success,
    'Times are written like "2026-05-11T15:00:00+02:00", with the offset of the zone.',
  )
  .transform(at => (typeof at === 'number' ? at : Date.parse(at)));

/** Like "mon-fri 08:00-17:00". */
export const weekly = z
  .string()
  .max(512)
  .transform((text, context) => {
    try {
      return weeklyOf(text);
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: (thrown as Error).message });
      return z.NEVER;
    }
  });

const setBody = z.object({
  lock: lockText,
  slot: slot.optional(),
  user: slot.optional(),
  pin_code: digits.optional(),
  code: digits.optional(),
  kind: z.enum(['permanent', 'once', 'period', 'cyclic']).optional(),
  from: moment.optional(),
  until: moment.optional(),
  weekly: weekly.optional(),
  person: z.string().min(1).max(64).optional(),
  enabled: z.boolean().optional(),
});

export function codeRequests({ access, lock }: RequestParts): [string, Request][] {
  return [
    [
      'lock/code/set',
      request(setBody, async (body, asker) => {
        const view = lock(body.lock);
        const value = body.pin_code ?? body.code;
        if (value === undefined) throw missing('pin_code');
        const { kind, from, until, person, enabled } = body;
        const terms = given({ kind, from, until, weekly: body.weekly, person, enabled });
        const code: CodeRequest = { digits: new Secret(value), ...terms };
        const kept = await access.setCode(view.id, slotOf(body), code, asker);
        return { id: view.id, lock: view.name, ...credentialDocument(kept) };
      }),
    ],
    [
      'lock/code/delete',
      request(z.object({ lock: lockText, slot: slot.optional(), user: slot.optional() }), async (body, asker) => {
        const view = lock(body.lock);
        await access.clearCode(view.id, slotOf(body), asker);
        return { id: view.id, lock: view.name, slot: slotOf(body) };
      }),
    ],
    [
      'lock/code/list',
      request(z.object({ lock: lockText, refresh: z.boolean().optional() }), async (body, asker) => {
        const view = lock(body.lock);
        const kept = body.refresh ? await access.reconcile(view.id, asker) : access.credentials(view.id);
        const codes = kept.filter(each => each.kind === 'code').map(credentialDocument);
        return { id: view.id, lock: view.name, capacity: access.capacity(view.id), codes };
      }),
    ],
  ];
}

function slotOf(body: { slot?: number | undefined; user?: number | undefined }): number {
  const at = body.slot ?? body.user;
  if (at === undefined) throw missing('slot');
  return at;
}

/** A code, a card or a fingerprint: everything but the value. */
export function credentialDocument(kept: CredentialView): Readonly<Record<string, unknown>> {
  return {
    slot: kept.slot,
    kind: kept.kind,
    state: kept.state,
    known: kept.known,
    ...(kept.codeKind === undefined ? {} : { code_kind: kept.codeKind }),
    ...(kept.from === undefined ? {} : { from: stamp(kept.from) }),
    ...(kept.until === undefined ? {} : { until: stamp(kept.until) }),
    ...(kept.weekly ? { weekly: weeklyText(kept.weekly) } : {}),
    ...(kept.person === undefined ? {} : { person: shown(kept.person.name) }),
  };
}

function missing(field: string): LockError {
  return new LockError('invalid', `"${field}" is missing or not what it should be.`);
}
