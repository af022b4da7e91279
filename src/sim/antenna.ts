// The antenna of a virtual lock, of whatever family: the one link that it has, and who waits for its advert to change.
import type { Central, SimClock } from './air.ts';

/** What a lock knows of a connection. Nothing of it outlives the link. */
export interface LinkSession {
  readonly central: Central;
  stopIdle: () => void;
  end(): void;
}

export interface AntennaParts<Session> {
  clock: Pick<SimClock, 'after'>;
  /** How long it waits for a word before it hangs up; 0: for ever. */
  idleMs: () => number;
  /** Something goes on for which it stays connected, whoever is silent. */
  isBusy: (session: Session) => boolean;
  /** Before nothing of the session is left. */
  ending: (session: Session) => void;
}

export class Antenna<Session extends LinkSession> {
  readonly #parts: AntennaParts<Session>;
  readonly #ears = new Set<() => void>();
  #session: Session | undefined;

  constructor(parts: AntennaParts<Session>) {
    this.#parts = parts;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** A central connected. */
  connected(session: Session): void {
    this.#session = session;
    this.heard();
    this.changed();
  }

  /** A word came: the time starts again after which it hangs up. */
  heard(): void {
    const session = this.#session;
    const ms = this.#parts.idleMs();
    session?.stopIdle();
    if (!session || ms <= 0) return;
    session.stopIdle = this.#parts.clock.after(ms, () => {
      if (this.#session !== session) return;
      if (this.#parts.isBusy(session)) this.heard();
      else this.hangUp();
    });
  }

  /** It ends the connection itself. */
  hangUp(): void {
    const central = this.#session?.central;
    this.ended();
    central?.hangUp();
  }

  /** Whoever ended it: nothing of the session stays. */
  ended(): void {
    const session = this.#session;
    if (!session) return;
    this.#parts.ending(session);
    session.end();
    this.#session = undefined;
    this.changed();
  }

  /** Its advert is, or may be, another one. */
  changed(): void {
    for (const ear of this.#ears) ear();
  }

  /** Calls whenever the advert changed; the answer stops. */
  watch(changed: () => void): () => void {
    this.#ears.add(changed);
    return () => void this.#ears.delete(changed);
  }
}
