// The lock kept for a flow: the lease, renewed while the flow lives, and the lifecycle that everybody sees meanwhile.
import { type Clock, every } from '../../base/clock.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Lease, Leases } from '../../lock/leases.ts';
import type { Lifecycle, Verb } from '../../lock/lock.ts';
import type { LockRecord } from '../../lock/ports.ts';
import type { Registry } from '../../lock/registry.ts';
import type { Segment } from '../words.ts';
import { isSoft } from './authority.ts';
import type { Book } from './book.ts';

/** A daemon that dies lets go after this; one that lives renews in good time. */
const LEASE_MS = 120_000;
const RENEW_MS = 30_000;

export interface HoldParts {
  book: Book;
  leases: Leases;
  registry: Registry;
  clock: Clock;
  log: Log;
  segment(): Segment;
}

export class Hold {
  readonly #parts: HoldParts;
  #lease: Lease | undefined;
  #stopRenewing: (() => void) | undefined;

  constructor(parts: HoldParts) {
    this.#parts = parts;
  }

  /** From here on it is this flow's alone. Repeatable. Throws `busy`. */
  take(): void {
    const { book, registry } = this.#parts;
    const keeper = registry.keeper(book.memory.lock ?? '');
    if (!keeper) throw new LockError('not_found', 'The lock of this flow is not kept here any more.');
    this.#lend(keeper.record.id);
    const { lifecycle } = keeper.record;
    if (!book.memory.held) {
      if (book.memory.recall(GENERATION) === undefined) {
        book.write('remembered', { name: GENERATION, value: keeper.record.generation });
      }
      book.write('state', { held: true, was: lifecycle });
    }
    if (lifecycle === 'managed') registry.save({ ...keeper.record, lifecycle: 'suspended' });
  }

  /** After a restart, before anybody else may reach for the lock. */
  restore(): void {
    if (!this.#parts.book.memory.held) return;
    try {
      this.take();
    } catch (thrown) {
      // It was removed by force meanwhile: the flow finds that out by itself.
      this.#parts.log.error({ flow: this.#parts.book.kept.id, err: thrown }, 'a flow has no lock to keep');
    }
  }

  /** Gives it back. `verified`: it is in use again. Otherwise it is what it was. Repeatable. */
  giveBack(verified: boolean): void {
    const { book, registry } = this.#parts;
    const { held, lock } = book.memory;
    const record = registry.keeper(lock ?? '')?.record;
    if (held && record) {
      const lifecycle = verified ? 'managed' : this.#asBefore(record, held.was as Lifecycle);
      const isOurs = record.lifecycle === 'suspended' || record.lifecycle === 'managed';
      if (isOurs && lifecycle !== record.lifecycle) registry.save({ ...record, lifecycle });
    }
    if (held) book.write('state', { held: false });
    this.drop();
  }

  /** R19: what was out of use before stays so, until the tests of a flow have passed or it was paired anew. */
  #asBefore({ lifecycle, generation }: LockRecord, was: Lifecycle): Lifecycle {
    const { kept, memory } = this.#parts.book;
    const isNew = kept.plan.lock === undefined || memory.recall(GENERATION) !== generation;
    if (isNew) return 'managed';
    return lifecycle === 'suspended' || was === 'suspended' ? was : lifecycle;
  }

  /** Lets go without a word on the disk: the daemon stops. */
  drop(): void {
    this.#stopRenewing?.();
    this.#stopRenewing = undefined;
    this.#lease?.release();
    this.#lease = undefined;
  }

  #lend(lock: string): void {
    const { leases, clock, book } = this.#parts;
    if (this.#lease && leases.of(lock) === this.#lease) return;
    this.#stopRenewing?.();
    this.#lease = leases.take(lock, `the flow ${book.kept.id}`, LEASE_MS, verb => this.#admits(verb));
    this.#stopRenewing = every(clock, RENEW_MS, () => this.#renew());
  }

  #renew(): void {
    try {
      this.#lease?.renew(LEASE_MS);
    } catch (thrown) {
      this.#parts.log.error({ flow: this.#parts.book.kept.id, err: textOf(thrown) }, 'a flow lost its lease');
    }
  }

  /** Orders of others meanwhile (flows.md 4.11); what is refused is dropped, never queued. */
  #admits(verb: Verb): LockError | undefined {
    const { book } = this.#parts;
    const { plan, id, type } = book.kept;
    const isAfter = book.memory.pivotAt !== undefined || !BEFORE.includes(this.#parts.segment());
    // Also in the steps that only look: what was unlocked for this flow stays so until it ends.
    const mayLock = verb === 'lock' ? isSoft(plan.rung) : true;
    if (!isAfter && mayLock) return undefined;
    const text = `The lock is kept for a ${type} (flow ${id}). It takes orders again when that is finished; this one was dropped.`;
    return new LockError('busy', text, { reason: 'flow' });
  }
}

/** For the record: which pairing it was before. */
const GENERATION = 'generation.before';

const BEFORE: readonly Segment[] = ['reversible', 'compensatable'];
