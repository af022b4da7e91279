// Opens and ends the sessions of one lock. It decides nothing about when: that is the keeper's.
import { isDeepStrictEqual } from 'node:util';
import { type Clock, stopped, unlessAborted, within } from '../base/clock.ts';
import { LockError, asLockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Zone } from '../base/zone.ts';
import type { Advert, ConnectHow, Link, SharedRadio } from '../radio/radio.ts';
import type { Credential, Ground, LockDriver, LockSession, Report } from './driver.ts';
import type { Vault } from './ports.ts';

/** A whole handshake with its header retries; single questions have their own, shorter deadlines in the driver. */
const HANDSHAKE_MS = 12_000;
/** Closing asks the controller politely; a controller that does not answer must not hold up the next session. */
const CLOSE_MS = 3000;

export interface OpenerParts {
  radio: SharedRadio;
  driver: LockDriver;
  vault: Vault;
  clock: Clock;
  zone: Zone;
  random: (bytes: number) => Uint8Array;
  log: Log;
}

export interface OpenerEars {
  report(report: Report): void;
  opened(session: LockSession): void;
  /** `loss` when neither we nor a failed question ended it on purpose. */
  closed(loss: LockError | undefined): void;
  /** Another lock needs the slot: ends the session if nobody uses it, and says so. */
  spare(): boolean;
}

type How = Pick<ConnectHow, 'urgency' | 'signal' | 'hurry'>;

/** Where the lock is now. */
export interface Whereabouts {
  lock: string;
  address: string;
  addressType: Advert['addressType'];
  advert?: Advert | undefined;
}

interface Current {
  session: LockSession;
  ender: AbortController;
  /** Which key opened it, and its last state that is on the disk; without one it was a probe. */
  key?: string | undefined;
  stored?: Credential | undefined;
}

export class Opener {
  readonly #parts: OpenerParts;
  readonly #ears: OpenerEars;
  readonly #where: () => Whereabouts;
  #current: Current | undefined;
  #links = 0;

  constructor(parts: OpenerParts, where: () => Whereabouts, ears: OpenerEars) {
    this.#parts = parts;
    this.#where = where;
    this.#ears = ears;
  }

  get session(): LockSession | undefined {
    return this.#current?.session;
  }

  /** How many links were opened since the start. */
  get links(): number {
    return this.#links;
  }

  /** The open session, or a new one. `with` tries a credential that is not the live one (to settle what is unknown). */
  async open(how: How & { with?: Credential }): Promise<LockSession> {
    if (this.#current && !how.with) return this.#current.session;
    await this.end(new LockError('stopped', 'A new session takes the place of this one.'));
    const { lock } = this.#where();
    const all = this.#parts.vault.of(lock);
    // What is learnt of a key belongs to that key, also where it was only to be proved.
    const kept = all.find(k => (how.with ? isSame(k.credential, how.with) : k.status === 'live'));
    const credential = how.with ?? kept?.credential;
    if (!credential)
      throw new LockError('forbidden', 'There is no key for this lock; pair it first.', { reason: 'no_key' });
    const [session, ender] = await this.#onLink(how, async (link, ground, ender) => {
      const late = (): LockError => new LockError('timeout', 'The lock did not complete the login in time.');
      const opening = this.#parts.driver.open(link, ground, credential, this.#where().advert);
      const opened = within(this.#parts.clock, HANDSHAKE_MS, opening, late);
      return [await unlessAborted(ender.signal, opened), ender] as const;
    });
    this.#current = { session, ender, key: kept?.id };
    void session.closed.then(() => this.#lost(session));
    this.note();
    this.#ears.opened(session);
    return session;
  }

  /** Notes what the session has learnt about its key. A full disk ends nothing: it is learnt again. */
  note(): void {
    try {
      if (this.#current) this.#store(this.#current);
    } catch (thrown) {
      this.#parts.log.error({ err: textOf(thrown) }, 'what was learnt about a key could not be kept');
    }
  }

  /** Lends a bare link to a flow. The session ends first; the link ends with the task. */
  async lend<T>(how: How, task: (link: Link, ground: Ground) => Promise<T>): Promise<T> {
    await this.end(new LockError('stopped', 'A flow takes over the lock.'));
    return this.#onLink(how, async (link, ground, ender) => {
      try {
        return await task(link, ground);
      } catch (thrown) {
        // Of what nobody foresaw nobody knows how far it went.
        throw asLockError(thrown, 'unreachable', 'Talking to the lock failed.', { acted: 'maybe' });
      } finally {
        ender.abort(new LockError('stopped', 'The flow has let go of the lock.'));
        await this.#hangUp(link);
      }
    });
  }

  /** Ends the session; what still waits on it fails with `why`. */
  async end(why: LockError): Promise<void> {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    this.#ears.closed(undefined);
    current.ender.abort(why);
    const late = (): LockError => new LockError('timeout', 'The adapter did not confirm the end of a connection.');
    await within(this.#parts.clock, CLOSE_MS, current.session.close(), late).catch((thrown: unknown) =>
      this.#parts.log.debug({ err: textOf(thrown) }, 'closing a session'),
    );
  }

  /** Opens a link and works on it; when the work fails, the link is closed before the error goes on. */
  async #onLink<T>(how: How, work: (link: Link, ground: Ground, ender: AbortController) => Promise<T>): Promise<T> {
    const { radio, clock, zone, random, log } = this.#parts;
    const { address, addressType } = this.#where();
    const { urgency, signal, hurry } = how;
    const spare = (): boolean => this.#ears.spare();
    const link = await radio.connect(address, { urgency, signal, addressType, spare, ...(hurry && { hurry }) });
    this.#links += 1;
    const ender = new AbortController();
    const aborted = (): void => ender.abort(stopped(how.signal));
    if (how.signal.aborted) aborted();
    how.signal.addEventListener('abort', aborted, { once: true });
    const ground: Ground = { clock, zone, random, log, signal: ender.signal, report: r => this.#ears.report(r) };
    try {
      return await work(link, ground, ender);
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', 'Talking to the lock failed.');
      ender.abort(error);
      const closed = this.#hangUp(link);
      // Whose time is up does not wait for the adapter as well.
      if (!how.signal.aborted) await closed;
      throw error;
    } finally {
      how.signal.removeEventListener('abort', aborted);
    }
  }

  #store(current: Current): void {
    const { updated } = current.session;
    if (!updated || current.key === undefined || current.stored === updated) return;
    this.#parts.vault.replace(current.key, updated);
    current.stored = updated;
  }

  #hangUp(link: Link): Promise<void> {
    const late = (): LockError => new LockError('timeout', 'The adapter did not confirm the end of a connection.');
    return within(this.#parts.clock, CLOSE_MS, link.close(), late).catch((thrown: unknown) =>
      this.#parts.log.debug({ err: textOf(thrown) }, 'closing a link'),
    );
  }

  #lost(session: LockSession): void {
    if (this.#current?.session !== session) return;
    const { ender } = this.#current;
    this.#current = undefined;
    const loss = new LockError('unreachable', 'The connection to the lock was lost.', { reason: 'link_lost' });
    ender.abort(loss);
    this.#ears.closed(loss);
  }
}

function isSame(one: Credential, other: Credential): boolean {
  return one.family === other.family && isDeepStrictEqual(one.data.reveal(), other.data.reveal());
}
