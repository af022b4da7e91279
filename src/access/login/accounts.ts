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

  /** Everywhere else it is logged out, since what it may has changed. `keep` is the session that asks. */
  async change(idOrName: string, change: LoginChange, by: { asker: Asker; keep?: string }): Promise<KeptLogin> {
    const login = this.must(idOrName);
    const { password, role = login.role } = change;
    if (login.role === 'owner' && role !== 'owner') this.#notTheLast(login);
    if (password) goodPassword(password, login.name);
    const kept = password ? await this.#passwords.make(password) : undefined;
    const { shelf } = this.#ground;
    const changed = {
      id: login.id,
      name: login.name,
      folded: login.folded,
      role,
      madeAt: login.madeAt,
      ...given({
        haUser: login.haUser,
        password: password === null ? undefined : (kept ?? login.password),
        units: either(change.units, login.units),
        from: either(change.from, login.from),
        until: either(change.until, login.until),
      }),
    };
    shelf.together(() => {
      shelf.saveLogin(changed);
      for (const { id } of shelf.sessions(login.id)) if (id !== by.keep) shelf.removeSession(id);
    });
    const what = password === undefined ? 'login_changed' : 'login_password_changed';
    this.#said(what, by.asker, `${login.name}, ${role}`);
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
    const keys = [`from:${source}`, `name:${folded(name).slice(0, 64)}`];
    this.#tries.mayTry(keys);
    const login = this.find(name);
    const { right, weak } = await this.#passwords.check(password, login?.password);
    // Others may have tried while this one waited for its turn.
    this.#tries.mayTry(keys);
    if (!right || !login) {
      const closed = this.#tries.wrong(keys);
      const by = { via: 'web', who: `login:${login?.name ?? 'nobody'}`, role: 'viewer' } as const;
      this.#said('login_refused', by, closed ? `from ${source}; closed for a while` : `from ${source}`);
      throw new LockError('unauthenticated', 'Name and password do not fit.', { reason: 'wrong_password' });
    }
    this.#tries.right(keys);
    if (weak) {
      const { shelf } = this.#ground;
      const made = await this.#passwords.make(password);
      // Only if it is still that one.
      const now = this.find(login.id);
      if (now?.password === login.password) shelf.saveLogin({ ...login, password: made });
    }
    return login;
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

function either<T>(wanted: T | null | undefined, before: T | undefined): T | undefined {
  return wanted === undefined ? before : (wanted ?? undefined);
}

function taken(name: string): LockError {
  return new LockError('invalid', `There is a login "${name}" already.`, { reason: 'taken' });
}
