// What only some locks can do besides: further actions, a list of whom they take, timers, a code of their owner.
import { hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Secret } from '../base/log.ts';
import type { Authorisation, Authorisations, LockSession, Timer, Timers } from './driver.ts';
import type { Keeper } from './keeper.ts';
import type { Asker } from './lock.ts';
import type { KeptCredential, Vault } from './ports.ts';
import type { Registry } from './registry.ts';
import { isRefusal } from './standing.ts';

/** Connection, login, and a motor that goes through all its positions. */
const ACTION_MS = 60_000;
/** Connection, login and the answer. */
const PROBE_MS = 20_000;

/** Does it, and writes into the audit what came of it. */
export type Audited = <T>(
  deed: { keeper: Keeper; asker: Asker; what: string; detail?: string },
  act: () => Promise<T>,
) => Promise<T>;

export interface FunctionParts {
  registry: Registry;
  vault: Vault;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  audited: Audited;
}

export class LockFunctions {
  readonly #parts: FunctionParts;

  constructor(parts: FunctionParts) {
    this.#parts = parts;
  }

  /** What moves the bolt passes the same gate as an order to unlock. */
  async perform(keeper: Keeper, name: string, asker: Asker): Promise<void> {
    const { registry, clock, random, audited } = this.#parts;
    const view = keeper.view();
    const action = view.abilities?.actions?.find(each => each.name === name);
    if (!action) throw unknownAction(keeper, name);
    if (action.moves) {
      const deadline = clock.elapsed() + ACTION_MS;
      registry.admit({ id: hex(random(8)), lock: view.id, verb: 'unlock', asker, deadline });
    } else mustManage(asker, `have "${view.name}" do that`);
    await audited({ keeper, asker, what: 'performed', detail: name }, () =>
      registry.work(
        view.id,
        asker,
        async session => {
          if (!session.perform) throw cannot('take such orders');
          await session.perform(name);
        },
        { ms: ACTION_MS },
      ),
    );
  }

  async authorisations(keeper: Keeper, asker: Asker): Promise<readonly Authorisation[]> {
    mustManage(asker, `see who was paired with "${keeper.record.name}"`);
    return this.#parts.registry.work(keeper.record.id, asker, session => listOf(session).list());
  }

