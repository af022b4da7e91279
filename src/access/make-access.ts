// Who may open which lock, as bridges see it: slots, the codes in them, and whether the lock has them yet.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Log, Secret } from '../base/log.ts';
import type { LockSession } from '../lock/driver.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { Audit } from '../lock/ports.ts';
import type { AccessShelf, KeptAccess, KeptKind } from '../store/access.ts';
import type { Secrets } from '../store/vault.ts';
import type {
  Access,
  AccessUpkeep,
  CensusOfKind,
  CodeRequest,
  CodeTimes,
  CredentialView,
  Erased,
  TokenAccess,
} from './access.ts';
import { KINDS, censusOf } from './census.ts';
import { eraseKind } from './erase.ts';
import { type Wish, clearSlot, disable, enable, occupant, putCode, putDisabled, storeDisabled } from './change.ts';
import {
  type AccessGround,
  type ViewOf,
  type Work,
  codesIn,
  forget,
  noSuchLock,
  stillToRemove,
  viewOf,
} from './ground.ts';
import { Orders } from './orders.ts';
import { type Found, reconcileCodes, reconcileTokens } from './reconcile.ts';
import { checkCode, checkSlot, codesOf, isOver } from './rules.ts';
import { LockTokens } from './tokens.ts';
import { Values, isSealed } from './values.ts';

/** A lock lists its codes one a page: a full one takes a minute to read and as long again to empty one by one. */
const ERASE_MS = 5 * 60_000;

export interface AccessParts {
  shelf: AccessShelf;
  secrets: Secrets;
  audit: Audit;
  work: Work;
  view: ViewOf;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  log: Log;
}

/** Codes, and with the same list and turns cards and fingerprints. */
export function makeAccess(parts: AccessParts): Access & AccessUpkeep & { readonly tokens: TokenAccess } {
  return new LockAccess(parts);
}

class LockAccess implements Access, AccessUpkeep {
  readonly #parts: AccessParts;
  readonly #ground: AccessGround;
  readonly #orders: Orders;
  readonly tokens: TokenAccess;

