// Logging in on one link (ttlock.md 6): prove that the lock holds the paired key, then the levels that commands need.
import { LockError } from '../../base/errors.ts';
import type { Zone } from '../../base/zone.ts';
import { OWNER_FROM, OWNER_UNTIL, windowOf } from './dates.ts';
import type { Key } from './credential.ts';
import { type Header, sameHeader } from './frame.ts';
import type { Asking, Talk } from './talk.ts';
import {
  PLAIN_HEADER,
  type Request,
  askFeatures,
  checkAdmin,
  checkRandom,
  checkUserTime,
  readChallenge,
} from './wire.ts';

/** A challenge older than this is asked for anew; nobody knows how long a lock keeps one. */
const FRESH_MS = 1000;
/** By its own clock we are outside our window. For an owner's key only a lost clock can say so. */
const CLOCK_REASONS: readonly string[] = ['key_expired', 'key_not_yet_valid'];
/** What a lock says to somebody whose key it does not hold (any more). */
const KEY_REASONS: readonly string[] = ['wrong_administrator', 'key_revoked', 'not_paired', 'not_permitted'];
const LOGIN_REASONS: readonly string[] = ['not_logged_in', 'not_permitted'];
/** What a lock says to an answer to another challenge than its last. */
const STALE_REASONS: readonly string[] = ['challenge_refused', 'not_logged_in', 'wrong_administrator', 'not_permitted'];

/** The first question gets no answer from a lock that was paired again, so it must not take long. */
const FIRST_MS = 500;

export class Login {
  readonly #talk: Talk;
  #key: Key;
  readonly #zone: Zone;
  #level: 'none' | 'user' | 'admin' = 'none';
  /** The challenge of the proof: good for the first thing that is done in a session, when nothing came between. */
  #unused: number | undefined;

  constructor(talk: Talk, key: Key, zone: Zone) {
    this.#talk = talk;
    this.#key = key;
    this.#zone = zone;
  }

  get isAdmin(): boolean {
    return this.#key.adminPs !== undefined;
  }

  /**
   * Makes the lock answer under the paired key before anything that depends on a secret leaves us (a known attack has a
   * fake lock ask for exactly that). The user login holds no secret, so it is asked first. A lock may refuse a header that
   * is not its own: then the header that it showed is tried, then the plain one. Ends with the header that works.
   */
  async prove(): Promise<void> {
    const refused = await this.#proveBy(async () => (this.#unused = await this.#askFirst()));
    if (!refused) return this.#adopt();
    if (this.isAdmin && refused.reason !== 'key_revoked') {
      const again = await this.#proveBy(() => this.#askAdmin());
      if (!again) return this.#adopt();
      throw keyRefused(again);
    }
    throw keyRefused(refused);
  }

  /** What 47 and 58 need: a fresh challenge, answered with `answer`. */
  moving<T>(answer: (challenge: number) => Promise<T>): Promise<T> {
    this.#level = 'none';
    const unused = this.#talk.asked === 1 && this.#talk.quietFor <= FRESH_MS ? this.#unused : undefined;
    this.#unused = undefined;
    return this.#answered(() => this.#challenge(), answer, unused);
  }

