// Tokens for programs: a role, perhaps only some locks, perhaps only looking. Shown once.
import { hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import type { Secret } from '../../base/log.ts';
import type { Asker } from '../../lock/lock.ts';
import type { KeptToken, TokenRole } from '../../lock/logins.ts';
import { isOpen } from './accounts.ts';
import type { LoginGround } from './ground.ts';
import { hashOf, newKey } from './keys.ts';

/** So that whoever finds one knows what it is, and scanners for leaked secrets do. */
const MARK = 'latchbridge_';
const NOTE_MS = 60_000;

export interface NewToken {
  name: string;
  role: TokenRole;
  looks?: boolean;
  /** Ids. */
  locks?: readonly string[];
  until?: number;
}

export class ApiTokens {
  readonly #ground: LoginGround;

  constructor(ground: LoginGround) {
    this.#ground = ground;
  }

  all(): KeptToken[] {
    return this.#ground.shelf.tokens();
  }

  add({ name, role, looks = false, locks, until }: NewToken, by: Asker): { key: Secret<string>; token: KeptToken } {
    const { shelf, clock, random, audit } = this.#ground;
    const key = newKey(random, MARK);
    const kept = { id: hex(random(4)), hash: hashOf(key), name, role, looks, madeBy: by.who };
    const token = { ...kept, madeAt: Math.round(clock.now()), ...given({ locks, until }) };
    shelf.addToken(token);
    audit.write({ what: 'token_made', via: by.via, who: by.who, detail: `token:${token.id}, ${role}` });
    return { key, token };
  }

  /** Whose it is; undefined for a revoked, ended or made up one. */
  find(key: Secret<string>): KeptToken | undefined {
    const { shelf, clock } = this.#ground;
    const token = shelf.token(hashOf(key));
    const now = Math.round(clock.now());
    if (!token || !isOpen(given({ until: token.until }), now)) return undefined;
    if (token.usedAt === undefined || Math.abs(now - token.usedAt) >= NOTE_MS) shelf.usedToken(token.id, now);
    return token;
  }

  /** By id, or by name where only one has it. */
  revoke(idOrName: string, by: Asker): KeptToken {
    const all = this.all();
    const named = all.filter(({ name }) => name === idOrName);
    const token = all.find(({ id }) => id === idOrName) ?? (named.length === 1 ? named[0] : undefined);
    if (!token) {
      throw new LockError('not_found', 'There is no such token. latchbridge web tokens lists them, with their ids.', {
        reason: 'unknown_token',
      });
    }
    this.#ground.shelf.removeToken(token.id);
    const { audit } = this.#ground;
    audit.write({ what: 'token_revoked', via: by.via, who: by.who, detail: `token:${token.id}, ${token.role}` });
    return token;
  }
}
