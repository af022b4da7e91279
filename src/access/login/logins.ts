// Who may use the page and the HTTP API: accounts, their sessions, one-time links, tokens for programs.
import { Accounts } from './accounts.ts';
import { ApiTokens } from './api-tokens.ts';
import type { LoginGround } from './ground.ts';
import { Links } from './links.ts';
import { Passwords } from './password.ts';
import { Sessions } from './sessions.ts';

export interface Logins {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly tokens: ApiTokens;
}

/** `passwords` is given by tests, whose passwords are cheap. */
export function makeLogins(ground: LoginGround, passwords = new Passwords()): Logins {
  return {
    accounts: new Accounts(ground, passwords),
    sessions: new Sessions(ground),
    links: new Links(ground),
    tokens: new ApiTokens(ground),
  };
}
