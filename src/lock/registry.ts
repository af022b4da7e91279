// All locks of this daemon: their keepers, adverts to the right one, commands through gate and audit.
import { LockError, asLockError, textOf } from '../base/errors.ts';
import type { Advert } from '../radio/radio.ts';
import { every } from '../base/clock.ts';
import { given } from '../base/given.ts';
import type { LockDriver, LockSession, Nature, Recognised } from './driver.ts';
import { type Gate, isOutside } from './gate.ts';
import { Keeper, type KeeperParts } from './keeper.ts';
import type { Leases } from './leases.ts';
import {
  type Asker,
  type Command,
  type Happening,
  type LockEar,
  type LockEvent,
  type LockSettings,
  type LockView,
  LOCK_NAME,
  type Outcome,
  RESERVED_NAMES,
} from './lock.ts';
import type { Locks } from './locks.ts';
import type { Audit, LockRecord } from './ports.ts';
import type { SettingValues } from './survey.ts';
import type { CommandTally } from './tally.ts';
import type { WorkLimits } from './tasks.ts';

/** Longer than any work that takes a lock for itself. */
const ALONE_MS = 5 * 60_000;
/** How often silent locks are looked for. */
const LOOK_MS = 30_000;

export interface RegistryParts extends Omit<KeeperParts, 'driver' | 'tell' | 'annotate' | 'heardSettings'> {
  drivers: readonly LockDriver[];
  gate: Gate;
  leases: Leases;
  audit: Audit;
  tally?: CommandTally;
}

/** `alone`: meanwhile everybody else is refused with this text, e.g. while the lock waits for a card. */
export type WorkHow = WorkLimits & { alone?: string };

/** An advert that a driver understood. */
export interface Heard {
  advert: Advert;
  recognised: Recognised;
  driver: LockDriver;
  /** Our lock with this hardware, if there is one. */
  lock?: string;
}

