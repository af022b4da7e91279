// Codes that come with a command: compared in the vault's terms, counted per controller, on the disk. The value itself is
// never kept, shown or logged here.
import type { Access, CredentialView } from '../../access/access.ts';
import type { Clock } from '../../base/clock.ts';
import type { Secret } from '../../base/log.ts';
import type { Holder, Holders } from '../../access/holders.ts';
import type { MatterNotes } from '../../lock/matter-port.ts';
import { DISABLED_S, WRONG_CODES } from './shape.ts';

export interface GuardParts {
  access: Pick<Access, 'match' | 'credentials'>;
  holders: Holders;
  notes: MatterNotes;
  clock: Clock;
}

/** Why a code does not open. `locked_out`: it was not even looked at. */
export type Denial = 'missing' | 'wrong' | 'disabled' | 'restricted' | 'locked_out';
/** Who a code belongs to. */
export interface Known {
  user?: number;
  slot: number;
}
export type Verdict = { ok: true; known?: Known } | { ok: false; why: Denial; known?: Known; alarm?: boolean };

interface Tries {
  wrong: number;
  /** Wall clock, ms: nothing is looked at before. */
  until?: number;
}

export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** `required`: without a code it is refused. A code that is given is always looked at. */
  check(lock: string, fabric: number, pin: Secret<string> | undefined, required: boolean): Verdict {
    if (pin === undefined) return required ? { ok: false, why: 'missing' } : { ok: true };
    const tries = this.#tries(lock);
    const mine = tries[fabric] ?? { wrong: 0 };
    if (mine.until !== undefined && this.#parts.clock.now() < mine.until) return { ok: false, why: 'locked_out' };
    const verdict = this.#judged(lock, pin);
    if (verdict.ok) {
      if (mine.wrong > 0) this.#keep(lock, fabric, undefined);
      return verdict;
    }
    if (verdict.why !== 'wrong') return verdict;
    const wrong = (mine.until === undefined ? mine.wrong : 0) + 1;
    const out = wrong >= WRONG_CODES;
    const until = this.#parts.clock.now() + DISABLED_S * 1000;
    this.#keep(lock, fabric, out ? { wrong: 0, until } : { wrong });
    return out ? { ...verdict, alarm: true } : verdict;
  }

  left(lock: string, fabric: number): void {
    this.#keep(lock, fabric, undefined);
  }

  forgetLock(lock: string): void {
    this.#parts.notes.remove(noteOf(lock));
  }

  #judged(lock: string, pin: Secret<string>): Verdict {
    const { access, holders, clock } = this.#parts;
    const match = access.match(lock, 'code', pin);
    const view = access.credentials(lock).find(one => one.kind === 'code' && one.slot === match?.slot);
    if (!match || !view || view.state === 'removing') return { ok: false, why: 'wrong' };
    const holder = holders.all(lock, ['code']).find(one => one.credentials.some(each => each.view.slot === view.slot));
    const known = { slot: view.slot, ...(holder && { user: holder.index }) };
    if (!opens(view, holder)) return { ok: false, why: 'disabled', known };
    const now = clock.now();
    const early = view.from !== undefined && now < view.from;
    const late = view.until !== undefined && now >= view.until;
    // Whether a code for once was used already, only the lock knows.
    if (early || late || view.codeKind === 'once' || view.codeKind === 'cyclic') {
      return { ok: false, why: 'restricted', known };
    }
    return { ok: true, known };
  }

  #tries(lock: string): Record<string, Tries> {
    const kept = this.#parts.notes.get(noteOf(lock));
    if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return {};
    return Object.fromEntries(Object.entries(kept as object).filter(([, one]) => isTries(one))) as Record<
      string,
      Tries
    >;
  }

  #keep(lock: string, fabric: number, tries: Tries | undefined): void {
    const { [fabric]: _, ...others } = this.#tries(lock);
    const next = tries ? { ...others, [fabric]: { ...tries } } : others;
    if (Object.keys(next).length === 0) this.#parts.notes.remove(noteOf(lock));
    else this.#parts.notes.set(noteOf(lock), JSON.parse(JSON.stringify(next)));
  }
}

/** What is kept off the lock opens only for somebody who is meant to open from afar. */
function opens(view: CredentialView, holder: Holder | undefined): boolean {
  return view.state !== 'disabled' || (holder?.kind === 'remote' && holder.enabled);
}

function noteOf(lock: string): string {
  return `matter.tries.${lock}`;
}

function isTries(value: unknown): value is Tries {
  const { wrong, until } = (value ?? {}) as { wrong?: unknown; until?: unknown };
  return Number.isInteger(wrong) && (until === undefined || typeof until === 'number');
}
