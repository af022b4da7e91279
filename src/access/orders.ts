// Changes of who may open a lock: one after another, written into the audit, told to whoever listens.
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Asker } from '../lock/lock.ts';
import type { Audit } from '../lock/ports.ts';
import type { CredentialView } from './access.ts';

type Kind = CredentialView['kind'];
type Ear = (lock: string, slot: number, kind: Kind) => void;

/** What an audit line says. */
export interface Order {
  what: string;
  lock: string;
  slot: number;
  /** Default: a code. */
  kind?: Kind;
  asker: Asker;
}

export class Orders {
  readonly #audit: Audit;
  readonly #log: Log;
  readonly #ears = new Set<Ear>();
  /** The last change of each lock: what was asked first is done first, also where the lock need not be asked. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(parts: { audit: Audit; log: Log }) {
    this.#audit = parts.audit;
    this.#log = parts.log;
  }

  hear(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  tell(lock: string, slot: number, kind: Kind = 'code'): void {
    for (const ear of this.#ears) {
      try {
        ear(lock, slot, kind);
      } catch (thrown) {
        this.#log.error({ err: thrown, lock, slot }, 'a listener failed to take a change of access');
      }
    }
  }

  inTurn<T>(lock: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(lock) ?? Promise.resolve()).then(act);
    const over = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(lock) === over) this.#last.delete(lock);
      });
    this.#last.set(lock, over);
    return turn;
  }

  async audited<T>({ what, lock, slot, kind, asker }: Order, act: () => Promise<T>): Promise<T> {
    const { via, who } = asker;
    try {
      const value = await act();
      this.#audit.write({ lock, what, via, who, detail: `slot ${slot}` });
      return value;
    } catch (thrown) {
      const reason = thrown instanceof LockError ? thrown.reason : 'unexpected';
      this.#audit.write({ lock, what: 'failed', via, who, detail: `${what} slot ${slot}: ${reason}` });
      throw thrown;
    } finally {
      this.tell(lock, slot, kind);
    }
  }
}
