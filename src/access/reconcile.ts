// What is on a lock against what should be, and closing the gap.
import { hex } from '../base/bytes.ts';
import { given } from '../base/given.ts';
import { Secret } from '../base/log.ts';
import type { Code, Codes, Token, Tokens, Validity, WeeklyWindow } from '../lock/driver.ts';
import type { CodeKind } from '../lock/lock.ts';
import type { KeptAccess, KeptKind } from '../store/access.ts';
import { type AccessGround, codeOf, forget, saidNo, takeOff } from './ground.ts';
import { isOver } from './rules.ts';
import { tokenOf } from './tokens.ts';
import { sameHours } from './weekly.ts';

export interface Found {
  /** Slots whose entry changed. */
  slots: Set<number>;
  /** How many on the lock have no slot left here. */
  unlisted: number;
  /** Codes that the lock would not take; they stay wanted. */
  refused: number;
}

interface Place {
  lock: string;
  kind: KeptKind;
  capacity: number;
}

/** Codes of a lock that cannot list them are told by what it answers: "have it", "have no such". */
export async function reconcileCodes(
  ground: AccessGround,
  codes: Codes,
  { lock, capacity, readable }: { lock: string; capacity: number; readable: boolean },
): Promise<Found> {
  const place: Place = { lock, kind: 'code', capacity };
  const found = nothingFound();
  const digestOf = (value: Secret<string>): string => hex(ground.values.digest(value));
  const listed = readable ? await codes.list() : [];
  const present = new Map(listed.map(code => [digestOf(code.digits), code]));
  // First what has to go: it makes room, and frees digits that another slot may want.
  for (const entry of entriesOf(ground, place).toSorted((a, b) => Number(comes(a)) - Number(comes(b)))) {
    const digits = ground.values.of(entry);
    if (!digits) continue;
    const digest = digestOf(digits);
    const there = present.get(digest);
    present.delete(digest);
    await new Settling(ground, codes, { entry, digits, there, readable, found }).run();
  }
  for (const code of present.values())
    adopt(ground, place, { ...code, value: code.digits, codeKind: code.kind }, found);
  return found;
}

/** Cards and fingers are enrolled at the lock: our list follows it. */
export async function reconcileTokens(ground: AccessGround, tokens: Tokens, place: Place): Promise<Found> {
  const found = nothingFound();
  const present = new Map((await tokens.list()).map(token => [token.id, token]));
  for (const entry of entriesOf(ground, place)) {
    const id = ground.values.of(entry)?.reveal() ?? '';
    const there = present.get(id);
    present.delete(id);
    await settleToken(ground, tokens, { entry, there, found });
  }
  for (const token of present.values()) adopt(ground, place, { ...token, value: new Secret(token.id) }, found);
  return found;
}

/** What was begun is finished; what nobody can finish (a finger that is gone) is dropped. */
async function settleToken(
  ground: AccessGround,
  tokens: Tokens,
  { entry, there, found }: { entry: KeptAccess; there: Token | undefined; found: Found },
): Promise<void> {
  const { state } = entry;
  if (state === 'removing') {
    if (there) await tokens.remove(there.id);
    return drop(ground, entry, found);
  }
  if (state === 'on_lock' || state === 'disabled') {
    return there ? follow(ground, entry, there, found) : drop(ground, entry, found);
  }
  if (!there && !tokens.add) return drop(ground, entry, found);
  try {
    const token = tokenOf(ground, entry);
    await (there ? tokens.setValidity(token) : tokens.add?.(token));
  } catch (thrown) {
    if (!saidNo(thrown)) throw thrown;
    return void (found.refused += 1);
  }
  ground.shelf.save({ ...entry, state: 'on_lock' });
  found.slots.add(entry.slot);
}

interface Gap {
  entry: KeptAccess;
  digits: Secret<string>;
  /** What the lock has of these digits; meaningless where it cannot list. */
  there: Code | undefined;
  readable: boolean;
  found: Found;
}

/** One entry of ours brought in line, by its state. */
class Settling {
  readonly #ground: AccessGround;
  readonly #codes: Codes;
  readonly #gap: Gap;

  constructor(ground: AccessGround, codes: Codes, gap: Gap) {
    this.#ground = ground;
    this.#codes = codes;
    this.#gap = gap;
  }