  async removeAuthorisation(keeper: Keeper, id: string, asker: Asker): Promise<void> {
    mustManage(asker, `take somebody off "${keeper.record.name}"`);
    const deed = { keeper, asker, what: 'authorisation_removed', detail: id };
    await this.#parts.audited(deed, () =>
      this.#parts.registry.work(keeper.record.id, asker, async session => {
        const list = listOf(session);
        const found = (await list.list()).find(one => one.id === id);
        if (!found) throw new LockError('not_found', 'The lock lists nobody of that number.', { reason: 'not_there' });
        if (found.ours) throw ourOwn(keeper);
        await list.remove(id);
      }),
    );
  }

  timers(keeper: Keeper, asker: Asker): Promise<readonly Timer[]> {
    return this.#parts.registry.work(keeper.record.id, asker, session => timersOf(session).list());
  }

  addTimer(keeper: Keeper, timer: Omit<Timer, 'id'>, asker: Asker): Promise<Timer> {
    mustFit(keeper, timer);
    const deed = { keeper, asker, what: 'timer_added', detail: timer.action };
    return this.#timed(deed, timers => timers.add(timer));
  }

  changeTimer(keeper: Keeper, timer: Timer, asker: Asker): Promise<void> {
    mustFit(keeper, timer);
    const deed = { keeper, asker, what: 'timer_changed', detail: `${timer.id} ${timer.action}` };
    return this.#timed(deed, timers => timers.change(timer));
  }

  removeTimer(keeper: Keeper, id: string, asker: Asker): Promise<void> {
    return this.#timed({ keeper, asker, what: 'timer_removed', detail: id }, timers => timers.remove(id));
  }

  /** Tried at the lock, and from then on known: what the lock tells and takes with it is asked anew. */
  async tellAdminCode(keeper: Keeper, code: Secret<string>, asker: Asker): Promise<void> {
    const { registry, audited, vault } = this.#parts;
    const { id } = keeper.record;
    const said = await audited({ keeper, asker, what: 'admin_code_told' }, () =>
      registry.work(id, asker, async session => {
        if (!session.adminCode?.tell) throw cannot('have a code that we could be told');
        await session.adminCode.tell(code);
        return session.inspect?.();
      }),
    );
    const { record } = keeper;
    if (said) registry.save({ ...record, facts: { ...record.facts, ...said.facts }, abilities: said.abilities });
    // The session that is open began without the code: the next one has what it gives.
    const live = vault.of(id).find(({ status }) => status === 'live');
    if (live) await this.#proved(keeper, live);
    keeper.settingChanged();
    await keeper.refresh('person').catch(() => undefined);
  }

  /**
   * A new key of ours beside the old one: on the disk before the lock can know it, live once it has opened a session. One that
   * a crash left behind is tried first. `unsupported` where only somebody at the lock can give one.
   */
  async renewKey(keeper: Keeper, asker: Asker): Promise<void> {
    const { registry, audited, vault } = this.#parts;
    const { id, generation } = keeper.record;
    const left = vault.of(id).find(({ status }) => status === 'provisional');
    if (left && (await this.#proved(keeper, left))) return vault.promote(left.id);
    if (left) vault.mark(left.id, 'retired');
    let kept: KeptCredential | undefined;
    await audited({ keeper, asker, what: 'key_renewed' }, async () => {
      await registry.work(id, asker, async session => {
        if (!session.renewKey) throw cannot('give us a new key without somebody at it', session);
        await session.renewKey(async credential => {
          if (kept) vault.replace(kept.id, credential);
          else kept = vault.keep(id, credential, generation);
        });
      });
      const made = vault.of(id).find(one => one.id === kept?.id);
      if (made && (await this.#proved(keeper, made))) return vault.promote(made.id);
      const text = 'The lock said yes to a new key and does not take it. The old one goes on.';
      throw new LockError('rejected', text, { reason: 'not_taken' });
    });
  }

  /** In a session of the live key the lock forgets an older one of ours, by its id in the vault. */
  async retireKey(keeper: Keeper, old: string, asker: Asker): Promise<void> {
    const { registry, audited, vault } = this.#parts;
    const kept = vault.of(keeper.record.id).find(({ id }) => id === old);
    if (!kept || kept.status === 'dead' || kept.status === 'live') return;
    await audited({ keeper, asker, what: 'key_retired' }, () =>
      registry.work(keeper.record.id, asker, async session => {
        if (!session.retireKey) throw cannot('take an old key of ours off', session);
        await session.retireKey(kept.credential);
      }),
    );
  }

  async #proved(keeper: Keeper, { credential }: KeptCredential): Promise<boolean> {
    try {
      await (await keeper.probe(credential, PROBE_MS)).close();
      return true;
    } catch (thrown) {
      if (thrown instanceof LockError && isRefusal(thrown)) return false;
      throw thrown;
    }
  }

  #timed<T>(deed: Parameters<Audited>[0], task: (timers: Timers) => Promise<T>): Promise<T> {
    const { registry, audited } = this.#parts;
    return audited(deed, () => registry.work(deed.keeper.record.id, deed.asker, session => task(timersOf(session))));
  }
}

function listOf(session: LockSession): Authorisations {
  if (session.authorisations) return session.authorisations;
  throw cannot('list who was paired with it', session);
}

function timersOf(session: LockSession): Timers {
  if (session.timers) return session.timers;
  throw cannot('have timers', session);
}

function mustFit(keeper: Keeper, { action, days, minute }: Omit<Timer, 'id'>): void {
  const { verbs = [], actions = [] } = keeper.view().abilities ?? {};
  const known = [...verbs, ...actions.map(({ name }) => name)];
  if (!known.includes(action)) throw unknownAction(keeper, action);
  const isDay = days.every(day => Number.isInteger(day) && day >= 1 && day <= 7);
  if (isDay && days.length > 0 && Number.isInteger(minute) && minute >= 0 && minute < 1440) return;
  throw new LockError('invalid', 'A timer has days from 1 (Monday) to 7 and a minute of the day from 0 to 1439.');
}

function mustManage({ role }: Asker, what: string): void {
  if (role === 'owner' || role === 'manager') return;
  throw new LockError('forbidden', `Only an owner or a manager may ${what}.`, { reason: 'not_authorised' });
}

function unknownAction(keeper: Keeper, name: string): LockError {
  const { verbs = [], actions = [] } = keeper.view().abilities ?? {};
  const known = [...verbs, ...actions.map(each => each.name)].join(', ');
  const text = `"${keeper.record.name}" cannot do "${name.slice(0, 32)}". It can: ${known}.`;
  return new LockError('unsupported', text, { reason: 'unknown_action' });
}

function ourOwn(keeper: Keeper): LockError {
  const text = `That is our own key of "${keeper.record.name}": unpair the lock instead.`;
  return new LockError('forbidden', text, { reason: 'ours' });
}

/** A lock that could, once it is told its owner's code, says that. */
function cannot(what: string, session?: LockSession): LockError {
  const untold = session?.abilities.adminCode?.known === false;
  const text = untold
    ? 'The lock does that only for who knows its security code. Tell it first: latchbridge admin-code LOCK tell.'
    : `This lock, or our key for it, does not ${what}.`;
  return new LockError('unsupported', text, { reason: untold ? 'admin_code_unknown' : 'unsupported' });
}
