// Cards and fingerprints: enrolled by somebody at the lock or told by number, limited in time, removed.
import type { Clock } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { Secret } from '../base/log.ts';
import type { EnrolStep, LockSession, Token, Tokens } from '../lock/driver.ts';
import type { Asker, LockView } from '../lock/lock.ts';
import type { KeptAccess } from '../store/access.ts';
import type { CredentialView, TokenAccess, TokenRequest } from './access.ts';
import {
  type AccessGround,
  type ViewOf,
  type Work,
  forget,
  noSuchLock,
  nothingDone,
  saidNo,
  stillToRemove,
  validityOf,
  viewOf,
} from './ground.ts';
import type { Orders } from './orders.ts';
import { type CheckedToken, checkToken, checkTokenSlot } from './rules.ts';

/** A finger is pressed up to six times, each within 25 s, after a connection; whoever waits usually ends it earlier. */
const ENROL_MS = 4 * 60_000;

type Kind = 'card' | 'finger';

export interface TokenParts {
  ground: AccessGround;
  orders: Orders;
  work: Work;
  view: ViewOf;
  clock: Clock;
}

/** One slot of one lock. */
interface Place {
  view: LockView;
  kind: Kind;
  slot: number;
}

export class LockTokens implements TokenAccess {
  readonly #parts: TokenParts;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  capacity(lock: string, kind: Kind): number {
    const { cards, fingers } = this.#parts.view(lock)?.abilities ?? {};
    return (kind === 'card' ? cards : fingers)?.capacity ?? 0;
  }

  async enrol(
    { lock, kind, slot, request }: { lock: string; kind: Kind; slot: number; request: TokenRequest },
    { step, signal }: { step: (step: EnrolStep) => void; signal: AbortSignal },
    asker: Asker,
  ): Promise<CredentialView> {
    const place = this.#place(lock, kind, slot);
    const checked = this.#checked(place, request);
    this.#mustBeFree(place);
    const { id, name } = place.view;
    const alone = `"${name}" is waiting for a ${kind}; wait until that is finished.`;
    return this.#parts.orders.audited({ what: `${kind}_enrolled`, lock: id, slot, kind, asker }, () =>
      this.#parts.work(
        id,
        asker,
        async session => {
          const tokens = tokensIn(session, kind);
          this.#mustBeFree(place);
          const token = await tokens.enrol(step);
          return this.#limit(tokens, this.#keep(place, { token, request, checked }));
        },
        { ms: ENROL_MS, signal, alone },
      ),
    );
  }

  async addCard(
    lock: string,
    slot: number,
    { number, ...request }: TokenRequest & { number: Secret<string> },
    asker: Asker,
  ): Promise<CredentialView> {
    const place = this.#place(lock, 'card', slot);
    const checked = this.#checked(place, request);
    const value = cardNumber(number);
    return this.#changed({ what: 'card_added', place, asker }, async session => {
      const tokens = tokensIn(session, 'card');
      if (!tokens.add) throw new LockError('unsupported', 'This lock takes cards only when they are held to it.');
      this.#mustBeFree(place);
      await this.#finishLeaving(tokens, place, value);
      this.#refuseDuplicate(place, value);
      const token: Token = { id: value.reveal(), ...checked };
      const entry = this.#add(place, { request, checked, value });
      await guarded(
        async () => tokens.add?.(token),
        () => forget(this.#parts.ground, entry),
      );
      return this.#settled(entry);
    });
  }

  async setValidity(
    lock: string,
    kind: Kind,
    slot: number,
    request: TokenRequest,
    asker: Asker,
  ): Promise<CredentialView> {
    const place = this.#place(lock, kind, slot);
    const { shelf } = this.#parts.ground;
    const checked = this.#checked(place, request);
    this.#standing(place);
    return this.#changed({ what: `${kind}_changed`, place, asker }, async session => {
      const before = this.#standing(place);
      const person = request.person === undefined ? before.person : shelf.person(request.person);
      const { weekly: _, from: _from, until: _until, person: _person, ...same } = before;
      const after: KeptAccess = { ...same, ...limitsOf(checked), ...(person && { person }), state: 'wanted' };
      // Hours that are no longer wanted have to be taken off.
      const weekly = checked.weekly ?? (before.weekly ? [] : undefined);
      shelf.save(after);
      await guarded(
        () => tokensIn(session, kind).setValidity({ ...this.#tokenOf(after), ...(weekly && { weekly }) }),
        () => shelf.save(before),
      );
      return this.#settled(after);
    });
  }

  async remove(lock: string, kind: Kind, slot: number, asker: Asker): Promise<void> {
    const place = this.#place(lock, kind, slot);
    const { orders, ground } = this.#parts;
    const order = { what: `${kind}_removed`, lock: place.view.id, slot, kind, asker };
    await orders.inTurn(place.view.id, async () => {
      if (this.#inSlot(place).length === 0) return;
      await orders.audited(order, async () => {
        try {
          await this.#parts.work(place.view.id, asker, session => this.#clear(tokensIn(session, kind), place));
        } catch (thrown) {
          throw stillToRemove(ground, this.#inSlot(place), thrown);
        }
      });
    });
  }

  async #clear(tokens: Tokens, place: Place): Promise<void> {
    const { ground } = this.#parts;
    for (const entry of this.#inSlot(place)) {
      ground.shelf.save({ ...entry, state: 'removing' });
      await guarded(
        () => this.#takeOff(tokens, entry),
        () => ground.shelf.save(entry),
      );
      forget(ground, entry);
    }
  }

  #changed(
    { what, place, asker }: { what: string; place: Place; asker: Asker },
    act: (session: LockSession) => Promise<CredentialView>,
  ): Promise<CredentialView> {
    const { orders, work } = this.#parts;
    const { id } = place.view;
    const order = { what, lock: id, slot: place.slot, kind: place.kind, asker };
    return orders.inTurn(id, () => orders.audited(order, () => work(id, asker, act)));
  }

  /** What the lock has enrolled is ours at once; a card that was known already has moved here. */
  #keep(
    place: Place,
    { token, request, checked }: { token: Token; request: TokenRequest; checked: CheckedToken },
  ): KeptAccess {
    const { ground } = this.#parts;
    const value = new Secret(token.id);
    return ground.shelf.together(() => {
      for (const same of ground.values.matching(this.#ofKind(place), value)) forget(ground, same);
      return this.#add(place, { request, checked, value });
    });
  }

  /** An enrolled token opens at all times until it is limited; one that cannot be limited does not stay. */
  async #limit(tokens: Tokens, entry: KeptAccess): Promise<CredentialView> {
    const { ground } = this.#parts;
    if (entry.from === undefined && entry.until === undefined && !entry.weekly) return this.#settled(entry);
    try {
      await tokens.setValidity(this.#tokenOf(entry));
      return this.#settled(entry);
    } catch (thrown) {
      if (saidNo(thrown)) {
        await this.#takeOff(tokens, entry);
        forget(ground, entry);
        throw thrown;
      }
      const text = `The ${entry.kind} is on the lock, but without its times: it opens at any hour. Set them again.`;
      throw new LockError('timeout', text, { acted: 'maybe', reason: 'not_limited', cause: thrown });
    }
  }

  #add(
    { view, kind, slot }: Place,
    { request, checked, value }: { request: TokenRequest; checked: CheckedToken; value: Secret<string> },
  ): KeptAccess {
    const { shelf, values } = this.#parts.ground;
    return shelf.together(() => {
      const person = request.person === undefined ? undefined : shelf.person(request.person);
      const limits = limitsOf(checked);
      const entry = shelf.add({ lock: view.id, kind, slot, state: 'wanted', ...limits, ...(person && { person }) });
      values.keep(entry.id, value);
      return entry;
    });
  }

  /** The same card may be on its way off the lock, from an earlier removal that did not end. */
  async #finishLeaving(tokens: Tokens, place: Place, value: Secret<string>): Promise<void> {
    const { ground } = this.#parts;
    const leaving = this.#ofKind(place).filter(entry => entry.state === 'removing');
    for (const entry of ground.values.matching(leaving, value)) {
      await this.#takeOff(tokens, entry);
      forget(ground, entry);
    }
  }

  #refuseDuplicate(place: Place, value: Secret<string>): void {
    const [same] = this.#parts.ground.values.matching(this.#ofKind(place), value);
    if (!same) return;
    throw new LockError('rejected', `Slot ${same.slot} has this card already.`, { reason: 'duplicate_card' });
  }

  async #takeOff(tokens: Tokens, entry: KeptAccess): Promise<void> {
    try {
      await tokens.remove(this.#tokenOf(entry).id);
    } catch (thrown) {
      if (!saidNo(thrown, 'not_there')) throw thrown;
    }
  }

  #settled(entry: KeptAccess): CredentialView {
    const { ground } = this.#parts;
    const settled: KeptAccess = { ...entry, state: 'on_lock' };
    ground.shelf.save(settled);
    return viewOf(ground, settled);
  }

  #tokenOf(entry: KeptAccess): Token {
    return tokenOf(this.#parts.ground, entry);
  }

  #place(lock: string, kind: Kind, slot: number): Place {
    const view = this.#parts.view(lock);
    if (!view) throw noSuchLock(lock);
    checkTokenSlot(view, kind, slot);
    return { view, kind, slot };
  }

  #checked({ view, kind }: Place, request: TokenRequest): CheckedToken {
    return checkToken({ view, kind, now: this.#parts.clock.now() }, request);
  }

  #mustBeFree(place: Place): void {
    if (!this.#inSlot(place).some(entry => entry.state !== 'removing')) return;
    const { view, kind, slot } = place;
    throw new LockError('invalid', `Slot ${slot} of ${view.name} has a ${kind} already; remove it first.`, {
      reason: 'slot_taken',
    });
  }

  #standing(place: Place): KeptAccess {
    const entry = this.#inSlot(place).find(one => one.state !== 'removing');
    if (entry) return entry;
    throw new LockError('not_found', `Slot ${place.slot} of ${place.view.name} is empty.`, { reason: 'slot_empty' });
  }

  #ofKind({ view, kind }: Place): KeptAccess[] {
    return this.#parts.ground.shelf.of(view.id).filter(entry => entry.kind === kind);
  }

  #inSlot(place: Place): KeptAccess[] {
    return this.#ofKind(place).filter(entry => entry.slot === place.slot);
  }
}

