// Logins of the page and the HTTP API as they are kept, and the port to where. store/ implements it.

export type LoginRole = 'owner' | 'manager' | 'technician' | 'viewer';
export type TokenRole = 'owner' | 'manager' | 'automation' | 'viewer';

/** Somebody who may come in. Without password and Home Assistant user only a link leads in. Times in ms since the epoch. */
export interface KeptLogin {
  id: string;
  name: string;
  /** Its form for comparing: no two differ in capitals only. */
  folded: string;
  role: LoginRole;
  /** As access/login/password.ts writes it. */
  password?: string;
  /** The id of the user of Home Assistant that this is. */
  haUser?: string;
  /** Of a technician: ids or names. */
  units?: readonly string[];
  from?: number;
  until?: number;
  madeAt: number;
}

export interface KeptSession {
  /** Can be shown; it opens nothing. */
  id: string;
  hash: string;
  login?: string;
  role: LoginRole;
  /** It reaches this flow only. */
  flow?: string;
  device: string;
  madeAt: number;
  seenAt: number;
  endsAt: number;
}

export interface KeptLink {
  hash: string;
  purpose: 'setup' | 'login' | 'flow';
  login?: string;
  role: LoginRole;
  flow?: string;
  until: number;
  sessionUntil?: number;
}

export interface KeptToken {
  id: string;
  hash: string;
  name: string;
  role: TokenRole;
  looks: boolean;
  /** Ids; absent: all. */
  locks?: readonly string[];
  madeBy: string;
  madeAt: number;
  usedAt?: number;
  until?: number;
}

export interface KeptTries {
  key: string;
  times: readonly number[];
  closings: number;
  closedUntil: number;
}

/** Every change is on the disk when the call returns, but `sawSession` and `usedToken`. */
export interface LoginShelf {
  /** Oldest first. */
  logins(): KeptLogin[];
  /** `invalid` (reason `taken`) where another one has its name or Home Assistant user. */
  saveLogin(login: KeptLogin): void;
  /** With its sessions and links. */
  removeLogin(id: string): void;
  session(hash: string): KeptSession | undefined;
  /** Newest first; of one login, or all. */
  sessions(login?: string): KeptSession[];
  addSession(session: KeptSession): void;
  sawSession(id: string, at: number): void;
  removeSession(id: string): void;
  addLink(link: KeptLink): void;
  link(hash: string): KeptLink | undefined;
  /** Whether it was still there. */
  removeLink(hash: string): boolean;
  /** Those of a login. */
  removeLinks(login: string): void;
  tokens(): KeptToken[];
  token(hash: string): KeptToken | undefined;
  addToken(token: KeptToken): void;
  usedToken(id: string, at: number): void;
  removeToken(id: string): void;
  tries(key: string): KeptTries | undefined;
  /** Keeps the newest `most` and forgets the others. */
  saveTries(tries: KeptTries, at: number, most: number): void;
  removeTries(key: string): void;
  /** Takes away sessions and links that have ended. */
  tidy(now: number): void;
  together<T>(work: () => T): T;
}
