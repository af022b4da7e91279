// What can be read from and set on a lock itself: its settings, its log, its keys, its own code, and who may connect.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Log, Secret } from '../base/log.ts';
import type { AdminCode, Credential, LockSession } from './driver.ts';
import { isOutside } from './gate.ts';
import type { Keeper } from './keeper.ts';
import type { Asker, Happening, LockEvent, SettingValue } from './lock.ts';
import type { SessionCost, Workbench } from './locks.ts';
import type { Authorisation, Timer } from './driver.ts';
import { LockFunctions } from './functions.ts';
import { LogReading } from './log-reading.ts';
import type { Audit, ValueShelf, Vault } from './ports.ts';
import type { Registry } from './registry.ts';
import { costsOf } from './session-cost.ts';
import { settingNamed, settingValue } from './setting-value.ts';
import { type SettingValues, readOne } from './survey.ts';

const LONGEST_BREAK_MINUTES = 60;

export interface WorkbenchParts {
  registry: Registry;
  vault: Vault;
  audit: Audit;
  values: ValueShelf;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
}

type Ear = (lock: string, values: SettingValues) => void;
/** What an audit line says of a piece of work. */
interface Deed {
  keeper: Keeper;
  asker: Asker;
  what: string;
  detail?: string;
}

export class LockBench implements Workbench {
  readonly #parts: WorkbenchParts;
  readonly #ears = new Set<Ear>();
  readonly #known = new Map<string, SettingValues>();
  readonly #functions: LockFunctions;

