// Makes one lock ours: finds the one that is meant, keeps its key before it can know it, and only then believes it.
import { type Clock, every, stopped } from '../base/clock.ts';
import { LockError, asLockError } from '../base/errors.ts';
import { hex } from '../base/bytes.ts';
import type { Log, Secret } from '../base/log.ts';
import type { Paired } from '../lock/driver.ts';
import type { Keeper } from '../lock/keeper.ts';
import type { Leases } from '../lock/leases.ts';
import { type Asker, type LockView, slug } from '../lock/lock.ts';
import type { Audit, LockRecord, LockShelf, Vault } from '../lock/ports.ts';
import type { Heard, Registry } from '../lock/registry.ts';
import type { PairRequest } from './flow.ts';
import { natureOf } from './nature.ts';
import type { Nearby } from './nearby.ts';
import { type Settler, unsettled } from './settle.ts';

/** Default keys are in use only this long at a time (reliability.md 1.7). */
export const LONGEST_S = 120;
/** After the first candidate: time for a second one to be heard, so that nobody pairs the neighbour's lock. */
const GATHER_MS = 2000;
/** A touch wakes a lock for 10-15 s (ttlock.md 2.1); what was heard longer ago sleeps again. */
export const AWAKE_MS = 12_000;
/** Connection, key agreement and the commit. */
const PAIR_MS = 45_000;
/** After a broken pairing: how long the lock is asked which it is before the answer is "not known". */
const VERDICT_MS = 8000;
const LOOK_MS = 500;

const FLOW: Asker = { via: 'flow', who: 'pairing', role: 'owner' };

export interface JoinerParts {
  registry: Registry;
  nearby: Nearby;
  settler: Settler;
  vault: Vault;
  shelf: LockShelf;
  leases: Leases;
  audit: Audit;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
  /** The lock took a new owner: its old codes are gone. */
  wiped(lock: string): void;
  /** A pairing begins; `lock` is its id. */
  started?(address: string, lock: string): void;
  /** Family options of a lock from the configuration. */
  options?(lock: LockRecord): Readonly<Record<string, string>>;
}

/** `leased` where the flow holds the lock already. */
export interface JoinHow {
  asker: Asker;
  leased: boolean;
  /** What `Recognised.asks` asked for. */
  secret?: Secret<string> | undefined;
}

export class Joiner {
  readonly #parts: JoinerParts;
  #running = false;

  constructor(parts: JoinerParts) {
    this.#parts = parts;
  }

  /** Throws what makes the wish impossible before anything is waited for. `patient`: a person walks to the lock first. */
  check(request: PairRequest, { patient = false } = {}): void {
    const known = this.known(request);
    if (request.name !== undefined && request.name !== known?.record.name) this.#parts.registry.checkName(request.name);
    const { seconds = LONGEST_S } = request;
    if (!patient && !(seconds > 0 && seconds <= LONGEST_S)) {
      throw new LockError('invalid', `Pairing waits for the lock for 1 to ${LONGEST_S} seconds.`);
    }
  }

  /** The lock that is to be paired again, if it is one. */
  known(request: PairRequest): Keeper | undefined {
    return request.lock === undefined ? this.#unseen(request.name) : this.#known(request.lock);
  }