/** As the lock knows it. Throws `unsupported` for one whose number we do not have. */
export function tokenOf({ values }: AccessGround, entry: KeptAccess): Token {
  const id = values.of(entry);
  if (!id) {
    const text = `The ${entry.kind} in slot ${entry.slot} is not known here, so the lock cannot be told about it.`;
    throw new LockError('unsupported', text, { reason: 'unknown_value' });
  }
  return { id: id.reveal(), validity: validityOf(entry), ...(entry.weekly && { weekly: entry.weekly }) };
}

function limitsOf({ validity, weekly }: CheckedToken): Pick<KeptAccess, 'from' | 'until' | 'weekly'> {
  return { ...validity, ...(weekly && { weekly }) };
}

function tokensIn(session: LockSession, kind: Kind): Tokens {
  const tokens = kind === 'card' ? session.cards : session.fingers;
  if (tokens) return tokens;
  throw new LockError('unsupported', `This lock has no reader for ${kind}s.`, { reason: `no_${kind}s` });
}

/** Printed numbers have zeros in front that count for nothing. */
function cardNumber(number: Secret<string>): Secret<string> {
  const digits = number.reveal().trim();
  const value = /^\d{1,20}$/.test(digits) ? BigInt(digits) : 0n;
  if (value >= 1n && value < 1n << 64n) return new Secret(value.toString());
  throw new LockError('invalid', 'The number of a card has up to 20 digits, as read from it by another reader.', {
    reason: 'card_number',
  });
}

/** Restores our list when the lock is certainly unchanged; otherwise the list waits for the next reconcile. */
async function guarded(act: () => Promise<void>, restore: () => void): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    if (nothingDone(thrown)) restore();
    throw thrown;
  }
}
