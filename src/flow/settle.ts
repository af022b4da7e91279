// Settles what a crash or a lost link left open: asks the lock which of our keys it knows, and believes only that.
import { isDeepStrictEqual } from 'node:util';
import { LockError, asLockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type Clock, sleep } from '../base/clock.ts';
import type { LockSession } from '../lock/driver.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Leases } from '../lock/leases.ts';
import type { Asker } from '../lock/lock.ts';
import type { KeptCredential, LockRecord, Vault } from '../lock/ports.ts';
import type { Heard, Registry } from '../lock/registry.ts';
import { isRefusal } from '../lock/standing.ts';

/** Connection, login and one answer; a lock that needs longer is asked again at its next advert. */
const PROBE_MS = 15_000;
/** Pause between two tries at the same lock: an advert comes every second, a try costs battery. */
const PAUSE_MS = 10_000;
/** A lock that refuses all our keys this often and offers nothing is somebody else's by now: asked ever more rarely. */
const MANY_REFUSALS = 5;
/** Between two tries while somebody waits for the verdict. */
const STEP_MS = 2000;
/** Keys that were given up are tried again this rarely, when a lock that should be factory-new turns out to be owned. */
const SECOND_THOUGHTS_MS = 600_000;
/** A lock that refused our key too often may have been an impostor, or its key was put back: asked again this rarely. */
const ORPHAN_MS = 3600_000;
/** So many logins in a row without any answer, while the lock offers itself for pairing, count as a refusal. */
const SILENCES = 2;
/** An advert older than this says nothing about now. */
const FRESH_MS = 30_000;

const DAEMON: Asker = { via: 'daemon', who: 'settle', role: 'owner' };

/** ours: a key opens it, now live. factory: it refused all our keys and, where only an ownerless lock does, offers itself. */
export type Verdict = 'ours' | 'factory' | 'unknown';

export interface SettlerParts {
  registry: Registry;
  vault: Vault;
  leases: Leases;
  clock: Clock;
  log: Log;
  /** The lock forgot everything: its codes are gone. */
  wiped(lock: string): void;
}

export class Settler {
  readonly #parts: SettlerParts;
  readonly #registry: Registry;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tried = new Map<string, number>();
  readonly #running = new Map<string, Promise<Verdict>>();
  readonly #pairable = new Map<string, number>();
  /** How often a lock has refused all our keys. */
  readonly #refusals = new Map<string, number>();
  readonly #silences = new Map<string, number>();
  readonly #ender = new AbortController();
  #unhook: (() => void) | undefined;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
    this.#registry = parts.registry;
    this.#vault = parts.vault;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** From now on every advert of an unsettled lock makes it ask. */
  start(): void {
    this.#unhook = this.#registry.hearAdverts(heard => this.#heard(heard));
  }

  stop(): void {
    this.#unhook?.();
    this.#ender.abort(new LockError('stopped', 'Latchbridge is stopping.'));
  }