  #known(lock: string): Keeper {
    const keeper = this.#parts.registry.keeper(lock);
    if (!keeper)
      throw new LockError('not_found', 'There is no lock of that name. Leave the name out to pair a new one.');
    return keeper;
  }

  /** A lock of that name whose first pairing is not settled: pairing it again settles it. */
  #unseen(name: string | undefined): Keeper | undefined {
    const keeper = name === undefined ? undefined : this.#parts.registry.keeper(name);
    return keeper && keeper.record.generation === 0 && unsettled(keeper.record) ? keeper : undefined;
  }

  /** What is awake, offers itself, and may be what is meant. */
  offered(request: PairRequest): Heard[] {
    const known = this.known(request);
    const { address } = request;
    return this.#parts.nearby
      .pairable(AWAKE_MS)
      .filter(({ advert, recognised }) =>
        address !== undefined
          ? advert.address === address.toLowerCase()
          : known === undefined || isMeant(known.record, { advert, recognised }),
      );
  }

  /** Why nothing offered itself, for people. */
  missing(request: PairRequest, seconds: number): LockError {
    return this.#notOffered(request, seconds);
  }

  #notOffered(request: PairRequest, seconds: number): LockError {
    const { nearby, registry } = this.#parts;
    const known = this.known(request)?.record;
    const address = request.address?.toLowerCase() ?? known?.address;
    const seen = nearby.all().find(c => c.address === address || (known && c.lock === known.id));
    const nature = natureOf(registry, seen ?? known);
    // What takes many clients is nobody's alone: it only was not asked to take us.
    const many = seen?.state === 'taken' && nature.owners === 'many';
    if (seen?.state === 'taken' && !many)
      return new LockError('rejected', seen.advice ?? 'It is taken.', { reason: 'foreign_owner' });
    if (seen?.state === 'ours') return alreadyOurs();
    if (seen?.state === 'refused') return new LockError('unsupported', seen.advice ?? 'We cannot speak to it.');
    const text = `No lock offered itself for pairing within ${seconds} s. ${nature.offer}, stand close, and try again.`;
    return new LockError('timeout', text, { reason: 'not_heard' });
  }

  /** Waits until the wanted lock, or exactly one lock, offers itself. */
  async find(request: PairRequest, signal: AbortSignal): Promise<Heard> {
    const { clock } = this.#parts;
    const known = this.known(request);
    const seconds = request.seconds ?? LONGEST_S;
    const named = request.address !== undefined || known !== undefined;
    const began = clock.elapsed();
    let firstSeenAt: number | undefined;
    return new Promise<Heard>((resolve, reject) => {
      const stop = every(clock, LOOK_MS, () => {
        const now = clock.elapsed();
        const found = this.offered(request);
        const [one] = found;
        if (one) firstSeenAt ??= now;
        const gathered = named || (firstSeenAt !== undefined && now - firstSeenAt >= GATHER_MS);
        const late = now - began >= seconds * 1000;
        if (!signal.aborted && !late && !(one && gathered)) return;
        stop();
        if (signal.aborted) reject(stopped(signal));
        else if (found.length > 1) reject(ambiguous(found));
        else if (one) resolve(one);
        else reject(this.#notOffered(request, seconds));
      });
    });
  }

  /** From here on the lock may be ours: a crash is settled by asking it. */
  async join(heard: Heard, request: PairRequest, how: JoinHow): Promise<LockView> {
    if (this.#running) throw anotherOne();
    this.#running = true;
    try {
      return await this.#join(heard, request, how);
    } finally {
      this.#running = false;
      // What it offered before counts no more: while we hold its session it does not advertise.
      this.#parts.nearby.forget(heard.advert.address);
    }
  }

  get running(): boolean {
    return this.#running;
  }

  async #join(heard: Heard, request: PairRequest, { asker, leased, secret }: JoinHow): Promise<LockView> {
    const { leases, audit } = this.#parts;
    const keeper = this.#existing(heard, request) ?? this.#newLock(heard, request);
    const before = keeper.record;
    const busy = new LockError('busy', 'The lock is being paired; wait until that is finished.');
    const lease = leased ? undefined : leases.take(before.id, 'pairing', PAIR_MS * 2, () => busy);
    let committed = false;
    audit.write({ lock: before.id, via: asker.via, who: asker.who, what: 'pairing', detail: heard.advert.address });
    this.#parts.started?.(heard.advert.address, before.id);
    try {
      this.#begin(keeper, heard);
      const paired = await this.#work(keeper, heard, secret);
      committed = true;
      lease?.release();
      const view = this.#finish(keeper, before, { paired, request });
      audit.write({ lock: before.id, via: asker.via, who: asker.who, what: 'paired' });
      return view;
    } catch (thrown) {
      lease?.release();
      audit.write({ lock: before.id, via: asker.via, who: asker.who, what: 'pairing_failed' });
      const error = asLockError(thrown, 'unreachable', 'Pairing failed.', { acted: 'maybe' });
      throw await this.#undo(keeper, before, { error, committed });
    }
  }

  /** What this hardware is paired as, unless that would take the place or the key of another one. */
  #existing({ advert, recognised }: Heard, request: PairRequest): Keeper | undefined {
    const here = this.#parts.registry.byHardware(recognised.hardware, advert.address);
    if (request.lock === undefined) return here;
    const keeper = this.#known(request.lock);
    if (keeper === here) return keeper;
    const { name, lifecycle } = keeper.record;
    if (here) {
      const text = `That is "${here.record.name}", not "${name}". Pair it under its own name, or remove it first.`;
      throw new LockError('invalid', text, { reason: 'other_lock' });
    }
    if (lifecycle === 'managed' || lifecycle === 'suspended') {
      const text = `"${name}" is paired, and this is another lock. Unpair "${name}" first, or only forget it here.`;
      throw new LockError('forbidden', text, { reason: 'still_paired' });
    }
    return keeper;
  }

  #newLock(heard: Heard, request: PairRequest): Keeper {
    const { registry, random, shelf, clock } = this.#parts;
    const name = request.name ?? this.#parts.registry.freeName(slug(heard.advert.name ?? heard.recognised.model));
    return registry.add({
      id: hex(random(6)),
      name,
      unit: shelf.unit(request.unit ?? name),
      family: heard.driver.family,
      address: heard.advert.address,
      addressType: heard.advert.addressType,
      hardware: heard.recognised.hardware,
      lifecycle: 'provisioning',
      generation: 0,
      settings: {},
      facts: { model: heard.recognised.model },
      addedAt: clock.now(),
    });
  }

  /** On disk first: from here on a crash is settled by asking the lock. */
  #begin(keeper: Keeper, { advert, recognised }: Heard): void {
    const { address, addressType } = advert;
    const { hardware } = recognised;
    this.#parts.registry.save({ ...keeper.record, address, addressType, hardware, lifecycle: 'provisioning' });
    // A new one has heard none: it came before there was a keeper for it, and a lock that is connected sends no other.
    keeper.heard(advert, recognised);
  }

  #work(keeper: Keeper, heard: Heard, secret: Secret<string> | undefined): Promise<Paired> {
    const { vault } = this.#parts;
    const { id, generation } = keeper.record;
    const options = this.#parts.options?.(keeper.record) ?? {};
    const unfinished = vault.of(id).find(one => one.generation === generation + 1 && one.status !== 'dead');
    const hint = {
      advert: heard.advert,
      options,
      ...(secret && { secret }),
      ...(unfinished && { unfinished: unfinished.credential }),
    };
    let kept: string | undefined;
    return keeper.lend(PAIR_MS, (link, ground) =>
      heard.driver.pair(link, ground, hint, async credential => {
        if (kept === undefined) kept = vault.keep(id, credential, generation + 1).id;
        else unsure(() => vault.replace(kept as string, credential));
      }),
    );
  }

  #finish(keeper: Keeper, before: LockRecord, done: { paired: Paired; request: PairRequest }): LockView {
    const { vault, registry, shelf } = this.#parts;
    const { paired, request } = done;
    const kept = vault.of(before.id).find(k => k.status === 'provisional');
    if (!kept) throw new LockError('disk', 'The key of the new pairing is not on the disk.', { acted: 'maybe' });
    vault.replace(kept.id, paired.credential);
    vault.promote(kept.id);
    const { logCursor: _log, lastState: _state, ...record } = keeper.record;
    // What is replaced has been forgotten: the lock was in setting mode and took a new owner. Of other hardware nobody knows.
    const forgotten = before.hardware === record.hardware ? vault.of(before.id) : [];
    const emptied = registry.driver(record.family).nature.owners === 'one';
    for (const old of emptied ? forgotten : []) if (old.status === 'retired') vault.mark(old.id, 'dead');
    registry.save({
      ...record,
      // Only the tests of the flow make it `managed`.
      lifecycle: 'suspended',
      generation: kept.generation,
      facts: { ...before.facts, ...paired.facts },
      abilities: paired.abilities,
      ...(request.unit !== undefined && { unit: shelf.unit(request.unit) }),
    });
    if (emptied) this.#parts.wiped(before.id);
    const { name = before.name } = request;
    return name === before.name ? keeper.view() : registry.rename(before.id, name, FLOW);
  }

  /**
   * Nothing was committed: as before. Something may have been: the lock is asked, now or at its next advert.
   */
  async #undo(keeper: Keeper, before: LockRecord, went: { error: LockError; committed: boolean }): Promise<LockError> {
    const { vault, registry, settler } = this.#parts;
    const { error, committed } = went;
    const provisional = vault.of(before.id).filter(k => k.status === 'provisional');
    if (!committed && (provisional.length === 0 || error.acted === 'no')) {
      for (const kept of provisional) vault.mark(kept.id, 'retired');
      if (before.lifecycle !== 'provisioning') registry.save(asBefore(keeper.record, before));
      else registry.remove(before.id, FLOW, { force: true });
      if (provisional.length === 0) return error;
      const text = `${error.message} It had not taken us yet. ${registry.driver(before.family).nature.offer}, and pair again.`;
      return new LockError(error.code, text, { reason: error.reason, cause: error });
    }
    registry.save({ ...keeper.record, lifecycle: 'limbo' });
    const verdict = await settler.verdict(before.id, VERDICT_MS);
    const { offer } = registry.driver(before.family).nature;
    const what = {
      ours: 'Asked again, the lock accepts our key: it is paired.',
      factory: `The lock did not take the new key. ${offer}, and pair again.`,
      unknown:
        'Whether the lock took the new key is not known; it is asked as soon as it is heard. Keep it awake and near.',
    }[verdict];
    return new LockError(error.code, `${error.message} ${what}`, {
      reason: error.reason,
      acted: 'maybe',
      cause: error,
    });
  }
}

