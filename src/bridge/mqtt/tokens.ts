// The requests `lock/card/...` and `lock/finger/...`. A card's number comes in and never goes out.
import { z } from 'zod';
import type { CredentialView, TokenRequest } from '../../access/access.ts';
import { checkTokens, enrolToken, freeSlot, MOST_ENROL_S, type TokenKind } from '../../access/enrolment.ts';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import { credentialDocument, moment, weekly } from './codes.ts';
import { lockText, request, type Request, type RequestParts } from './request.ts';

const slot = z.int().min(1).max(65_535);
const terms = {
  person: z.string().min(1).max(64).optional(),
  from: moment.optional(),
  until: moment.optional(),
  weekly: weekly.optional(),
};
/** Eight bytes at most; as text, since JSON numbers end before that. */
const number = z.union([z.string().regex(/^\d{1,20}$/), z.int().nonnegative()]).transform(String);

const enrolBody = z.object({
  lock: lockText,
  slot: slot.optional(),
  seconds: z.int().min(5).max(MOST_ENROL_S).optional(),
  transaction: z.unknown().optional(),
  ...terms,
});

export function tokenRequests(parts: RequestParts): [string, Request][] {
  return [...requestsFor('card', parts), ...requestsFor('finger', parts), ...addRequest(parts)];
}

function requestsFor(kind: TokenKind, parts: RequestParts): [string, Request][] {
  const { access, tokens, lock, clock, tell, ended } = parts;
  if (!tokens) return [];
  return [
    [
      `lock/${kind}/enrol`,
      request(enrolBody, async (body, asker) => {
        const view = lock(body.lock);
        const echoed = body.transaction === undefined ? {} : { transaction: body.transaction };
        const kept = await enrolToken(
          { access, tokens, clock },
          view,
          { kind, slot: body.slot, seconds: body.seconds, request: termsOf(body) },
          { asker, signal: ended, tell: news => tell('enrol', { id: view.id, lock: view.name, ...news, ...echoed }) },
        );
        return { id: view.id, lock: view.name, ...credentialDocument(kept) };
      }),
    ],
    [
      `lock/${kind}/validity`,
      request(z.object({ lock: lockText, slot, ...terms }), async (body, asker) => {
        const view = lock(body.lock);
        checkTokens(view, kind);
        const kept = await tokens.setValidity(view.id, kind, body.slot, termsOf(body), asker);
        return { id: view.id, lock: view.name, ...credentialDocument(kept) };
      }),
    ],
    [
      `lock/${kind}/delete`,
      request(z.object({ lock: lockText, slot }), async (body, asker) => {
        const view = lock(body.lock);
        checkTokens(view, kind);
        await tokens.remove(view.id, kind, body.slot, asker);
        return { id: view.id, lock: view.name, slot: body.slot };
      }),
    ],
    [
      `lock/${kind}/list`,
      request(z.object({ lock: lockText, refresh: z.boolean().optional() }), async (body, asker) => {
        const view = lock(body.lock);
        checkTokens(view, kind);
        const kept = body.refresh ? await access.reconcile(view.id, asker) : access.credentials(view.id);
        const listed = kept.filter(each => each.kind === kind).map(credentialDocument);
        return { id: view.id, lock: view.name, capacity: tokens.capacity(view.id, kind), [`${kind}s`]: listed };
      }),
    ],
  ];
}

/** A finger cannot be told in numbers. */
function addRequest({ access, tokens, lock }: RequestParts): [string, Request][] {
  if (!tokens) return [];
  const body = z.object({ lock: lockText, slot: slot.optional(), number, ...terms });
  return [
    [
      'lock/card/add',
      request(body, async (wish, asker): Promise<object> => {
        const view = lock(wish.lock);
        checkTokens(view, 'card');
        const at = wish.slot ?? freeSlot({ access, tokens }, view, 'card');
        const card = { ...termsOf(wish), number: new Secret(wish.number) };
        const kept: CredentialView = await tokens.addCard(view.id, at, card, asker);
        return { id: view.id, lock: view.name, ...credentialDocument(kept) };
      }),
    ],
  ];
}

type Terms = { [K in keyof TokenRequest]?: TokenRequest[K] | undefined };

function termsOf({ person, from, until, weekly: windows }: Terms): TokenRequest {
  return given({ person, from, until, weekly: windows });
}
