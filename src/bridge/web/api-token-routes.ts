// Tokens for programs that use the API, for owners.
import { z } from 'zod';
import type { ApiTokens } from '../../access/login/api-tokens.ts';
import { given } from '../../base/given.ts';
import type { KeptToken, TokenRole } from '../../lock/logins.ts';
import { moment } from './code-routes.ts';
import { viewOf as lockOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { type Route, route } from './route.ts';
import { apiTokenView, madeToken, tokenRole } from './shapes/login-shapes.ts';

export interface ApiTokenView {
  id: string;
  name: string;
  role: TokenRole;
  looks: boolean;
  locks?: readonly string[];
  made: number;
  made_by: string;
  used?: number;
  until?: number;
}

export function apiTokenRoutes(tokens: ApiTokens, { locks }: Pick<ApiParts, 'locks'>): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/api_tokens',
      right: 'owner',
      about: 'The tokens that there are; not what they are.',
      answer: z.strictObject({ tokens: z.array(apiTokenView) }),
      handle: () => ({ tokens: tokens.all().map(viewOf) }),
    }),
    route({
      method: 'POST',
      url: '/api/api_tokens',
      right: 'owner',
      prove: true,
      about: 'Makes one, and shows it this once. What needs a password is refused to it.',
      answer: madeToken,
      body: z.strictObject({
        name: z.string().trim().min(1).max(64),
        role: tokenRole.optional(),
        looks: z.boolean().optional(),
        locks: z.array(z.string().min(1).max(64)).min(1).max(500).optional(),
        until: moment.optional(),
      }),
      handle({ body, asker }) {
        const { name, role = 'automation', looks, until } = body;
        const ids = body.locks?.map(lock => lockOf(locks, lock).id);
        const { key, token } = tokens.add({ name, role, ...given({ looks, until, locks: ids }) }, asker);
        return { ...viewOf(token), token: key.reveal() };
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/api_tokens/:token',
      right: 'owner',
      prove: true,
      about: 'Makes one worthless, by its id or its name.',
      answer: z.strictObject({ revoked: apiTokenView }),
      params: z.strictObject({ token: z.string().min(1).max(64) }),
      handle: ({ params, asker }) => ({ revoked: viewOf(tokens.revoke(params.token, asker)) }),
    }),
  ];
}

function viewOf({ id, name, role, looks, locks, madeAt, madeBy, usedAt, until }: KeptToken): ApiTokenView {
  return { id, name, role, looks, made: madeAt, made_by: madeBy, ...given({ locks, used: usedAt, until }) };
}