  constructor(parts: WorkbenchParts) {
    this.#parts = parts;
    const { registry, vault, clock, random } = parts;
    this.#functions = new LockFunctions({
      registry,
      vault,
      clock,
      random,
      audited: (deed, act) => this.#audited(deed, act),
    });
    parts.registry.hearSettings((lock, values) => {
      if (parts.registry.keeper(lock)) this.#learn(lock, { ...this.known(lock), ...values });
    });
    parts.registry.hear(event => this.#heard(event));
  }

  known(lock: string): SettingValues {
    const { id } = this.#must(lock).record;
    let known = this.#known.get(id);
    if (!known) this.#known.set(id, (known = this.#parts.values.get(id)));
    return known;
  }

  async readSettings(lock: string, asker: Asker): Promise<SettingValues> {
    const { id } = this.#must(lock).record;
    const read = await this.#parts.registry.work(id, asker, async session => {
      const values: Record<string, SettingValue> = {};
      for (const { name } of session.abilities.settings) {
        const value = session.settings && (await readOne(session.settings, name));
        if (value !== undefined) values[name] = value;
      }
      return values;
    });
    this.#learn(id, read, { always: true });
    return read;
  }

  async writeSetting(lock: string, name: string, value: SettingValue, asker: Asker): Promise<SettingValue> {
    const keeper = this.#must(lock);
    const { id } = keeper.record;
    const meant = settingValue(settingNamed(keeper.view(), name), value);
    const deed = { keeper, asker, what: 'setting_set', detail: `${name} to ${String(meant)}` };
    const said = await this.#audited(deed, () =>
      this.#parts.registry.work(id, asker, async session => {
        if (!session.settings) throw cannot('have settings that we can change');
        await session.settings.write(name, meant);
        return session.settings.read(name);
      }),
    ).finally(() => keeper.settingChanged());
    this.#learn(id, { ...this.known(id), [name]: said }, { always: true });
    return said;
  }

  readLog(lock: string, most: number, asker: Asker): Promise<readonly Happening[]> {
    const keeper = this.#must(lock);
    const { registry } = this.#parts;
    const { id } = keeper.record;
    return new LogReading({
      near: () => keeper.record.logCursor,
      page: task => registry.work(id, asker, task),
      annotated: happening => registry.annotated(id, happening),
    }).newest(most);
  }

  async revokeAppKeys(lock: string, asker: Asker): Promise<void> {
    const keeper = this.#must(lock);
    mayManage(asker);
    const { id } = keeper.record;
    await this.#audited({ keeper, asker, what: 'app_keys_revoked' }, () =>
      this.#parts.registry.work(id, asker, async session => {
        if (!session.revokeAppKeys) throw cannot('revoke the keys of apps');
        await session.revokeAppKeys(async credential => this.#keep(id, credential));
      }),
    );
  }

  adminCode(lock: string, asker: Asker): Promise<Secret<string> | undefined> {
    const keeper = this.#must(lock);
    mayKnowTheCode(asker);
    return this.#audited({ keeper, asker, what: 'admin_code_read' }, () =>
      this.#parts.registry.work(keeper.record.id, asker, async session => codeOf(session).read()),
    );
  }

  async setAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void> {
    const keeper = this.#must(lock);
    mayKnowTheCode(asker);
    await this.#audited({ keeper, asker, what: 'admin_code_set' }, () =>
      this.#parts.registry.work(keeper.record.id, asker, async session =>
        codeOf(session).set(code, async credential => this.#keep(keeper.record.id, credential)),
      ),
    );
  }

  async tellAdminCode(lock: string, code: Secret<string>, asker: Asker): Promise<void> {
    const keeper = this.#must(lock);
    mayKnowTheCode(asker);
    await this.#functions.tellAdminCode(keeper, code, asker);
  }

  async renewKey(lock: string, asker: Asker): Promise<void> {
    mayManage(asker);
    await this.#functions.renewKey(this.#must(lock), asker);
  }

  async retireKey(lock: string, old: string, asker: Asker): Promise<void> {
    mayManage(asker);
    await this.#functions.retireKey(this.#must(lock), old, asker);
  }

  async perform(lock: string, action: string, asker: Asker): Promise<void> {
    await this.#functions.perform(this.#must(lock), action, asker);
  }

  async authorisations(lock: string, asker: Asker): Promise<readonly Authorisation[]> {
    return this.#functions.authorisations(this.#must(lock), asker);
  }

  async removeAuthorisation(lock: string, id: string, asker: Asker): Promise<void> {
    await this.#functions.removeAuthorisation(this.#must(lock), id, asker);
  }

  async timers(lock: string, asker: Asker): Promise<readonly Timer[]> {
    return this.#functions.timers(this.#must(lock), asker);
  }

  async addTimer(lock: string, timer: Omit<Timer, 'id'>, asker: Asker): Promise<Timer> {
    return this.#functions.addTimer(this.#must(lock), timer, asker);
  }

  async changeTimer(lock: string, timer: Timer, asker: Asker): Promise<void> {
    await this.#functions.changeTimer(this.#must(lock), timer, asker);
  }

  async removeTimer(lock: string, id: string, asker: Asker): Promise<void> {
    await this.#functions.removeTimer(this.#must(lock), id, asker);
  }

  letPhoneIn(lock: string, minutes: number, asker: Asker): { until?: number } {
    const keeper = this.#must(lock);
    const { record } = keeper;
    if (!Number.isInteger(minutes) || minutes < 0 || minutes > LONGEST_BREAK_MINUTES) {
      throw new LockError('invalid', 'The maker’s app can be let in for 1 to 60 minutes; 0 ends it.');
    }
    if (isOutside(asker)) {
      throw new LockError('forbidden', `Not everybody may let a phone connect to "${record.name}"; ask its owner.`);
    }
    if (record.lifecycle !== 'managed') throw new LockError('forbidden', `"${record.name}" is not paired.`);
    const until = keeper.letPhoneIn(minutes);
    const { via, who } = asker;
    const what = minutes === 0 ? 'phone_let_in_ended' : 'phone_let_in';
    this.#parts.audit.write({ lock: record.id, via, who, what, detail: `${minutes} minutes` });
    return until === undefined ? {} : { until };
  }

  costs(lock: string): readonly SessionCost[] {
    const keeper = this.#must(lock);
    return costsOf(keeper.view(), keeper.record.addedAt, this.#parts.clock.now());
  }

  hear(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  /** Once here, the lock may know it. */
  #keep(lock: string, credential: Credential): void {
    const { vault } = this.#parts;
    const live = vault.of(lock).find(kept => kept.status === 'live');
    if (!live) throw new LockError('forbidden', 'There is no key for this lock; pair it first.', { reason: 'no_key' });
    vault.replace(live.id, credential);
  }

  /** What was read as routine is told when it is news; what somebody asked for, always. */
  #learn(lock: string, values: SettingValues, { always = false } = {}): void {
    const { values: shelf, log } = this.#parts;
    if (!isDeepStrictEqual(this.known(lock), values)) {
      this.#known.set(lock, values);
      try {
        shelf.set(lock, values);
      } catch (thrown) {
        // It is read again at the next start.
        log.error({ lock, err: textOf(thrown) }, 'the settings of a lock could not be kept');
      }
    } else if (!always) return;
    for (const ear of this.#ears) {
      try {
        ear(lock, values);
      } catch (thrown) {
        log.error({ lock, err: thrown }, 'a listener failed to take the settings of a lock');
      }
    }
  }

  /** A lock that was wiped has the settings of its factory. */
  #heard({ kind, view }: LockEvent): void {
    if (kind === 'changed' && view.lifecycle === 'factory') this.#learn(view.id, {});
    if (kind !== 'removed') return;
    this.#known.delete(view.id);
    this.#parts.values.remove(view.id);
  }

  async #audited<T>({ keeper, asker, what, detail }: Deed, act: () => Promise<T>): Promise<T> {
    const { audit } = this.#parts;
    const line = { lock: keeper.record.id, via: asker.via, who: asker.who };
    try {
      const value = await act();
      audit.write({ ...line, what, ...(detail !== undefined && { detail }) });
      return value;
    } catch (thrown) {
      const reason = thrown instanceof LockError ? `${thrown.reason}, acted ${thrown.acted}` : 'unexpected';
      audit.write({ ...line, what: 'failed', detail: `${what}: ${reason}` });
      throw thrown;
    }
  }

  #must(lock: string): Keeper {
    const keeper = this.#parts.registry.keeper(lock);
    if (!keeper) throw new LockError('not_found', 'There is no lock of that name. Look at the list of locks.');
    return keeper;
  }
}

function mayManage({ role }: Asker): void {
  if (role === 'owner' || role === 'manager') return;
  throw new LockError('forbidden', 'Only an owner or a manager may revoke the keys of apps.', {
    reason: 'not_authorised',
  });
}

function mayKnowTheCode({ role, via }: Asker): void {
  if (role === 'owner' && via !== 'mqtt') return;
  throw new LockError('forbidden', 'Only an owner may have the lock’s own code, and never over MQTT.', {
    reason: 'not_authorised',
  });
}

function codeOf(session: LockSession): AdminCode {
  if (!session.adminCode) throw cannot('have a code of its own');
  return session.adminCode;
}

function cannot(what: string): LockError {
  return new LockError('unsupported', `This lock, or our key for it, does not ${what}.`);
}
