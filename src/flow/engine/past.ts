// What earlier flows tell: their values for those that go on from them, and what was erased lately.
import type { Clock } from '../../base/clock.ts';
import type { Json } from '../../lock/driver.ts';
import type { FlowShelf, JournalLine, KeptFlow } from '../journal.ts';
import { DESTRUCTIVE } from '../words.ts';
import { isSoft } from './authority.ts';

const HOUR_MS = 3600_000;
/** More flows than a site has in an hour. */
const MOST = 200;

export class Past {
  readonly #shelf: FlowShelf;
  readonly #clock: Clock;

  constructor(shelf: FlowShelf, clock: Clock) {
    this.#shelf = shelf;
    this.#clock = clock;
  }

  /** What the flow that is gone on from remembered, or else the last destructive one of this lock. */
  inherited(name: string, of: { lock?: string; lineage?: string; flow: string }): Json | undefined {
    const from = of.lineage ?? this.#lastOf(of.lock, of.flow);
    if (from === undefined || from === of.flow) return undefined;
    const line = this.#shelf.lines(from).findLast(isValue(name));
    return line?.data['value'];
  }

  /** Hard pivots of the last hour; those of the same lineage do not count (R09). */
  pivots(lineage: string): { lock: string; at: number }[] {
    const now = this.#clock.now();
    const recent = this.#shelf.all({ most: MOST }).filter(flow => {
      const since = flow.endedAt ?? now;
      return flow.id !== lineage && flow.plan.request.lineage !== lineage && now - since < HOUR_MS;
    });
    // Our own key taken off a lock that others keep is no wipe.
    return recent
      .filter(({ plan }) => !isSoft(plan.rung) && plan.rung !== 'own_key')
      .flatMap(flow => this.#pivotOf(flow));
  }

  #pivotOf({ id, lock }: KeptFlow): { lock: string; at: number }[] {
    const lines = this.#shelf.lines(id);
    const undone = new Set(lines.filter(isUndone).map(({ data }) => data['intent']));
    const line = lines.findLast(
      ({ kind, data, number }) => kind === 'intent' && data['pivot'] === true && !undone.has(number),
    );
    return line && lock !== undefined ? [{ lock, at: line.at }] : [];
  }

  #lastOf(lock: string | undefined, but: string): string | undefined {
    if (lock === undefined) return undefined;
    const flows = this.#shelf.all({ lock, most: MOST });
    return flows.find(({ id, type }) => id !== but && DESTRUCTIVE.includes(type))?.id;
  }
}

function isValue(name: string): (line: JournalLine) => boolean {
  return ({ kind, data }) => kind === 'remembered' && data['name'] === name;
}

/** The lock did not do it, as it said or as was proved. */
function isUndone({ kind, data }: JournalLine): boolean {
  return kind === 'outcome' && (data['result'] === 'refused' || data['result'] === 'not_done');
}
