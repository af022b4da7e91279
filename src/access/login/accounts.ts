// Accounts: who may come in, as what, and with which password. The last owner stays.
import { hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import type { Secret } from '../../base/log.ts';
import type { Asker } from '../../lock/lock.ts';
import type { KeptLogin, LoginRole } from '../../lock/logins.ts';
import type { LoginGround } from './ground.ts';
import { type Passwords, goodPassword } from './password.ts';
import { Tries } from './tries.ts';

export interface NewLogin {
  name: string;
  role: LoginRole;
  password?: Secret<string>;
  haUser?: string;
  units?: readonly string[];
  from?: number;
  until?: number;
}
/** null takes it away. */
export type LoginChange = {
  role?: LoginRole;
  password?: Secret<string> | null;
  units?: readonly string[] | null;
  from?: number | null;
  until?: number | null;
};

const MOST_STRANGERS = 20;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,31}$/u;
export const NAME_RULE = 'must be 1 to 32 letters, digits, spaces or . _ @ -, and begin with a letter or digit';

/** The form in which names are compared. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

export function isLoginName(name: string): boolean {
  return NAME.test(name) && !name.endsWith(' ');
}

export class Accounts {
  readonly #ground: LoginGround;
  readonly #passwords: Passwords;
  readonly #tries: Tries;
  /** Users of Home Assistant who have looked and are nobody here, newest last. */
  readonly #strangers = new Map<string, string>();

  constructor(ground: LoginGround, passwords: Passwords) {
    this.#ground = ground;
    this.#passwords = passwords;
    this.#tries = new Tries(ground.shelf, ground.clock);
  }

  all(): KeptLogin[] {
    return this.#ground.shelf.logins();
  }

  get hasOwner(): boolean {
    return this.all().some(login => login.role === 'owner');
  }

  find(idOrName: string): KeptLogin | undefined {
    const all = this.all();
    return all.find(({ id }) => id === idOrName) ?? all.find(login => login.folded === folded(idOrName));
  }

  /** Who that user of Home Assistant is here; a stranger is remembered, so that an owner need not type an id. */
  ofHomeAssistant({ id, name }: { id: string; name: string }): KeptLogin | undefined {
    const known = this.all().find(({ haUser }) => haUser === id);
    this.#strangers.delete(id);
    if (known) return known;
    this.#strangers.set(id, name);
    const [oldest] = this.#strangers.keys();
    if (this.#strangers.size > MOST_STRANGERS && oldest !== undefined) this.#strangers.delete(oldest);
    return undefined;
  }

  strangers(): { home_assistant: string; name: string }[] {
    const known = new Set(this.all().map(({ haUser }) => haUser));
    const unknown = [...this.#strangers].filter(([id]) => !known.has(id));
    return unknown.map(([id, name]) => ({ home_assistant: id, name }));
  }

  /** `invalid` (reasons `weak_password`, `taken`, `request`). */
  async add(wanted: NewLogin, by: Asker): Promise<KeptLogin> {
    return this.#add(wanted, by, () => undefined);
  }

  async #add(wanted: NewLogin, by: Asker, still: () => void): Promise<KeptLogin> {
    const { name, password } = wanted;
    if (!isLoginName(name)) throw new LockError('invalid', `The name ${NAME_RULE}.`, { reason: 'request' });
    if (this.find(name)) throw taken(name);
    if (password) goodPassword(password, name);
    const kept = password && (await this.#passwords.make(password));
    still();
    const { clock, random, shelf } = this.#ground;
    const { role, haUser, units, from, until } = wanted;
    const more = given({ password: kept, haUser, units, from, until });
    const login = { id: hex(random(4)), name, folded: folded(name), role, madeAt: Math.round(clock.now()), ...more };
    shelf.saveLogin(login);
    this.#said('login_added', by, `${name}, ${role}`);
    return login;
  }

  /** `rejected` (reason `already_set_up`), also where somebody was faster while the password was hashed. */
  async addFirst(wanted: Omit<NewLogin, 'role'>, by: Asker): Promise<KeptLogin> {
    this.mayBeFirst();
    return this.#add({ ...wanted, role: 'owner' }, by, () => this.mayBeFirst());
  }

  /** Everywhere else it is logged out, and its links end, since what it may has changed. `keep` is the session that asks. */
  async change(idOrName: string, change: LoginChange, by: { asker: Asker; keep?: string }): Promise<KeptLogin> {
    const { password } = change;
    const { id, name } = this.must(idOrName);
    const kept = password && (await this.#passwords.make(goodPassword(password, name)));
    // Only now: others may have changed or removed it meanwhile.
    const login = this.must(id);
    const { role = login.role } = change;
    const until = either(change.until, login.until);
    if (login.role === 'owner' && role !== 'owner') this.#notTheLast(login);
    if (role === 'owner' && until !== undefined) throw endless();
    const { shelf } = this.#ground;
    const changed = {
      id,
      name,
      folded: login.folded,
      role,
      madeAt: login.madeAt,
      ...given({
        haUser: login.haUser,
        password: password === null ? undefined : (kept ?? login.password),
        units: either(change.units, login.units),
        from: either(change.from, login.from),
        until,
      }),
    };
    shelf.together(() => {
      shelf.saveLogin(changed);
      shelf.removeLinks(id);
      for (const session of shelf.sessions(id)) if (session.id !== by.keep) shelf.removeSession(session.id);
    });
    const what = password === undefined ? 'login_changed' : 'login_password_changed';
    this.#said(what, by.asker, `${name}, ${role}`);
    return changed;
  }

  remove(idOrName: string, by: Asker): KeptLogin {
    const login = this.must(idOrName);
    if (login.role === 'owner') this.#notTheLast(login);
    this.#ground.shelf.removeLogin(login.id);
    this.#said('login_removed', by, `${login.name}, ${login.role}`);
    return login;
  }

  /** `unauthenticated` (reason `wrong_password`), `busy` (reasons `too_many_tries`, `rate`). `source`: where it comes from. */
  async check(name: string, password: Secret<string>, source: string): Promise<KeptLogin> {
    const wanted = folded(name);
    const keys = [`from:${source}`, `name:${wanted.slice(0, 64)}`];
    return this.#checked(login => login.folded === wanted, password, {
      keys,
      source,
      no: 'Name and password do not fit.',
    });
  }

  /** The same of somebody who is in. Counted apart: strangers who guess at a name do not keep its owner from proving. */
  async prove(id: string, password: Secret<string>, source: string): Promise<KeptLogin> {
    const no = 'That is not your password. Type it once more.';
    return this.#checked(login => login.id === id, password, { keys: [`proof:${id}`], source, no });
  }

  async #checked(
    isIt: (login: KeptLogin) => boolean,
    password: Secret<string>,
    { keys, source, no }: { keys: readonly string[]; source: string; no: string },
  ): Promise<KeptLogin> {
    this.#tries.mayTry(keys);
    const before = this.all().find(isIt);
    const { right, weak } = await this.#passwords.check(password, before?.password);
    // While this one waited for its turn others may have tried, and the login may have been changed or removed.
    this.#tries.mayTry(keys);
    const login = this.all().find(isIt);
    if (!right || !login || login.password !== before?.password) {
      const closed = this.#tries.wrong(keys);
      const by = { via: 'web', who: `login:${login?.name ?? 'nobody'}`, role: 'viewer' } as const;
      this.#said('login_refused', by, closed ? `from ${source}; closed for a while` : `from ${source}`);
      throw new LockError('unauthenticated', no, { reason: 'wrong_password' });
    }
    this.#tries.right(keys);
    if (weak) await this.#strengthen(login, password);
    return login;
  }

  async #strengthen({ id, password: weak }: KeptLogin, password: Secret<string>): Promise<void> {
    const made = await this.#passwords.make(password);
    // Only if it is still that one.
    const now = this.all().find(login => login.id === id);
    if (now && now.password === weak) this.#ground.shelf.saveLogin({ ...now, password: made });
  }

  must(idOrName: string): KeptLogin {
    const login = this.find(idOrName);
    if (login) return login;
    throw new LockError('not_found', 'There is no login of that name. latchbridge web logins lists them.', {
      reason: 'unknown_login',
    });
  }

  /** Throws `rejected` (reason `already_set_up`). */
  mayBeFirst(): void {
    if (!this.hasOwner) return;
    const text = 'There is an owner already. Log in, or ask an owner to let you in.';
    throw new LockError('rejected', text, { reason: 'already_set_up' });
  }

  #notTheLast({ id }: KeptLogin): void {
    if (this.all().some(login => login.role === 'owner' && login.id !== id)) return;
    throw new LockError('rejected', 'This is the last owner. Make another one first.', { reason: 'last_owner' });
  }

  #said(what: string, { via, who }: Asker, detail: string): void {
    this.#ground.audit.write({ what, via, who, detail });
  }
}

/** Whether its time has come and is not over. */
export function isOpen({ from, until }: { from?: number; until?: number }, now: number): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until);
}

/** For whom it is not. */
export function notNow(): LockError {
  return new LockError('forbidden', 'This login is for another time. Ask who made it.', { reason: 'not_now' });
}

function either<T>(wanted: T | null | undefined, before: T | undefined): T | undefined {
  return wanted === undefined ? before : (wanted ?? undefined);
}

function endless(): LockError {
  const text = 'An owner has no end. Take the end away, or choose another role.';
  return new LockError('invalid', text, { reason: 'request' });
}

function taken(name: string): LockError {
  return new LockError('invalid', `There is a login "${name}" already.`, { reason: 'taken' });
}