export class Registry implements Locks {
  readonly #parts: RegistryParts;
  readonly #keepers = new Map<string, Keeper>();
  readonly #byHardware = new Map<string, Keeper>();
  readonly #ears = new Set<LockEar>();
  readonly #heardEars = new Set<(heard: Heard) => void>();
  readonly #stops: (() => void)[] = [];
  readonly #settingEars = new Set<(lock: string, values: SettingValues) => void>();
  #annotate: (lock: string, happening: Happening) => Happening = (_lock, happening) => happening;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    for (const record of parts.shelf.all()) {
      try {
        this.#keep(this.#cutOff(record));
      } catch (thrown) {
        // One lock of a family that only a newer version knows is no reason to leave the others alone.
        parts.log.error({ lock: record.name, err: textOf(thrown) }, 'this lock cannot be looked after');
      }
    }
  }

  /** Starts listening and opens what is to be held. */
  start(): void {
    this.#stops.push(this.#parts.radio.hear(advert => this.#heard(advert)));
    this.#stops.push(every(this.#parts.clock, LOOK_MS, () => this.#keepers.forEach(keeper => keeper.look())));
    for (const keeper of this.#keepers.values()) keeper.start();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await Promise.all(Array.from(this.#keepers.values(), keeper => keeper.stop()));
  }

  annotateWith(annotate: (lock: string, happening: Happening) => Happening): void {
    this.#annotate = annotate;
  }

  /** What happened, with the slot and the person behind the credential. */
  annotated(lock: string, happening: Happening): Happening {
    return this.#guarded(() => this.#annotate(lock, happening)) ?? happening;
  }

  /** What is set on a lock itself, whenever some of it was read as routine. */
  hearSettings(ear: (lock: string, values: SettingValues) => void): () => void {
    this.#settingEars.add(ear);
    return () => void this.#settingEars.delete(ear);
  }

  hear(ear: LockEar): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** Every advert that a driver recognised. */
  hearAdverts(ear: (heard: Heard) => void): () => void {
    this.#heardEars.add(ear);
    return () => void this.#heardEars.delete(ear);
  }

  all(): LockView[] {
    return Array.from(this.#keepers.values())
      .filter(keeper => shownToBridges(keeper.record))
      .map(keeper => keeper.view());
  }

  find(lock: string): LockView | undefined {
    return this.keeper(lock)?.view();
  }

  /** By id or name. */
  keeper(lock: string): Keeper | undefined {
    return this.#keepers.get(lock) ?? Array.from(this.#keepers.values()).find(k => k.record.name === lock);
  }

  /** By family. */
  natures(): Readonly<Record<string, Nature>> {
    return Object.fromEntries(this.#parts.drivers.map(({ family, nature }) => [family, nature]));
  }

  driver(family: string): LockDriver {
    const driver = this.#parts.drivers.find(d => d.family === family);
    if (!driver)
      throw new LockError('unsupported', `This version of Latchbridge does not know the family "${family}".`);
    return driver;
  }

  /** Throws what the gate has against it. */
  admit(command: Command): void {
    this.#parts.gate.admit(command, this.#must(command.lock).view());
  }

  async command(command: Command): Promise<Outcome> {
    const keeper = this.#must(command.lock);
    const { verb, asker } = command;
    const entry = { lock: keeper.record.id, via: asker.via, who: asker.who };
    const count = (outcome: string, tookMs?: number): void =>
      this.#parts.tally?.note({ lock: entry.lock, verb, via: asker.via, outcome, ...given({ tookMs }) });
    this.#parts.audit.write({ ...entry, what: 'asked', detail: verb });
    try {
      this.#parts.gate.admit(command, keeper.view());
    } catch (thrown) {
      const error = asLockError(thrown, 'forbidden', 'The order was refused.');
      this.#parts.audit.write({ ...entry, what: 'refused', detail: `${verb}: ${error.reason}` });
      count('refused');
      throw error;
    }
    try {
      const outcome = await keeper.command(command);
      this.#parts.audit.write({ ...entry, what: 'done', detail: verb });
      count('done', outcome.tookMs);
      return outcome;
    } catch (thrown) {
      const error = asLockError(thrown, 'unreachable', `The attempt to ${verb} failed.`);
      this.#parts.audit.write({ ...entry, what: 'failed', detail: `${verb}: ${error.reason}, acted ${error.acted}` });
      count(error.code);
      throw error;
    }
  }

  async refresh(lock: string, _asker: Asker): Promise<void> {
    const keeper = this.#must(lock);
    if (keeper.record.lifecycle !== 'managed')
      throw new LockError('forbidden', `"${keeper.record.name}" is not paired.`);
    await keeper.refresh('person');
  }

  /** Does something in a session of a paired lock: codes, settings, its log. */
  async work<T>(lock: string, asker: Asker, task: (session: LockSession) => Promise<T>, how: WorkHow = {}): Promise<T> {
    const keeper = this.#must(lock);
    const { record } = keeper;
    if (isOutside(asker)) {
      throw new LockError('forbidden', `Not everybody may change "${record.name}"; ask its owner.`);
    }
    const busy = this.#parts.leases.of(record.id);
    if (busy && asker.via !== 'flow') {
      const text = `"${record.name}" is being worked on by ${busy.holder}; wait until that is finished.`;
      throw new LockError('busy', text);
    }
    const held = record.lifecycle === 'suspended' && asker.via === 'flow';
    if (record.lifecycle !== 'managed' && !held) {
      throw new LockError('forbidden', `"${record.name}" is not paired.`);
    }
    const { alone, ...limits } = how;
    const work = { urgency: 'person', what: 'change the lock', ...limits } as const;
    if (alone === undefined) return keeper.work(work, task);
    return keeper.work(work, session => this.#alone(record.id, alone, () => task(session)));
  }

  rename(lock: string, name: string, asker: Asker): LockView {
    const keeper = this.#must(lock);
    const from = keeper.record.name;
    if (name !== from) this.checkName(name);
    this.save({ ...keeper.record, name });
    this.#audit(keeper, asker, 'renamed', `${from} to ${name}`);
    const view = keeper.view();
    if (name !== from) this.#tell({ kind: 'renamed', view, from });
    return view;
  }

  assign(lock: string, unit: string, asker: Asker): LockView {
    const keeper = this.#must(lock);
    if (unit.trim() === '' || unit.length > 64) throw new LockError('invalid', 'A unit’s name has 1 to 64 characters.');
    this.save({ ...keeper.record, unit: this.#parts.shelf.unit(unit.trim()) });
    this.#audit(keeper, asker, 'assigned', unit);
    this.#tell({ kind: 'changed', view: keeper.view() });
    return keeper.view();
  }

  setOptions(lock: string, options: Partial<LockSettings>, asker: Asker): LockView {
    const keeper = this.#must(lock);
    const { record } = keeper;
    this.save({ ...record, settings: { ...record.settings, ...options } });
    this.#audit(keeper, asker, 'options', Object.keys(options).join(', '));
    this.#tell({ kind: 'changed', view: keeper.view() });
    return keeper.view();
  }

  remove(lock: string, asker: Asker, how: { force?: boolean } = {}): void {
    const keeper = this.#must(lock);
    const { record } = keeper;
    const busy = this.#parts.leases.of(record.id);
    if (busy && asker.via !== 'flow') {
      throw new LockError(
        'busy',
        `"${record.name}" is being worked on by ${busy.holder}; wait until that is finished.`,
      );
    }
    const alive = this.#parts.vault.of(record.id).filter(k => ['live', 'leaving', 'provisional'].includes(k.status));
    // Of a first pairing whose end is not known. Its key stays in the vault as retired, should it be the lock's.
    const begun = record.generation === 0 && record.lifecycle === 'limbo' && mayManage(asker);
    if (alive.length > 0 && !how.force && !begun) {
      const text = `"${record.name}" still has a working key here. Unpair it first, or force the removal: the lock then keeps its key and codes.`;
      throw new LockError('forbidden', text, { reason: 'still_paired' });
    }
    const view = keeper.view();
    this.#parts.shelf.remove(record.id);
    // Forced: the keys stay in the vault as retired, so that the lock can be brought back.
    for (const kept of alive) this.#parts.vault.mark(kept.id, 'retired');
    this.#keepers.delete(record.id);
    this.#byHardware.delete(record.hardware);
    void keeper.stop({ gone: true });
    this.#audit(keeper, asker, 'removed', how.force ? 'forced' : '');
    if (shownToBridges(record)) this.#tell({ kind: 'removed', view });
  }

  /** A new lock; `added` is told when it is first shown. */
  add(record: Omit<LockRecord, 'endpoint'>): Keeper {
    this.checkName(record.name);
    const keeper = this.#keep(this.#parts.shelf.add(record));
    keeper.start();
    if (shownToBridges(keeper.record)) this.#tell({ kind: 'added', view: keeper.view() });
    return keeper;
  }

  /** Keeps a changed record and hands it to its keeper. */
  save(record: LockRecord): void {
    const keeper = this.#must(record.id);
    const before = shownToBridges(keeper.record);
    this.#parts.shelf.save(record);
    if (keeper.record.hardware !== record.hardware) this.#byHardware.delete(keeper.record.hardware);
    this.#byHardware.set(record.hardware, keeper);
    keeper.adopt(record);
    if (shownToBridges(record)) this.#tell({ kind: before ? 'changed' : 'added', view: keeper.view() });
  }

  /** Throws `invalid` for a name that cannot be a topic segment or is taken. */
  checkName(name: string): void {
    if (!LOCK_NAME.test(name) || RESERVED_NAMES.includes(name)) {
      const text =
        'A lock’s name is 1 to 64 lower case letters, digits, "_" or "-", and not "bridge", "flow" or "demo".';
      throw new LockError('invalid', text, { reason: 'bad_name' });
    }
    if (this.keeper(name))
      throw new LockError('invalid', `There is a lock "${name}" already.`, { reason: 'name_taken' });
  }

  /** The wanted name, or the first free one of its series. */
  freeName(wanted: string): string {
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted.slice(0, 60)}_${n}`;
      if (!this.keeper(name)) return name;
    }
  }

  /** The lock with this hardware, whatever its address is today. Of one that was only entered the address is all we know. */
  byHardware(hardware: string, address?: string): Keeper | undefined {
    const isEntered = ({ record }: Keeper): boolean =>
      record.prepared === true && record.generation === 0 && record.address === address;
    return this.#byHardware.get(hardware) ?? Array.from(this.#keepers.values()).find(isEntered);
  }

  #keep(record: LockRecord): Keeper {
    const { drivers: _drivers, gate: _gate, ...parts } = this.#parts;
    const keeper: Keeper = new Keeper(
      {
        ...parts,
        driver: this.driver(record.family),
        // What ends late on a lock that was removed must not bring it back.
        tell: event => this.#keepers.has(record.id) && shownToBridges(keeper.record) && this.#tell(event),
        annotate: (lock, happening) => this.annotated(lock, happening),
        heardSettings: (lock, values) => this.#settingEars.forEach(ear => this.#guarded(() => ear(lock, values))),
      },
      record,
    );
    this.#keepers.set(record.id, keeper);
    this.#byHardware.set(record.hardware, keeper);
    return keeper;
  }

  /** What was being paired when we were ended is not being paired any more: nobody knows how far that went. */
  #cutOff(record: LockRecord): LockRecord {
    if (record.lifecycle !== 'provisioning') return record;
    const lost: LockRecord = { ...record, lifecycle: 'limbo' };
    try {
      this.#parts.shelf.save(lost);
    } catch (thrown) {
      this.#parts.log.error(
        { lock: record.name, err: textOf(thrown) },
        'it could not be kept that a pairing was cut off',
      );
    }
    return lost;
  }

  #heard(advert: Advert): void {
    for (const driver of this.#parts.drivers) {
      const recognised = driver.recognise(advert);
      if (!recognised) continue;
      const keeper = this.byHardware(recognised.hardware, advert.address);
      keeper?.heard(advert, recognised);
      const heard: Heard = { advert, recognised, driver, ...(keeper && { lock: keeper.record.id }) };
      for (const ear of this.#heardEars) ear(heard);
      return;
    }
  }

  /** Others hear at once that they have to wait, instead of waiting until it is too late. */
  async #alone<T>(lock: string, text: string, task: () => Promise<T>): Promise<T> {
    const lease = this.#parts.leases.take(lock, 'somebody at its door', ALONE_MS, () => new LockError('busy', text));
    try {
      return await task();
    } finally {
      lease.release();
    }
  }

  #must(lock: string): Keeper {
    const keeper = this.keeper(lock);
    if (!keeper) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return keeper;
  }

  #audit(keeper: Keeper, asker: Asker, what: string, detail: string): void {
    this.#parts.audit.write({ lock: keeper.record.id, via: asker.via, who: asker.who, what, detail });
  }

  #tell(event: LockEvent): void {
    for (const ear of this.#ears) this.#guarded(() => ear(event));
  }

  /** What fails in others must not end a session, least of all a command that the lock has carried out. */
  #guarded<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (thrown) {
      this.#parts.log.error({ err: thrown }, 'somebody failed to take what a lock said');
      return undefined;
    }
  }
}

function mayManage({ role }: Asker): boolean {
  return role === 'owner' || role === 'manager';
}

/** A lock that is just being paired for the first time is nobody's business yet; one of which that is not known is. */
function shownToBridges({ generation, lifecycle, prepared }: LockRecord): boolean {
  return generation > 0 || prepared === true || lifecycle !== 'provisioning';
}