  constructor(parts: AccessParts) {
    this.#parts = parts;
    const { shelf, clock } = parts;
    this.#ground = { shelf, clock, values: new Values(parts.secrets, parts.random) };
    this.#orders = new Orders(parts);
    this.tokens = new LockTokens({ ...parts, ground: this.#ground, orders: this.#orders });
  }

  credentials(lock: string): CredentialView[] {
    const { shelf } = this.#parts;
    const views = new Map<string, CredentialView>();
    // What a slot is losing shows only where nothing has taken its place.
    for (const entry of shelf.of(this.#idOf(lock))) {
      const key = `${entry.kind} ${entry.slot}`;
      if (!views.has(key)) views.set(key, this.#viewOf(entry));
    }
    return [...views.values()];
  }

  capacity(lock: string): number {
    return this.#parts.view(lock)?.abilities?.codes?.capacity ?? 0;
  }

  async setCode(lock: string, slot: number, request: CodeRequest, asker: Asker): Promise<CredentialView> {
    const view = this.#need(lock, slot);
    const { validity, ...checked } = checkCode(view, request, this.#parts.clock.now());
    const { digits } = request;
    const wishFor = (): Wish => {
      const person = request.person === undefined ? undefined : this.#parts.shelf.person(request.person);
      return { lock: view.id, kind: 'code', slot, ...checked, ...validity, ...(person ? { person } : {}) };
    };
    const set = async (): Promise<CredentialView> => {
      if (request.enabled === false) return this.#viewOf(await this.#setDisabled(wishFor(), digits, asker));
      const done = await this.#parts.work(view.id, asker, session =>
        putCode(this.#ground, codesIn(session), wishFor(), digits),
      );
      return this.#viewOf(done);
    };
    return this.#orders.inTurn(view.id, () =>
      this.#orders.audited({ what: 'code_set', lock: view.id, slot, asker }, set),
    );
  }

  async clearCode(lock: string, slot: number, asker: Asker): Promise<void> {
    const view = this.#need(lock, slot);
    await this.#orders.inTurn(view.id, async () => {
      if (this.#inSlot(view.id, slot).length > 0) await this.#clear(view.id, slot, asker);
    });
  }

  async setEnabled(lock: string, slot: number, enabled: boolean, asker: Asker): Promise<CredentialView> {
    const view = this.#need(lock, slot);
    const { clock, work } = this.#parts;
    const standing = (): KeptAccess => {
      const entry = occupant(this.#ground, view.id, slot);
      if (!entry) throw new LockError('not_found', `Slot ${slot} of ${view.name} is empty.`, { reason: 'slot_empty' });
      return entry;
    };
    const turn = enabled ? enable : disable;
    return this.#orders.inTurn(view.id, async () => {
      const before = standing();
      if (enabled && isOver(before, clock.now())) {
        throw new LockError('invalid', `The time of the code in slot ${slot} is over; set it anew.`, {
          reason: 'validity',
        });
      }
      if (before.state === (enabled ? 'on_lock' : 'disabled')) return this.#viewOf(before);
      const what = enabled ? 'code_enabled' : 'code_disabled';
      return this.#orders.audited({ what, lock: view.id, slot, asker }, async () => {
        const done = await work(view.id, asker, session => turn(this.#ground, codesIn(session), standing()));
        return this.#viewOf(done);
      });
    });
  }

  async setTimes(lock: string, slot: number, { kind, from, until }: CodeTimes, asker: Asker): Promise<CredentialView> {
    const view = this.#need(lock, slot);
    const entry = occupant(this.#ground, view.id, slot);
    if (!entry) throw new LockError('not_found', `Slot ${slot} of ${view.name} is empty.`, { reason: 'slot_empty' });
    const digits = this.#ground.values.of(entry);
    if (!digits) {
      const text = `The code in slot ${slot} is not known here, so its times cannot be changed; set it anew.`;
      throw new LockError('unsupported', text, { reason: 'unknown_value' });
    }
    const times = { ...(kind && { kind }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
    return this.setCode(view.id, slot, { digits, ...times, ...(entry.person && { person: entry.person.id }) }, asker);
  }

  async reconcile(lock: string, asker: Asker): Promise<CredentialView[]> {
    const view = this.#parts.view(lock);
    if (!view) throw noSuchLock(lock);
    await this.#orders.inTurn(view.id, () =>
      this.#parts.work(view.id, asker, session => this.#reconcileOn(session, view, asker)),
    );
    return this.credentials(view.id);
  }

  match(lock: string, kind: KeptKind, value: Secret<string>): { slot: number; person?: string } | undefined {
    const ofKind = this.#parts.shelf.of(this.#idOf(lock)).filter(entry => entry.kind === kind);
    const entries = ofKind.toSorted((a, b) => Number(a.state === 'removing') - Number(b.state === 'removing'));
    try {
      const [best] = this.#ground.values.matching(entries, value);
      return best && { slot: best.slot, ...(best.person ? { person: best.person.name } : {}) };
    } catch (thrown) {
      if (isSealed(thrown)) return undefined;
      throw thrown;
    }
  }

  wiped(lock: string): void {
    const gone = this.#parts.shelf.of(lock);
    for (const entry of gone) forget(this.#ground, entry);
    for (const entry of gone) this.#orders.tell(lock, entry.slot, entry.kind);
  }

  async census(lock: string, asker: Asker): Promise<CensusOfKind[]> {
    const id = this.#idOf(lock);
    const read = async (session: LockSession): Promise<CensusOfKind[]> => {
      const all: CensusOfKind[] = [];
      for (const kind of KINDS) {
        const one = await censusOf(this.#ground, session, { lock: id, kind });
        if (one) all.push(one);
      }
      return all;
    };
    return this.#orders.inTurn(id, () => this.#parts.work(id, asker, read, { ms: ERASE_MS }));
  }

  async erase({ lock, kind, keep }: Parameters<AccessUpkeep['erase']>[0], asker: Asker): Promise<Erased | undefined> {
    const id = this.#idOf(lock);
    const place = { lock: id, kind, keep: new Set(keep) };
    const gone = (slot: number): void => this.#orders.tell(id, slot, kind);
    const { audit, work } = this.#parts;
    return this.#orders.inTurn(id, async () => {
      const how = { ms: ERASE_MS };
      const done = await work(id, asker, session => eraseKind(this.#ground, session, { place, gone }), how);
      const detail = done && `${kind}: ${done.before} to go, ${done.left.length} left, ${done.method}`;
      audit.write({ lock: id, what: 'codes_erased', via: asker.via, who: asker.who, ...(detail && { detail }) });
      return done;
    });
  }

  hear(ear: Parameters<Access['hear']>[0]): () => void {
    return this.#orders.hear(ear);
  }

  #clear(lock: string, slot: number, asker: Asker): Promise<void> {
    return this.#orders.audited({ what: 'code_cleared', lock, slot, asker }, async () => {
      try {
        await this.#parts.work(lock, asker, session => clearSlot(this.#ground, codesIn(session), lock, slot));
      } catch (thrown) {
        throw stillToRemove(this.#ground, this.#inSlot(lock, slot), thrown);
      }
    });
  }

  /** The lock is asked only when the slot has something on it. */
  async #setDisabled(wish: Wish, digits: Secret<string>, asker: Asker): Promise<KeptAccess> {
    const onLock = this.#inSlot(wish.lock, wish.slot).some(entry => entry.state !== 'disabled');
    if (!onLock) return storeDisabled(this.#ground, wish, digits);
    return this.#parts.work(wish.lock, asker, session => putDisabled(this.#ground, codesIn(session), wish, digits));
  }

  async #reconcileOn(session: LockSession, view: LockView, asker: Asker): Promise<void> {
    const found: (Found & { kind: KeptKind })[] = [];
    const lock = view.id;
    if (session.codes) {
      const { capacity, readable } = codesOf({ ...view, abilities: session.abilities });
      found.push({
        kind: 'code',
        ...(await reconcileCodes(this.#ground, session.codes, { lock, capacity, readable })),
      });
    }
    const { cards, fingers } = session.abilities;
    if (session.cards && cards) {
      const kind = 'card';
      found.push({ kind, ...(await reconcileTokens(this.#ground, session.cards, { lock, kind, ...cards })) });
    }
    if (session.fingers && fingers) {
      const kind = 'finger';
      found.push({ kind, ...(await reconcileTokens(this.#ground, session.fingers, { lock, kind, ...fingers })) });
    }
    const sum = (of: (one: Found) => number): number => found.reduce((total, one) => total + of(one), 0);
    const detail = `${sum(one => one.slots.size)} changed, ${sum(one => one.refused)} refused, ${sum(one => one.unlisted)} without a slot`;
    this.#parts.audit.write({ lock, what: 'codes_reconciled', via: asker.via, who: asker.who, detail });
    for (const { kind, slots } of found) for (const slot of slots) this.#orders.tell(lock, slot, kind);
  }

  #need(lock: string, slot: number): LockView {
    const view = this.#parts.view(lock);
    if (!view) throw noSuchLock(lock);
    checkSlot(view, slot);
    return view;
  }

  #idOf(lock: string): string {
    return this.#parts.view(lock)?.id ?? lock;
  }

  #inSlot(lock: string, slot: number): KeptAccess[] {
    return this.#parts.shelf.of(lock).filter(entry => entry.kind === 'code' && entry.slot === slot);
  }

  #viewOf(entry: KeptAccess): CredentialView {
    return viewOf(this.#ground, entry);
  }
}
