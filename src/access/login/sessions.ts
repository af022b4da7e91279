// Sessions: a browser that has shown who it is. The cookie's value is random; what is kept of it is a hash.
import { hex } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import { given } from '../../base/given.ts';
import { type Secret, shown } from '../../base/log.ts';
import type { KeptLogin, KeptSession, LoginRole } from '../../lock/logins.ts';
import { isOpen } from './accounts.ts';
import type { LoginGround } from './ground.ts';
import { hashOf, newKey } from './keys.ts';

/** A phone that is not used for so long has to log in again. */
const IDLE_MS = 14 * 24 * 3600_000;
/** And every phone after so long. */
const LONGEST_MS = 60 * 24 * 3600_000;
/** A typed password counts so long. */
const PROVED_MS = 5 * 60_000;
/** When it was used is noted this often: a card wears out. */
const NOTE_MS = 60_000;
/** More devices than anybody has; the one unused for longest goes. */
const MOST_OF_ONE = 20;

/** A session as it counts now. */
export interface Session {
  id: string;
  role: LoginRole;
  /** Who it belongs to; none for a link without an account. */
  login?: KeptLogin;
  flow?: string;
}

export interface SessionWish {
  login?: KeptLogin;
  role: LoginRole;
  flow?: string;
  device: string;
  /** No longer than this, ms since the epoch. */
  until?: number;
  /** The password was typed for it. */
  proved?: boolean;
}

export class Sessions {
  readonly #ground: LoginGround;
  /** Elapsed ms until which a password counts, by session. */
  readonly #proved = new Map<string, number>();

  constructor(ground: LoginGround) {
    this.#ground = ground;
  }

  open({ login, role, flow, device, until, proved = false }: SessionWish): { key: Secret<string>; session: Session } {
    const { shelf, clock, random } = this.#ground;
    const now = Math.round(clock.now());
    const key = newKey(random);
    const id = hex(random(4));
    const endsAt = Math.min(now + LONGEST_MS, until ?? Number.MAX_SAFE_INTEGER);
    const kept = { id, hash: hashOf(key), role, device: shown(device, 80), madeAt: now, seenAt: now, endsAt };
    shelf.together(() => {
      shelf.tidy(now);
      const others = login ? shelf.sessions(login.id) : [];
      for (const old of others.slice(MOST_OF_ONE - 1)) shelf.removeSession(old.id);
      shelf.addSession({ ...kept, ...given({ login: login?.id, flow }) });
    });
    if (proved) this.prove(id);
    return { key, session: { id, role, ...given({ login, flow }) } };
  }

  /** Whose cookie that is; undefined once it has ended. */
  find(key: Secret<string>): Session | undefined {
    const { shelf, clock } = this.#ground;
    const kept = shelf.session(hashOf(key));
    if (!kept) return undefined;
    const now = Math.round(clock.now());
    if (this.#isOver(kept, now)) {
      shelf.removeSession(kept.id);
      return undefined;
    }
    if (Math.abs(now - kept.seenAt) >= NOTE_MS) shelf.sawSession(kept.id, now);
    if (kept.login === undefined) return { id: kept.id, role: kept.role, ...given({ flow: kept.flow }) };
    const login = shelf.logins().find(({ id }) => id === kept.login);
    if (!login || !isOpen(login, now)) return undefined;
    return { id: kept.id, role: login.role, login, ...given({ flow: kept.flow }) };
  }

  of(login: string): KeptSession[] {
    const now = this.#ground.clock.now();
    return this.#ground.shelf.sessions(login).filter(kept => !this.#isOver(kept, now));
  }

  close(id: string): void {
    this.#proved.delete(id);
    this.#ground.shelf.removeSession(id);
  }

  /** Of the same login only. */
  closeOwn(id: string, login: string): void {
    if (this.of(login).some(kept => kept.id === id)) return this.close(id);
    throw new LockError('not_found', 'That session has ended already.', { reason: 'unknown_session' });
  }

  prove(id: string): void {
    this.#proved.set(id, this.#ground.clock.elapsed() + PROVED_MS);
  }

  isProved(id: string): boolean {
    const until = this.#proved.get(id);
    if (until === undefined) return false;
    if (until > this.#ground.clock.elapsed()) return true;
    this.#proved.delete(id);
    return false;
  }

  #isOver(kept: KeptSession, now: number): boolean {
    return now >= kept.endsAt || now - kept.seenAt >= IDLE_MS;
  }
}
