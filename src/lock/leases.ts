// Who may work a lock now. Local for one daemon; a port, so that several daemons can share locks later.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Verb } from './lock.ts';

export interface Lease {
  readonly lock: string;
  readonly holder: string;
  /** What others may do meanwhile: undefined admits, an error refuses. */
  admits(verb: Verb): LockError | undefined;
  /** Holds it for `ttlMs` more; throws `busy` when it has run out and somebody else has it. */
  renew(ttlMs: number): void;
  release(): void;
}

export interface Leases {
  /** Throws `busy`, naming the holder. */
  take(lock: string, holder: string, ttlMs: number, admits: (verb: Verb) => LockError | undefined): Lease;
  of(lock: string): Lease | undefined;
}

interface Held extends Lease {
  until: number;
}

export function makeLeases(clock: Clock): Leases {
  const held = new Map<string, Held>();
  const of = (lock: string): Held | undefined => {
    const lease = held.get(lock);
    if (lease && lease.until <= clock.elapsed()) held.delete(lock);
    return held.get(lock);
  };
  return {
    of,
    take(lock, holder, ttlMs, admits) {
      const other = of(lock);
      if (other) throw taken(other.holder);
      const lease: Held = {
        lock,
        holder,
        admits,
        until: clock.elapsed() + ttlMs,
        renew(ms) {
          const now = held.get(lock);
          if (now && now !== lease) throw taken(now.holder);
          lease.until = clock.elapsed() + ms;
          held.set(lock, lease);
        },
        release() {
          if (held.get(lock) === lease) held.delete(lock);
        },
      };
      held.set(lock, lease);
      return lease;
    },
  };
}

function taken(holder: string): LockError {
  return new LockError('busy', `The lock is being worked on by ${holder}; wait until that is finished.`);
}