  /** Asks again and again until the lock has said which it is, for at most `ms`. Only adverts from now on count. */
  async verdict(lock: string, ms: number): Promise<Verdict> {
    const began = this.#clock.elapsed();
    for (;;) {
      const verdict = await this.#settle(lock, began).catch(() => 'unknown' as const);
      if (verdict !== 'unknown' || this.#clock.elapsed() - began >= ms) return verdict;
      await sleep(this.#clock, STEP_MS, this.#ender.signal).catch(() => undefined);
      if (this.#ender.signal.aborted) return 'unknown';
    }
  }

  /** Asks the lock now; joins a try that runs. */
  #settle(lock: string, heardSince: number): Promise<Verdict> {
    const running = this.#running.get(lock);
    if (running) return running;
    const work = this.#ask(lock, heardSince).finally(() => this.#running.delete(lock));
    this.#running.set(lock, work);
    return work;
  }

  #heard({ lock, recognised }: Heard): void {
    if (lock === undefined) return;
    const now = this.#clock.elapsed();
    if (recognised.state === 'pairable') this.#pairable.set(lock, now);
    else this.#pairable.delete(lock);
    const keeper = this.#registry.keeper(lock);
    // A flow that holds the lock asks by itself what it wants to know.
    if (!keeper || this.#parts.leases.of(lock)) return;
    const pause = pauseFor(keeper.record, recognised.state, this.#refusals.get(lock) ?? 0);
    if (pause === undefined) return;
    if (now - (this.#tried.get(lock) ?? Number.NEGATIVE_INFINITY) < pause) return;
    this.#settle(lock, now - FRESH_MS).catch((thrown: unknown) =>
      this.#log.warn({ err: thrown }, 'settling a lock failed'),
    );
  }

  async #ask(lock: string, heardSince: number): Promise<Verdict> {
    const keeper = this.#registry.keeper(lock);
    if (!keeper) return 'unknown';
    this.#tried.set(lock, this.#clock.elapsed());
    const { lifecycle } = keeper.record;
    const givenUp = !unsettled(keeper.record);
    const keys = this.#vault.of(lock);
    const open = keys.filter(k => k.status !== 'dead' && (givenUp || k.status !== 'retired'));
    const offered = (): boolean => (this.#pairable.get(lock) ?? Number.NEGATIVE_INFINITY) >= heardSince;
    for (const kept of open) {
      const answer = await this.#probe(keeper, kept);
      // Somebody else has settled it meanwhile, or has begun something new: what was asked here is about the past.
      if (keeper.record.lifecycle !== lifecycle || !isDeepStrictEqual(statuses(this.#vault.of(lock)), statuses(keys))) {
        return 'unknown';
      }
      if (typeof answer === 'object') return this.#ours(keeper, kept, answer);
      // A factory-new lock cannot read what is sealed with our key and says nothing at all.
      const silences = answer === 'silent' && offered() ? (this.#silences.get(kept.id) ?? 0) + 1 : 0;
      this.#silences.set(kept.id, silences);
      if (answer === 'away' || (answer === 'silent' && silences < SILENCES)) return 'unknown';
    }
    // What takes many clients offers itself to nobody by itself: that it refuses us is all that it ever says. With no key on the
    // disk there is none that it could know.
    const many = this.#registry.driver(keeper.record.family).nature.owners === 'many';
    if ((offered() || many) && !givenUp) return this.#factory(keeper, open);
    this.#refusals.set(lock, (this.#refusals.get(lock) ?? 0) + 1);
    return 'unknown';
  }

  /** `silent`: it let us in and did not answer; `away`: it could not be reached at all. */
  async #probe(keeper: Keeper, kept: KeptCredential): Promise<LockSession | 'refused' | 'silent' | 'away'> {
    const before = keeper.links;
    try {
      return await keeper.probe(kept.credential, PROBE_MS);
    } catch (thrown) {
      const error: LockError = asLockError(thrown, 'unreachable', 'The lock could not be asked.');
      this.#log.info({ lock: keeper.record.name, reason: error.reason }, 'asked an unsettled lock');
      if (isRefusal(error)) return 'refused';
      return error.code === 'timeout' && keeper.links > before ? 'silent' : 'away';
    }
  }

  #ours(keeper: Keeper, kept: KeptCredential, session: LockSession): Verdict {
    if (session.updated) this.#vault.replace(kept.id, session.updated);
    this.#vault.promote(kept.id);
    const { facts, abilities } = session;
    this.#refusals.delete(keeper.record.id);
    const { logCursor, lastState, ...record } = keeper.record;
    // A pairing that was cut after the lock took it: log and codes began anew.
    const isNew = kept.generation > record.generation;
    if (isNew && this.#registry.driver(record.family).nature.owners === 'one') this.#parts.wiped(record.id);
    this.#registry.save({
      ...record,
      ...(!isNew && { ...(logCursor !== undefined && { logCursor }), ...(lastState && { lastState }) }),
      lifecycle: 'managed',
      generation: Math.max(record.generation, kept.generation),
      facts: { ...record.facts, ...facts },
      abilities,
    });
    this.#log.info({ lock: record.name }, 'an interrupted step is settled: our key opens the lock');
    return 'ours';
  }

  /** Every key was refused and the lock offers itself: the keys are kept as retired, since an advert proves nothing. */
  #factory(keeper: Keeper, open: readonly KeptCredential[]): Verdict {
    for (const kept of open) this.#vault.mark(kept.id, 'retired');
    for (const kept of open) this.#silences.delete(kept.id);
    this.#refusals.delete(keeper.record.id);
    const { record } = keeper;
    this.#log.info({ lock: record.name }, 'an interrupted step is settled: the lock does not know us');
    if (this.#registry.driver(record.family).nature.owners === 'one') this.#parts.wiped(record.id);
    if (record.generation === 0 && !record.prepared) this.#registry.remove(record.id, DAEMON, { force: true });
    else this.#registry.save({ ...record, lifecycle: 'factory' });
    return 'factory';
  }
}

/** How long to leave between two tries; undefined where nothing is open. */
function pauseFor(record: LockRecord, state: Heard['recognised']['state'], refusals: number): number | undefined {
  const taken = state === 'taken';
  const more = taken ? Math.max(0, refusals - MANY_REFUSALS) : 0;
  if (unsettled(record)) return Math.min(ORPHAN_MS, PAUSE_MS * 2 ** more);
  if (!taken) return undefined;
  return { factory: SECOND_THOUGHTS_MS, orphaned: ORPHAN_MS }[record.lifecycle as string];
}

function statuses(keys: readonly KeptCredential[]): string[] {
  return keys.map(({ id, status }) => `${id} ${status}`);
}

export function unsettled(record: LockRecord): boolean {
  return record.lifecycle === 'limbo' || record.lifecycle === 'provisioning';
}