  /** An owner whose lock lost its clock gets its challenge through the administrator's login. */
  async #challenge(): Promise<number> {
    try {
      return await this.#askUser();
    } catch (thrown) {
      if (!this.isAdmin || !refusedFor(thrown, CLOCK_REASONS)) throw thrown;
      return this.#askAdmin();
    }
  }

  /** For what every key may do after a login. */
  async asUser<T>(ask: () => Promise<T>): Promise<T> {
    await this.moving(challenge => this.#answer(challenge));
    this.#level = 'user';
    return ask();
  }

  /** For what only the administrator may do. A login that the lock has dropped is made again, once. */
  async asAdmin<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#level !== 'admin') {
      await this.#loginAdmin();
      return ask();
    }
    try {
      return await ask();
    } catch (thrown) {
      if (!refusedFor(thrown, LOGIN_REASONS)) throw thrown;
      await this.#loginAdmin();
      return ask();
    }
  }

  /**
   * From now on we say this `lockFlagPos`. The administrator's login with a higher one makes the lock refuse every key with
   * a lower one (ttlock.md 6.1).
   */
  async raise(key: Key): Promise<void> {
    this.#key = key;
    await this.#loginAdmin();
  }

  /** For what most locks tell anybody: logs in only when this one does not. */
  async openly<T>(request: Request, how: Asking<T>): Promise<T> {
    try {
      return await this.#talk.ask(request, how);
    } catch (thrown) {
      if (!this.isAdmin || this.#level === 'admin' || !refusedFor(thrown, LOGIN_REASONS)) throw thrown;
      return this.asAdmin(() => this.#talk.ask(request, how));
    }
  }

  async #loginAdmin(): Promise<void> {
    if (!this.isAdmin) {
      throw new LockError('forbidden', 'This key may only open the lock; settings need the owner’s key.', {
        reason: 'not_administrator',
      });
    }
    this.#level = 'none';
    await this.#answered(
      () => this.#askAdmin(),
      challenge => this.#answer(challenge),
    );
    this.#level = 'admin';
  }

  /**
   * A challenge that was asked for twice may have come twice, the first one late, and the lock holds us to the last: it
   * refuses then, so that nothing has happened, and a fresh one is fetched. The same for one that was used late.
   */
  async #answered<T>(
    ask: () => Promise<number>,
    answer: (challenge: number) => Promise<T>,
    unused?: number,
  ): Promise<T> {
    const challenge = unused ?? (await ask());
    const doubtful = unused !== undefined || this.#talk.tries > 1;
    try {
      return await answer(challenge);
    } catch (thrown) {
      if (!doubtful || !refusedFor(thrown, STALE_REASONS)) throw thrown;
      return answer(await ask());
    }
  }

  #askUser(how: Pick<Asking<number>, 'again' | 'optional' | 'withinMs'> = { again: true }): Promise<number> {
    const { lockFlagPos, uid, window } = this.#key;
    const { start, end } = window ? windowOf(this.#zone, window) : { start: OWNER_FROM, end: OWNER_UNTIL };
    const asking = { what: 'to the login', read: readChallenge, ...how };
    return this.#talk.ask(checkUserTime({ start, end, lockFlagPos, uid }), asking);
  }

  #askAdmin(): Promise<number> {
    const { lockFlagPos, uid, adminPs = 0 } = this.#key;
    const asking = { what: 'to the login of the administrator', read: readChallenge, again: true };
    return this.#talk.ask(checkAdmin({ adminPs, lockFlagPos, uid }), asking);
  }

  #answer(challenge: number): Promise<boolean> {
    const asking = { what: 'to the proof of the login', read: () => true, sure: true };
    return this.#talk.ask(checkRandom(challenge, this.#key.unlockKey), asking);
  }

  /**
   * A lock that was paired again cannot read our login, and some stay silent then. A question without payload needs no key
   * to be understood: if its answer cannot be read, the key is dead (that error comes from the answer itself).
   */
  async #askFirst(): Promise<number> {
    try {
      return await this.#askUser({ optional: true, withinMs: FIRST_MS });
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'timeout') throw thrown;
    }
    try {
      await this.#talk.ask(askFeatures(), { what: 'to the login', read: () => true, again: true });
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'rejected') throw thrown;
    }
    return this.#askUser();
  }

  /** Undefined when one of the headers was accepted, else the last refusal. */
  async #proveBy(ask: () => Promise<unknown>): Promise<LockError | undefined> {
    const tried: Header[] = [];
    for (;;) {
      tried.push(this.#talk.header);
      try {
        await ask();
        return undefined;
      } catch (thrown) {
        if (!(thrown instanceof LockError) || thrown.code !== 'rejected') throw thrown;
        const untried = [this.#talk.shown, PLAIN_HEADER].find(h => h && !tried.some(old => sameHeader(old, h)));
        const next = CLOCK_REASONS.includes(thrown.reason) ? undefined : untried;
        this.#talk.use(next ?? (tried[0] as Header));
        if (!next) return thrown;
      }
    }
  }

  /** A key without a header (from another program) takes the group and organisation that the lock shows. */
  #adopt(): void {
    const { shown, header } = this.#talk;
    if (!this.#key.header && shown) this.#talk.use({ ...header, group: shown.group, org: shown.org });
  }
}

export function refusedFor(thrown: unknown, reasons: readonly string[]): boolean {
  return thrown instanceof LockError && thrown.code === 'rejected' && reasons.includes(thrown.reason);
}

/** The lock's no to a login, as what it means for the key. */
export function keyRefused(refused: LockError): LockError {
  if (!KEY_REASONS.includes(refused.reason)) return refused;
  return new LockError('unauthenticated', `${refused.message} Our key does not work any more; pair the lock again.`, {
    reason: 'key_refused',
    cause: refused,
  });
}
