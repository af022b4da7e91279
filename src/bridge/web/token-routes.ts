// Cards and fingerprints, by slot. A card's number comes in and never goes out.
import { z } from 'zod';
import type { CredentialView, TokenAccess, TokenRequest } from '../../access/access.ts';
import { checkTokens, enrolToken, freeSlot, MOST_ENROL_S, type TokenKind } from '../../access/enrolment.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { Secret } from '../../base/log.ts';
import type { LockView } from '../../lock/lock.ts';
import { moment, slotParams, weekly } from './code-routes.ts';
import type { Events } from './events.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { credential, tokenLists } from './shapes/access-shapes.ts';

const slot = z.int().min(1).max(65_535);
const terms = {
  person: z.string().trim().min(1).max(64).optional(),
  from: moment.optional(),
  until: moment.optional(),
  weekly: weekly.optional(),
};
const number = z.string().regex(/^\d{1,20}$/, 'must be digits');

interface Place {
  kind: TokenKind;
  parts: ApiParts;
  tokens: TokenAccess;
}

export function tokenRoutes(parts: ApiParts, events: Events): Route[] {
  const { tokens } = parts;
  if (!tokens) return [];
  const kinds: TokenKind[] = ['card', 'finger'];
  return kinds.flatMap(kind => {
    const place = { kind, parts, tokens };
    return [...lookRoutes(place), ...changeRoutes(place), enrolRoute(place, events)];
  });
}

function lookRoutes({ kind, parts, tokens }: Place): Route[] {
  const { locks, access } = parts;
  const listed = ({ id }: LockView): object => {
    return { capacity: tokens.capacity(id, kind), [`${kind}s`]: access.credentials(id).filter(it => it.kind === kind) };
  };
  return [
    route({
      method: 'GET',
      url: `/api/locks/:lock/${kind}s`,
      right: 'anyone',
      about: 'The slots that are taken.',
      answer: tokenLists[kind],
      fails: ['unsupported'],
      params: lockParams,
      handle: ({ params }) => listed(withReader(parts, params.lock, kind)),
    }),
    route({
      method: 'POST',
      url: `/api/locks/:lock/${kind}s/refresh`,
      right: 'manager',
      about: 'Reads what is on the lock and brings the list in line.',
      answer: tokenLists[kind],
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        const view = withReader(parts, params.lock, kind);
        await access.reconcile(view.id, asker);
        return listed(view);
      },
    }),
    route({
      method: 'GET',
      url: `/api/locks/:lock/${kind}s/:slot`,
      right: 'anyone',
      about: 'One slot.',
      answer: credential,
      params: slotParams,
      handle({ params }): CredentialView {
        const { id } = viewOf(locks, params.lock);
        const found = access.credentials(id).find(it => it.kind === kind && it.slot === params.slot);
        if (found) return found;
        throw new LockError('not_found', `There is no ${kind} in slot ${params.slot}.`);
      },
    }),
  ];
}

function changeRoutes({ kind, parts, tokens }: Place): Route[] {
  const body = z.strictObject({ ...terms, ...(kind === 'card' ? { number: number.optional() } : {}) });
  return [
    route({
      method: 'PUT',
      url: `/api/locks/:lock/${kind}s/:slot`,
      right: 'manager',
      about: 'With a number: adds that card. Without: changes when the one in the slot opens, and whose it is.',
      answer: credential,
      fails: ASKS_LOCK,
      params: slotParams,
      body,
      handle({ params, body: wish, asker }) {
        const { id } = withReader(parts, params.lock, kind);
        const { number: digits, ...rest } = wish as z.infer<typeof body> & { number?: string };
        const request: TokenRequest = given(rest);
        if (digits === undefined) return tokens.setValidity(id, kind, params.slot, request, asker);
        return tokens.addCard(id, params.slot, { ...request, number: new Secret(digits) }, asker);
      },
    }),
    route({
      method: 'DELETE',
      url: `/api/locks/:lock/${kind}s/:slot`,
      right: 'manager',
      about: 'Takes it off the lock.',
      answer: z.strictObject({ removed: z.int() }),
      fails: ASKS_LOCK,
      params: slotParams,
      async handle({ params, asker }) {
        await tokens.remove(withReader(parts, params.lock, kind).id, kind, params.slot, asker);
        return { removed: params.slot };
      },
    }),
    ...(kind === 'card' ? [addRoute({ kind, parts, tokens })] : []),
  ];
}

function addRoute({ kind, parts, tokens }: Place): Route {
  return route({
    method: 'POST',
    url: '/api/locks/:lock/cards',
    right: 'manager',
    about: 'Adds a card of a known number in the first free slot.',
    answer: credential,
    fails: ASKS_LOCK,
    params: lockParams,
    body: z.strictObject({ ...terms, number }),
    handle({ params, body, asker }) {
      const view = withReader(parts, params.lock, kind);
      const { number: digits, ...rest } = body;
      const at = freeSlot({ access: parts.access, tokens }, view, kind);
      return tokens.addCard(view.id, at, { ...given(rest), number: new Secret(digits) }, asker);
    },
  });
}

function enrolRoute({ kind, parts, tokens }: Place, events: Events): Route {
  const { access, clock } = parts;
  return route({
    method: 'POST',
    url: `/api/locks/:lock/${kind}s/enrol`,
    right: 'manager',
    about:
      'Waits for a person at the lock; the events of kind "enrol" say what they are to do. Hanging up ends the wait.',
    answer: credential,
    fails: ASKS_LOCK,
    params: lockParams,
    body: z.strictObject({
      ...terms,
      slot: slot.optional(),
      seconds: z.int().min(5).max(MOST_ENROL_S).optional(),
    }),
    handle({ params, body, asker }, reply) {
      const view = withReader(parts, params.lock, kind);
      const { slot: at, seconds, ...rest } = body;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      return enrolToken(
        { access, tokens, clock },
        view,
        { kind, slot: at, seconds, request: given(rest) },
        { asker, signal: gone.signal, tell: news => events.enrol(view, news) },
      );
    },
  });
}

function withReader({ locks }: ApiParts, lock: string, kind: TokenKind): LockView {
  const view = viewOf(locks, lock);
  checkTokens(view, kind);
  return view;
}