  async run(): Promise<void> {
    const { entry } = this.#gap;
    if (entry.state === 'removing') return this.#leave();
    if (entry.state === 'disabled') return this.#stayOff();
    if (isOver(entry, this.#ground.clock.now())) return this.#leave();
    return entry.state === 'wanted' ? this.#come() : this.#stay();
  }

  async #leave(): Promise<void> {
    const { entry, there, readable, found } = this.#gap;
    if (there || !readable) await takeOff(this.#ground, this.#codes, entry);
    drop(this.#ground, entry, found);
  }

  async #stayOff(): Promise<void> {
    if (this.#gap.there) await takeOff(this.#ground, this.#codes, this.#gap.entry);
  }

  /** Gone from the lock without us: kept here, off the lock, until somebody wants it back. A code for once was used. */
  async #stay(): Promise<void> {
    const { entry, there, readable, found } = this.#gap;
    if (!readable) return;
    if (there) {
      const { validity, kind: codeKind, weekly = [] } = there;
      return follow(this.#ground, entry, { validity, codeKind, weekly }, found);
    }
    if (entry.codeKind === 'once') return drop(this.#ground, entry, found);
    this.#save({ ...entry, state: 'disabled' });
  }

  async #come(): Promise<void> {
    const { entry, digits, there, found } = this.#gap;
    if (there && sameTimes(there, entry)) return this.#save({ ...entry, state: 'on_lock' });
    if (there) await takeOff(this.#ground, this.#codes, entry);
    try {
      await this.#codes.add(codeOf(entry, digits));
    } catch (thrown) {
      if (!saidNo(thrown)) throw thrown;
      if (!saidNo(thrown, 'duplicate_code')) return void (found.refused += 1);
    }
    this.#save({ ...entry, state: 'on_lock' });
  }

  #save(entry: KeptAccess): void {
    this.#ground.shelf.save(entry);
    this.#gap.found.slots.add(entry.slot);
  }
}

function nothingFound(): Found {
  return { slots: new Set(), unlisted: 0, refused: 0 };
}

function entriesOf({ shelf }: AccessGround, { lock, kind }: Place): KeptAccess[] {
  return shelf.of(lock).filter(entry => entry.kind === kind);
}

function comes(entry: KeptAccess): boolean {
  return entry.state === 'wanted';
}

function sameTimes(code: Code, entry: KeptAccess): boolean {
  const { from, until } = code.validity;
  const same = code.kind === entry.codeKind && from === entry.from && until === entry.until;
  return same && sameHours(code.weekly, entry.weekly);
}

function drop(ground: AccessGround, entry: KeptAccess, found: Found): void {
  forget(ground, entry);
  found.slots.add(entry.slot);
}

/** When something on a lock opens; hours of the week only where the lock lists them. */
interface Terms {
  validity: Validity;
  codeKind?: CodeKind | undefined;
  weekly?: readonly WeeklyWindow[] | undefined;
}

/** The lock has other times than we: it was changed there, or rounds them. */
function follow(
  { shelf }: AccessGround,
  { from, until, weekly: hours = [], ...rest }: KeptAccess,
  { validity, codeKind = rest.codeKind, weekly = hours }: Terms,
  found: Found,
): void {
  const same = from === validity.from && until === validity.until && codeKind === rest.codeKind;
  if (same && sameHours(weekly, hours)) return;
  const kept = { ...rest, ...validity, ...(codeKind ? { codeKind } : {}) };
  shelf.save(weekly.length > 0 ? { ...kept, weekly } : kept);
  found.slots.add(rest.slot);
}

/** Something that was put on the lock without us gets the first free slot. Whose it is, nobody has said. */
function adopt(
  ground: AccessGround,
  place: Place,
  { value, validity, codeKind, weekly }: Terms & { value: Secret<string> },
  found: Found,
): void {
  const { lock, kind } = place;
  const taken = new Set(entriesOf(ground, place).flatMap(entry => (entry.state === 'removing' ? [] : entry.slot)));
  let slot = 1;
  while (taken.has(slot)) slot += 1;
  if (slot > place.capacity) return void (found.unlisted += 1);
  ground.shelf.together(() => {
    const terms = { ...validity, ...given({ codeKind, weekly }) };
    const entry = { lock, kind, slot, state: 'on_lock', ...terms } as const;
    ground.values.keep(ground.shelf.add(entry).id, value);
  });
  found.slots.add(slot);
}
