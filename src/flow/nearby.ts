// What is heard nearby and whether it can be paired: candidates, newest adverts first.
import type { Clock } from '../base/clock.ts';
import { shown } from '../base/log.ts';
import type { Nature } from '../lock/driver.ts';
import type { Lifecycle } from '../lock/lock.ts';
import type { LockRecord, Vault } from '../lock/ports.ts';
import type { Heard, Registry } from '../lock/registry.ts';
import type { Candidate } from './flow.ts';
import { lowerFirst } from './nature.ts';

/** Not heard for so long is gone: sleeping locks advertise each 10 s (ttlock.md 2.1). */
const GONE_MS = 60_000;
/** More than a crowded building has; the longest unheard go first. */
const MOST = 300;
const TELL_AGAIN_MS = 5000;
/** A second. More than anybody reads. */
const MOST_TOLD = 20;

interface Seen {
  state: Candidate['state'];
  why: string | undefined;
  lifecycle: Lifecycle | undefined;
  nature: Nature;
}

export class Nearby {
  readonly #registry: Registry;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard & { elapsed: number; toldAt: number }>();
  #told = { since: Number.NEGATIVE_INFINITY, count: 0 };
  readonly #ears = new Set<(candidate: Candidate) => void>();
  #unhook: (() => void) | undefined;

  constructor(parts: { registry: Registry; vault: Vault; clock: Clock }) {
    this.#registry = parts.registry;
    this.#vault = parts.vault;
    this.#clock = parts.clock;
  }

  start(): void {
    this.#unhook = this.#registry.hearAdverts(heard => this.#hear(heard));
  }

  stop(): void {
    this.#unhook?.();
  }

  /** What is new: a lock, or what it offers; what offers itself for pairing again and again. Anybody can send adverts, so few. */
  hear(ear: (candidate: Candidate) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  all(): Candidate[] {
    const now = this.#clock.elapsed();
    for (const [address, heard] of this.#heard) if (now - heard.elapsed > GONE_MS) this.#heard.delete(address);
    return Array.from(this.#heard.values(), heard => this.#candidate(heard)).toSorted((a, b) => b.rssi - a.rssi);
  }

  /** What was heard of it counts no more. */
  forget(address: string): void {
    this.#heard.delete(address);
  }

  /** What was heard in the last `ms` and offers itself for pairing. */
  pairable(ms: number): Heard[] {
    const now = this.#clock.elapsed();
    return Array.from(this.#heard.values()).filter(h => h.recognised.state === 'pairable' && now - h.elapsed <= ms);
  }

  #hear(heard: Heard): void {
    const { address } = heard.advert;
    const now = this.#clock.elapsed();
    const before = this.#heard.get(address);
    const isNews = before?.recognised.state !== heard.recognised.state;
    const again = heard.recognised.state === 'pairable' && now - (before?.toldAt ?? 0) >= TELL_AGAIN_MS;
    const tells = (isNews || again) && this.#mayTell(now);
    this.#heard.delete(address);
    this.#heard.set(address, { ...heard, elapsed: now, toldAt: tells ? now : (before?.toldAt ?? 0) });
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > MOST && oldest !== undefined) this.#heard.delete(oldest);
    if (!tells) return;
    for (const ear of this.#ears) ear(this.#candidate(heard));
  }

  #mayTell(now: number): boolean {
    if (now - this.#told.since >= 1000) this.#told = { since: now, count: 0 };
    this.#told.count += 1;
    return this.#told.count <= MOST_TOLD;
  }

  #candidate({ advert, recognised, driver, lock }: Heard): Candidate {
    const keeper = lock === undefined ? undefined : this.#registry.keeper(lock);
    const ours = keeper !== undefined && this.#holdsKey(keeper.record);
    const state = recognised.state === 'taken' && ours ? 'ours' : recognised.state;
    const advice = advise({ state, why: recognised.why, lifecycle: keeper?.record.lifecycle, nature: driver.nature });
    return {
      address: advert.address,
      family: driver.family,
      model: shown(recognised.model),
      kind: recognised.kind,
      ...(advert.name !== undefined && { name: shown(advert.name) }),
      rssi: advert.rssi,
      heardAt: advert.at,
      state,
      ...(advice !== undefined && { advice }),
      ...(keeper && { lock: keeper.record.id }),
      ...(recognised.asks && { asks: recognised.asks }),
    };
  }

  /** Sealed or damaged keys are no reason to call the lock somebody else's. */
  #holdsKey({ id, lifecycle }: LockRecord): boolean {
    try {
      return this.#vault.of(id).some(kept => kept.status === 'live');
    } catch {
      return lifecycle === 'managed';
    }
  }
}

function advise({ state, why, lifecycle, nature }: Seen): string | undefined {
  if (state === 'refused') return why;
  if (state === 'ours' && lifecycle !== 'managed') return 'It is ours; what was begun with it is not settled yet.';
  if (state !== 'taken') return undefined;
  const wants = nature.wants === undefined ? '' : ` ${nature.wants}`;
  if (nature.owners === 'many') return `To pair it: ${lowerFirst(nature.offer)}.${wants}`;
  return 'Taken: delete it in the maker’s app first (this erases its codes), or import its keys.';
}