/** One that was only entered here is known by its address: what it calls itself was never heard. */
function isMeant(record: LockRecord, { advert, recognised }: Pick<Heard, 'advert' | 'recognised'>): boolean {
  const entered = record.prepared === true && record.generation === 0 && advert.address === record.address;
  return entered || recognised.hardware === record.hardware;
}

/** Once the key is on the disk the lock may know it, whatever fails then. */
function unsure(write: () => void): void {
  try {
    write();
  } catch (thrown) {
    const { code, message, reason } = asLockError(thrown, 'disk', 'The key could not be saved.');
    throw new LockError(code, message, { acted: 'maybe', reason, cause: thrown });
  }
}

/** The record as it stood; where the lock was heard since counts, unless it was another one's address. */
function asBefore(now: LockRecord, { lifecycle, hardware, address, addressType }: LockRecord): LockRecord {
  return { ...now, lifecycle, ...(now.hardware !== hardware && { hardware, address, addressType }) };
}

export function anotherOne(): LockError {
  return new LockError('busy', 'Another lock is being paired; wait until that is finished.');
}

export function ambiguous(found: readonly Heard[]): LockError {
  const list = found.map(h => `${h.recognised.model} ${h.advert.address}`).join(', ');
  const text = `More than one lock offers itself for pairing (${list}). Say which by its address, or wake only one.`;
  return new LockError('rejected', text, { reason: 'ambiguous_lock' });
}

export function alreadyOurs(): LockError {
  return new LockError('rejected', 'It is paired with us already. Unpair it first.', { reason: 'already_paired' });
}
